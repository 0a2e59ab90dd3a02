"""Which part of an area was seen by which scene: geodesic, newest first, gaps as polygons."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon, box

from imagery.catalogue import coverage_of
from layers.errors import ImageryError
from layers.measures import geodesic_area

WEST, SOUTH, SIDE = 109.3, 27.6, 0.01
AREA = box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)


def _part(x0: float, y0: float, x1: float, y1: float) -> Polygon:
    """A rectangle in shares of the area."""
    return box(WEST + x0 * SIDE, SOUTH + y0 * SIDE, WEST + x1 * SIDE, SOUTH + y1 * SIDE)


def _scene(name: str, day: str | None, shape: Any, **more: Any) -> dict[str, Any]:
    start = f"{day}T00:00:00Z" if day else "1900-01-01T00:00:00Z"
    return {"id": name, "title": name, "kind": "orthophoto", "start": start, "end": start,
            "day": day, "taken_how": "exif" if day else "missing", "geometry_of": "footprint",
            "u_m": 1.0, "gsd_m": 0.1, "geometry": shape, **more}  # fmt: skip


def _frame(*scenes: dict[str, Any]) -> gpd.GeoDataFrame:
    columns = list(_scene("", None, None))
    return gpd.GeoDataFrame(list(scenes), columns=columns, geometry="geometry", crs="EPSG:4326")


def test_the_newest_scene_takes_its_part() -> None:
    frame = _frame(
        _scene("old", "2024-05-01", _part(0, 0, 1, 0.5)),
        _scene("new", "2026-05-01", _part(0, 0, 0.5, 1)),
    )
    found = coverage_of(frame, AREA, "2026-06-30")
    assert [piece.scene for piece in found.pieces] == ["new", "old"]
    assert [piece.age_days for piece in found.pieces] == [60, 790]
    assert found.newest == "2026-05-01"
    assert found.pieces[0].m2 == pytest.approx(found.area_m2 / 2, rel=1e-3)
    assert found.pieces[1].m2 == pytest.approx(found.area_m2 / 4, rel=1e-3)
    assert found.gap_m2 == pytest.approx(found.area_m2 / 4, rel=1e-3)
    assert found.gaps.equals(_part(0.5, 0.5, 1, 1))


def test_areas_are_those_on_the_globe() -> None:
    found = coverage_of(_frame(), AREA, "2026-06-30")
    assert found.area_m2 == pytest.approx(geodesic_area(AREA))
    assert 1.0e6 < found.area_m2 < 1.2e6
    assert found.gap_m2 == pytest.approx(found.area_m2)
    assert found.covered_m2 == 0
    assert found.newest is None


def test_what_was_taken_later_or_at_no_known_time_covers_nothing() -> None:
    frame = _frame(
        _scene("later", "2026-07-01", AREA), _scene("undated", None, AREA),
        _scene("camera", "2026-05-01", AREA.centroid, geometry_of="camera"),
    )  # fmt: skip
    found = coverage_of(frame, AREA, "2026-06-30")
    assert found.pieces == ()
    assert found.later == ("later",)
    assert found.undated == ("undated",)
    assert coverage_of(frame, AREA, "2026-07-01").covered_m2 == pytest.approx(found.area_m2)


def test_only_the_kinds_asked_for_count() -> None:
    frame = _frame(_scene("a", "2026-05-01", AREA), _scene("b", "2026-05-02", AREA, kind="photo"))
    assert [p.scene for p in coverage_of(frame, AREA, "2026-06-30", ["orthophoto"]).pieces] == ["a"]


def test_a_scene_quite_under_newer_ones_is_not_named() -> None:
    frame = _frame(_scene("under", "2024-05-01", _part(0.2, 0.2, 0.3, 0.3)),
                   _scene("over", "2026-05-01", AREA))  # fmt: skip
    found = coverage_of(frame, AREA, "2026-06-30")
    assert [piece.scene for piece in found.pieces] == ["over"]
    assert found.gaps.is_empty
    assert found.gap_m2 == 0


def test_as_geojson_has_pieces_and_gaps() -> None:
    found = coverage_of(_frame(_scene("a", "2026-05-01", _part(0, 0, 0.5, 1))), AREA, "2026-06-30")
    table = found.as_geojson()
    assert [feature["properties"].get("gap", False) for feature in table["features"]] == [
        False,
        True,
    ]
    total = sum(feature["properties"]["m2"] for feature in table["features"])
    assert total == pytest.approx(found.area_m2, rel=1e-6)


@pytest.mark.parametrize("area", [LineString([(0, 0), (1, 1)]), Polygon()])
def test_an_area_that_is_none_is_refused(area: Any) -> None:
    with pytest.raises(ImageryError, match="no polygon"):
        coverage_of(_frame(), area, "2026-06-30")


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(ImageryError, match="no day"):
        coverage_of(_frame(), AREA, "yesterday")


_PARTS = st.tuples(*[st.floats(-0.5, 1.5).map(lambda v: round(v, 3))] * 4)


@given(st.lists(st.tuples(_PARTS, st.integers(1, 28)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_pieces_and_gaps_make_up_the_area(scenes: list[tuple[Any, int]]) -> None:
    rows = [
        _scene(
            f"s{n}", f"2026-05-{day:02d}", _part(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        )
        for n, ((x0, y0, x1, y1), day) in enumerate(scenes)
        if x0 != x1 and y0 != y1
    ]
    found = coverage_of(_frame(*rows), AREA, "2026-06-30")
    total = sum(piece.m2 for piece in found.pieces) + found.gap_m2
    assert total == pytest.approx(found.area_m2, rel=1e-4)
    whole = shapely.union_all([row["geometry"] for row in rows] or [Polygon()]).intersection(AREA)
    assert found.covered_m2 == pytest.approx(geodesic_area(whole), rel=1e-3, abs=2.0)
    assert [piece.day for piece in found.pieces] == sorted(
        (piece.day for piece in found.pieces), reverse=True
    )
