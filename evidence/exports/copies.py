"""What the commands that write copies share: leads gathered, masked where asked, marked, told in the ledger."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import datetime

from evidence.collect import collect
from evidence.dossier import Dossier
from evidence.exports.marks import watermark
from evidence.ledger import export_file
from evidence.masking import GRID_M, share
from evidence.shell_words import (
    add_leads,
    add_purpose,
    imagery_of,
    layers_of,
    people_of,
    purpose_of,
)
from evidence.words import Words
from leads.shell_words import at_work, utc_text


def add_copies(parser: argparse.ArgumentParser) -> None:
    """Leads, purpose, and whether the copy is masked."""
    add_leads(parser)
    add_purpose(parser)
    parser.add_argument("--share", action="store_true",
                        help="a masked copy: names and codes of traders hidden, points on a grid")  # fmt: skip
    parser.add_argument("--grid", type=float, default=GRID_M, metavar="M",
                        help=f"cell of that grid in metres (usually {GRID_M:g})")  # fmt: skip


def write_copy(
    arguments: argparse.Namespace, now: datetime, what: str, make: Callable[[Sequence[Dossier], str], bytes],
    *, pictures: bool = False,
) -> None:  # fmt: skip
    """Gather, mask, let `make(dossiers, watermark)` give the bytes, write them through the ledger.

    `pictures` says whether the copy shows any.
    """
    purpose, moment = purpose_of(arguments), utc_text(now)
    at = now.astimezone().isoformat(timespec="seconds")
    with at_work(arguments, moment, create=True) as (db, actor, _):
        mark = watermark(Words(arguments.lang), user=actor.name, at=at, purpose=purpose)
        dossiers = list(collect(db, arguments.leads, layers_of(arguments), actor=actor, at=at,
                                imagery=imagery_of(arguments) if pictures else None, people=people_of(arguments, actor.name)))  # fmt: skip
        with export_file(db, arguments.out, what=what, leads=[one.lead_id for one in dossiers], purpose=purpose,
                         actor=actor, at=moment, shared=arguments.share) as file:  # fmt: skip
            if arguments.share:
                dossiers = [share(one, grid_m=arguments.grid) for one in dossiers]
            file.write_bytes(make(dossiers, mark))
    print(f"→ {arguments.out}")
