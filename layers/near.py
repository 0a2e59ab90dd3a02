"""What lies around a place: the answer to a click on the map."""

from __future__ import annotations

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
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    return found.sort_values("metres", kind="stable", ignore_index=True)


def _in_layer(
    name: str, layer: Layer, place: gpd.GeoSeries, window: shapely.Polygon, metres: float
) -> pd.DataFrame:
    rows = layer.placed.iloc[np.sort(layer.placed.sindex.query(window))]
    pairs = pairs_within(place, rows.geometry, metres)
    near = rows.iloc[pairs.object]
    return pd.DataFrame(
        {
            "theme": name,
            "id": near["id"].to_numpy(dtype=object),
            "name": near["name"].to_numpy(dtype=object),
            "metres": pairs.metres,
        }
    )
