"""What the ground is made of, seen from above: water, fields, woods, roads, roofs."""

from __future__ import annotations

import cv2
import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from demo.imagery.canvas import Canvas, Patch
from demo.shapes import Array

Colour = tuple[float, float, float]
SPRING: dict[str, tuple[Colour, ...]] = {
    "farmland": ((112, 132, 70), (128, 124, 82), (96, 128, 62), (146, 132, 92)),
    "meadow": ((110, 140, 78), (124, 146, 86)), "orchard": ((128, 122, 84),),
    "grass": ((104, 142, 76),), "soil": ((158, 136, 104),),
}  # fmt: skip
AUTUMN: dict[str, tuple[Colour, ...]] = {
    "farmland": ((168, 148, 100), (150, 132, 92), (176, 158, 96), (138, 126, 88)),
    "meadow": ((138, 136, 86), (148, 140, 92)), "orchard": ((146, 128, 88),),
    "grass": ((126, 136, 82),), "soil": ((164, 140, 108),),
}  # fmt: skip
ROOFS: tuple[Colour, ...] = ((132, 96, 86), (118, 121, 126), (158, 154, 147), (104, 109, 120),
                             (150, 118, 102), (136, 137, 135))  # fmt: skip


def bare_land(canvas: Canvas, colours: dict[str, tuple[Colour, ...]]) -> None:
    """Everything that nothing else covers: grass with worn patches."""
    whole = canvas.cut(canvas.extent.buffer(2))
    if whole is None:
        return
    whole.lay(colours["grass"][0], canvas.texture(whole.size, (25, 0.10), (4, 0.08), (0.6, 0.07)))
    worn = np.clip(canvas.texture(whole.size, (18, 0.9), (5, 0.5)) - 0.35, 0, 0.7)[..., None]
    bare = Patch(whole.paint, worn, 0, 0)
    bare.lay(colours["soil"][0], canvas.noise(0.8, whole.size) * 0.08)


def field(canvas: Canvas, shape: Polygon, use: str, colours: dict[str, tuple[Colour, ...]]) -> None:
    """A field: one crop, furrows along its longer side; an orchard has rows of crowns."""
    choice = colours.get(use, colours["grass"])
    random = np.random.default_rng(int(abs(shape.centroid.x * 7 + shape.centroid.y * 13)))
    colour = choice[int(random.integers(len(choice)))]
    patch = canvas.cut(shape)
    if patch is None:
        return
    rows = _furrows(canvas, shape, patch, 5.0 if use == "orchard" else 1.1)
    strength = 0.10 if use == "farmland" else 0.03
    patch.lay(colour, rows * strength + canvas.texture(patch.size, (9, 0.05), (0.7, 0.05)))
    if use == "orchard":
        _rows_of_crowns(canvas, shape)


def _furrows(canvas: Canvas, shape: Polygon, patch: Patch, apart_m: float) -> Array:
    """Waves -1..1 across the longer side of a field."""
    corners = canvas.pixels(corners_of(shape)[:3])
    sides = np.diff(corners, axis=0)
    across = sides[np.argmin(np.hypot(sides[:, 0], sides[:, 1]))]
    across = across / max(float(np.hypot(*across)), 1e-6)
    rows = (np.arange(patch.size[0], dtype=np.float32) + patch.top)[:, None]
    columns = (np.arange(patch.size[1], dtype=np.float32) + patch.left)[None]
    wave = (columns * across[0] + rows * across[1]) / (apart_m * canvas.metre) * 2 * np.pi
    found: Array = np.sin(wave).astype(np.float32)
    return found


def _rows_of_crowns(canvas: Canvas, shape: Polygon) -> None:
    here = shape.intersection(canvas.extent)
    if here.is_empty:
        return
    left, low, right, high = here.bounds
    spots = [(x, y) for x in np.arange(left, right, 5.0) for y in np.arange(low, high, 5.0)]
    for spot in np.array(spots)[shapely.contains_xy(shape, spots)]:
        tree(canvas, (spot[0], spot[1]), 1.7, light=0.9)


def wood(canvas: Canvas, shape: Polygon) -> None:
    """Woods: crowns side by side, lit from the sun's side."""
    patch = canvas.cut(shape)
    if patch is None:
        return
    crowns = canvas.texture(patch.size, (5.5, 0.8), (2.2, 0.5))
    light = lit(canvas, crowns, 0.6 * canvas.metre)
    patch.lay((62, 92, 52), light * 0.5 + canvas.noise(0.5, patch.size) * 0.12)


