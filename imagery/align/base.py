"""A scene against the vector layers at hand: outlines of buildings, roads and water.

The first scene of a place has no other scene to be laid on. Its edges are slid over the drawn
outlines; where one move fits clearly better than all others, that is how far the scene lies off.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import shapely
from rasterio.enums import Resampling
from rasterio.features import rasterize
from rasterio.transform import Affine, from_origin
from rasterio.vrt import WarpedVRT
from shapely.geometry.base import BaseGeometry

from imagery.align.gcj import GcjHint, gcj_hint
from imagery.align.ground import Ground, brightness
from imagery.formats import open_raster
from layers import LayerSet
from layers.datum.ground import ground_crs, local_plane
from layers.errors import ImageryError

THEMES = ("building", "road", "water")
REACH_M = 1500.0
"""How far the scene may lie off: shifted web maps are 1.0-1.4 km away at most."""
PIXEL_M = 2.0
MAX_SIDE = 1600
SOFT_PX = 1.5
LEAST_SHARE = 0.002
"""Share of the scene's ground that must be outlines for anything to be said."""
CLEAR = 1.25
"""The best move must fit better than any other, a little way off, by this factor."""
AWAY_PX = 12


@dataclass(frozen=True, slots=True)
class BaseShift:
    """How a scene must be moved to lie on the base, metres east and north.

    `u_m`: the grid's pixel and the outlines' own error; `clear` how much better the best move fits
    than the next. Not `found`: `why_zh`, `why_en` say what is missing. `hint` says whether the
    move is the one of a shifted datum.
    """

    found: bool
    east_m: float
    north_m: float
    u_m: float
    clear: float
    hint: GcjHint
    why_zh: str = ""
    why_en: str = ""


@dataclass(frozen=True, slots=True)
class _Frame:
    """The ground of a scene on a plane: west, south, east, north and the pixel, metres."""

    plane: str
    west: float
    south: float
    east: float
    north: float
    pixel: float

    def grid(self, margin_m: float = 0.0) -> tuple[Affine, int, int]:
        """Transform, rows and columns, with a margin around."""
        across, up = (self.east - self.west + 2 * margin_m, self.north - self.south + 2 * margin_m)
        corner = from_origin(self.west - margin_m, self.north + margin_m, self.pixel, self.pixel)
        return corner, math.ceil(up / self.pixel), math.ceil(across / self.pixel)


def against_base(scene: Ground, layers: LayerSet, reach_m: float = REACH_M) -> BaseShift:
    """Slide the scene's edges over the outlines in `layers` (themes building, road, water).

    Raises `ImageryError` where the layers hold no outline near the scene.
    """
    lon, lat = (float(v) for v in shapely.get_coordinates(scene.footprint.centroid)[0])
    frame = _frame(scene, local_plane(lon, lat))
    pixel, margin = frame.pixel, math.ceil(reach_m / frame.pixel)
    drawn = _outlines(layers, frame, margin * pixel, scene.footprint)
    edges, valid = _edges(scene, frame)
    inner = drawn[margin : margin + edges.shape[0], margin : margin + edges.shape[1]]
    if max(float((drawn > 0.5).mean()), float((inner > 0.5).mean())) < LEAST_SHARE:
        return _nothing("附近没有足够的底图轮廓", "too few outlines of the base near the scene")
    column, row, clear = _slide(drawn, edges, valid)
    east, north = (column - margin) * pixel, (margin - row) * pixel
    if clear < CLEAR:
        return _nothing("影像与底图轮廓对不上，无法判断位移",
                        "no move fits clearly better than the others: nothing can be said", clear)  # fmt: skip
    u_m = float(np.hypot(pixel, _outline_error(layers)))
    return BaseShift(True, east, north, u_m, clear, gcj_hint(lon, lat, east, north, u_m))


def _nothing(zh: str, en: str, clear: float = 0.0) -> BaseShift:
    return BaseShift(False, 0.0, 0.0, float("inf"), clear, GcjHint(None, math.inf, "", ""), zh, en)


