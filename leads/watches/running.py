"""Running what is due of the standing watches: findings, leads, looks and messages, all or nothing.

A watch's run is one transaction: the leads it changes, the look-backs it answers, what people are
told and that the watch has run. Two programs at once do the work twice and write it once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, update

from layers import YichaError
from layers.errors import StoreError
from leads.messages.inbox import post
from leads.messages.notifying import of_alarms, of_dues, of_run
from leads.runs.ingest import ingest_in
from leads.runs.reading import Findings
from leads.runs.report import IngestReport
from leads.scope import rows_of
from leads.watches.due import Due, Hashes, due, hashes_of
from leads.watches.looks import answer_looks
from leads.watches.parts import Work, find
from leads.watches.watch import Watch, watches_in
from office import Actor, Database, NewEvent, append
from office.canonical import canonical
from office.policy import require_somewhere
from office.schema import CHAIN_HEAD, WATCH

BROKEN, SILENT = "broken", "silent"
ALL = "*"
"""In `last["alarms"]`: the watch itself, not one of its checks."""
SOON_DAYS = 7
"""Deadlines and looks that end within so many days are told as due soon."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One watch: why its checks ran, what the ingest did, whom it told, what it raised an alarm for.

    Without a `report` it could not run (`problem`), or somebody else has run it meanwhile.
    """

    watch: Watch
    reasons: Mapping[str, str]
    report: IngestReport | None = None
    messages: int = 0
    alarms: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class WatchReport:
    """All watches that were due, and how many reminders of due days went out beside them."""

    ran: tuple[Ran, ...]
    reminders: int

    @property
    def has_alarm(self) -> bool:
        """Whether anything asks for somebody at once."""
        return any(one.alarms or one.problem for one in self.ran)


def run_watches(
    db: Database, *, actor: Actor, at: str, on_date: str, work: Work | None = None,
    only: Sequence[str] = (), within_days: int = SOON_DAYS, hashes: Hashes = hashes_of,
    force: bool = False,
) -> WatchReport:  # fmt: skip
    """Run what is due on a day, watch by watch, then remind of deadlines and looks.

    A watch that cannot run raises its alarm and the next one runs. Raises `PolicyError`,
    `Cancelled` (what is done stays done, a next call goes on from there), `StoreError`.
    """
    require_somewhere(actor, "watch.run")
    ways = work or Work()
    ran = tuple(
        _one(db, one, actor=actor, at=at, on_date=on_date, work=ways)
        for one in due(db, on_date, actor=actor, hashes=hashes, only=only, force=force)
    )
    return WatchReport(ran, remind(db, on_date, actor=actor, at=at, within_days=within_days))


def remind(
    db: Database, on_date: str, *, actor: Actor, at: str, within_days: int = SOON_DAYS
) -> int:
    """Tell of deadlines and looks due soon or overdue, each once; returns how many messages.

    Of the leads for which the person may run watches.
    """
    require_somewhere(actor, "watch.run")
    with db.write() as connection:
        own = rows_of(actor, "watch.run")
        notices = of_dues(connection, watches_in(connection), on_date, within_days, own)
        return len(post(connection, notices, at=at))


def _one(db: Database, due: Due, *, actor: Actor, at: str, on_date: str, work: Work) -> Ran:
    try:
        if due.problem is not None:
            raise due.problem
        found, kept = find(due, on_date, work)
        done = _take_in(db, due, found, actor=actor, at=at, on_date=on_date)
    except StoreError:
        raise
    except YichaError as error:
        return _broken(db, due, error, actor=actor, at=at, on_date=on_date)
    _forget(kept)
    return done


def _take_in(
    db: Database, due: Due, found: Findings, *, actor: Actor, at: str, on_date: str
) -> Ran:  # fmt: skip
    watch = due.watch
    with db.write() as connection:
        if not _is_mine(connection, watch):
            return Ran(watch, due.reasons)
        report = ingest_in(connection, found, actor=actor, at=at, area=watch.area)
        alarms = _alarms(watch, report)
        new = {check: why for check, why in alarms.items() if _was(watch).get(check) != why}
        notices = of_run(connection, watch, report.run_id, on_date)
        notices += answer_looks(
            connection, watch, found, report.run_id, actor=actor, at=at, on_date=on_date
        )
        notices += of_alarms(watch, new, {"run": report.run_id, "on_date": on_date})
        told = post(connection, notices, at=at)
        last = _last(due, found, report, on_date, alarms)
        events = [NewEvent("watch.ran", watch.id, {
            "run": report.run_id, "on_date": on_date, "why": dict(due.reasons), "messages": len(told),
            "version": watch.version + 1})]  # fmt: skip
        events += [NewEvent("watch.alarm", watch.id, {"check": check, "why": why, "run": report.run_id})
                   for check, why in sorted(new.items())]  # fmt: skip
        _write(connection, watch, last, events, actor=actor, at=at)
    return Ran(watch, due.reasons, report, len(told), new)


def _alarms(watch: Watch, report: IngestReport) -> dict[str, str]:
    """Checks of the run that ask for an alarm: no data, failed, not decided, or silent."""
    found: dict[str, str] = {}
    before = watch.last.get("found") or {}
    for check, counts in report.counts.items():
        if check in report.uncovered:
            found[check] = report.uncovered[check]
        elif check in report.silent or (before.get(check) and not _found(counts)):
            found[check] = SILENT
    return found


def _found(counts: Mapping[str, int]) -> int:
    return counts.get("verdict_inside", 0) + counts.get("verdict_borderline", 0)


def _was(watch: Watch) -> Mapping[str, str]:
    """The alarms of the last run: the same one is not raised again."""
    alarms: Mapping[str, str] = watch.last.get("alarms") or {}
    return alarms


def _last(
    due: Due, found: Findings, report: IngestReport, on_date: str, alarms: Mapping[str, str]
) -> dict[str, Any]:
    """What the watch remembers: a check that could not tell keeps what it found before."""
    before = due.watch.last
    told = {check: _found(counts) for check, counts in report.counts.items()
            if check not in report.uncovered}  # fmt: skip
    others = {c: why for c, why in _was(due.watch).items() if c not in report.counts and c != ALL}
    return {
        "place": found.run.get("rules"), "on": on_date, "run": report.run_id,
        "hashes": dict(due.hashes), "found": {**(before.get("found") or {}), **told},
        "checked": {**(before.get("checked") or {}), **dict.fromkeys(due.reasons, on_date)},
        "alarms": {**others, **alarms},
    }  # fmt: skip


def _broken(
    db: Database, due: Due, error: YichaError, *, actor: Actor, at: str, on_date: str
) -> Ran:
    """The watch could not run: told once, until it runs again or breaks for another reason."""
    watch, problem = due.watch, str(error)
    with db.write() as connection:
        if not _is_mine(connection, watch) or _was(watch).get(ALL) == problem:
            return Ran(watch, due.reasons, problem=problem)
        body = {"problem": problem, "on_date": on_date, "at": at}
        told = post(connection, of_alarms(watch, {ALL: BROKEN}, body), at=at)
        events = [NewEvent("watch.alarm", watch.id, {"why": BROKEN, "problem": problem,
                                                     "version": watch.version + 1})]  # fmt: skip
        last = {**watch.last, "alarms": {**_was(watch), ALL: problem}}
        _write(connection, watch, last, events, actor=actor, at=at)
    return Ran(watch, due.reasons, messages=len(told), alarms={ALL: BROKEN}, problem=problem)


def _is_mine(connection: Connection, watch: Watch) -> bool:
    """Whether the watch still stands as it was read: else somebody has run or changed it since."""
    connection.execute(select(CHAIN_HEAD.c.seq).with_for_update())
    query = select(WATCH.c.version).where(WATCH.c.id == watch.id)
    return connection.execute(query).scalar() == watch.version


def _write(
    connection: Connection, watch: Watch, last: Mapping[str, Any], events: Sequence[NewEvent], *,
    actor: Actor, at: str,
) -> None:  # fmt: skip
    values = {"last": canonical(last), "version": watch.version + 1}
    connection.execute(update(WATCH).where(WATCH.c.id == watch.id).values(values))
    append(connection, events, actor=actor, at=at)


def _forget(kept: Sequence[Path]) -> None:
    for file in kept:
        file.unlink(missing_ok=True)
