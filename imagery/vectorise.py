"""From score windows to outlines: masks become polygons on the globe, merged over the seams.

Pixels are looked at window by window and forgotten; what is kept are the outlines, so that memory
depends on what was found, not on the size of the image.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import shapely
from rasterio.features import shapes
from rasterio.transform import Affine
from shapely import Polygon, STRtree
from shapely.geometry import shape

from imagery.scene import Placement
from layers.datum.ground import ground_crs
from layers.measures import geodesic_area, geodesic_length

SIMPLIFY_PX = 0.35
"""Together with the cut corners of pixels (a third of one) an outline stays within one pixel."""
HOLE_M2 = 1.0
SCALE = 0.005
"""Relative error of lengths in an orthophoto where nothing better is known."""
MU_M2 = 2000 / 3
"""One mu in square metres."""


@dataclass(frozen=True)
class ScoreWindow:
    """Scores of one window's core.

    `left`, `top`: the first pixel in the image; `mask` (rows, columns) bool, what is found;
    `scores` (k, rows, columns), the first being the score: each outline gets their means.
    """

    left: int
    top: int
    mask: np.ndarray
    scores: np.ndarray


@dataclass(frozen=True)
class PixelGrid:
    """An image's pixels on the ground: its placement, columns and rows."""

    placement: Placement
    width: int
    height: int

    def degrees(self, pixels: np.ndarray) -> np.ndarray:
        """Longitude and latitude (n, 2) of (n, 2) columns and rows counted from the corner."""
        a, b, c, d, e, f = self.placement.transform
        x = a * pixels[:, 0] + b * pixels[:, 1] + c
        y = d * pixels[:, 0] + e * pixels[:, 1] + f
        return np.column_stack(ground_crs(self.placement.crs).to_wgs84(x, y))

    def pixels(self, lonlat: np.ndarray) -> np.ndarray:
        """The other way round."""
        a, b, c, d, e, f = self.placement.transform
        x, y = ground_crs(self.placement.crs).from_wgs84(lonlat[:, 0], lonlat[:, 1])
        back = np.linalg.inv(np.array([[a, b], [d, e]]))
        found: np.ndarray = np.column_stack([x - c, y - f]) @ back.T
        return found


@dataclass(frozen=True)
class Outline:
    """One thing: its polygon (WGS 84 degrees) with geodesic area and perimeter.

    `u_area_m2` is the error of the area; `means` are those of all scores, `score` the first.
    """

    polygon: Polygon
    score: float
    means: tuple[float, ...]
    area_m2: float
    u_area_m2: float
    perimeter_m: float

    @property
    def area_mu(self) -> float:
        """Area in mu."""
        return self.area_m2 / MU_M2


@dataclass(frozen=True)
class _Piece:
    """A component of one window, in pixels of the image."""

    polygon: Polygon
    pixels: int
    sums: np.ndarray
    open: bool


def vectorise(
    windows: Iterable[ScoreWindow], grid: PixelGrid, *, least_m2: float, u_edge_m: float,
    scale: float = SCALE,
) -> list[Outline]:  # fmt: skip
    """Outlines of what the masks show, largest score first.

    Neighbours are pixels that share a side, over seams too. Things below `least_m2` are left out,
    holes below a square metre filled. `u_edge_m` is how well an edge is known (outline and
    registration together), `scale` the relative error of lengths:
    u² = (perimeter · u_edge)² + (2 · area · scale)².
    """
    pixel_m2 = _pixel_m2(grid)
    closed: list[Outline] = []
    waiting: list[_Piece] = []
    for window in windows:
        for piece in _pieces(window, grid, least_m2 / pixel_m2 / 2):
            if piece.open:
                waiting.append(piece)
            else:
                closed += _measured(piece, grid, least_m2, u_edge_m, scale)
    for piece in _merged(waiting):
        closed += _measured(piece, grid, least_m2, u_edge_m, scale)
    return sorted(closed, key=lambda one: (-one.score, one.polygon.bounds))


def area_error(area_m2: float, perimeter_m: float, u_edge_m: float, scale: float = SCALE) -> float:
    """Error of an outlined area, m²: that of its edge and that of the picture's scale."""
    return float(np.hypot(perimeter_m * u_edge_m, 2 * area_m2 * scale))


