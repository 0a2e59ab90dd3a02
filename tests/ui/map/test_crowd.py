"""Many symbols tile by tile: every one is counted once at every zoom, and a set has a secret name."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import LayerError
from tests.ui.map.made import lead, marks
from ui.map.crowd import FEW, Shown, crowd_of
from ui.tiles.mercator import to_unit
from ui.tiles.overlay import HEAT, draw_points
from ui.tiles.points import points_of

RNG = np.random.default_rng(7)
MANY = marks(*(lead(n, at=tuple(RNG.uniform((109.0, 27.0), (109.4, 27.4))), verdict=("inside", "borderline")[n % 3 == 0])
               for n in range(300)), lead(300, at=(np.nan, np.nan)))  # fmt: skip
CROWD = crowd_of(MANY, np.arange(301))


def _tiles(z: int) -> list[dict[str, Any]]:
    low, high = to_unit(np.array([[109.0, 27.4], [109.4, 27.0]])) * 2**z
    return [json.loads(CROWD.tile(z, x, y)) for x in range(int(low[0]), int(high[0]) + 1)
            for y in range(int(low[1]), int(high[1]) + 1)]  # fmt: skip


@pytest.mark.parametrize("z", [3, 8, 11, 13])
def test_every_symbol_is_in_one_tile(z: int) -> None:
    tiles = _tiles(z)
    cells = [cell for tile in tiles for cell in tile.get("cells", [])]
    points = [point for tile in tiles for point in tile.get("points", [])]
    assert sum(cell[2] for cell in cells) + len(points) == 300
    assert all(sum(cell[3]) == cell[2] for cell in cells)
    assert len({point[0] for point in points}) == len(points)
    assert all(len(tile.get("points", [])) <= FEW for tile in tiles)
    borderline = sum(cell[3][1] for cell in cells) + sum(
        point[1] == "borderline" for point in points
    )
    assert borderline == 100


def test_deep_down_a_symbol_is_one() -> None:
    [point] = json.loads(CROWD.tile(20, *_at((MANY.frame["lon"][0], MANY.frame["lat"][0]), 20)))[
        "points"
    ]
    assert point[0] == "L0"
    assert point[4] == "店0"


def _at(place: tuple[float, float], z: int) -> tuple[int, int]:
    x, y = to_unit(np.array([place]))[0] * 2**z
    return int(x), int(y)


def test_a_set_is_known_by_a_name_that_cannot_be_guessed() -> None:
    shown, other = Shown(), marks(*(lead(n) for n in range(3)))
    first, again = shown.put(MANY, np.arange(5)), shown.put(MANY, np.arange(5))
    assert first == again
    assert len({first, shown.put(MANY, np.arange(6)), shown.put(other, np.arange(3))}) == 3
    assert len(shown.get(first).points) == 5
    with pytest.raises(LayerError):
        shown.get("0" * 32)
    with pytest.raises(LayerError):
        shown.get(first).tile(3, 9, 0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-179, 179), st.floats(-84, 84)), min_size=1, max_size=60),
    st.integers(0, 12),
)
def test_a_tile_is_one_slice_along_the_quad_tree(places: list[tuple[float, float]], z: int) -> None:
    points = points_of(np.array(places))
    tiles = {_at(place, z) for place in places}
    found = sorted(int(row) for x, y in tiles for row in points.order[points.within(z, x, y)])
    assert found == list(range(len(places)))


def test_many_points_are_density_and_few_are_dots() -> None:
    at = np.array([109.2, 27.2])
    dense = points_of(at + RNG.normal(0, 1e-3, (HEAT + 1, 2)))
    z = 10
    picture = draw_points(dense, "bar", z, *_at((at[0], at[1]), z))
    assert np.asarray(picture.getchannel("A")).max() > 100
    alone = draw_points(points_of(at[None]), "bar", z, *_at((at[0], at[1]), z))
    assert 0 < (np.asarray(alone.getchannel("A")) > 0).sum() < 400
    x, y = _at((at[0], at[1]), z)
    assert draw_points(dense, "bar", z, x + 3, y).getchannel("A").getextrema() == (0, 0)
