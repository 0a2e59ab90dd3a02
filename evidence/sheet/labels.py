"""Names on the map: each beside its thing, inside the frame, none upon another or on the furniture."""

from __future__ import annotations

from dataclasses import dataclass, field

import shapely
from matplotlib.axes import Axes
from shapely.geometry.base import BaseGeometry

from evidence.glyphs import printable
from evidence.sheet.frame import MapFrame

_SIZE_PT = 7.0
_MM_PER_PT = 25.4 / 72
_SIDES = ((1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1), (0, 2), (0, -2))
"""Where a label may stand around its point, best first: right, left, the corners, above, below."""


@dataclass
class Labels:
    """The labels drawn so far on one map; `taken` are the rectangles in millimetres of paper."""

    axes: Axes
    frame: MapFrame
    taken: list[shapely.Polygon] = field(default_factory=list)

    def __post_init__(self) -> None:
        wide, high = self.frame.width_mm, self.frame.height_mm
        self.taken += [shapely.box(0, 0, 36, 12), shapely.box(wide - 14, high - 18, wide, high)]

    def add(self, name: str, shape: BaseGeometry, avoid: BaseGeometry | None = None) -> None:
        """Name `shape` (grid metres); `avoid` (grid metres) is not to be covered."""
        shown = shapely.intersection(shape, shapely.box(*self.frame.bounds))
        if shown.is_empty or not name:
            return
        words = short(name)
        point = shapely.get_coordinates(shown.representative_point())[0]
        at = self._paper(float(point[0]), float(point[1]))
        boxes = [self._box(at, words, side) for side in _SIDES]
        best = min(range(len(boxes)), key=lambda n: (self._cost(boxes[n], avoid), n))
        self._write(words, boxes[best])

    def _paper(self, x: float, y: float) -> tuple[float, float]:
        west, south, _, _ = self.frame.bounds
        return (x - west) * 1000 / self.frame.ratio, (y - south) * 1000 / self.frame.ratio

    def _box(self, at: tuple[float, float], words: str, side: tuple[int, int]) -> shapely.Polygon:
        """Where the label would stand (mm); a Chinese sign is as wide as high, others half as wide."""
        wide = (
            sum(1.0 if ord(sign) > 0x2E7F else 0.58 for sign in words) * _SIZE_PT * _MM_PER_PT + 1
        )
        high, gap = _SIZE_PT * _MM_PER_PT * 1.5, 2.2
        x = at[0] + {1: gap, -1: -gap - wide, 0: -wide / 2}[side[0]]
        y = at[1] + side[1] * (gap + high / 2) - high / 2
        return shapely.box(x, y, x + wide, y + high)

    def _cost(self, box: shapely.Polygon, avoid: BaseGeometry | None) -> float:
        inside = shapely.box(1, 1, self.frame.width_mm - 1, self.frame.height_mm - 1)
        cost = 1000.0 * (box.area - shapely.intersection(box, inside).area)
        cost += 100.0 * sum(shapely.intersection(box, other).area for other in self.taken)
        if avoid is not None:
            west, south, _, _ = self.frame.bounds
            scale = 1000 / self.frame.ratio
            on_paper = shapely.transform(avoid, lambda xy: (xy - [west, south]) * scale)
            cost += 10.0 * shapely.intersection(box, on_paper).length
        return cost

    def _write(self, words: str, box: shapely.Polygon) -> None:
        self.taken.append(box)
        west, south, _, _ = self.frame.bounds
        x, y, x2, y2 = box.bounds
        scale = self.frame.ratio / 1000
        self.axes.text(
            west + (x + x2) / 2 * scale, south + (y + y2) / 2 * scale, words, fontsize=_SIZE_PT,
            ha="center", va="center", zorder=30, parse_math=False, color="#1d1b19",
            bbox={"boxstyle": "round,pad=0.15", "fc": "#ffffffd9", "ec": "none"},
        )  # fmt: skip


def short(name: str, most: int = 28) -> str:
    """A name as it can be printed, cut where it would fill the map."""
    shown = printable(name[: most + 1])
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
