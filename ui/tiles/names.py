"""Which names could stand on the map, where, and which matter more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ui.tiles import style
from ui.tiles.shapes import Shapes


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that wants a place. `anchor` is in unit coordinates.

    `line` is set for names written along a line; `extent` is the width in unit coordinates
    that an area offers (infinite for points); `below` moves the name down by so
    many CSS pixels, off a point's symbol; `zooms` are the first and last zoom.
    """

    text: str
    kind: str
    anchor: tuple[float, float]
    zooms: tuple[int, int]
    priority: float
    line: np.ndarray | None = None
    extent: float = float("inf")
    below: float = 0.0


def candidates(shapes: Mapping[str, Shapes]) -> list[Candidate]:
    """Every name of the base layers, the most important first."""
    found: list[Candidate] = []
    for theme, collect in _COLLECTORS:
        if theme in shapes:
            found += collect(shapes[theme])
    return sorted(found, key=lambda one: (-one.priority, one.text))


def _places(shapes: Shapes) -> Iterator[Candidate]:
    for row in _named(shapes):
        kind, first, last, priority = style.PLACES.get(shapes.classes[row], style.PLACES["hamlet"])
        anchor = _centre(shapes.parts[shapes.first[row]])
        yield Candidate(shapes.names[row], kind, anchor, (first, last), priority)


def _townships(shapes: Shapes) -> Iterator[Candidate]:
    for row in _named(shapes):
        anchor = _centre(shapes.parts[shapes.first[row]])
        yield Candidate(shapes.names[row], "township", anchor, (10, 15), 88)


def _campuses(shapes: Shapes) -> Iterator[Candidate]:
    for row in _named(shapes):
        part = shapes.parts[shapes.first[row]]
        below = 15.0 if len(part) == 1 else 0.0
        yield Candidate(shapes.names[row], "campus", _centre(part), (15, 20), 60, below=below)


def _waters(shapes: Shapes) -> Iterator[Candidate]:
    yield from _areas(shapes, "water", 55)
    for row in _named(shapes):
        for part in shapes.of(row):
            if not shapes.closed[part] and len(shapes.parts[part]) > 1:
                line = shapes.parts[part]
                yield Candidate(shapes.names[row], "water", _centre(line), (12, 20), 50, line)


def _greens(shapes: Shapes) -> Iterator[Candidate]:
    yield from _areas(shapes, "green", 45)


def _buildings(shapes: Shapes) -> Iterator[Candidate]:
    for one in _areas(shapes, "building", 5):
        yield Candidate(one.text, one.kind, one.anchor, (17, 20), 5, extent=one.extent * 3)


def _areas(shapes: Shapes, kind: str, priority: float) -> Iterator[Candidate]:
    for row in _named(shapes):
        rings = [part for part in shapes.of(row) if shapes.closed[part] and not shapes.hole[part]]
        if rings:
            widest = max(
                (shapes.parts[part] for part in rings), key=lambda ring: np.ptp(ring[:, 0])
            )
            extent = float(np.ptp(widest[:, 0]))
            yield Candidate(shapes.names[row], kind, _centre(widest), (11, 20), priority,
                            extent=extent * 1.2)  # fmt: skip


def _roads(shapes: Shapes) -> Iterator[Candidate]:
    for row in _named(shapes):
        kind = style.road(shapes.classes[row])
        for part in shapes.of(row):
            line = shapes.parts[part]
            length = float(np.hypot(*np.diff(line, axis=0).T).sum())
            yield Candidate(shapes.names[row], "road", _centre(line), (kind.label_zoom, 20),
                            20 + kind.rank + min(0.9, length * 1e4), line)  # fmt: skip


def _named(shapes: Shapes) -> list[int]:
    has_parts = shapes.last > shapes.first
    return [row for row in np.flatnonzero(has_parts).tolist() if shapes.names[row]]


def _centre(points: np.ndarray) -> tuple[float, float]:
    """Middle of the box around some points: where a name is hung, nothing more."""
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return float(middle[0]), float(middle[1])


_COLLECTORS = (
    ("place", _places), ("township", _townships), ("school", _campuses), ("water", _waters),
    ("green", _greens), ("road", _roads), ("building", _buildings),
)  # fmt: skip