def _pixel_m2(grid: PixelGrid) -> float:
    column, row = grid.width / 2, grid.height / 2
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) + np.array([column, row])
    return max(geodesic_area(Polygon(grid.degrees(corners))), 1e-9)


def _pieces(window: ScoreWindow, grid: PixelGrid, least_pixels: float) -> Iterator[_Piece]:
    """The components of a window; small ones only where they may go on beyond it."""
    if not window.mask.any():
        return
    many, labels, stats, _ = cv2.connectedComponentsWithStats(
        window.mask.astype(np.uint8), connectivity=4, ltype=cv2.CV_32S
    )
    open_ = _reaches_seam(stats, window, grid)
    kept = open_ | (stats[:, cv2.CC_STAT_AREA] >= least_pixels)
    kept[0] = False
    inside = labels[window.mask]
    sums = np.stack([np.bincount(inside, plane[window.mask], many) for plane in window.scores])
    corner = np.array([window.left, window.top])
    for geometry, value in shapes(
        labels, mask=kept[labels], connectivity=4, transform=Affine.scale(0.5)
    ):
        n = int(value)
        polygon: Any = shapely.transform(shape(geometry), lambda xy: xy * 2 + corner)
        yield _Piece(polygon, int(stats[n, cv2.CC_STAT_AREA]), sums[:, n], bool(open_[n]))


def _reaches_seam(stats: np.ndarray, window: ScoreWindow, grid: PixelGrid) -> np.ndarray:
    """Whether components touch a side of the window that is no side of the image."""
    rows, columns = window.mask.shape
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    found: np.ndarray = (
        ((left == 0) & (window.left > 0))
        | ((top == 0) & (window.top > 0))
        | ((right == columns) & (window.left + columns < grid.width))
        | ((bottom == rows) & (window.top + rows < grid.height))
    )
    return found


def _merged(waiting: list[_Piece]) -> Iterator[_Piece]:
    """Pieces that share a side across a seam, put together."""
    if not waiting:
        return
    whole = shapely.union_all([piece.polygon for piece in waiting])
    parts = shapely.get_parts(whole)
    inner = shapely.point_on_surface([piece.polygon for piece in waiting])
    piece_at, part_at = STRtree(parts).query(inner, predicate="intersects")
    for n, part in enumerate(parts):
        mine = [waiting[i] for i in piece_at[part_at == n]]
        if mine:
            yield _Piece(part, sum(one.pixels for one in mine),
                         np.sum([one.sums for one in mine], axis=0), False)  # fmt: skip


def _measured(
    piece: _Piece, grid: PixelGrid, least_m2: float, u_edge_m: float, scale: float
) -> Iterator[Outline]:
    smooth = smooth_outline(piece.polygon)
    polygon = _without_small_holes(shapely.transform(smooth, grid.degrees))
    area = geodesic_area(polygon)
    if area < least_m2:
        return
    means = tuple(float(value) for value in piece.sums / piece.pixels)
    perimeter = geodesic_length(polygon)
    yield Outline(
        polygon, means[0], means, area, area_error(area, perimeter, u_edge_m, scale), perimeter
    )


def smooth_outline(polygon: Polygon) -> Polygon:
    """An outline along pixel sides as one a person would draw, at most a pixel away.

    Through the middles of the sides, so that a slanting edge is a line, not a staircase, and
    neither gains nor loses area; then simplified.
    """
    unit = shapely.segmentize(polygon, 1.0)
    rings = [_middles(shapely.get_coordinates(ring)) for ring in (unit.exterior, *unit.interiors)]
    drawn: Any = shapely.simplify(Polygon(rings[0], rings[1:]), SIMPLIFY_PX, preserve_topology=True)
    if not drawn.is_valid:
        drawn = shapely.make_valid(drawn)
        drawn = max(shapely.get_parts(drawn), key=lambda part: part.area)
    return drawn if isinstance(drawn, Polygon) and not drawn.is_empty else polygon


def _middles(ring: np.ndarray) -> np.ndarray:
    middle = (ring[:-1] + ring[1:]) / 2
    return np.vstack([middle, middle[:1]])


def _without_small_holes(polygon: Polygon) -> Polygon:
    holes = [ring for ring in polygon.interiors if geodesic_area(Polygon(ring)) >= HOLE_M2]
    return Polygon(polygon.exterior, holes)
