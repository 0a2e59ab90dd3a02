"""Leads for other systems: page after page, on both databases, none beyond the scope."""

from __future__ import annotations

import pytest
from shapely import from_wkb

from layers.errors import LeadError, PolicyError
from leads.store import Filter
from leads.views.feed import extent, feed, feed_row
from office import Actor, Database
from office.scope import Grant, Scope
from tests.leads.made import AUDITOR, PROSECUTOR, put_lead

SYSTEM = Actor(
    "system:gis", ("machine",), Scope((Grant("machine", "990101"),), frozenset({"lead.read"}))
)
ELSEWHERE = Actor("system:x", ("machine",), Scope((Grant("machine"),), frozenset({"layer.read"})))


def fill(db: Database, many: int = 12) -> list[str]:
    return [put_lead(db, number, admin_code=("990101", "990202")[number % 2], point=(100 + number, 30),
                     on_date=f"2026-06-{number:02d}",
                     finding={"method": "straight", "error_band": 2.5, "texts": {"title": {"zh": "近校", "en": "near"}}})
            for number in range(1, many + 1)]  # fmt: skip


def walked(db: Database, size: int, actor: Actor = PROSECUTOR, **asked: object) -> list[str]:
    found: list[str] = []
    while True:
        page = feed(db, actor=actor, limit=size, after=found[-1] if found else None, **asked)  # type: ignore[arg-type]
        found += [str(one.columns["id"]) for one in page.rows]
        if not page.more:
            return found


def test_every_lead_comes_once(database: Database) -> None:
    ids = fill(database)
    for size in (1, 5, 12, 50):
        assert walked(database, size) == sorted(ids)
    assert walked(database, 5, SYSTEM) == sorted(ids[1::2])
    assert feed(database, actor=SYSTEM, limit=1, count=True).matched == 6
    assert feed(database, actor=PROSECUTOR, limit=1).matched is None


def test_windows_days_values_and_filters(database: Database) -> None:
    ids = fill(database)
    assert walked(database, 2, box=(102.5, 29, 105, 31)) == ids[2:5]
    assert walked(database, 2, box=(110.5, 29, 101.5, 31)) == [ids[0], *ids[10:]]
    assert walked(database, 2, days=("2026-06-03", "2026-06-05")) == ids[2:5]
    assert (
        walked(database, 2, equal={"admin_code": "990202"}, where=Filter(verdicts=("inside",)))
        == ids[0::2]
    )
    assert walked(database, 2, equal={"agency": "' OR 1=1 --"}) == []
    with pytest.raises(LeadError, match="not asked for by 'finding'"):
        feed(database, actor=PROSECUTOR, limit=1, equal={"finding": "x"})


def test_a_row_tells_place_and_measurement(database: Database) -> None:
    ids = fill(database, 2)
    row = feed_row(database, "YC-2026-000001", actor=AUDITOR, lang="en")
    assert row.columns["id"] == ids[0]
    assert (row.said["title"], row.said["method"], row.said["error_band"]) == (
        "near",
        "straight",
        2.5,
    )
    assert row.geometry is not None
    assert from_wkb(row.geometry).bounds[0] == 101
    assert feed_row(database, ids[0], actor=AUDITOR).said["title"] == "近校"


def test_what_lies_beyond_the_scope_is_not_there(database: Database) -> None:
    ids = fill(database, 4)
    refusals = []
    for name in (ids[0], "L" + "f" * 16):
        with pytest.raises(LeadError) as told:
            feed_row(database, name, actor=SYSTEM)
        refusals.append(str(told.value).replace(name, "?"))
    assert refusals[0] == refusals[1]
    assert feed_row(database, ids[1], actor=SYSTEM).columns["admin_code"] == "990101"
    assert extent(database, actor=SYSTEM) == ((102, 30, 104, 30), ("2026-06-02", "2026-06-04"))
    for ask in (lambda: feed(database, actor=ELSEWHERE, limit=1), lambda: extent(database, actor=ELSEWHERE),
                lambda: feed_row(database, ids[0], actor=ELSEWHERE)):  # fmt: skip
        with pytest.raises(PolicyError):
            ask()


def test_an_empty_store_has_no_extent(database: Database) -> None:
    assert extent(database, actor=PROSECUTOR) == (None, None)
    assert feed(database, actor=PROSECUTOR, limit=5, count=True).matched == 0