def _frame(scene: Ground, plane: str) -> _Frame:
    points = shapely.get_coordinates(scene.footprint)
    x, y = ground_crs(plane).from_wgs84(points[:, 0], points[:, 1])
    west, south, east, north = (float(v) for v in (x.min(), y.min(), x.max(), y.max()))
    side = max(east - west, north - south)
    return _Frame(plane, west, south, east, north, max(PIXEL_M, scene.gsd_m, side / MAX_SIDE))


def _outlines(
    layers: LayerSet, frame: _Frame, margin_m: float, footprint: BaseGeometry
) -> np.ndarray:
    """Outlines around the scene, (rows, columns) 0..1, softened by a pixel or two."""
    degrees = shapely.buffer(footprint, margin_m / 50_000)  # generous: more is cut off anyway
    lines = []
    for theme in THEMES:
        if theme in layers:
            rows = layers[theme].placed
            near = rows.geometry.array[rows.sindex.query(degrees, predicate="intersects")]
            lines += [_on_plane(shape, frame.plane) for shape in near]
    if not lines:
        raise ImageryError(
            "the layers hold no buildings, roads or water near the scene",
            remedy="import a map of the place first (`python -m layers osm …`), or place the scene by hand",
        )
    corner, height, width = frame.grid(margin_m)
    drawn = rasterize(lines, out_shape=(height, width), transform=corner, dtype="uint8",
                      all_touched=True)  # fmt: skip
    soft: np.ndarray = cv2.GaussianBlur(drawn.astype(np.float32), (0, 0), SOFT_PX)
    return soft / max(float(soft.max()), 1e-6)


def _on_plane(shape: BaseGeometry, plane: str) -> BaseGeometry:
    """The outline as lines on the plane, metres."""
    line = shape.boundary if shape.geom_type.endswith("Polygon") else shape
    system = ground_crs(plane)
    moved: BaseGeometry = shapely.transform(
        line, lambda xy: np.column_stack(system.from_wgs84(xy[:, 0], xy[:, 1]))
    )
    return moved


def _edges(scene: Ground, frame: _Frame) -> tuple[np.ndarray, np.ndarray]:
    """Where the scene has edges, (rows, columns) 0..1, and where it has pixels."""
    corner, height, width = frame.grid()
    with (
        open_raster(scene.path, scene.driver) as source,
        WarpedVRT(
            source, src_crs=scene.placement.crs, src_transform=Affine(*scene.placement.transform),
            crs=frame.plane, transform=corner, width=width, height=height,
            resampling=Resampling.average, add_alpha=source.nodata is None,
        ) as grid,
    ):  # fmt: skip
        picture, valid = brightness(grid)
    across, down = (cv2.Sobel(picture, cv2.CV_32F, *axes) for axes in ((1, 0), (0, 1)))
    inner = cv2.erode(valid.astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=0)
    edges = cv2.magnitude(across, down) * inner
    high = float(np.percentile(edges[inner > 0], 95)) if inner.any() else 1.0
    soft: np.ndarray = cv2.GaussianBlur(np.minimum(edges / max(high, 1e-6), 1.0), (0, 0), SOFT_PX)
    return soft, inner > 0


def _slide(drawn: np.ndarray, edges: np.ndarray, valid: np.ndarray) -> tuple[float, float, float]:
    """Column and row of the best fit, and how much better it is than any other place."""
    edges = np.where(valid, edges - edges[valid].mean(), 0.0).astype(np.float32)
    fit = cv2.matchTemplate(drawn.astype(np.float32), edges, cv2.TM_CCORR)
    fit -= np.median(fit)
    row, column = (int(v) for v in np.unravel_index(int(fit.argmax()), fit.shape))
    best = float(fit[row, column])
    rest = fit.copy()
    rest[
        max(0, row - AWAY_PX) : row + AWAY_PX + 1, max(0, column - AWAY_PX) : column + AWAY_PX + 1
    ] = 0
    return float(column), float(row), best / max(float(rest.max()), 1e-6)


def _outline_error(layers: LayerSet) -> float:
    """Typical position error of the base, metres; 5 m where nobody said it."""
    stated = [entry.u_source_m for theme in THEMES if theme in layers
              for entry in layers[theme].provenance if entry.u_source_m is not None]  # fmt: skip
    return max(stated, default=5.0)
