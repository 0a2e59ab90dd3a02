"""What lies in an area that somebody drew, and the sizes of what he drew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from layers.errors import LayerError
from layers.layer import Layer
from layers.measures import geodesic_area, geodesic_distance, mu_of

COLUMNS = ("theme", "id", "name", "address", "credit_code", "lon", "lat")


@dataclass(frozen=True, slots=True)
class Sizes:
    """A drawn line or ring: length of every side and in all (metres), and of a ring the area (m², mu)."""

    sides_m: tuple[float, ...]
    length_m: float
    area_m2: float | None = None
    mu: float | None = None


def sizes_of(corners: Sequence[tuple[float, float]], *, closed: bool) -> Sizes:
    """Geodesic sizes of what was drawn through `corners` (lon, lat in WGS 84 degrees).

    Raises `LayerError` for a line of fewer than two corners, a ring of fewer than three or one that
    crosses itself.
    """
    points = np.asarray(corners, dtype=float).reshape(-1, 2)
    ring = _ring(points) if closed else None
    if len(points) < 2:
        raise LayerError(
            "a line has two corners at least (线至少要有两个点)",
            field="corners",
            remedy="draw one more (请再画一个点)",
        )
    ends = np.vstack([points, points[:1]]) if closed else points
    sides = geodesic_distance(*ends[:-1].T, *ends[1:].T)
    area = None if ring is None else geodesic_area(ring)
    return Sizes(tuple(float(one) for one in sides), float(sides.sum()), area,
                 None if area is None else float(mu_of(area)))  # fmt: skip


def area_of(corners: Sequence[tuple[float, float]]) -> shapely.Polygon:
    """The area inside `corners`; raises `LayerError` as `sizes_of` does."""
    return _ring(np.asarray(corners, dtype=float).reshape(-1, 2))


def points_in(area: shapely.Geometry, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Which of these places (WGS 84 degrees, NaN for none) lie in the area, as a mask."""
    shapely.prepare(area)
    return np.asarray(shapely.intersects_xy(area, lon, lat), dtype=bool)


def what_is_in(layers: Mapping[str, Layer], area: shapely.Geometry) -> pd.DataFrame:
    """Every placed row that meets the area (WGS 84 degrees), in the order of layers and rows.

    Returns `COLUMNS`; `lon` and `lat` are the middle of the row's bounds.
    """
    parts = [_in_layer(name, layers[name], area) for name in layers]
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(parts, ignore_index=True)


def _ring(points: np.ndarray) -> shapely.Polygon:
    if len(points) < 3:
        raise LayerError(
            "an area has three corners at least (范围至少要有三个点)",
            field="corners",
            remedy="draw one more (请再画一个点)",
        )
    if not np.isfinite(points).all():
        raise LayerError(
            "a corner is no place (有一个点不是坐标)",
            field="corners",
            remedy="give numbers (请写数字)",
        )
    ring = shapely.Polygon(points)
    if not ring.is_valid:
        raise LayerError("the outline crosses itself (范围的边线相互交叉)", field="corners",
                         remedy="draw it again so that no two sides cross (请重画，边线不要交叉)")  # fmt: skip
    return ring


def _in_layer(theme: str, layer: Layer, area: shapely.Geometry) -> pd.DataFrame:
    placed = layer.placed
    rows = placed.iloc[np.sort(placed.sindex.query(area, predicate="intersects"))]
    boxes = shapely.bounds(rows.geometry.to_numpy()).reshape(-1, 4)
    texts = {name: rows[name].fillna("").astype(str).to_numpy(dtype=object) if name in rows else ""
             for name in ("id", "name", "address", "credit_code")}  # fmt: skip
    return pd.DataFrame({"theme": theme, **texts, "lon": boxes[:, [0, 2]].mean(axis=1),
                         "lat": boxes[:, [1, 3]].mean(axis=1)})[list(COLUMNS)]  # fmt: skip
