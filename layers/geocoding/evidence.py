"""What the layers know of places: one table of named or addressed rows, each once."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.addresses import PARTS, parse_addresses
from layers.geocoding.plane import Plane
from layers.layer import Layer
from layers.licence_keys import name_keys

UNKNOWN_ERROR_M = 15.0
"""Position error of a row that does not tell its own: a map pin within its house."""

NOT_PLACES = frozenset({"road", "township", "barrier", "water", "school_gate"})
"""Themes whose rows are no addresses: lines, areas, and parts of other things."""


def plane_of(layers: Mapping[str, Layer]) -> Plane:
    """A plane round the middle of all placed rows (0, 0 where there is none)."""
    boxes = [layers[name].placed.total_bounds for name in layers if len(layers[name].placed)]
    if not boxes:
        return Plane(0.0, 0.0)
    bounds = np.array(boxes)
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    return Plane(float(west + east) / 2, float(south + north) / 2)


def evidence(layers: Mapping[str, Layer], plane: Plane, leave_out: frozenset[str]) -> pd.DataFrame:
    """Placed rows with a name or an address: `theme`, `id`, `name`, `key`, `x`, `y`, `u_m`, parts.

    `x`, `y` metres in `plane`; `u_m` is the row's own error and, for an area, its half size.
    Ids in `leave_out` do not testify (the rows that are being geocoded).
    """
    told = [name for name in layers if name not in NOT_PLACES and not layers[name].theme.derived]
    parts = [_rows(name, layers[name], plane) for name in told]
    columns = ["theme", "id", "name", "address", "class", "x", "y", "u_m"]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    table = table[~table["id"].isin(leave_out)]
    # the same shop stands in several themes' layers
    table = table.drop_duplicates(["id", "x", "y"], ignore_index=True)
    table["key"] = name_keys(table["name"])
    said = parse_addresses(table["address"])
    return pd.concat([table, said[[name for name in PARTS if name not in table]]], axis=1)


def _rows(theme: str, layer: Layer, plane: Plane) -> pd.DataFrame:
    frame = layer.placed
    frame = frame[frame["name"].notna() | frame["address"].notna()]
    if "geocode_method" in frame:  # what was placed by its address must not place others
        frame = frame[frame["geocode_method"].isna()]
    shapes = plane.shapes(np.asarray(frame.geometry.array))
    middle = shapely.point_on_surface(shapes)
    own = pd.to_numeric(frame["u_source_m"], errors="coerce").fillna(UNKNOWN_ERROR_M)
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    half = np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]) / 2
    return pd.DataFrame(
        {
            "theme": theme, "id": frame["id"].to_numpy(dtype=object),
            "name": frame["name"].to_numpy(dtype=object),
            "address": frame["address"].to_numpy(dtype=object),
            "class": _column(frame, "class"),
            "x": shapely.get_x(middle), "y": shapely.get_y(middle),
            "u_m": np.hypot(own.to_numpy(float), half),
        }
    )  # fmt: skip


def _column(frame: gpd.GeoDataFrame, name: str) -> np.ndarray:
    if name in frame:
        return frame[name].to_numpy(dtype=object)
    return np.full(len(frame), None, dtype=object)
