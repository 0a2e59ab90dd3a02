"""Flat arrays from well-known binary equal those from geometry objects."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.measures.arrow import flatten_wkb
from layers.measures.runs import flatten
from tests.layers.measures.oracle import star

RNG = np.random.default_rng(4)
CAMPUSES = [star(RNG, (116.4 + n / 100, 39.9), 90.0, 3 + n) for n in range(9)]
POINTS = [shapely.Point(116.4 + n / 100, 39.9) for n in range(5)]


def _wkb(shapes: list[Any], **options: Any) -> pa.Array:
    return pa.array(
        [None if shape is None else shapely.to_wkb(shape, **options) for shape in shapes],
        pa.binary(),
    )


@pytest.mark.parametrize(
    "shapes",
    [
        POINTS, CAMPUSES, [*POINTS, *CAMPUSES], [star(RNG, (116.4, 39.9), 90.0, 9, holes=2), *CAMPUSES],
        [None, *POINTS], [shapely.Point(), *POINTS], [shapely.Polygon(), *CAMPUSES], [],
        [shapely.Point(np.nan, 1.0), *POINTS], [shapely.MultiPolygon(CAMPUSES[:2])],
        [shapely.LineString([(0, 0), (1, 1)])], [shapely.Point(1, 2, 3), *POINTS],
    ],
)  # fmt: skip
@pytest.mark.parametrize("options", [{}, {"byte_order": 0}])
@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary()])
def test_the_same_arrays(shapes: list[Any], options: dict[str, int], kind: pa.DataType) -> None:
    got, wanted = (
        flatten_wkb(_wkb(shapes, **options).cast(kind)),
        flatten(np.array(shapes, dtype=object)),
    )
    for name in ("x", "y", "start", "owner", "part"):
        assert np.array_equal(getattr(got, name), getattr(wanted, name)), name


@pytest.mark.parametrize("shapes", [POINTS, CAMPUSES])
def test_slices_and_chunks(shapes: list[Any]) -> None:
    column = pa.chunked_array([_wkb(shapes)[1:3], _wkb(shapes)[3:]])
    got, wanted = flatten_wkb(column), flatten(np.array(shapes[1:], dtype=object))
    assert np.array_equal(got.x, wanted.x)
    assert np.array_equal(got.start, wanted.start)
    sliced = flatten_wkb(_wkb(shapes)[2:])
    assert np.array_equal(sliced.y, flatten(np.array(shapes[2:], dtype=object)).y)
