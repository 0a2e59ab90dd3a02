"""What is planted: heaps of rubble and ash, cars, boards, planting, pits, sheds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from shapely import Polygon

from demo.imagery.canvas import Canvas, rectangle
from demo.imagery.materials import darken, house, ink, lit, tree
from demo.shapes import Array, biggest

VAN_M = 5.0
PAINTS = (
    (228, 228, 226),
    (42, 44, 48),
    (150, 154, 158),
    (148, 40, 38),
    (44, 70, 120),
    (196, 190, 176),
)


def blob(middle: tuple[float, float], area_m2: float, seed: int, uneven: float = 0.22) -> Polygon:
    """An uneven outline of exactly this area on the plane."""
    random = np.random.default_rng(seed)
    turn = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    waves = sum(
        random.normal(0, uneven / (k + 1)) * np.sin((k + 2) * turn + random.uniform(0, 6.28))
        for k in range(6)
    )
    ring = np.column_stack([np.cos(turn), np.sin(turn) * 0.8]) * (1 + np.asarray(waves))[:, None]
    rough = biggest(Polygon(ring).buffer(0))
    grown = shapely.transform(rough, lambda xy: xy * np.sqrt(area_m2 / rough.area))
    centre = np.asarray(grown.centroid.coords[0])
    return Polygon(shapely.get_coordinates(grown.exterior) - centre + np.asarray(middle))


def heap(canvas: Canvas, shape: Polygon, kind: str) -> None:
    """A dumped heap: `rubble` grey with bright and red pieces, `ash` dark, `earth` brown."""
    base = {"rubble": (158, 152, 144), "ash": (88, 86, 88), "earth": (150, 116, 82)}[kind]
    darken(canvas, canvas.shadow_of(shape, 1.2), 0.62)
    patch = canvas.cut(shape)
    if patch is None:
        return
    size = patch.size
    lumps = canvas.texture(size, (3.2, 0.7), (1.1, 0.5))
    light = 1 + 0.35 * lit(canvas, lumps, 1.6) + 0.1 * canvas.noise(0.3, size)
    stuff = np.asarray(base, np.float32) * light[..., None]
    if kind == "rubble":
        _pieces(canvas, stuff)
    patch.lay(stuff, np.zeros(size, np.float32))


def _pieces(canvas: Canvas, stuff: Array) -> None:
    """Bricks, slabs, plastic: single patches of other colours."""
    for colour, share in (((196, 190, 184), 0.16), ((150, 84, 66), 0.10), ((70, 84, 128), 0.02),
                          ((36, 36, 38), 0.05)):  # fmt: skip
        patch = canvas.noise(0.55, stuff.shape[:2])
        here = patch > np.quantile(patch, 1 - share)
        speckle = 1 + 0.1 * canvas.random.normal(size=(int(here.sum()), 1))
        stuff[here] = np.asarray(colour, np.float32) * speckle


def car(canvas: Canvas, body: Polygon, number: int) -> None:
    """A parked car or van of the outline `body`, as `canvas.rectangle` makes it."""
    corners = shapely.get_coordinates(body)
    long = corners[1] - corners[0]
    length, width = float(np.hypot(*long)), float(np.hypot(*(corners[2] - corners[1])))
    bearing = float(np.degrees(np.arctan2(long[0], long[1])))
    darken(canvas, canvas.shadow_of(body, 2.3 if length > VAN_M else 1.5), 0.4)
    ink(canvas, body, PAINTS[number % len(PAINTS)], 0.02)
    middle = np.asarray(body.centroid.coords[0])
    for along, deep in ((0.18, 0.13), (-0.34, 0.10)):
        x, y = middle + long * along
        glass = rectangle((float(x), float(y)), deep * length, width * 0.82, bearing)
        ink(canvas, glass, (40, 46, 54), 0.03)


def board(canvas: Canvas, shape: Polygon) -> None:
    """A notice board with its roof."""
    darken(canvas, canvas.shadow_of(shape, 2.4), 0.42)
    ink(canvas, shape, (60, 96, 152), 0.04)


def bed(canvas: Canvas, shape: Polygon) -> None:
    """A planted bed with a kerb, shrubs in it."""
    ink(canvas, shape, (188, 184, 176), 0.03)
    ink(canvas, shape.buffer(-0.2), (92, 128, 62), 0.14)
    inner = shape.buffer(-0.5)
    left, low, right, high = shape.bounds
    for _ in range(int(shape.area / 2.5)):
        x, y = canvas.random.uniform((left, low), (right, high))
        if inner.contains(shapely.Point(x, y)):
            tree(canvas, (float(x), float(y)), 0.5)


def greenhouse(canvas: Canvas, shape: Polygon) -> None:
    """A tunnel of foil: bright, ribbed, no waste."""
    darken(canvas, canvas.shadow_of(shape, 2.6), 0.6)
    ink(canvas, shape, (206, 212, 214), 0.02)
    corners = shapely.get_coordinates(shape)
    for share in np.linspace(0.05, 0.95, 14):
        ends = [corners[a] + share * (corners[b] - corners[a]) for a, b in ((0, 1), (3, 2))]
        ink(canvas, shapely.LineString(ends).buffer(0.12), (168, 176, 180), 0.02)


def ploughed(canvas: Canvas, shape: Polygon) -> None:
    """Freshly turned soil."""
    canvas.cover(shape, (134, 104, 76), (2, 0.06), (0.5, 0.08))


def pit(canvas: Canvas, shape: Polygon) -> None:
    """A pit dug into sand: pale rim, wet floor, tracks of machines."""
    canvas.cover(shape.buffer(5), (206, 190, 152), (3, 0.05), (0.6, 0.05))
    canvas.cover(shape, (176, 158, 122), (4, 0.08), (0.8, 0.05))
    canvas.cover(
        shape.buffer(-6),
        (112, 124, 112),
        (5, 0.05),
    )
    middle = np.asarray(shape.centroid.coords[0])
    house(canvas, rectangle((float(middle[0]) + 9, float(middle[1]) + 5), 7.0, 3.2, 35), 3.0)


def shed(canvas: Canvas, shape: Polygon) -> None:
    """A new steel shed on a levelled yard."""
    yard = shape.buffer(7, join_style="mitre")
    canvas.cover(yard, (176, 164, 142), (4, 0.06), (0.6, 0.04))
    darken(canvas, canvas.shadow_of(shape, 6.5), 0.42)
    ink(canvas, shape, (92, 132, 176), 0.03)


PAINTERS: dict[str, Callable[[Canvas, Polygon, int], None]] = {
    "rubble": lambda canvas, shape, _: heap(canvas, shape, "rubble"),
    "ash": lambda canvas, shape, _: heap(canvas, shape, "ash"),
    "earth": lambda canvas, shape, _: heap(canvas, shape, "earth"),
    "greenhouse": lambda canvas, shape, _: greenhouse(canvas, shape),
    "bare_field": lambda canvas, shape, _: ploughed(canvas, shape),
    "car": car, "van": car,
    "board": lambda canvas, shape, _: board(canvas, shape),
    "bed": lambda canvas, shape, _: bed(canvas, shape),
    "pit": lambda canvas, shape, _: pit(canvas, shape),
    "shed": lambda canvas, shape, _: shed(canvas, shape),
}  # fmt: skip
"""How each kind of planted thing is drawn; the number varies the paint of cars."""
