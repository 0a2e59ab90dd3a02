"""Send leads with history and evidence to another office that runs this program.

Offices, keys and addresses stand in the file named by YICHA_OFFICES (data/exchange has an example).
Over the network the leads go at once; with `--out` into a file, to be carried there on a disk. Until
the receipt is here nobody here works on them (`python -m leads transfers`).
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from checks import Text
from leads.exchange.attachments import keep
from leads.exchange.desk import write_offered
from leads.exchange.going_on import go_on
from leads.exchange.offices import load_offices
from leads.exchange.sending import offer
from leads.exchange.shell import add_offices, print_gone
from office.shell_words import (
    add_actor,
    add_language,
    add_store,
    at_work,
    language_of,
    utc_text,
)

_WORDS = {
    "offered": Text("{number} → {office}，移送编号 {transfer}", "{number} → {office}, transfer {transfer}"),
    "written": Text("已写入 {file}（{count} 条）；将回执带回后运行 python -m leads receipt",
                    "written to {file} ({count} leads); when the receipt is back: python -m leads receipt"),
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("lead", nargs="+", help="ids or numbers")
    parser.add_argument("--to", required=True, metavar="OFFICE", help="id of the office")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why it is sent")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write them to a file for a disk")
    parser.add_argument("--attach", type=Path, action="append", default=[], metavar="FILE",
                        help="a file that goes along with every lead named (a bundle of evidence)")  # fmt: skip
    add_offices(parser)
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Send them and say what came of it."""
    offices = load_offices(arguments.offices)
    at, lang = utc_text(datetime.now(UTC)), language_of(arguments)
    files = [keep(path, offices.attachments) for path in arguments.attach]
    with at_work(arguments, at) as (database, actor, _):
        done = offer(database, arguments.lead, arguments.to, offices=offices, reason=arguments.reason,
                     actor=actor, at=at, attachments=dict.fromkeys(arguments.lead, files))  # fmt: skip
        to = offices.partner(arguments.to)
        for one in done:
            print(
                _WORDS["offered"]
                .fill(number=one.number, office=to.words, transfer=one.transfer)
                .of(lang)
            )
        if arguments.out or not to.url:
            out = arguments.out or Path(f"transfer-{done[0].transfer[:12]}.zip")
            count = write_offered(database, out, to.id, offices=offices, actor=actor,
                                  transfers=[one.transfer for one in done])  # fmt: skip
            print(_WORDS["written"].fill(file=out, count=count).of(lang))
            return 0
        return print_gone(go_on(database, offices=offices, actor=actor, at=at), lang)
