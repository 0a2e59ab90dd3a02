"""Where each name stands at a zoom: no two overlap, the more important one wins.

Names are placed once per zoom for the whole area, not per tile: a name that crosses the
edge of a tile is drawn alike on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ui.tiles.lettering import Glyph, text_width
from ui.tiles.mercator import world_pixels
from ui.tiles.names import Candidate
from ui.tiles.style import TEXTS, Text

MOST = 4000
"""Names placed at one zoom at most; beyond, the less important ones are left out."""
_CELL = 64
_PADDING = 3.0
_SAME_NAME = 360.0
"""CSS pixels between two writings of the same name."""
_BEND = 28.0
"""Degrees by which neighbouring letters may turn."""


@dataclass(frozen=True, slots=True)
class Label:
    """A placed name; `box` is (left, top, right, bottom) in CSS pixels on the world's plane."""

    style: Text
    glyphs: tuple[Glyph, ...]
    box: tuple[float, float, float, float]


def place(found: Sequence[Candidate], z: int) -> list[Label]:
    """Labels for zoom `z` from candidates sorted by importance."""
    taken = _Taken()
    labels: list[Label] = []
    scale = world_pixels(z)
    for one in found:
        if len(labels) >= MOST:
            break
        if one.zooms[0] <= z <= one.zooms[1]:
            label = _fit(one, scale, taken)
            if label:
                labels.append(label)
    return labels


def _fit(one: Candidate, scale: float, taken: _Taken) -> Label | None:
    style = TEXTS[one.kind]
    if one.line is None:
        if text_width(one.text, style) > one.extent * scale:
            return None
        tries = [_straight(one, style, scale)]
    else:
        tries = [_along(one.text, style, one.line * scale, share) for share in (0.5, 0.28, 0.72)]
    for glyphs in tries:
        if glyphs and taken.free(one.text, _boxes(glyphs, style)):
            boxes = _boxes(glyphs, style)
            taken.add(one.text, boxes)
            return Label(style, tuple(glyphs), _around(boxes))
    return None


def _straight(one: Candidate, style: Text, scale: float) -> list[Glyph]:
    x, y = one.anchor[0] * scale, one.anchor[1] * scale + one.below
    lines = _wrapped(one.text) if one.kind in {"campus", "green", "building"} else [one.text]
    top = y - (len(lines) - 1) * style.size * 0.6
    return [Glyph(text, x, top + n * style.size * 1.2, 0.0) for n, text in enumerate(lines)]


def _wrapped(text: str) -> list[str]:
    """A long Chinese name in two lines of about equal length."""
    if len(text) <= 8 or not _chinese(text):
        return [text]
    middle = (len(text) + 1) // 2
    return [text[:middle], text[middle:]]


def _along(text: str, style: Text, line: np.ndarray, share: float) -> list[Glyph]:
    """Letters along a line around `share` of its length; none where it is too short or bent."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    spaced = 1.5 if _chinese(text) else 0.0
    widths = np.array([text_width(letter, style) + spaced for letter in text])
    start = along[-1] * share - widths.sum() / 2
    if start < 2 or start + widths.sum() > along[-1] - 2:
        return []
    ends = np.array([start, start + widths.sum()])
    turned = _reading(np.diff(_points_at(line, along, ends), axis=0)[0], _chinese(text))
    if turned.flip:
        line, along, start = line[::-1], along[-1] - along[::-1], along[-1] - ends[1]
    at = _points_at(line, along, start + np.concatenate([[0.0], np.cumsum(widths)]))
    vectors = np.diff(at, axis=0)
    angles = np.degrees(np.arctan2(vectors[:, 1], vectors[:, 0]))
    if len(angles) > 1 and np.abs((np.diff(angles) + 180) % 360 - 180).max() > _BEND:
        return []
    middles = (at[1:] + at[:-1]) / 2
    return [Glyph(letter, float(x), float(y), float(angle) + turned.by)
            for letter, (x, y), angle in zip(text, middles, angles, strict=True)]  # fmt: skip


def _points_at(line: np.ndarray, along: np.ndarray, where: np.ndarray) -> np.ndarray:
    return np.column_stack([np.interp(where, along, line[:, axis]) for axis in (0, 1)])


@dataclass(frozen=True, slots=True)
class _Turn:
    flip: bool
    by: float


def _reading(vector: np.ndarray, chinese: bool) -> _Turn:
    """How letters follow a line: left to right, and Chinese from top to bottom on steep lines."""
    if chinese and abs(vector[1]) > abs(vector[0]):
        return _Turn(flip=bool(vector[1] < 0), by=-90.0)
    return _Turn(flip=bool(vector[0] < 0), by=0.0)


def _chinese(text: str) -> bool:
    return any("⺀" <= letter <= "鿿" for letter in text)


def _boxes(glyphs: Sequence[Glyph], style: Text) -> list[tuple[float, float, float, float]]:
    boxes = []
    for glyph in glyphs:
        half = text_width(glyph.text, style) / 2 + _PADDING
        tall = style.size * 0.6 + _PADDING
        boxes.append((glyph.x - half, glyph.y - tall, glyph.x + half, glyph.y + tall))
    return boxes


def _around(
    boxes: Sequence[tuple[float, float, float, float]],
) -> tuple[float, float, float, float]:
    table = np.array(boxes)
    low, high = table[:, :2].min(axis=0), table[:, 2:].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


class _Taken:
    """Boxes already written, by cells, and where each name was written."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[tuple[float, float, float, float]]] = {}
        self._names: dict[str, list[tuple[float, float]]] = {}

    def free(self, text: str, boxes: Sequence[tuple[float, float, float, float]]) -> bool:
        """Whether none of the boxes meets one that is taken and the name is not near already."""
        x, y = boxes[0][0], boxes[0][1]
        if any(np.hypot(x - px, y - py) < _SAME_NAME for px, py in self._names.get(text, ())):
            return False
        return not any(_meet(box, other) for box in boxes for cell in _cells(box)
                       for other in self._cells.get(cell, ()))  # fmt: skip

    def add(self, text: str, boxes: Sequence[tuple[float, float, float, float]]) -> None:
        """Take the boxes."""
        self._names.setdefault(text, []).append(boxes[0][:2])
        for box in boxes:
            for cell in _cells(box):
                self._cells.setdefault(cell, []).append(box)


def _cells(box: tuple[float, float, float, float]) -> list[tuple[int, int]]:
    left, top, right, bottom = (int(edge // _CELL) for edge in box)
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
