"""The demo county, run after run: no second lead, and later data give exactly what was planted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from checks import Finding, RunResult, Undecided
from layers import Layer
from leads.runs.ingest import ingest
from leads.runs.report import IngestReport
from office import Database
from office.schema import LEAD
from office.verify import verify
from tests.leads.county import county_layers, dropped, moved, renamed, renewed, run_all
from tests.leads.made import PROSECUTOR

FACTS = ("licence_no", "licence_status", "first_issued", "last_renewed", "valid_to", "state", "trading",
         "licence_interrupted")  # fmt: skip


@pytest.fixture(scope="session")
def layers(demo_layers: Path) -> dict[str, Layer]:
    return county_layers(demo_layers)


@pytest.fixture(scope="session")
def first(layers: dict[str, Layer], demo_layers: Path) -> RunResult:
    return run_all(layers, demo_layers)


@pytest.fixture(scope="session")
def again(layers: dict[str, Layer], demo_layers: Path) -> RunResult:
    """The first run once more in earnest."""
    return run_all(layers, demo_layers)


@pytest.fixture(scope="session")
def moved_on(layers: dict[str, Layer], demo_layers: Path) -> RunResult:
    """Every shop three metres off."""
    return run_all(moved(layers), demo_layers)


@dataclass(frozen=True)
class Later:
    """A run on shops moved, renamed, renewed and fewer; what was renewed, renamed and dropped."""

    result: RunResult
    licences: set[str]
    names: set[str]
    gone: set[str]


@pytest.fixture(scope="session")
def later(layers: dict[str, Layer], demo_layers: Path) -> Later:
    renewed_layers, licences = renewed(moved(layers))
    renamed_layers, names = renamed(renewed_layers)
    fewer, gone = dropped(renamed_layers)
    return Later(run_all(fewer, demo_layers), licences, names, gone)


def take(db: Database, result: RunResult, number: int = 1) -> IngestReport:
    return ingest(
        db, result, actor=PROSECUTOR, at=f"2026-07-01T{number // 60:02d}:{number % 60:02d}:00Z"
    )


def on_day(result: RunResult, day: str) -> RunResult:
    """The same run as of another day."""
    return replace(
        result,
        on_date=day,
        findings=tuple(replace(one, on_date=day) for one in result.findings),
        undecided=tuple(replace(one, on_date=day) for one in result.undecided),
    )


def test_fifty_runs_make_no_second_lead(
    database: Database, first: RunResult, again: RunResult
) -> None:
    report = take(database, first)
    opened = sum(1 for one in first.findings if one.verdict in ("inside", "borderline"))
    assert report.count("new") == opened > 200
    assert again.findings == first.findings
    runs = 15 if database.is_postgres else 50  # the same code over both: every weekday twice
    for number in range(2, runs + 1):
        day = (date(2026, 6, 30) + timedelta(days=number % 7)).isoformat()
        report = take(database, on_day(again, day), number)  # the same said on other days
        assert {
            name: report.count(name) for name in ("new", "changed", "vanished", "back")
        } == dict.fromkeys(("new", "changed", "vanished", "back"), 0)
        assert report.count("unchanged") == opened
    with database.read() as connection:
        rows = connection.execute(
            select(LEAD.c.check_id, LEAD.c.subject_theme, LEAD.c.subject_id)
        ).all()
    assert len(rows) == len(set(rows)) == opened
    assert verify(database).ok


Told = dict[str, set[tuple[str, str]]]


def expected(before: RunResult, after: RunResult) -> Told:
    """What differs between two runs, subject by subject: the ids did not change."""
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    old = {
        (one.check, one.subject_id): one
        for one in before.findings
        if one.verdict in ("inside", "borderline")
    }
    new = {(one.check, one.subject_id): one for one in after.findings}
    lost = {(one.check, str(one.subject_id)) for one in after.undecided}
    for key, one in old.items():
        later = new.get(key)
        if later is None and key not in lost:
            found["vanished"].add(key)
        elif later is None or differs(one, later):
            found["changed"].add(key)
        else:
            found["unchanged"].add(key)
    found["new"] = {
        key
        for key, one in new.items()
        if key not in old and one.verdict in ("inside", "borderline")
    }
    return dict(found)


def differs(one: Finding, later: Finding | Undecided) -> bool:
    if isinstance(later, Undecided) or later.verdict == "undecided":
        return True
    same = all(getattr(one, name) == getattr(later, name)
               for name in ("verdict", "rule", "limit", "licence_class", "subject_name", "object_id"))  # fmt: skip
    records = [name for name in one.facts if "register_rows" in one.facts and name not in (
        "source_row", "register_rows", "register_rows_found")]  # fmt: skip
    same &= all(one.facts.get(name) == later.facts.get(name) for name in (*FACTS, *records))
    same &= [shop["id"] for shop in one.facts.get("shops", ())] == [
        shop["id"] for shop in later.facts.get("shops", ())
    ]
    if one.measured is not None and later.measured is not None:
        bands = [band.largest for band in (one.error_band, later.error_band) if band]
        same &= abs(one.measured - later.measured) <= max(bands, default=0.0)
    return not same


def told(db: Database, report: IngestReport) -> Told:
    """What the ingest said, by check and the subject's id."""
    with db.read() as connection:
        rows = connection.execute(
            select(LEAD.c.id, LEAD.c.check_id, LEAD.c.subject_id, LEAD.c.change)
        ).all()
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        found[row.change].add((row.check_id, row.subject_id))
    assert {name: len(keys) for name, keys in found.items()} == {
        name: report.count(name) for name in found}  # fmt: skip
    return {name: found.get(name, set()) for name in ("vanished", "changed", "unchanged", "new")}


def by_check(told: Told) -> Any:
    return {name: sorted(keys) for name, keys in told.items() if keys}


def test_every_shop_three_metres_off(
    database: Database, first: RunResult, moved_on: RunResult
) -> None:
    take(database, first)
    report = take(database, moved_on, 2)
    plan = expected(first, moved_on)
    assert by_check(told(database, report)) == by_check(plan)
    assert len(plan["unchanged"]) > 0.9 * len(first.findings) / 2


def test_moved_renamed_renewed_and_fewer_all_at_once(
    database: Database, first: RunResult, later: Later
) -> None:
    take(database, first)
    report = take(database, later.result, 2)
    plan = expected(first, later.result)
    assert by_check(told(database, report)) == by_check(plan)
    assert {one for _, one in plan["vanished"]} & later.gone, "some of those dropped had a lead"
    assert {one for _, one in plan["changed"]} & later.names, "some of those renamed had a lead"
    had = {f.subject_id for f in first.findings if f.facts.get("licence_no") in later.licences}
    assert {one for _, one in plan["changed"]} & had, "some of those renewed had a lead"
    assert not later.gone & {
        one for name in ("changed", "unchanged", "new") for _, one in plan.get(name, set())
    }
    assert verify(database).ok