def lit(canvas: Canvas, height: Array, strength: float) -> Array:
    """Hillshade of a height field, -1..1: bright on the sun's side."""
    azimuth = np.radians(canvas.sun[0])
    across = cv2.Sobel(height.astype(np.float32), cv2.CV_32F, 1, 0)
    down = cv2.Sobel(height.astype(np.float32), cv2.CV_32F, 0, 1)
    slope = -across * np.sin(azimuth) + down * np.cos(azimuth)
    found: Array = np.tanh(slope * strength)
    return found


def tree(canvas: Canvas, spot: tuple[float, float], radius: float, light: float = 1.0) -> None:
    """A single tree with its shadow."""
    crown = shapely.Point(spot).buffer(radius, 10)
    darken(canvas, canvas.shadow_of(crown, 1.5 * radius), 0.6)
    azimuth = np.radians(canvas.sun[0])
    towards = 0.3 * radius * np.array([np.sin(azimuth), np.cos(azimuth)])
    lit = shapely.Point(np.asarray(spot) + towards).buffer(radius * 0.6, 8)
    ink(canvas, crown, np.array((58, 88, 46)) * light, 0.12)
    ink(canvas, lit, np.array((92, 126, 66)) * light, 0.12)


def water(canvas: Canvas, shape: BaseGeometry, deep: Colour = (52, 84, 88)) -> None:
    """Water: dark, with ripples; paler along the shore, where the bottom shows."""
    canvas.cover(shape.buffer(2.5), (150, 142, 116), (0.8, 0.08))
    canvas.cover(shape, (96, 112, 98), (12, 0.04), (0.8, 0.03))
    canvas.cover(shape.buffer(-4), deep, (30, 0.06), (1.2, 0.03))


def road(canvas: Canvas, line: LineString, width: float, *, paved: bool = True) -> None:
    """A road with verges; a paved one has a dashed middle line where it is wide."""
    verge, surface = (line.buffer(w / 2, cap_style="flat") for w in (width + 2.4, width))
    colour = (112, 112, 114) if paved else (166, 150, 122)
    canvas.cover(verge, (142, 134, 112), (1.0, 0.08))
    canvas.cover(surface, colour, (6, 0.04), (0.4, 0.05))
    if paved and width >= 6:
        for start in np.arange(0, line.length - 3.0, 8.0):
            dash = substring(line, start, start + 3.0).buffer(0.1, cap_style="flat")
            ink(canvas, dash, (226, 224, 214), 0.03)


def pavement(canvas: Canvas, shape: BaseGeometry, colour: Colour = (156, 152, 146)) -> None:
    """Concrete or slabs, with stains."""
    canvas.cover(shape, colour, (7, 0.05), (1.5, 0.04), (0.3, 0.04))


def house(canvas: Canvas, shape: Polygon, height_m: float) -> None:
    """A house: its shadow, then the roof, with a ridge that is bright on the sun's side."""
    random = np.random.default_rng(int(abs(shape.centroid.x * 31 + shape.centroid.y * 17)))
    roof = np.array(ROOFS[int(random.integers(len(ROOFS)))]) * random.uniform(0.9, 1.1)
    darken(canvas, canvas.shadow_of(shape, height_m), 0.45)
    ink(canvas, shape, roof, 0.06)
    azimuth = np.radians(canvas.sun[0])
    sun = np.array([np.sin(azimuth), np.cos(azimuth)])
    for half in _halves(shape):
        aside = np.subtract(half.centroid.coords[0], shape.centroid.coords[0])
        darken(canvas, half.intersection(shape), 1 + 0.12 * float(np.sign(aside @ sun)))
    darken(canvas, shape.difference(shape.buffer(-0.35)), 0.82)


def _halves(shape: Polygon) -> tuple[Polygon, Polygon]:
    """Both sides of the ridge, along the longer side of a house."""
    corners = corners_of(shape)
    sides = np.hypot(*np.diff(np.vstack([corners, corners[:1]]), axis=0).T)
    a, b, c, d = np.roll(corners, 0 if sides[0] > sides[1] else -1, axis=0)
    return Polygon([a, b, (b + c) / 2, (a + d) / 2]), Polygon([d, c, (b + c) / 2, (a + d) / 2])


def corners_of(shape: BaseGeometry) -> Array:
    """The four corners (4, 2) of the smallest rectangle around a shape."""
    return np.asarray(shapely.get_coordinates(shapely.oriented_envelope(shape)))[:4]


def ink(canvas: Canvas, shape: BaseGeometry, colour: Colour | Array, grain: float) -> None:
    """Colour something small, with a little grain in every pixel."""
    patch = canvas.cut(shape)
    if patch is not None:
        patch.lay(colour, canvas.random.normal(0, grain, patch.size).astype(np.float32))


def darken(canvas: Canvas, shape: BaseGeometry, factor: float) -> None:
    """Darken (below 1) or lighten something small."""
    patch = canvas.cut(shape)
    if patch is not None:
        patch.shade(factor)
