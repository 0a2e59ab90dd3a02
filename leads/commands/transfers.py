"""List what went to and came from other offices; go on with what was cut off, ask a lead back.

`--go-on` asks every office again for what it has not answered: asking twice is safe. `--recall ID`
asks a package back; the lead is ours again once the other office has said that it did not take it in.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from checks import Text
from leads.exchange.carrier import write_papers
from leads.exchange.desk import write_again, write_offered
from leads.exchange.foreign import altered
from leads.exchange.going_on import go_on
from leads.exchange.listing import DIRECTIONS, STATES, steps_of, transfers
from leads.exchange.offices import fingerprint, load_offices
from leads.exchange.sending import call_back
from leads.exchange.shell import add_offices, print_gone
from leads.exchange.signed import RECALL
from leads.steps.event_words import event_line
from office import Actor, Database
from office.shell_words import (
    add_actor,
    add_language,
    add_store,
    at_work,
    language_of,
    utc_text,
)

_NONE = Text("没有移送记录", "nothing was sent or received")
_WHOLE = Text("移入的历史完整", "the histories that came are whole")
_ALTERED = Text("移入的历史被改动：{transfer}", "a history that came was altered: {transfer}")
_ASKED = Text(
    "撤回请求已写入 {file}，请交给对方",
    "the wish to have it back is in {file}: give it to that office",
)


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--go-on", action="store_true", help="ask again for all that is not answered")
    what.add_argument("--recall", metavar="ID", help="ask this package back")
    what.add_argument(
        "--again",
        metavar="OFFICE|ID",
        help="write what waits for this office, or this one package, to a file anew (--out)",
    )
    what.add_argument("--show", metavar="ID", help="what happened with this package")
    what.add_argument("--verify", action="store_true", help="read the histories that came again")
    what.add_argument(
        "--public-keys",
        action="store_true",
        help="public keys of the offices, to be compared by telephone",
    )
    parser.add_argument("--reason", default="", metavar="TEXT", help="why it is asked back")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="for a disk instead of the network"
    )
    parser.add_argument("--state", choices=list(STATES), help="only in this state")
    parser.add_argument("--json", action="store_true", help="print the list as JSON")
    add_offices(parser)
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """List, or do what is asked."""
    lang = language_of(arguments)
    if arguments.public_keys:
        return _keys(arguments, lang)
    at = utc_text(datetime.now(UTC))
    with at_work(arguments, at) as (database, actor, _):
        if arguments.verify:
            return _verify(database, actor, lang)
        if arguments.show:
            return _show(arguments.show, database, actor, lang)
        if arguments.go_on or arguments.recall or arguments.again:
            return _act(arguments, database, actor, lang)
        return _list(arguments, database, actor, lang)


def _act(arguments: argparse.Namespace, database: Database, actor: Actor, lang: str) -> int:
    offices, at = load_offices(arguments.offices), utc_text(datetime.now(UTC))
    if arguments.again:
        out = arguments.out or Path(f"transfer-{arguments.again[:20]}.zip")
        if arguments.again in offices.partners:
            write_offered(database, out, arguments.again, offices=offices, actor=actor)
        else:
            write_again(database, out, arguments.again, offices=offices, actor=actor)
        print(f"→ {out}")
        return 0
    if arguments.recall:
        wish = call_back(
            database, arguments.recall, offices=offices, reason=arguments.reason, actor=actor, at=at
        )
        to = json.loads(wish.text)["to"]
        if arguments.out or not offices.partner(to).url:
            out = arguments.out or Path(f"recall-{arguments.recall[:12]}.json")
            print(_ASKED.fill(file=write_papers(out, RECALL, [wish], offices)).of(lang))
            return 0
    return print_gone(go_on(database, offices=offices, actor=actor, at=at), lang)


def _list(arguments: argparse.Namespace, database: Database, actor: Actor, lang: str) -> int:
    rows = transfers(database, actor=actor, state=arguments.state)
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    for one in rows:
        parts = (one["at"], DIRECTIONS[one["direction"]].of(lang), one["partner"], one["number"] or "—",
                 one["their_number"] or "", one["subject_name"] or "", STATES[one["state"]].of(lang),
                 one["reason"], one["id"])  # fmt: skip
        print("  ".join(part for part in parts if part))
    if not rows:
        print(_NONE.of(lang))
    return 0


def _show(transfer: str, database: Database, actor: Actor, lang: str) -> int:
    told = [one for way in DIRECTIONS for one in steps_of(database, way, transfer, actor=actor)]
    for one in told:
        print(f"{one.at}  {one.actor}  {event_line(one).of(lang)}")
    if not told:
        print(_NONE.of(lang))
    return 0 if told else 1


def _verify(database: Database, actor: Actor, lang: str) -> int:
    wrong = altered(database, actor=actor)
    for one in wrong:
        print(_ALTERED.fill(transfer=one).of(lang))
    if not wrong:
        print(_WHOLE.of(lang))
    return 1 if wrong else 0


def _keys(arguments: argparse.Namespace, lang: str) -> int:
    offices = load_offices(arguments.offices)
    print(
        f"{offices.words.of(lang)} ({offices.id})  {offices.key.public.hex()}  {fingerprint(offices.key.public)}"
    )
    for one in offices.partners.values():
        print(f"{one.words.of(lang)} ({one.id})  {one.key.hex()}  {one.fingerprint}")
    return 0
