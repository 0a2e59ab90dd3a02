"""Many leads as one atlas: an index page and a sheet each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from evidence.dossier import Dossier
from evidence.ledger import export_file
from evidence.outgoing import gathered, going_out, noted
from evidence.redaction.release import Shown
from evidence.sheet.atlas import PART, atlas_parts, part_name
from evidence.sheet.render import LAYOUTS, make_sheet
from evidence.shell_words import add_purpose, add_share, add_sources, ground_of, order_of
from leads.store import Filter, lead_ids
from office.shell_words import at_work, utc_text


def add(parser: argparse.ArgumentParser) -> None:
    """Which leads (by name or by filter), paper, file."""
    parser.add_argument(
        "leads", nargs="*", metavar="LEAD", help="id or number; none: by the filter"
    )
    add_sources(parser)
    add_purpose(parser)
    add_share(parser)
    parser.add_argument(
        "--check",
        action="append",
        default=[],
        help="leads of this check (several times for several)",
    )
    parser.add_argument("--state", action="append", default=[], help="leads in this state")
    parser.add_argument("--verdict", action="append", default=[], help="leads of this verdict")
    parser.add_argument("--paper", choices=list(LAYOUTS), default="A4")
    parser.add_argument(
        "--one-per-lead", action="store_true", help="a PDF for every lead in the folder --out"
    )
    parser.add_argument(
        "--part", type=int, default=PART, help=f"sheets in one PDF (usually {PART})"
    )
    parser.add_argument("--out", type=Path, required=True, help="the PDF, or the folder, to write")


def run(arguments: argparse.Namespace) -> int:
    """Write the atlas; prints what came out."""
    now = datetime.now(UTC)
    at = utc_text(now)
    with at_work(arguments, at, create=True) as (db, actor, _):
        where = Filter(checks=arguments.check, states=arguments.state, verdicts=arguments.verdict)
        leads = arguments.leads or lead_ids(db, where, actor=actor)
        if not leads:
            print("0 leads, 0 files")
            return 1
        order, ground = order_of(arguments, "atlas", leads), ground_of(arguments, db, actor, now)
        pictures: dict[str, list[Shown]] = {}
        dossiers = noted(going_out(gathered(order, ground), order, ground), pictures)
        written = 0
        for pdf, ids, name in _files(arguments, dossiers, len(leads)):
            with export_file(db, name, what="atlas", leads=ids, purpose=order.purpose, actor=actor,
                             at=at, shared=arguments.share, pictures=lambda: [one for lead in ids for one in pictures[lead]]) as file:  # noqa: B023 # fmt: skip
                file.write_bytes(pdf)
            print(f"→ {name}")
            written += 1
    print(f"{len(leads)} leads, {written} files")
    return 0


def _files(
    arguments: argparse.Namespace, dossiers: Iterable[Dossier], count: int
) -> Iterator[tuple[bytes, tuple[str, ...], Path]]:
    if arguments.one_per_lead:
        for dossier in dossiers:
            pdf = make_sheet(dossier, lang=arguments.lang, paper=arguments.paper)
            yield pdf, (dossier.lead_id,), arguments.out / f"{dossier.number}.pdf"
        return

    def told(done: int) -> None:
        print(f"\r{done} / {count}", end="" if done < count else "\n", file=sys.stderr)

    parts = atlas_parts(
        dossiers, lang=arguments.lang, paper=arguments.paper, part=arguments.part, progress=told
    )
    for number, (pdf, ids) in enumerate(parts, 1):
        yield pdf, ids, part_name(arguments.out, number, several=count > arguments.part)
