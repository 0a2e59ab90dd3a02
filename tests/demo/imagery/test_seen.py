"""What the detectors see in the demo's scenes, against what was planted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from imagery.detectors import Shot, detector, shot_of
from imagery.store import Store
from layers import Layer

BEFORE, AFTER = "2025-10-18", "2026-05-21"
Truth = dict[str, Any]


@pytest.fixture(scope="module")
def shots(flights: Path) -> dict[str, Shot]:
    """Scenes of the demo's store by the name of their file."""
    store = Store.open(flights / "imagery", create=False)
    found = {}
    for scene in store.scenes():
        title = store.document(scene)["properties"].get("title") or ""
        if title.endswith((".tif", ".jpg")):
            found[title.rsplit(".", 1)[0]] = shot_of(store, scene)
    return found


def seen(shots: dict[str, Shot], site: str, name: str, area: BaseGeometry) -> Layer:
    before, after = (shots[f"{site}_{day.replace('-', '')}"] for day in (BEFORE, AFTER))
    return detector(name).detect(after, before=before, area=area)


def around(outline: BaseGeometry, metres: float) -> BaseGeometry:
    return shapely.envelope(shapely.buffer(outline, metres / 111_000))


def of_kind(planted: Truth, site: str, *kinds: str) -> list[tuple[BaseGeometry, float]]:
    return [(shape(one["outline"]), one["area_m2"]) for one in planted["sites"][site]["planted"]
            if one["kind"] in kinds]  # fmt: skip


def test_areas_of_outlines_are_within_a_tenth_in_the_middle(
    shots: dict[str, Shot], planted: Truth
) -> None:
    errors = []
    for outline, true in of_kind(planted, "shore", "rubble", "ash", "earth"):
        frame = seen(shots, "shore", "change_rgb", around(outline, 15)).frame
        largest = frame.sort_values("area_m2").iloc[-1]
        assert shapely.intersects(largest.geometry, outline)
        errors.append(abs(largest.area_m2 / true - 1))
    opened = planted["opened_ground"]
    outline = shape(opened["outline"])
    frame = seen(shots, "county_10m", "change_multispectral", around(outline, 150)).frame
    largest = frame.sort_values("area_m2").iloc[-1]
    assert shapely.intersection(largest.geometry, outline).area > 0.9 * outline.area
    assert abs(largest.area_m2 - opened["area_m2"]) < largest.u_area_m2
    errors.append(abs(largest.area_m2 / opened["area_m2"] - 1))
    assert np.median(errors) < 0.1


def test_the_new_shed_and_its_yard_are_outlined_apart(
    shots: dict[str, Shot], planted: Truth
) -> None:
    ((outline, true),) = of_kind(planted, "farm", "shed")
    frame = seen(shots, "farm", "change_rgb", around(outline, 15)).frame
    assert len(frame) == 2
    assert frame["why_en"].str.contains("two unlike surfaces of one change").all()
    shared = shapely.intersection(frame.geometry.array, outline)
    shed = frame.iloc[int(np.argmax(shapely.area(shared)))]
    assert shapely.intersection(shed.geometry, outline).area > 0.9 * outline.area
    assert abs(shed.area_m2 / true - 1) < 0.1


def test_every_thing_planted_in_the_lane_is_covered_and_the_clear_rest_is_not(
    shots: dict[str, Shot], planted: Truth
) -> None:
    lane = shapely.union_all([shape(one["outline"]) for one in planted["sites"]["estate"]["lanes"]])
    layer = seen(shots, "estate", "obstruction", lane)
    found = shapely.union_all(layer.frame.geometry.array)
    for one in planted["sites"]["estate"]["planted"]:
        thing = shapely.intersection(shape(one["outline"]), lane)
        assert shapely.intersection(found, thing).area > 0.6 * thing.area, one["kind"]
    things = shapely.union_all(
        [shape(one["outline"]) for one in planted["sites"]["estate"]["planted"]]
    )
    clear = shapely.difference(lane, shapely.buffer(things, 4 / 111_000))
    assert shapely.intersection(found, clear).area < 0.1 * clear.area
