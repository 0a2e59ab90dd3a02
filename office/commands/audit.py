"""Search the audit log, or take it out: --csv FILE, --json FILE (which --verify reads again).

python -m office audit --from 2026-06-01 --to 2026-06-30 --who 王检 --kind door --by NAME
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from office.audit import MOST, Search, export, kind_words, search, verify_export
from office.shell_words import add_actor, add_language, add_store, at_work, english, utc_text

_WHOLE = ("导出文件完整", "the export is whole")
_TAKEN = ("已导出 {count} 个事件至 {file}", "{count} events → {file}")
_MORE = ("更早的事件：--before {after}", "older events: --before {after}")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "--from", dest="since", default="", metavar="TIME", help="this day or time (UTC) on"
    )
    parser.add_argument(
        "--to", dest="until", default="", metavar="TIME", help="up to and with this one"
    )
    parser.add_argument("--who", default="", metavar="NAME", help="done by")
    parser.add_argument(
        "--kind", default="", metavar="KIND", help="such as lead.moved, or a group: door"
    )
    parser.add_argument(
        "--about", default="", metavar="ID", help="a lead, case, account, operation, …"
    )
    parser.add_argument("--text", default="", metavar="TEXT", help="stands in what the event says")
    parser.add_argument(
        "--limit", type=int, default=100, metavar="N", help=f"of one page (100, up to {MOST})"
    )
    parser.add_argument(
        "--before", type=int, metavar="SEQ", help="the page of events before this number"
    )
    out = parser.add_mutually_exclusive_group()
    out.add_argument("--csv", type=Path, metavar="FILE", help="all that fits, as a table")
    out.add_argument(
        "--json", type=Path, metavar="FILE", help="all that fits, with the chain's hashes"
    )
    out.add_argument(
        "--verify", type=Path, metavar="FILE", help="whether an exported .json is as written"
    )
    add_store(parser)
    add_language(parser)
    add_actor(parser, "auditor")


def run(arguments: argparse.Namespace) -> int:
    """Print a page, write the file, or verify one."""
    en = english(arguments)
    if arguments.verify:
        wrong = verify_export(arguments.verify)
        print("\n".join(wrong) or _WHOLE[en])
        return 1 if wrong else 0
    at = utc_text(datetime.now(UTC))
    where = Search(arguments.since, arguments.until, arguments.who, arguments.kind, arguments.about,
                   arguments.text)  # fmt: skip
    out: Path | None = arguments.csv or arguments.json
    with at_work(arguments, at) as (database, actor, _):
        if out is not None:
            file = out.with_suffix(".csv" if arguments.csv else ".json")
            count = export(database, file, where, actor=actor, at=at)
            print(_TAKEN[en].format(count=count, file=file))
            return 0
        found = search(
            database, where, actor=actor, at=at, before=arguments.before, limit=arguments.limit
        )
    for one in found.events:
        words = kind_words().get(one.kind, (one.kind, one.kind))[en]
        print(f"{one.seq}\t{one.at}\t{one.actor} ({one.roles})\t{words}\t{one.subject}\t{one.body}")
    if found.after is not None:
        print(_MORE[en].format(after=found.after))
    return 0
