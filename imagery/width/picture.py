"""The drive-through as a picture: lane, things in it, where it is narrowest, what the vehicle covers.

The lane lies along the sheet (the arrow shows north); below it stands the surrounding of the
narrowest place, larger, beside the legend and the figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Point, affinity
from shapely.geometry.base import BaseGeometry

from imagery.width.drive import Drive
from imagery.width.ink import Look, Sheet, Words
from imagery.width.place import Measured

WIDTH = 960.0
_MARGIN, _HEAD, _LEAST, _MOST = 20.0, 58.0, 110.0, 330.0
_DETAIL = (560.0, 340.0)
_DETAIL_M = 22.0
"""Ground across the larger picture, at least; the gap itself takes at most a third of it."""
_STEPS = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
_LANE = Look("#e5e9ee", "#4b5563", 1.5)
_THING = Look("#d55e00", "#7f3a00", 1.0, 0.85)
_OVER = Look(None, "#d55e00", 1.0, 0.7, (3, 3))
_SWEPT = Look("#56b4e9", "#0072b2", 1.0, 0.45)
_PATH = Look(None, "#0072b2", 1.2, 1.0, (7, 4))
_GATE, _GATE_GUESSED = Look(None, "#00795c", 5.0), Look(None, "#00795c", 5.0, 1.0, (5, 4))
_CROSS = Look(None, "#8e4585", 2.2, 1.0, (6, 3))
_NARROW, _UNDER = Look(None, "#c1121f", 3.5), Look(None, "#ffffff", 6.5)
_STUCK = Look(None, "#111827", 3.0)
_FRAME = Look(None, "#9ca3af", 1.0)
_W = {
    "lane": ("消防车道", "fire lane"), "thing": ("障碍物", "obstacle"), "over": ("障碍物伸出车道的部分", "its part outside the lane"),
    "narrow": ("最窄处（净宽）", "narrowest place (clear width)"), "cross": ("最窄横断面", "narrowest cross-section"),
    "gate": ("出入口", "gate"), "guess": ("出入口（推定，请确认）", "gate (derived: confirm it)"),
    "swept": ("{vehicle}扫过的地面", "ground swept by: {vehicle}"), "path": ("后轴中点轨迹", "path of its rear axle"),
    "stuck": ("行驶受阻处", "where it stops"), "north": ("北", "N"), "detail": ("最窄处放大", "the narrowest place, larger"),
    "clear": ("净宽 {m} 米  [{low}, {high}]", "clear width {m} m  [{low}, {high}]"),
    "section": ("横断面最窄 {m} 米", "narrowest cross-section {m} m"), "metres": ("米", "m"),
    "yes": ("{vehicle}：能通过，最小间隙 {spare} 米", "{vehicle}: gets through, least room {spare} m"),
    "no": ("{vehicle}：找不到通过的路线", "{vehicle}: no way through was found"),
    "unknown": ("{vehicle}：车道太大，未评定", "{vehicle}: the lane is too large, not assessed"),
    "figures": ("车辆参数未核实", "vehicle figures not verified"), "title": ("模拟行驶图", "Drive-through"),
}  # fmt: skip


@dataclass(frozen=True)
class _View:
    """From metres of the turned plane to pixels: a window of ground on a part of the sheet."""

    west: float
    north: float
    scale: float
    left: float
    top: float
    window: BaseGeometry

    def of(self, shape: BaseGeometry) -> BaseGeometry:
        """What of a shape lies in the window, in pixels."""
        cut = shapely.intersection(shapely.make_valid(shape), self.window)
        return shapely.transform(cut, lambda xy: np.column_stack([
            self.left + (xy[:, 0] - self.west) * self.scale, self.top + (self.north - xy[:, 1]) * self.scale]))  # fmt: skip


def draw_picture(
    measured: Measured, drives: Sequence[Drive] = (), *, lang: str = "zh", title: str = "",
    foot: Sequence[str] = (),
) -> Sheet:  # fmt: skip
    """The picture of one lane as measured, with the first of `drives` as far as it got.

    `title` stands above (the lane's name and id otherwise), `foot` are lines below. The sheet is
    written with `svg()` or `png(font)`.
    """
    return _Picture(measured, drives, "zh" if lang == "zh" else "en").drawn(title, foot)


def draw_detail(
    measured: Measured, drives: Sequence[Drive] = (), *, lang: str = "zh",
    size: tuple[float, float] = (340.0, 230.0),
) -> Sheet:  # fmt: skip
    """The surrounding of the narrowest place alone, in so many pixels: for a card."""
    return _Picture(measured, drives, "zh" if lang == "zh" else "en").detail(size)


class _Picture:
    """One lane on its way to the sheet: shapes turned so that the lane lies along it."""

    def __init__(self, measured: Measured, drives: Sequence[Drive], lang: str) -> None:
        self.measured, self.width, self.drives, self.lang = measured, measured.width, drives, lang
        self.drive = next((one for one in drives if one.swept is not None), None)
        inside = self.width.scene.inside
        self.turn = _along(inside)
        self.centre = inside.centroid
        self.inside = self._turned(inside)
        self.swept = (
            None
            if self.drive is None or self.drive.swept is None
            else self._smooth(self.drive.swept)
        )

    def say(self, key: str, **values: object) -> str:
        return _W[key][self.lang == "en"].format(**values)

    def _turned(self, shape: BaseGeometry) -> BaseGeometry:
        return affinity.rotate(shape, -self.turn, origin=self.centre)

    def _smooth(self, swept: BaseGeometry) -> BaseGeometry:
        """The ground swept without the notches between poses, which are the search's, not the road's."""
        closed = shapely.buffer(shapely.buffer(swept, 0.3, join_style="mitre"), -0.3, join_style="mitre")  # fmt: skip
        return self._turned(shapely.difference(closed, shapely.union_all(list(self.width.scene.blocks))))  # fmt: skip

    def drawn(self, title: str, foot: Sequence[str]) -> Sheet:
        everything = [self.inside] + [self._turned(gate.line) for gate in self.width.gates]
        west, south, east, north = shapely.total_bounds(everything)
        pad = 0.03 * (east - west) + 1.0
        box = (west - pad, south - pad, east + pad, north + pad)
        high = (WIDTH - 2 * _MARGIN) * (box[3] - box[1]) / (box[2] - box[0])
        tall = min(max(high, _LEAST), _MOST)
        lines = self._figures()
        below = _HEAD + tall + 34
        height = below + max(_DETAIL[1], 30.0 + 22 * (len(lines) + 9)) + 16 * len(foot) + 30
        name = self.measured.lane.name or self.measured.lane.id
        sheet = Sheet(WIDTH, height, title=f"{self.say('title')} · {name} · {lines[0]}")
        sheet.write(Words((_MARGIN, 34), title or f"{self.say('title')} · {name}", 20, bold=True))
        whole = _view(box, (_MARGIN, _HEAD), (WIDTH - 2 * _MARGIN, tall))
        self._ground(sheet, whole, small=True)
        near = _view(self._near(), (_MARGIN, below), _DETAIL)
        frame = shapely.box(_MARGIN, below, _MARGIN + _DETAIL[0], below + _DETAIL[1])
        self._ground(sheet, near, small=False)
        sheet.add(frame, _FRAME)
        sheet.add(whole.of(near.window), _FRAME)
        sheet.write(Words((_MARGIN + 10, below + 20), self.say("detail"), 13, halo=True))
        self._north(sheet, (WIDTH - 44, 30))
        self._legend(sheet, (_MARGIN * 2 + _DETAIL[0], below + 14), lines)
        for n, line in enumerate(foot):
            sheet.write(Words((_MARGIN, height - 14 - 16 * (len(foot) - 1 - n)), line, 12, colour="#4b5563"))  # fmt: skip
        return sheet

    def detail(self, size: tuple[float, float]) -> Sheet:
        sheet = Sheet(*size, title=f"{self.say('title')} · {self._figures()[0]}")
        self._ground(sheet, _view(self._near(size), (0, 0), size), small=False)
        sheet.add(shapely.box(1, 1, size[0] - 1, size[1] - 1), _FRAME)
        self._north(sheet, (size[0] - 40, 30))
        return sheet

    def _near(self, size: tuple[float, float] = _DETAIL) -> tuple[float, float, float, float]:
        """The window round the narrowest place."""
        line = self._turned(self.width.bottleneck)
        wide = max(_DETAIL_M, 3 * line.length)
        x, y = line.centroid.coords[0]
        high = wide * size[1] / size[0]
        return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2

    def _ground(self, sheet: Sheet, view: _View, *, small: bool) -> None:
        """Everything that lies on the ground, in one window."""
        width, turned = self.width, self._turned
        sheet.add(view.of(self.inside), _LANE)
        for one in self.measured.obstacles:
            sheet.add(view.of(shapely.difference(shapely.make_valid(turned(one)), self.inside)), _OVER)  # fmt: skip
        if self.swept is not None:
            sheet.add(view.of(self.swept), _SWEPT)
        for one in width.scene.blocks:
            sheet.add(view.of(turned(one)), _THING)
        if self.drive is not None and self.drive.path is not None:
            sheet.add(view.of(turned(self.drive.path)), _PATH)
        for gate in width.gates:
            sheet.add(view.of(turned(gate.line)), _GATE if gate.drawn else _GATE_GUESSED)
        narrow = turned(width.bottleneck)
        sheet.add(view.of(narrow), _UNDER)
        sheet.add(view.of(narrow), _NARROW)
        if width.section is not None:  # above it: in a plain lane the two are one line
            sheet.add(view.of(turned(width.section.line)), _CROSS)
        if self.drive is not None and self.drive.stuck is not None:
            sheet.add(view.of(_cross(turned(self.drive.stuck), 7 / view.scale)), _STUCK)
        self._labels(sheet, view, small=small)
        _scale_bar(sheet, view, self.say("metres"))

    def _labels(self, sheet: Sheet, view: _View, *, small: bool) -> None:
        if small:
            for n, gate in enumerate(self.width.gates, 1):
                spot = view.of(self._turned(gate.line).centroid)
                if not spot.is_empty:
                    x, y = spot.coords[0]
                    side = "start" if x < WIDTH / 2 else "end"
                    sheet.write(Words((x, y - 8), gate.name or f"{self.say('gate')} {n}", 12, side, halo=True, colour="#00553f"))  # fmt: skip
            return
        spot = view.of(self._turned(self.width.bottleneck).centroid)
        if not spot.is_empty:
            x, y = spot.coords[0]
            text = f"{self.width.metres:.2f} {self.say('metres')} [{self.width.low:.2f}, {self.width.high:.2f}]"  # fmt: skip
            sheet.write(Words((x + 12, y + 5), text, 16, bold=True, halo=True, colour="#9b0d18"))

    def _figures(self) -> list[str]:
        """Clear width first, the cross-section beside it, then what the vehicles did, then notes."""
        width = self.width
        lines = [self.say("clear", m=f"{width.metres:.2f}", low=f"{width.low:.2f}", high=f"{width.high:.2f}")]  # fmt: skip
        if width.section is not None:
            lines.append(self.say("section", m=f"{width.section.metres:.2f}"))
        for one in self.drives:
            name = one.vehicle.zh if self.lang == "zh" else one.vehicle.en
            key = "unknown" if one.passes is None else "yes" if one.passes else "no"
            lines.append(self.say(key, vehicle=name, spare=f"{one.spare_m or 0:.2f}"))
        if any(not one.vehicle.verified for one in self.drives):
            lines.append(self.say("figures"))
        return lines

    def _legend(self, sheet: Sheet, at: tuple[float, float], lines: list[str]) -> None:
        x, y = at
        for n, line in enumerate(lines):
            for part in _folded(line, 42 if self.lang == "en" else 26):
                sheet.write(Words((x, y), part, 15 if n == 0 else 13, bold=n == 0))
                y += 20
        y += 10
        for look, text in self._signs():
            area = look.fill is not None or look is _OVER
            mark = shapely.box(x, y - 10, x + 26, y + 2) if area else LineString([(x, y - 4), (x + 26, y - 4)])  # fmt: skip
            sheet.add(_cross(Point(x + 13, y - 4), 6) if look is _STUCK else mark, look)
            for part in _folded(text, 36 if self.lang == "en" else 21):
                sheet.write(Words((x + 34, y), part, 13))
                y += 19
            y += 3

    def _signs(self) -> list[tuple[Look, str]]:
        """What the legend explains: only what is drawn."""
        width, drive = self.width, self.drive
        signs = [(_LANE, self.say("lane")), (_NARROW, self.say("narrow"))]
        signs += [(_CROSS, self.say("cross"))] if width.section is not None else []
        signs += [(_THING, self.say("thing"))] if width.scene.blocks else []
        inside = width.scene.inside
        beyond = any(shapely.difference(shapely.make_valid(one), inside).area > 0.01 for one in self.measured.obstacles)  # fmt: skip
        signs += [(_OVER, self.say("over"))] if beyond else []
        signs += [(_GATE, self.say("gate"))] if any(gate.drawn for gate in width.gates) else []
        signs += [(_GATE_GUESSED, self.say("guess"))] if any(not gate.drawn for gate in width.gates) else []  # fmt: skip
        if drive is not None:
            name = drive.vehicle.zh if self.lang == "zh" else drive.vehicle.en
            signs += [(_SWEPT, self.say("swept", vehicle=name)), (_PATH, self.say("path"))]
            signs += [(_STUCK, self.say("stuck"))] if drive.stuck is not None else []
        return signs

    def _north(self, sheet: Sheet, at: tuple[float, float]) -> None:
        """An arrow to true north (the plane's, which differs by less than a degree here)."""
        x, y = at
        tip = np.array([(0, -22), (8, 12), (0, 6), (-8, 12)])
        arrow = affinity.rotate(shapely.Polygon(tip), self.turn, origin=(0, 0))
        sheet.add(affinity.translate(arrow, x, y), Look("#111827"))
        sheet.write(Words((x + 16, y + 14), self.say("north"), 13, bold=True))


def _along(inside: BaseGeometry) -> float:
    """Degrees from east to the long side of a shape, within ±90, so that north is never below."""
    xy = shapely.get_coordinates(shapely.minimum_rotated_rectangle(inside))
    sides = np.diff(xy[:3], axis=0)
    long = sides[int(np.argmax(np.hypot(*sides.T)))]
    turn = math.degrees(math.atan2(long[1], long[0]))
    return (turn + 90) % 180 - 90


def _view(
    box: tuple[float, float, float, float], at: tuple[float, float], size: tuple[float, float]
) -> _View:
    """The window `box` (metres) in the middle of a part of the sheet."""
    west, south, east, north = box
    scale = min(size[0] / (east - west), size[1] / (north - south))
    left = at[0] + (size[0] - (east - west) * scale) / 2
    top = at[1] + (size[1] - (north - south) * scale) / 2
    return _View(west, north, scale, left, top, shapely.box(*box))


def _cross(spot: BaseGeometry, half: float) -> BaseGeometry:
    x, y = spot.coords[0]
    ends = [((x - half, y - half), (x + half, y + half)), ((x - half, y + half), (x + half, y - half))]  # fmt: skip
    return shapely.MultiLineString([list(one) for one in ends])


def _scale_bar(sheet: Sheet, view: _View, unit: str) -> None:
    room = view.window.bounds[2] - view.window.bounds[0]
    metres = max((one for one in _STEPS if one <= room / 4), default=_STEPS[0])
    low = view.top + (view.window.bounds[3] - view.window.bounds[1]) * view.scale
    left, long = view.left + 10, metres * view.scale
    sheet.add(shapely.box(left, low - 12, left + long, low - 6), Look("#ffffff", "#111827", 1.2))
    sheet.add(shapely.box(left, low - 12, left + long / 2, low - 6), Look("#111827"))
    sheet.write(Words((left + long + 8, low - 5), f"{metres:g} {unit}", 12, halo=True))


def _folded(text: str, most: int) -> list[str]:
    """A text in lines of about so many signs, English at its blanks."""
    lines, line = [], ""
    for word in text.split(" ") if text.isascii() else list(text):
        joint = " " if text.isascii() and line else ""
        if line and len(line) + len(joint) + len(word) > most:
            lines.append(line)
            line, joint = "", ""
        line += joint + word
    return [*lines, line]
