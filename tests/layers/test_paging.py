"""Tables by pages: every row once, by place, value and day, whatever the size of a page."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from layers.errors import CRSMismatchError
from layers.paging import PagedRows, bounds_of, text_columns

IDS = ["b/2", "a", "ä", "10", "9", "店", "c"]


@pytest.fixture
def rows() -> PagedRows:
    return PagedRows(gpd.GeoDataFrame(
        {"id": IDS, "kind": ["x", "y", "x", None, "x", "y", "x"], "number": [1.0, np.nan, 2.0, 3.0, 4.0, 5.0, 6.0],
         "mixed": ["1", 1, None, None, None, None, None], "flag": [True, False, None, True, None, None, None],
         "day": ["2026-01-01", "2026-01-02", None, "2026-01-03T10:00:00Z", "2026-01-04", "", "2026-02-01"],
         "geometry": [Point(n, n) for n in range(5)] + [None, LineString([(-179, 0), (-178, 1)])]},
        geometry="geometry", crs="EPSG:4326"))  # fmt: skip


def every(rows: PagedRows, size: int, **asked: object) -> list[str]:
    found: list[str] = []
    after = None
    while True:
        page = rows.page(size, after=after, **asked)  # type: ignore[arg-type]
        found += [str(one) for one in rows.ids[page.rows]]
        if not page.more:
            assert page.matched == len(found)
            return found
        after = found[-1]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_pages_of_any_size_hold_every_row_once(rows: PagedRows, size: int) -> None:
    assert every(rows, size) == sorted(IDS)
    assert every(rows, size, equal={"kind": "x"}) == ["9", "b/2", "c", "ä"]


def test_places_days_values_and_rights(rows: PagedRows) -> None:
    assert every(rows, 2, boxes=[(0.5, 0.5, 2, 2)]) == ["a", "ä"]
    assert every(rows, 2, boxes=[(179, -1, 180, 1), (-180, -1, -178.5, 1)]) == ["c"]
    assert every(rows, 2, days=("day", "2026-01-02", "2026-01-03")) == ["10", "a"]
    assert every(rows, 2, equal={"flag": True}) == ["10", "b/2"]
    assert every(rows, 2, equal={"kind": "x' OR 1"}) == []
    assert every(rows, 9, allowed=np.array([True, False, False, False, False, False, True])) == [
        "10",
        "店",
    ]
    assert rows.page(3, after="zzz").rows.tolist() == [5, 6]
    assert list(bounds_of(rows.frame) or ()) == [-179, 0, 4, 4]
    assert text_columns(rows.frame) >= {"id", "kind"}
    assert "mixed" not in text_columns(rows.frame)


def test_features_are_geojson_without_nan(rows: PagedRows) -> None:
    found = [json.loads(text) for text in rows.features(np.arange(len(rows)), {"more": "x"})]
    by_id = {one["id"]: one for one in found}
    assert by_id["店"]["geometry"] is None
    assert by_id["a"]["properties"] == {"id": "a", "kind": "y", "number": None, "mixed": 1, "flag": False,
                                        "day": "2026-01-02", "more": "x"}  # fmt: skip
    assert by_id["c"]["geometry"]["coordinates"] == [[-179, 0], [-178, 1]]


def test_one_row_by_its_id(rows: PagedRows) -> None:
    assert [rows.number(one) for one in sorted(IDS)] == list(range(len(IDS)))
    assert rows.number("none") is None
    assert rows.number("\uffff") is None


def test_another_reference_system_is_refused() -> None:
    with pytest.raises(CRSMismatchError):
        PagedRows(gpd.GeoDataFrame({"id": ["a"]}, geometry=[Point(0, 0)], crs="EPSG:3857"))


@settings(max_examples=40, deadline=None)
@given(
    st.sets(st.text(min_size=1, max_size=6), min_size=1, max_size=30), st.integers(1, 9), st.data()
)
def test_rows_that_come_in_meanwhile_move_no_other(
    ids: set[str], size: int, data: st.DataObject
) -> None:
    def made(some: set[str]) -> PagedRows:
        places = [Point(0, 0)] * len(some)
        return PagedRows(gpd.GeoDataFrame({"id": sorted(some)}, geometry=places, crs="EPSG:4326"))

    before, seen, after = made(ids), [], None
    held = set(ids)
    while True:
        page = made(held).page(size, after=after)
        seen += [str(one) for one in made(held).ids[page.rows]]
        if not page.more:
            break
        after = seen[-1]
        held |= {data.draw(st.text(min_size=1, max_size=6))}
    assert len(seen) == len(set(seen))
    assert [one for one in seen if one in ids] == before.ids.tolist()
