"""Take in leads from another office out of a file, or refuse them; write the receipt for it.

The same file twice gives the same receipt twice, and every lead once. A file in which the other
office asks leads back is answered too. `--look` says what a file holds and changes nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from checks import Text
from leads.exchange.carrier import is_recall, read_papers, write_papers
from leads.exchange.desk import receive_file, route_new
from leads.exchange.listing import STATES
from leads.exchange.looking import KINDS, Came, look_at
from leads.exchange.offices import load_offices
from leads.exchange.receiving import TakenIn, give_up
from leads.exchange.shell import add_offices
from leads.exchange.signed import ANSWER, RECALL
from office.shell_words import (
    add_actor,
    add_language,
    add_store,
    at_work,
    language_of,
    utc_text,
)

_WORDS = {
    "line": Text("{transfer} {verdict} {lead}{again}", "{transfer} {verdict} {lead}{again}"),
    "again": Text("（此前已收到）", " (it came before)"),
    "receipt": Text("回执已写入 {file}，请交回移送单位", "receipt written to {file}: give it to the office that sent them"),
    "routed": Text("已确定主管机关 {count} 条", "{count} routed to an agency"),
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the file that came")
    parser.add_argument("--receipt", type=Path, metavar="FILE",
                        help="where the receipt goes (beside the file otherwise)")  # fmt: skip
    parser.add_argument(
        "--refuse", default="", metavar="REASON", help="give them back, and say why"
    )
    parser.add_argument("--look", action="store_true", help="only say what the file holds")
    add_offices(parser)
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Take them in and write the receipt."""
    offices = load_offices(arguments.offices)
    at, lang = utc_text(datetime.now(UTC)), language_of(arguments)
    with at_work(arguments, at, create=True) as (database, actor, _):
        if arguments.look:
            return _look(look_at(database, arguments.file, offices=offices, actor=actor), lang)
        done: Sequence[TakenIn]
        routed = 0
        if is_recall(arguments.file):
            done = [give_up(database, one, offices=offices, actor=actor, at=at)
                    for one in read_papers(arguments.file, RECALL, offices.rules)]  # fmt: skip
        else:
            done = receive_file(database, arguments.file, offices=offices, actor=actor, at=at,
                                refusal=arguments.refuse)  # fmt: skip
            routed = route_new(database, done, offices=offices, at=at)
    for one in done:
        again = _WORDS["again"] if one.repeated else ""
        print(_WORDS["line"].fill(transfer=one.transfer[:16], verdict=STATES[one.verdict],
                                  lead=one.lead_id or "", again=again).of(lang))  # fmt: skip
    if routed:
        print(_WORDS["routed"].fill(count=routed).of(lang))
    out = arguments.receipt or arguments.file.with_name(f"{arguments.file.stem}.receipt.json")
    write_papers(out, ANSWER, [one.answer for one in done], offices)
    print(_WORDS["receipt"].fill(file=out).of(lang))
    return 0


def _look(came: Came, lang: str) -> int:
    print(f"{KINDS[came.kind].of(lang)}: {came.words.of(lang)}")
    for one in came.rows:
        state = one["state"] or one.get("verdict")
        parts = (one["transfer"][:16], one.get("their_number"), one["name"], one.get("here") or one["number"],
                 STATES[state].of(lang) if state else "", one.get("why_not"), one["reason"])  # fmt: skip
        print("  ".join(str(part) for part in parts if part))
    return 0
