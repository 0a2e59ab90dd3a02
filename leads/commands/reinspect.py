"""Record what a look-back found: gone, still_there or cannot_tell; without a result, show the looks.

Still there names at least one test of article 82, such as `--test partial`. Where the lead had been
settled, that is a relapse and takes it up again.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime

from checks import Text
from leads.shell_steps import add_change, day_of, entered
from leads.states import STATE_WORDS
from leads.steps.due import LOOK_WORDS
from leads.steps.look_back import RESULT_WORDS, look_again
from leads.steps.reinspecting import Inspected, looks_of, reinspect
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

_STATES = {
    "planned": Text("待查", "planned"),
    "done": Text("已查", "done"),
    "cancelled": Text("已取消", "cancelled"),
}
_EXTRA = Text("计划外", "extra")
_RUNS = Text("最近一次运行（{day}）：{result}，{why}", "the last run ({day}): {result}, {why}")
_SAID = Text("{result}{relapse}（第 {version} 版）", "{result}{relapse} (version {version})")
_RELAPSE = Text("，问题复发", ", a relapse")
_REOPENED = Text("已重新启动：{state}", "taken up again: {state}")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("lead", help="id or number")
    parser.add_argument("result", nargs="?", help="|".join(RESULT_WORDS))
    parser.add_argument("--test", action="append", default=[], metavar="CODE",
                        help="of article 82: no_reply, partial, … (data/workflow/look-back.toml)")  # fmt: skip
    parser.add_argument("--look", metavar="ID", help="the planned look it answers")
    parser.add_argument("--evidence", action="append", default=[], metavar="NAME=VALUE",
                        help="what it rests on, such as before=a.tif after=b.tif measured_m=4.1")  # fmt: skip
    parser.add_argument("--note", default="", metavar="TEXT", help="what was seen")
    parser.add_argument(
        "--since", metavar="DAY", help="runs after this day tell (usually: the last look)"
    )
    add_change(parser)
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Record it, or show what is planned and what the runs say."""
    now, lang = datetime.now(UTC), language_of(arguments)
    at = utc_text(now)
    with at_work(arguments, at) as (database, actor, _):
        if arguments.result is None:
            print("\n".join(_looks(database, actor, arguments, lang)))
            return 0
        done = reinspect(
            database, arguments.lead, arguments.result, actor=actor, at=at,
            on_date=day_of(arguments, now), version=arguments.version, tests=arguments.test,
            note=arguments.note, evidence=entered(arguments.evidence), reinspection=arguments.look,
        )  # fmt: skip
        print("\n".join(_said(done, lang)))
        return 0


def _said(done: Inspected, lang: str) -> Iterator[str]:
    yield _SAID.fill(result=RESULT_WORDS[done.result], relapse=_RELAPSE if done.relapse else "",
                     version=done.version).of(lang)  # fmt: skip
    if done.reopened:
        yield _REOPENED.fill(state=STATE_WORDS[done.reopened]).of(lang)


def _looks(
    database: Database, actor: Actor, arguments: argparse.Namespace, lang: str
) -> Iterator[str]:
    with database.read() as connection:
        lead = one_lead(connection, arguments.lead, actor=actor)
        looks = looks_of(connection, lead.id)
        done = [one["data"]["on"] for one in looks if one["state"] == "done"]
        since = arguments.since or max(done, default=lead.state_since[:10])
        told = look_again(connection, lead.id, since)
    for one in looks:
        kind = LOOK_WORDS.get(one["kind"], _EXTRA).of(lang)
        result = RESULT_WORDS[one["data"]["result"]].of(lang) if one["state"] == "done" else ""
        yield f"{one['id']}  {one['due_on']}  {kind}  {_STATES[one['state']].of(lang)}  {result}".rstrip()
    yield _RUNS.fill(day=told.on_date, result=RESULT_WORDS[told.verdict], why=told.why).of(lang)
