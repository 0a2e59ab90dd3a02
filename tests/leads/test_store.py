"""Lists, filters, windows and cards, the same on both stores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from layers.errors import LeadError, PolicyError, StoreError
from leads.runs.ingest import ingest
from leads.store import Filter, card, count_by, in_window, lead_ids, list_leads
from office import Actor, Database
from tests.leads.findings import CHECK, WASTE, dump, place, shop, square, write_run
from tests.leads.made import PROSECUTOR

ADMIN = Actor("管理员", ("system_admin",))


@pytest.fixture
def filled(database: Database, tmp_path: Path) -> Database:
    """Ten shops 200 m apart from west to east, and a dump; shop 3 changed, shop 4 vanished."""
    rows: list[dict[str, Any]] = [
        shop(n, measured=10.0 * n, verdict="inside" if n < 8 else "borderline",
             admin_code="990123" if n % 2 else "990124") for n in range(1, 11)]  # fmt: skip
    rows.append(dump(1, *square(0, 900)))
    ingest(database, write_run(tmp_path / "a.geojson", rows, checks=[CHECK, WASTE]), actor=PROSECUTOR,
           at="2026-07-01T00:00:00Z")  # fmt: skip
    rows[2] = shop(3, measured=90.0, admin_code="990123")
    del rows[3]
    ingest(database, write_run(tmp_path / "b.geojson", rows, checks=[CHECK, WASTE], on_date="2026-07-02"),
           actor=PROSECUTOR, at="2026-07-02T00:00:00Z")  # fmt: skip
    return database


def names(db: Database, **where: Any) -> set[str]:
    page = list_leads(db, Filter(**where), actor=PROSECUTOR, limit=100)
    assert page.total == len(page.rows)
    assert {row["id"] for row in page.rows} == set(lead_ids(db, Filter(**where), actor=PROSECUTOR))
    return {str(row["subject_name"] or row["check_id"]) for row in page.rows}


def shops(*numbers: int) -> set[str]:
    return {f"福顺{n}烟酒店" for n in numbers}


def test_filters(filled: Database) -> None:
    everything = {*shops(*range(1, 11)), WASTE}
    assert names(filled) == everything
    assert names(filled, checks=[WASTE]) == {WASTE}
    assert names(filled, checks=[CHECK, WASTE]) == everything
    assert names(filled, verdicts=["borderline"]) == shops(8, 9, 10)
    assert names(filled, states=["screening"]) == set()
    assert names(filled, changes=["changed"]) == shops(3)
    assert names(filled, presence="vanished") == shops(4)
    assert names(filled, admin_code="990124") == shops(2, 4, 6, 8, 10)
    assert names(filled, admin_code="9901") == everything
    assert names(filled, admin_code="99_1") == set(), "no wildcard from outside"
    assert names(filled, assignee="") == everything
    assert names(filled, assignee="王检") == set()
    assert names(filled, words="福顺7") == shops(7)
    assert names(filled, words="中心街 5号") == shops(5)
    assert names(filled, words="%") == set()
    assert names(filled, asked_again=True) == set()
    west, south = place(100, -50)
    east, north = place(500, 50)
    assert names(filled, box=(west, south, east, north)) == shops(1, 2)
    assert names(filled, box=(west, south, east, north), verdicts=["borderline"]) == set()


def test_pages_do_not_overlap_and_follow_the_order(filled: Database) -> None:
    seen: list[str] = []
    for offset in range(0, 12, 4):
        page = list_leads(filled, actor=PROSECUTOR, limit=4, offset=offset)
        assert page.total == 11
        seen += [str(row["id"]) for row in page.rows]
    assert seen == lead_ids(filled, actor=PROSECUTOR)
    assert len(set(seen)) == 11
    scores = [row["score"] for row in list_leads(filled, actor=PROSECUTOR).rows]
    assert scores == sorted(scores, reverse=True)
    measured = [
        row["measured"]
        for row in list_leads(filled, actor=PROSECUTOR, sort="measured", ascending=True).rows
    ]
    assert measured == sorted(measured)
    with pytest.raises(LeadError):
        list_leads(filled, actor=PROSECUTOR, sort="finding; DROP TABLE lead")


def test_windows(filled: Database) -> None:
    west, south = place(150, -50)
    east, north = place(650, 50)
    page = in_window(filled, (west, south, east, north), actor=PROSECUTOR)
    assert {row["subject_name"] for row in page.rows} == shops(1, 2, 3)
    page = in_window(
        filled, (west, south, east, north), Filter(changes=["changed"]), actor=PROSECUTOR
    )
    assert {row["subject_name"] for row in page.rows} == shops(3)
    page = in_window(filled, (-180, -90, 180, 90), actor=PROSECUTOR, limit=3)
    assert (len(page.rows), page.total) == (3, 11)
    best = [row["id"] for row in list_leads(filled, actor=PROSECUTOR, limit=3).rows]
    assert [row["id"] for row in page.rows] == best, (
        "where not all are shown it is the highest scores"
    )
    edge = place(10, 905)
    page = in_window(filled, (edge[0], edge[1], edge[0], edge[1]), actor=PROSECUTOR)
    assert [row["check_id"] for row in page.rows] == [WASTE], "an outline meets a window inside it"
    with pytest.raises(StoreError):
        in_window(filled, (1, 2, 3, 1), actor=PROSECUTOR)


def test_counts(filled: Database) -> None:
    assert count_by(filled, "check_id", actor=PROSECUTOR) == {CHECK: 10, WASTE: 1}
    assert count_by(filled, "change", Filter(checks=[CHECK]), actor=PROSECUTOR) == {
        "changed": 1, "vanished": 1, "unchanged": 8}  # fmt: skip
    with pytest.raises(LeadError):
        count_by(filled, "finding", actor=PROSECUTOR)


def test_the_card_by_id_and_by_number(filled: Database) -> None:
    row = list_leads(filled, Filter(changes=["changed"]), actor=PROSECUTOR).rows[0]
    found = card(filled, str(row["number"]), actor=PROSECUTOR)
    assert found == card(filled, str(row["id"]), actor=PROSECUTOR)
    assert found.finding["measured"] == 90.0
    assert [one["change"] for one in found.sightings] == ["new", "changed"]
    assert found.sightings[1]["what"] == {"measured": [30.0, 90.0]}
    assert [event.kind for event in found.history] == ["lead.found", "lead.changed"]
    assert found.runs[found.lead["last_run"]]["on_date"] == "2026-07-02"
    assert found.case is None
    with pytest.raises(LeadError, match="no lead"):
        card(filled, "L0", actor=PROSECUTOR)


def test_who_may_not_read_sees_nothing(filled: Database) -> None:
    asks = (lambda: list_leads(filled, actor=ADMIN), lambda: lead_ids(filled, actor=ADMIN),
            lambda: card(filled, "YC-2026-000001", actor=ADMIN),
            lambda: in_window(filled, (0, 0, 1, 1), actor=ADMIN),
            lambda: count_by(filled, "state", actor=ADMIN))  # fmt: skip
    for ask in asks:
        with pytest.raises(PolicyError):
            ask()
