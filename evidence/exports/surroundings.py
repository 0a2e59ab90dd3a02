"""The rows around the leads as a map's ground: every row once, small things only where they matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from evidence.dossier import Dossier
from evidence.exports.rows import place_of
from evidence.sheet.styles import STYLES, Kind

RADII_M = (400, 250, 150, 80, 0)
"""How far around a lead small things are drawn, from the widest that may fit."""
_SMALL = frozenset({"building", "barrier", "green", "obstacle"})
_FAR = 3
"""Roads, water, schools and zones are drawn so many times as far."""
_DEGREE_M = 111_000.0
_SCALE = 1_000_000
"""Coordinates are whole millionths of a degree (0.1 m), each as the step from the one before."""
_SMOOTH_DEG = 4e-6


def surroundings(dossiers: Sequence[Dossier], radius_m: float) -> list[dict[str, Any]]:
    """By theme, from the ground up: the shapes of the rows near the leads, encoded, with their names."""
    places = [place for place in map(place_of, dossiers) if place is not None]
    made = []
    for theme, style in sorted(STYLES.items(), key=lambda pair: pair[1].order):
        tables = [one.context[theme] for one in dossiers if theme in one.context]
        rows = _once(tables) if tables and places and radius_m else None
        if rows is None or rows.empty:
            continue
        reach = radius_m if theme in _SMALL else radius_m * _FAR
        near = rows.iloc[_near(rows, places, reach)]
        names = [None if theme in _SMALL or pd.isna(name) else str(name) for name in near["name"]]
        shapes = [_drawn(shape, style.kind) for shape in near.geometry]
        if shapes:
            made.append({"theme": theme, "kind": style.kind, "names": names, "shapes": shapes})
    return made


def _drawn(shape: BaseGeometry, kind: Kind) -> list[list[Any]]:
    """What a theme's style can draw: a gate in a wall is no part of the wall's line."""
    parts = encoded(shape, _SMOOTH_DEG)
    return parts if kind == "point" else [part for part in parts if part[0] != "p"]


def encoded(shape: BaseGeometry, smooth_deg: float = 0.0) -> list[list[Any]]:
    """The parts of a shape: ["a", ring, …] of an area, ["l", line] or ["p", point].

    A ring or line is x, y, then steps, in millionths of a degree; a ring is not closed.
    """
    plain = shapely.simplify(shape, smooth_deg) if smooth_deg else shape
    parts: list[list[Any]] = []
    for part in shapely.get_parts(plain):
        if isinstance(part, shapely.Polygon) and not part.is_empty:
            parts.append(["a", *(_steps(ring)[:-2] for ring in (part.exterior, *part.interiors))])
        elif isinstance(part, shapely.Point) and not part.is_empty:
            parts.append(["p", _steps(part)])
        elif not part.is_empty:
            parts.append(["l", _steps(part)])
    return parts


def _steps(shape: BaseGeometry) -> list[int]:
    whole = np.rint(shapely.get_coordinates(shape) * _SCALE).astype(np.int64)
    steps = np.vstack([whole[:1], np.diff(whole, axis=0)])
    return [int(one) for one in steps.ravel()]


def _once(tables: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Every row once, whichever leads it lies near, in the order of ids."""
    whole = pd.concat([one[["id", "name", "geometry"]] for one in tables])
    whole = whole[~whole["id"].duplicated()]
    return whole.sort_values("id", key=lambda ids: ids.astype(str))


def _near(rows: gpd.GeoDataFrame, places: Sequence[shapely.Point], reach_m: float) -> np.ndarray:
    xy = shapely.get_coordinates(np.array(places))
    tall = reach_m / _DEGREE_M
    wide = tall / np.cos(np.radians(xy[:, 1]))
    windows = shapely.box(xy[:, 0] - wide, xy[:, 1] - tall, xy[:, 0] + wide, xy[:, 1] + tall)
    return np.unique(rows.sindex.query(windows)[1])
