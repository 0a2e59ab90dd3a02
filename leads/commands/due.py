"""What is overdue or due soon; with a lead: say that a deadline is met, extend, stop or resume it.

python -m leads due --within 30
python -m leads due YC-2026-000012 --met serve_filing --on 2026-07-08
python -m leads due YC-2026-000012 --extend review --grant superior --period "1 month" --reason …
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, datetime

from checks import Text
from layers.errors import LeadError
from leads.shell_steps import add_change, day_of
from leads.steps.deadlines import Deadline
from leads.steps.due import DueItem, due_items
from leads.steps.handling import recount_provisional, see_to_deadline
from office import Actor, Database
from office.shell_words import (
    add_actor,
    add_language,
    add_store,
    at_work,
    language_of,
    utc_text,
)
from office.working_days import Period

_HEADS = {"overdue": Text("已逾期", "overdue"), "soon": Text("即将到期", "due soon")}
_NONE = Text("没有到期事项", "nothing is due")
_LEFT = Text("（{days}天，{working}个工作日）", " ({days} days, {working} working days)")
_MARK = Text("【暂计：节假日未公布】", " [provisional: holidays not published]")
_RECOUNTED = Text("重新计算了 {count} 条线索的期限", "deadlines of {count} leads counted again")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("lead", nargs="?", help="id or number")
    parser.add_argument("--within", type=int, default=14, metavar="DAYS", help="days ahead (14)")
    parser.add_argument("--assignee", metavar="NAME", help="only leads of this person")
    acts = parser.add_mutually_exclusive_group()
    for act in ("met", "extend", "stop", "resume"):
        acts.add_argument(f"--{act}", metavar="DEADLINE", help=f"{act} a deadline of the lead")
    acts.add_argument("--recount", action="store_true", help="count provisional ones again")
    parser.add_argument(
        "--grant", default="chief", choices=["chief", "superior"], help="who extends it"
    )
    parser.add_argument("--period", help="by how much, where the table leaves it open")
    parser.add_argument("--reason", default="", metavar="TEXT", help="why")
    parser.add_argument("--json", action="store_true", help="print the list as JSON")
    add_change(parser)
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the list, or see to one deadline."""
    now, lang = datetime.now(UTC), language_of(arguments)
    at = utc_text(now)
    act = next((a for a in ("met", "extend", "stop", "resume") if getattr(arguments, a)), None)
    with at_work(arguments, at) as (database, actor, _):
        if arguments.recount:
            done = recount_provisional(database, actor=actor, at=at)
            print(_RECOUNTED.fill(count=len(done)).of(lang))
        elif act:
            one = _act(database, actor, arguments, act, now)
            print(f"{Text(**one.data['words']).of(lang)}: {one.state}, {one.due_on} · "
                  f"{Text(**one.data['counted']).of(lang)}")  # fmt: skip
        else:
            _list(database, actor, arguments, now, lang)
    return 0


def _act(
    database: Database, actor: Actor, arguments: argparse.Namespace, act: str, now: datetime
) -> Deadline:
    if not arguments.lead:
        raise LeadError("no lead is named", field="lead", remedy=f"due LEAD --{act} DEADLINE")
    return see_to_deadline(
        database, arguments.lead, getattr(arguments, act), act, actor=actor,
        at=utc_text(now), on_date=day_of(arguments, now), version=arguments.version,
        reason=arguments.reason, by=arguments.grant,
        period=Period.parse(arguments.period) if arguments.period else None,
    )  # fmt: skip


def _list(
    database: Database, actor: Actor, arguments: argparse.Namespace, now: datetime, lang: str
) -> None:
    items = due_items(database, day_of(arguments, now), actor=actor, within_days=arguments.within,
                      assignee=arguments.assignee, lead_id=arguments.lead)  # fmt: skip
    if arguments.json:
        print(json.dumps([dataclasses.asdict(one) for one in items], ensure_ascii=False, indent=1))
        return
    print("\n".join(_lines(items, lang)) or _NONE.of(lang))


def _lines(items: list[DueItem], lang: str) -> Iterator[str]:
    for status, head in _HEADS.items():
        some = [one for one in items if one.status == status]
        if some:
            yield f"{head.of(lang)}:"
            yield from (_line(one, lang) for one in some)


def _line(one: DueItem, lang: str) -> str:
    left = _LEFT.fill(days=one.days, working=one.working_days).of(lang)
    mark = _MARK.of(lang) if one.provisional else ""
    basis = f" · {one.basis.of(lang)}" if one.basis else ""
    who = f" · {one.assignee}" if one.assignee else ""
    return (f"  {one.due_on}{left} {one.words.of(lang)} [{one.kind}] · {', '.join(one.numbers)} "
            f"{one.subject or ''}{who}{basis}{mark}")  # fmt: skip
