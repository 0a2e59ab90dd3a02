"""The table behind list and map: every filter, counts, ages, and what the store says of a finding."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from layers import LayerSet
from tests.ui.map.made import lead, marks
from tests.ui.test_items import ECIG, item
from ui.items import Board
from ui.map.overview import overview
from ui.map.table import NO_LEAD, Filters, of_board
from ui.texts import texts

TODAY = "2026-07-10"
LEADS = marks(
    lead(0, address="人民路1号", township="城关镇", score=80.0),
    lead(1, verdict="borderline", state="dismissed", score=60.0, since="2026-06-01"),
    lead(
        2,
        check_id="bar-near-school",
        state="screening",
        score=40.0,
        since="2026-01-01",
        credit_code="91430000MA",
    ),
    lead(3, at=(np.nan, np.nan), presence="vanished", subject_name=None, address="东街3号"),
)


@pytest.mark.parametrize(
    ("wanted", "rows"),
    [
        (Filters(), [0, 1, 2, 3]), (Filters(checks=("bar-near-school",)), [2]), (Filters(verdicts=("borderline",)), [1]),
        (Filters(states=("dismissed", "screening")), [1, 2]), (Filters(town="城关镇"), [0]), (Filters(score_from=60), [0, 1]),
        (Filters(text="人民路"), [0]), (Filters(text="91430000ma"), [2]), (Filters(text="店 YC-1"), [1]),
        (Filters(hide_aside=True), [0, 2]), (Filters(age="30", today=TODAY), [0, 3]), (Filters(age="7", today=TODAY), []),
        (Filters(age="90", today=TODAY), [0, 1, 3]), (Filters(age="older", today=TODAY), [2]),
    ],
)  # fmt: skip
def test_every_filter(wanted: Filters, rows: list[int]) -> None:
    assert LEADS.rows(wanted).tolist() == rows


def test_what_a_table_answers() -> None:
    assert LEADS.counts("verdict") == {"inside": 3, "borderline": 1}
    assert LEADS.counts("town", np.array([1, 2])) == {}
    assert (LEADS.find("L2"), LEADS.find("none"), LEADS.find(None)) == (2, None, None)
    assert LEADS.placed.tolist() == [True, True, True, False]
    assert LEADS.frame["name"].tolist() == ["店0", "店1", "店2", "东街3号"]
    assert LEADS.days(TODAY).tolist() == [10, 39, 190, 10]
    assert marks().rows(Filters(age="7", today=TODAY)).tolist() == []


def test_a_finding_knows_its_lead_and_its_township(found: Board, hamlet: LayerSet) -> None:
    near, far = item(found, "近店"), item(found, "远店")
    store = pd.DataFrame(
        [lead(1, check_id=ECIG, subject_id=near.record.subject_id, state="dismissed", score=70.0)]
    )
    table = of_board(found, store, hamlet.get("township"))
    row = table.find(near.key)
    assert row is not None
    one = table.frame.iloc[row]
    assert (one["state"], one["score"], one["lead"], bool(one["aside"])) == (
        "dismissed",
        70.0,
        "L1",
        True,
    )
    other = table.frame.iloc[table.find(far.key) or 0]
    assert (other["state"], other["lead"], bool(other["aside"])) == (NO_LEAD, "", False)
    assert len(table.rows(Filters(hide_aside=True))) == len(table) - 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_overview_counts_what_passes(lang: str) -> None:
    words = texts(lang)
    told = overview(LEADS, LEADS.rows(Filters()), TODAY, words)
    for group in ("verdict", "check", "town", "state", "score", "age"):
        assert words(f"map.glance.{group}") in told
    assert LEADS.rows(Filters(unplaced=True)).tolist() == np.flatnonzero(~LEADS.placed).tolist()
    assert (~LEADS.placed).any()
    assert words("map.glance.title", n="0") in overview(
        marks(), np.array([], dtype=int), TODAY, words
    )


def test_a_lead_is_found_by_its_finding_too() -> None:
    assert LEADS.find("L2") == LEADS.find("bar-near-school:S2") == 2
    assert LEADS.key("bar-near-school:S2") == "L2"
    assert LEADS.find("bar-near-school:S1") is None
    assert LEADS.key(None) is None
