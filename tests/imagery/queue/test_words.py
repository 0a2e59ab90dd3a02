"""Outlines people draw and reasons they give: what is taken, what is refused and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import mapping

from imagery.queue import all_reasons, check_outline, reasons
from imagery.queue.drawn import THEMES
from imagery.queue.entries import Answer
from imagery.queue.outlines import same_outline, size_of
from imagery.queue.reasons import FILE, checked_reason
from layers.errors import ImageryError

SQUARE = shapely.box(109.25, 27.6, 109.2505, 27.6005)


@pytest.mark.parametrize("given_", [
    SQUARE, mapping(SQUARE), json.dumps(mapping(SQUARE)),
    {"type": "Feature", "properties": None, "geometry": mapping(SQUARE)},
    {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": mapping(SQUARE)}]},
    shapely.force_3d(SQUARE),
])  # fmt: skip
def test_an_outline_is_read_from_whatever_a_map_gives(given_: Any) -> None:
    found = check_outline(given_)
    assert same_outline(found, SQUARE)
    assert not found.has_z


@pytest.mark.parametrize(("given_", "problem"), [
    ({"type": "Polygon", "coordinates": [[[109.25, 27.6], [109.251, 27.601], [109.251, 27.6], [109.25, 27.601],
                                          [109.25, 27.6]]]}, "not simple"),
    (shapely.box(27.6, 109.25, 27.6005, 109.2505), "not in degrees"),
    (shapely.box(500_000, 3_000_000, 500_100, 3_000_100), "not in degrees"),
    (shapely.box(109, 27, 110, 28), "measures"),
    (shapely.box(109.25, 27.6, 109.25 + 1e-7, 27.6 + 1e-7), "measures"),
    (shapely.Polygon(), "polygon"),
    (shapely.LineString([(109, 27), (109.1, 27)]), "polygon"),
    (shapely.Point(109.25, 27.6).buffer(0.001, quad_segs=6000), "corners"),
    ({"type": "FeatureCollection", "features": []}, "0 outlines"),
    ({"type": "Polygon", "coordinates": [[[109.25, "x"], [1, 2], [3, 4]]]}, "no outline can be read"),
    ({"type": "Polygon", "coordinates": [[[109.25, 27.6], [109.26, 27.6]]]}, "no outline can be read"),
    ("{", "no outline can be read"), ("[]", "no outline can be read"), ({}, "no outline can be read"),
    ({"type": "Feature", "geometry": None}, "no outline can be read"),
])  # fmt: skip
def test_what_is_no_outline_is_refused_with_the_remedy(given_: Any, problem: str) -> None:
    with pytest.raises(ImageryError, match=problem) as told:
        check_outline(given_)
    assert told.value.field == "outline"
    assert "draw one closed outline" in told.value.remedy


_NUMBER = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True), st.integers(-200, 200), st.none()
)


@given(st.lists(st.lists(st.lists(_NUMBER, max_size=3), max_size=6), max_size=3))
def test_no_coordinates_break_it(rings: list[list[list[float]]]) -> None:
    try:
        found = check_outline({"type": "Polygon", "coordinates": rings})
    except ImageryError:
        return
    assert found.is_valid


def test_a_drawn_outline_is_known_to_two_pixels() -> None:
    fine, coarse = size_of(SQUARE, 0.1), size_of(SQUARE, 10.0)
    assert fine.area_m2 == coarse.area_m2 == pytest.approx(49.4 * 55.4, rel=0.01)
    assert (fine.u_edge_m, coarse.u_edge_m) == (0.3, 20.0)
    assert fine.u_area_m2 < coarse.u_area_m2
    assert size_of(SQUARE, None).u_edge_m == 0.3


def test_every_theme_has_its_reasons_in_both_languages() -> None:
    assert {"snow", "glint", "bare_field", "building_site", "greenhouse", "quarry", "shadow", "parked_in_bay",
            "licensed_site", "other"} <= set(all_reasons())  # fmt: skip
    for one in all_reasons().values():
        assert set(one.answers) <= set(get_args(Answer)) - {"yes"}
        assert set(one.themes) <= {*THEMES, "*"}
        assert one.zh != one.en
    for theme in THEMES:
        assert len(reasons(theme)) >= 5
        assert len(reasons(theme, "unsure")) >= 3
        assert reasons(theme, "yes") == ()
    assert "parked_in_bay" not in {one.code for one in reasons("waste_candidate")}


def test_a_reason_that_is_not_offered_is_refused_naming_those_that_are() -> None:
    assert checked_reason(None, "obstacle", "no") is None
    with pytest.raises(ImageryError, match="parked_in_bay"):
        checked_reason("greenhouse", "obstacle", "no")
    with pytest.raises(ImageryError, match="none"):
        checked_reason("shadow", "obstacle", "yes")


@pytest.mark.parametrize("text", [
    "x = 1", '[a]\nzh = "甲"\nen = "a"', '[a]\nzh = "甲"\nen = " "\nthemes = ["*"]\nanswers = ["no"]',
    '[a]\nzh = "甲"\nen = "a"\nthemes = ["*"]\nanswers = ["yes"]', "[a",
])  # fmt: skip
def test_a_damaged_file_of_reasons_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "refusals.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ImageryError, match="reason"):
        all_reasons(file)
    assert all_reasons(FILE)
