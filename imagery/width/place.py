"""Lanes on the globe: a plane in metres around the lane, and the answer back in degrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from imagery.width.clear import Width, clear_width
from imagery.width.notes import FROM_CENTRELINE, Note
from layers.datum.ground import ground_crs, local_plane
from layers.errors import ImageryError

Shape = TypeVar("Shape", bound=BaseGeometry)


class Plane:
    """A plane in metres around the middle of a shape in degrees (WGS 84)."""

    def __init__(self, lane: BaseGeometry) -> None:
        lon, lat = shapely.get_coordinates(lane.centroid)[0] if not lane.is_empty else (0.0, 0.0)
        self._crs = ground_crs(local_plane(float(lon), float(lat)))

    def metres(self, shape: Shape) -> Shape:
        """A shape in degrees on the plane."""
        return shapely.transform(shape, lambda xy: np.column_stack(self._crs.from_wgs84(*xy.T)))

    def degrees(self, shape: Shape) -> Shape:
        """A shape on the plane in degrees."""
        return shapely.transform(shape, lambda xy: np.column_stack(self._crs.to_wgs84(*xy.T)))


@dataclass(frozen=True)
class Lane:
    """A lane in degrees (WGS 84): a polygon, or a centreline with its width in metres.

    `gates` are lines on its edge. `u_m` is what its edge may be off, metres, beside the error of
    the obstacles' outlines; `u_width_m` what the stated width of a centreline may be off.
    """

    shape: BaseGeometry
    gates: tuple[LineString, ...] = ()
    names: tuple[str, ...] = ()
    width_m: float | None = None
    u_m: float | None = None
    u_width_m: float = 0.5
    id: str = ""
    name: str = ""


@dataclass(frozen=True)
class Measured:
    """The width of a lane with the plane it was measured on; `obstacles` are the polygons there."""

    lane: Lane
    width: Width
    plane: Plane
    obstacles: tuple[BaseGeometry, ...]

    @property
    def bottleneck(self) -> LineString:
        """The line across the narrowest gap, degrees."""
        return self.plane.degrees(self.width.bottleneck)


def measure_lane(
    lane: Lane, obstacles: Sequence[BaseGeometry], outline_error_m: float | None = None,
    *, sections: bool = True,
) -> Measured:  # fmt: skip
    """The clear width of a lane in degrees, with obstacles in degrees near it.

    Raises `ImageryError` where the lane cannot be measured (see `clear_width`).
    """
    plane = Plane(lane.shape)
    flat = plane.metres(lane.shape)
    gates = [plane.metres(gate) for gate in lane.gates]
    wall = lane.u_m
    notes: tuple[Note, ...] = ()
    if not isinstance(flat, Polygon) and flat.geom_type != "MultiPolygon":
        flat, ends = around_centreline(flat, lane.width_m)
        gates = gates or ends
        wall = float(
            np.hypot(wall if wall is not None else outline_error_m or 0.0, lane.u_width_m / 2)
        )
        notes = (FROM_CENTRELINE,)
    near = _near(flat, [plane.metres(one) for one in obstacles])
    width = clear_width(flat, near, gates, names=lane.names, outline_error_m=outline_error_m,
                        wall_error_m=wall, sections=sections)  # fmt: skip
    return Measured(lane, replace(width, notes=(*notes, *width.notes)), plane, tuple(near))


def around_centreline(
    line: BaseGeometry, width_m: float | None
) -> tuple[BaseGeometry, list[LineString]]:
    """The strip of so many metres around a centreline and the gates at its two ends."""
    merged = shapely.line_merge(line) if line.geom_type == "MultiLineString" else line
    if not isinstance(merged, LineString):
        raise ImageryError("a lane is neither a polygon nor one line", field="lane",
                           remedy="draw it as a polygon, or as one centreline with width_m")  # fmt: skip
    if width_m is None or not np.isfinite(width_m) or width_m <= 0:
        raise ImageryError("a centreline has no width", field="width_m",
                           remedy="give the lane's width in metres as width_m, or draw its outline")  # fmt: skip
    strip = merged.buffer(width_m / 2, cap_style="flat", join_style="round")
    xy = shapely.get_coordinates(merged)
    return strip, [_across(xy[0], xy[1], width_m), _across(xy[-1], xy[-2], width_m)]


def _across(end: np.ndarray, inward: np.ndarray, width_m: float) -> LineString:
    way = (inward - end) / np.hypot(*(inward - end))
    side = width_m / 2 * np.array([-way[1], way[0]])
    return LineString([end - side, end + side])


def _near(lane: BaseGeometry, shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    box = shapely.box(*lane.bounds)
    return [one for one in shapes if not one.is_empty and shapely.box(*one.bounds).intersects(box)]
