"""Where to look in a scene: polygons of a layer, the shores of water, cut to the scene's ground."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers import LayerSet
from layers.datum.ground import ground_crs, local_plane
from layers.errors import ImageryError

WATER = "water"
AREAS = ("fire_lane", "closed_site", "protection_zone", "land_parcel", "township")
"""Layers whose polygons say where to look."""


def themes_within(layers: LayerSet, ground: BaseGeometry) -> dict[str, int]:
    """Themes of `AREAS` with polygons on the `ground` (WGS 84), and how many."""
    counts = {name: int(_on(layers, name, ground).sum()) for name in AREAS if name in layers}
    return {name: count for name, count in counts.items() if count}


def polygons_within(layers: LayerSet, theme: str, ground: BaseGeometry) -> BaseGeometry:
    """All polygons of a theme together, as far as they lie on the `ground`.

    Raises `ImageryError` where none does.
    """
    kept = layers[theme].placed.geometry.to_numpy()[_on(layers, theme, ground)]
    return _some(shapely.intersection(shapely.union_all(shapely.make_valid(kept)), ground), theme)


def shores_within(layers: LayerSet, ground: BaseGeometry, metres: float) -> BaseGeometry:
    """The strips of `metres` around the waters on the `ground`, without the waters themselves.

    Raises `ImageryError` where there is none.
    """
    near = layers[WATER].placed.geometry.to_numpy()
    near = near[
        (shapely.get_dimensions(near) == 2) & shapely.dwithin(near, ground, metres / 50_000)
    ]
    middle = ground.centroid
    plane = ground_crs(local_plane(middle.x, middle.y))

    def flat(lonlat: np.ndarray) -> np.ndarray:
        return np.column_stack(plane.from_wgs84(lonlat[:, 0], lonlat[:, 1]))

    def degrees(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(plane.to_wgs84(xy[:, 0], xy[:, 1]))

    water = shapely.union_all(shapely.make_valid(near))
    strip = shapely.transform(shapely.buffer(shapely.transform(water, flat), metres), degrees)
    return _some(shapely.intersection(shapely.difference(strip, water), ground), WATER)


def _on(layers: LayerSet, theme: str, ground: BaseGeometry) -> np.ndarray:
    shapes = layers[theme].placed.geometry.to_numpy()
    on: np.ndarray = shapely.intersects(shapes, ground) & (shapely.get_dimensions(shapes) == 2)
    return on


def _some(area: BaseGeometry, theme: str) -> BaseGeometry:
    found: BaseGeometry = shapely.union_all(
        [one for one in shapely.get_parts(area) if shapely.get_dimensions(one) == 2]
    )
    if found.is_empty:
        raise ImageryError(f"nothing of {theme} lies in this scene", field="area",
                           remedy="choose another area or another scene")  # fmt: skip
    return found
