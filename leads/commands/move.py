"""Move a lead to another state; without a state, say which steps are open and what they need.

The fields a step needs are given as `--set name=value`; a lead in a case moves with its case.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from checks import Text
from leads.shell_steps import add_change, day_of, entered
from leads.steps import deadlines
from leads.steps.entries import hint
from leads.steps.moves import Moved, allowed, move
from leads.steps.workflow import Step, load_workflow
from leads.store import one_lead
from office import Actor, Database
from office.shell_words import (
    add_actor,
    add_language,
    add_store,
    at_work,
    language_of,
    utc_text,
)

_MOVED = Text("{number} → {state}（第 {version} 版）", "{number} → {state} (version {version})")
_DOCUMENTS = Text("须制作：{names}", "to be made: {names}")
_DUE = Text("  期限 {due}：{words}（{how}）{mark}", "  due {due}: {words} ({how}){mark}")
_NEEDS = Text("  {to}：{words}；依据 {basis}；须填 {fields}；可填 {optional}",
              "  {to}: {words}; {basis}; needs {fields}; takes {optional}")  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("lead", help="id or number")
    parser.add_argument("state", nargs="?", help="where to; left out: what is possible")
    parser.add_argument("--reason", help="why; for dismissed a code of data/words/dismissals.toml")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a field of the step"
    )
    add_change(parser)
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Move it and say what follows."""
    now, lang = datetime.now(UTC), language_of(arguments)
    day = day_of(arguments, now)
    at = utc_text(now)
    with at_work(arguments, at) as (database, actor, _):
        if arguments.state is None:
            return _print(_possible(database, actor, arguments.lead, day, lang))
        done = move(
            database, arguments.lead, arguments.state, fields=entered(arguments.set), reason=arguments.reason,
            actor=actor, at=at, on_date=day, version=arguments.version,
        )  # fmt: skip
        return _print(_told(database, actor, done, day, lang))


def _print(lines: Iterator[str]) -> int:
    print("\n".join(lines))
    return 0


def _possible(database: Database, actor: Actor, lead: str, day: str, lang: str) -> Iterator[str]:
    with database.read() as connection:
        row = _row(connection, lead, actor)
    table = load_workflow()
    state = table.state(row["state"], day)
    yield f"{row['number']} {state.words.of(lang)} ({row['state']}) · {state.basis.words.of(lang)}"
    for to, step in allowed(row, json.loads(row["data"]), day):
        yield _needs(to, step, day, lang)


def _needs(to: str, step: Step, day: str, lang: str) -> str:
    table = load_workflow()
    fields, optional = (", ".join(hint(table.fields[name]) for name in names) or "—"
                        for names in (step.fields, step.optional))  # fmt: skip
    return _NEEDS.fill(to=to, words=table.state(to, day).words, basis=step.basis.words, fields=fields,
                       optional=optional).of(lang)  # fmt: skip


def _told(database: Database, actor: Actor, done: Moved, day: str, lang: str) -> Iterator[str]:
    words = load_workflow().state(done.state, day).words
    with database.read() as connection:
        for lead in done.leads:
            row = _row(connection, lead, actor)
            yield _MOVED.fill(number=row["number"], state=words, version=row["version"]).of(lang)
            yield from _deadlines(connection, lead, lang)
    if done.step.documents:
        yield _DOCUMENTS.fill(names="、".join(one.of(lang) for one in done.step.documents)).of(lang)


def _deadlines(connection: Connection, lead: str, lang: str) -> Iterator[str]:
    for one in deadlines.of_lead(connection, lead, deadlines.OPEN):
        data = one.data
        yield _DUE.fill(due=one.due_on, words=Text(**data["words"]), how=Text(**data["counted"]),
                        mark="" if data["verified"] else Text("【依据未核实】", " [basis unverified]")).of(lang)  # fmt: skip


def _row(connection: Connection, lead: str, actor: Actor) -> Mapping[str, Any]:
    return dict(one_lead(connection, lead, actor=actor)._mapping)
