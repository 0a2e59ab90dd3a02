"""A canvas on the ground: colours are laid on by geometry, in metres, with soft edges."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np
import shapely
from shapely import Polygon, affinity, box
from shapely.geometry.base import BaseGeometry

from demo.frame import to_lonlat, to_plane
from demo.shapes import Array, polygons
from layers.datum.ground import ground_crs

SUBPIXEL = 4
"""Bits of a pixel that outlines are drawn with."""


@dataclass(frozen=True)
class Patch:
    """A piece of a canvas: its `paint` (rows, columns, 3), written through to the canvas, and `mask`
    (rows, columns, 1), how much of every pixel is meant. `top`, `left` are its first row and column.
    """

    paint: Array
    mask: Array
    top: int
    left: int

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return int(self.mask.shape[0]), int(self.mask.shape[1])

    def lay(self, colour: tuple[float, float, float] | Array, grain: Array) -> None:
        """Lay a colour (0..255), varied by `grain` (shares of it)."""
        ink = np.asarray(colour, np.float32) * (1.0 + grain[..., None])
        self.paint[...] += self.mask * (ink - self.paint)

    def shade(self, factor: float) -> None:
        """Darken (below 1) or lighten."""
        self.paint[...] *= 1.0 + self.mask * (factor - 1.0)


@dataclass
class Canvas:
    """`rows` x `columns` pixels of `pixel` metres from the corner (`west`, `north`) of `crs`.

    `paint` is (rows, columns, 3) float32, 0..255. `sun` is the azimuth the light comes from and
    its height, degrees. Geometries are handed in on the county's plane, metres.
    """

    crs: str
    west: float
    north: float
    pixel: float
    columns: int
    rows: int
    seed: int
    sun: tuple[float, float]
    paint: Array = field(init=False)

    def __post_init__(self) -> None:
        self.paint = np.zeros((self.rows, self.columns, 3), np.float32)
        self.random = np.random.default_rng(self.seed)

    @classmethod
    def around(
        cls, middle: tuple[float, float], size_m: tuple[float, float], pixel: float, crs: str, *,
        seed: int, sun: tuple[float, float],
    ) -> Canvas:  # fmt: skip
        """A canvas of `size_m` (east, north) around a place on the county's plane."""
        lonlat = to_lonlat(np.array([middle]))
        x, y = ground_crs(crs).from_wgs84(lonlat[:, 0], lonlat[:, 1])
        step = pixel if ground_crs(crs).planar else pixel / 111_320.0
        columns, rows = (round(span / pixel) for span in size_m)
        west = round((float(x[0]) - columns * step / 2) / step) * step
        north = round((float(y[0]) + rows * step / 2) / step) * step
        return cls(crs, west, north, step, columns, rows, seed, sun)

    @property
    def transform(self) -> tuple[float, float, float, float, float, float]:
        """The six numbers from column and row to the coordinates of `crs`."""
        return (self.pixel, 0.0, self.west, 0.0, -self.pixel, self.north)

    @cached_property
    def metre(self) -> float:
        """Pixels in a metre."""
        return 1.0 / self.pixel if ground_crs(self.crs).planar else 1.0 / (self.pixel * 111_320.0)

    @cached_property
    def extent(self) -> Polygon:
        """The canvas on the county's plane."""
        corners = np.array([[0, 0], [self.columns, 0], [self.columns, self.rows], [0, self.rows]])
        x = self.west + corners[:, 0] * self.pixel
        y = self.north - corners[:, 1] * self.pixel
        return Polygon(to_plane(np.column_stack(ground_crs(self.crs).to_wgs84(x, y))))

    def pixels(self, plane: Array) -> Array:
        """Column and row (n, 2) of places on the county's plane."""
        lonlat = to_lonlat(plane)
        x, y = ground_crs(self.crs).from_wgs84(lonlat[:, 0], lonlat[:, 1])
        return np.column_stack([(x - self.west) / self.pixel, (self.north - y) / self.pixel])

    def _ring(self, plane: Array) -> Array:
        centred = (self.pixels(plane) - 0.5) * 2**SUBPIXEL
        found: Array = np.round(centred).astype(np.int32)
        return found

    def window(self, shape: BaseGeometry, pad_m: float = 1.0) -> tuple[slice, slice] | None:
        """The rows and columns that a shape touches, or `None` off the canvas."""
        if shape.is_empty:
            return None
        left, low, right, high = shape.buffer(pad_m).bounds
        spots = self.pixels(np.array([[left, low], [left, high], [right, low], [right, high]]))
        (c0, r0), (c1, r1) = np.floor(spots.min(axis=0)), np.ceil(spots.max(axis=0))
        c0, r0, c1, r1 = (
            int(v) for v in (max(c0, 0), max(r0, 0), min(c1, self.columns), min(r1, self.rows))
        )
        return (slice(r0, r1), slice(c0, c1)) if r0 < r1 and c0 < c1 else None

    def cut(self, shape: BaseGeometry) -> Patch | None:
        """The paint around a shape and how much of every pixel it covers; `None` off the canvas."""
        window = self.window(shape)
        if window is None:
            return None
        rows, columns = window
        found = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.uint8)
        corner = np.array([columns.start, rows.start], np.int32) * 2**SUBPIXEL
        parts = polygons(shape.intersection(self._reach))
        for part in (one for one in parts if not one.is_empty):
            rings = [self._ring(np.asarray(ring.coords)) - corner
                     for ring in (part.exterior, *part.interiors)]  # fmt: skip
            cv2.fillPoly(found, rings, 255, lineType=cv2.LINE_AA, shift=SUBPIXEL)
        mask = found.astype(np.float32)[..., None] / 255
        return Patch(self.paint[window], mask, rows.start, columns.start)

    @cached_property
    def _reach(self) -> BaseGeometry:
        return self.extent.buffer(20)

    def noise(self, grain_m: float, size: tuple[int, int]) -> Array:
        """Smooth chance (rows, columns), about -1..1, with patches of about `grain_m` metres."""
        step = max(1.0, grain_m * self.metre)
        rows, columns = (int(span / step) + 3 for span in size)
        small = self.random.normal(0, 1, (rows, columns)).astype(np.float32)
        grown = cv2.resize(
            small, (int(columns * step) + 1, int(rows * step) + 1), interpolation=cv2.INTER_CUBIC
        )
        found: Array = np.clip(grown[: size[0], : size[1]], -2, 2) * 0.6
        return found

    def texture(self, size: tuple[int, int], *grains: tuple[float, float]) -> Array:
        """A sum of noises (rows, columns): grain in metres and strength of each."""
        found = np.zeros(size, np.float32)
        for grain_m, strength in grains:
            found += self.noise(grain_m, size) * strength
        return found

    def cover(
        self, shape: BaseGeometry, colour: tuple[float, float, float], *grains: tuple[float, float]
    ) -> None:
        """Lay a colour (0..255) over a shape, varied by noises (grain in metres, strength)."""
        patch = self.cut(shape)
        if patch is not None:
            patch.lay(colour, self.texture(patch.size, *grains))

    def shadow_of(self, shape: BaseGeometry, height_m: float) -> BaseGeometry:
        """Where a thing of this height throws its shadow, on the county's plane."""
        azimuth, height = np.radians(self.sun)
        length = height_m / np.tan(height)
        away = -length * np.array([np.sin(azimuth), np.cos(azimuth)])
        far = affinity.translate(shape, *away)
        return shapely.union(shape, far).convex_hull.difference(shape)

    def picture(self) -> Array:
        """(3, rows, columns) uint8 with the grain of a sensor."""
        grain = self.random.normal(0, 2.2, self.paint.shape[:2]).astype(np.float32)
        found: Array = np.clip(self.paint + grain[..., None], 1, 254).astype(np.uint8)
        return np.moveaxis(found, 2, 0)


def rectangle(middle: tuple[float, float], length: float, width: float, bearing: float) -> Polygon:
    """A rectangle on the plane, its length along `bearing` (degrees from north)."""
    turn = np.radians(bearing)
    ahead = np.array([np.sin(turn), np.cos(turn)])
    aside = np.array([ahead[1], -ahead[0]])
    corners = np.array(box(-width / 2, -length / 2, width / 2, length / 2).exterior.coords)
    return Polygon(np.asarray(middle) + corners[:, :1] * aside + corners[:, 1:] * ahead)
