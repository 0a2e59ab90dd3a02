"""The gates of a lane: where a vehicle comes in. Drawn by a person, or derived and said so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon

from imagery.width.medial import Medial, longest_path, medial_axis
from imagery.width.ring import Ring
from layers.errors import ImageryError

SNAP_M = 1.0
"""A drawn gate may lie so far off the lane's edge."""
_ON_EDGE_M = 0.05
_CORNER = 40.0
"""Degrees of a turn that makes a corner."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A stretch of the lane's edge, metres along its ring, and whether a person drew it."""

    start: float
    end: float
    line: LineString
    drawn: bool
    name: str = ""


def drawn_gates(ring: Ring, lines: Sequence[LineString], names: Sequence[str] = ()) -> list[Gate]:
    """Gates as drawn, laid onto the ring, in the ring's order.

    Raises `ImageryError` where one lies off the lane's edge, or two overlap.
    """
    names = [*names, *([""] * (len(lines) - len(names)))]
    gates = [_on_ring(ring, line, name) for line, name in zip(lines, names, strict=True)]
    gates.sort(key=lambda gate: gate.start)
    for one, two in zip(gates, [*gates[1:], *gates[:1]], strict=True):
        if len(gates) > 1 and ring.ahead(one.start, one.end) > ring.ahead(one.start, two.start):
            raise ImageryError("two gates of a lane overlap", field="gate",
                               remedy="draw each gate on a stretch of the lane's edge of its own")  # fmt: skip
    return gates


def _on_ring(ring: Ring, line: LineString, name: str) -> Gate:
    ends = shapely.get_coordinates(line)[[0, -1]]
    one, two = (_end_on_ring(ring, xy) for xy in ends)
    middle = line.interpolate(0.5, normalized=True)
    ways = [(one, two), (two, one)]
    stretches = [ring.stretch(*way) for way in ways]
    best = int(np.argmin([stretch.distance(middle) for stretch in stretches]))
    if stretches[0].distance(middle) == stretches[1].distance(middle):
        best = int(stretches[1].length < stretches[0].length)
    gate = stretches[best]
    if gate.length < 1e-3 or gate.hausdorff_distance(line) > SNAP_M:
        raise ImageryError(
            "a gate does not lie on the edge of the lane", field="gate",
            remedy=f"draw it along the edge where vehicles come in (at most {SNAP_M:g} m off)",
        )  # fmt: skip
    return Gate(*ways[best], gate, drawn=True, name=name)


def _end_on_ring(ring: Ring, xy: np.ndarray) -> float:
    """A gate's end: where it lies on the ring, else at a corner near by, else the nearest place."""
    at = ring.place(xy)
    if float(np.hypot(*(ring.point(at) - xy))) <= _ON_EDGE_M:
        return at
    corners = ring.corners(_CORNER)
    away = np.array([float(np.hypot(*(ring.point(one) - xy))) for one in corners])
    if len(away) and away.min() <= SNAP_M:
        return float(corners[np.argmin(away)])
    return at


def derived_gates(ring: Ring, inside: Polygon, known: Sequence[Gate] = ()) -> list[Gate]:
    """Gates at the ends of the longest way along the lane's middle; with one known, the far one.

    Raises `ImageryError` where the lane is too small or too round to have two ends.
    """
    medial = _axis(inside)
    start = None
    if known:
        start = medial.nearest(
            shapely.get_coordinates(known[0].line.interpolate(0.5, normalized=True))[0]
        )
    path = longest_path(medial, start)
    ways = [path[::-1]] if known else [path, path[::-1]]
    gates = [*known, *(_at_end(ring, medial, way) for way in ways)]
    gates.sort(key=lambda gate: gate.start)
    one, two = gates
    if ring.ahead(one.start, one.end) >= ring.ahead(one.start, two.start) or (
        ring.ahead(two.start, two.end) >= ring.ahead(two.start, one.start)
    ):
        raise _no_ends()
    return gates


def _axis(inside: Polygon) -> Medial:
    width = 2 * inside.area / inside.length
    medial = medial_axis(inside, max(min(1.0, width / 4), 0.05))
    if len(medial.xy) < 2:
        raise _no_ends()
    return medial


def _at_end(ring: Ring, medial: Medial, path: np.ndarray) -> Gate:
    """The gate before the first vertices of a path: the end edge between the lane's corners."""
    xy, clearance = medial.xy[path], medial.clearance[path]
    at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    # The axis runs into a corner at the very end: go in until the lane has its width.
    near = at <= max(2.5 * clearance.max(), 1.0)
    full = int(np.argmax(clearance >= 0.98 * clearance[near].max()))
    further = int(np.searchsorted(at, at[full] + 2 * clearance[full]))
    inward = xy[min(further, len(xy) - 1)] - xy[full]
    if not np.hypot(*inward):
        raise _no_ends()
    inward = inward / np.hypot(*inward)
    sides = [
        _hit(ring, xy[full], normal)
        for normal in ([inward[1], -inward[0]], [-inward[1], inward[0]])
    ]
    front = _hit(ring, xy[full], -inward)
    one, two = sides
    if ring.ahead(one, front) > ring.ahead(one, two):
        one, two = two, one
    return _between_corners(ring, one, two)


def _between_corners(ring: Ring, one: float, two: float) -> Gate:
    corners = [at for at in ring.corners(_CORNER) if ring.ahead(one, at) < ring.ahead(one, two)]
    corners.sort(key=lambda at: ring.ahead(one, at))
    if len(corners) >= 2:
        one, two = float(corners[0]), float(corners[-1])
    return Gate(one, two, ring.stretch(one, two), drawn=False)


def _hit(ring: Ring, start: np.ndarray, towards: Sequence[float] | np.ndarray) -> float:
    """Where a ray first meets the ring, metres along it."""
    direction = np.asarray(towards, dtype=float)
    edge = np.diff(ring.xy, axis=0)
    gap = ring.xy[:-1] - start
    cross = direction[0] * edge[:, 1] - direction[1] * edge[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        far = (gap[:, 0] * edge[:, 1] - gap[:, 1] * edge[:, 0]) / cross
        along = (gap[:, 0] * direction[1] - gap[:, 1] * direction[0]) / cross
    hit = (far > 0) & (along >= -1e-9) & (along <= 1 + 1e-9)
    if not hit.any():
        raise _no_ends()
    best = int(np.argmin(np.where(hit, far, np.inf)))
    return float(ring.at[best] + np.clip(along[best], 0, 1) * (ring.at[best + 1] - ring.at[best]))


def _no_ends() -> ImageryError:
    return ImageryError(
        "the ends of a lane cannot be told from its shape", field="gate",
        remedy="draw the gates as lines on the lane's edge, with role=gate",
    )  # fmt: skip
