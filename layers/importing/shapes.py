"""Geometries a theme can take: mended where they cross themselves, single where they can be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

_FAMILY = np.array(
    ["point", "line", "line", "polygon", "point", "line", "polygon", "mixed"], dtype=object
)
"""By shapely's type number: Point, LineString, LinearRing, Polygon, Multi…, collection."""


def tidy_shapes(shapes: np.ndarray, allowed: Sequence[str]) -> tuple[np.ndarray, np.ndarray, int]:
    """Geometries ready for a layer.

    Parameters
    ----------
    shapes : array of geometries, `None` where missing.
    allowed : families the theme takes.

    Returns
    -------
    The geometries (`None` where not allowed), a mask of those not allowed, and how many
    polygons were mended.
    """
    there = ~shapely.is_missing(shapes)
    crossing = there & ~shapely.is_valid(shapes)
    tidy = shapes.copy()
    tidy[crossing] = shapely.make_valid(tidy[crossing], method="structure", keep_collapsed=False)
    tidy = _single(tidy)
    numbers = shapely.get_type_id(tidy)
    fits = np.isin(_FAMILY[np.clip(numbers, 0, None)], list(allowed)) & ~shapely.is_empty(tidy)
    wrong = there & ~fits
    tidy[~fits] = None
    return tidy, wrong, int((crossing & fits).sum())


def _single(shapes: np.ndarray) -> np.ndarray:
    """A multi-geometry of one part as that part."""
    alone = (shapely.get_type_id(shapes) >= 4) & (shapely.get_num_geometries(shapes) == 1)
    single = shapes.copy()
    single[alone] = shapely.get_geometry(shapes[alone], 0)
    return single
