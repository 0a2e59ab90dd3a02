"""What lies around a place: the answer to a click on the map."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.layer import WGS84, Layer
from layers.measures import pairs_within

COLUMNS = ("theme", "id", "name", "metres")
_DEGREE_M = 110_500.0
"""Metres of a degree of latitude at the equator, where it is shortest."""


def what_is_near(
    layers: Mapping[str, Layer], lon: float, lat: float, metres: float
) -> pd.DataFrame:
    """Everything within `metres` of a place, nearest first.

    Parameters
    ----------
    layers : layers by theme name (a `LayerSet`); rows without a position are not near anything.
    lon, lat : degrees, WGS 84.
    metres : reach; 0 asks what covers the place.

    Returns
    -------
    DataFrame with `theme`, `id`, `name` and geodesic `metres` (0 inside an area).
    """
    place = gpd.GeoSeries([shapely.Point(lon, lat)], crs=WGS84)
    tall = metres / _DEGREE_M + 1e-9
    wide = tall / max(np.cos(np.radians(min(abs(lat) + tall, 90.0))), 1e-6)
    window = shapely.box(lon - wide, lat - tall, lon + wide, lat + tall)
    parts = [_in_layer(name, layers[name], place, window, metres) for name in layers]
    found = sorted(itertools.chain(*parts), key=operator.itemgetter(3))
    return pd.DataFrame(found, columns=list(COLUMNS))


def _in_layer(
    name: str, layer: Layer, place: gpd.GeoSeries, window: shapely.Polygon, metres: float
) -> list[tuple[str, object, object, float]]:
    """The rows of one layer; of most layers none is even in the window."""
    placed = layer.placed
    rows = np.sort(placed.sindex.query(window))
    if not len(rows):
        return []
    pairs = pairs_within(place, placed.geometry.iloc[rows], metres)
    near = placed[["id", "name"]].iloc[rows[pairs.object]]
    return [(name, row_id, title, float(far))
            for row_id, title, far in zip(near["id"], near["name"], pairs.metres, strict=True)]  # fmt: skip
