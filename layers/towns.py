"""Which township places lie in."""

from __future__ import annotations

import numpy as np
import shapely

from layers.layer import Layer


def town_names(areas: Layer, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """For every place (WGS 84 degrees, NaN where there is none) the name of the first area it lies in,
    the empty text outside of all.
    """
    found = np.full(len(lon), "", dtype=object)
    placed = areas.placed
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if not len(placed) or not len(known):
        return found
    points = shapely.points(lon[known], lat[known])
    place, area = shapely.STRtree(placed.geometry.to_numpy()).query(points, predicate="intersects")
    names = placed["name"].fillna("").astype(str).to_numpy(dtype=object)
    order = np.lexsort((area, place))[::-1]
    found[known[place[order]]] = names[area[order]]
    return found
