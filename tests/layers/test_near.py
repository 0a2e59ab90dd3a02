"""What lies around a place, nearest first."""

from __future__ import annotations

import pytest

from layers import LayerSet
from layers.near import what_is_near
from tests.layers.towns import at, layer, point, square

LAYERS = LayerSet(
    {
        "school": layer("school", [square(0, 0, 100), square(2000, 0, 50)], name=["云溪小学", None],
                        kind=["primary", "primary"]),
        "hotel": layer("hotel", [point(30, -40), point(130, 100), None], name=["甲", "乙", "丙"]),
        "bar": layer("bar", []),
    }
)  # fmt: skip


def test_it_answers_nearest_first_with_metres() -> None:
    found = what_is_near(LAYERS, *at(50, 0), 300)
    assert found["id"].tolist() == ["school-1", "hotel-1", "hotel-2"]
    assert found["theme"].tolist() == ["school", "hotel", "hotel"]
    assert found["name"].tolist() == ["云溪小学", "甲", "乙"]
    assert found["metres"].tolist() == pytest.approx([0, 44.721, 128.062], abs=0.05)


def test_zero_metres_asks_what_covers_the_place() -> None:
    assert what_is_near(LAYERS, *at(50, 50), 0)["id"].tolist() == ["school-1"]
    assert what_is_near(LAYERS, *at(-5, 50), 0).empty


def test_nothing_near_is_an_empty_table_with_its_columns() -> None:
    for layers in (LAYERS, LayerSet({})):
        found = what_is_near(layers, 0.0, 0.0, 100)
        assert found.empty
        assert list(found.columns) == ["theme", "id", "name", "metres"]


@pytest.mark.parametrize("lat", [-90.0, 0.0, 66.0, 90.0])
def test_any_place_of_the_globe_may_be_asked(lat: float) -> None:
    assert what_is_near(LAYERS, 180.0, lat, 50).empty
