"""Scale bar, north arrow and ticks of degrees: what makes a picture a map."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle

from evidence.glyphs import FONTS
from evidence.sheet.frame import MapFrame
from evidence.words import METRE
from layers.errors import AssetError

FONT = "Noto Sans SC"
_INK = "#1d1b19"
_TICKS = (0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800)
"""Steps of degrees a reader counts in, seconds of arc."""


@contextmanager
def drawing_settings() -> Iterator[None]:
    """The same drawing on every machine: our font, text as text, ids that do not change."""
    _add_fonts()
    with mpl.rc_context({"font.family": FONT, "svg.fonttype": "none", "svg.hashsalt": "yicha",
                         "hatch.linewidth": 0.4, "hatch.color": "#1f5f8b55",
                         "path.simplify": True, "axes.linewidth": 0.8}):  # fmt: skip
        yield


@cache
def _add_fonts() -> None:
    files = sorted(FONTS.glob("NotoSansSC-*.ttf"))
    if not files:
        raise AssetError("the font of the sheets is missing", file=FONTS,
                         remedy="run `python -m ui.assets` once")  # fmt: skip
    for file in files:
        font_manager.fontManager.addfont(str(file))


def draw_furniture(axes: Axes, frame: MapFrame, lang: str) -> None:
    """Scale bar below on the left, north arrow above on the right, degrees along the edges."""
    _scale_bar(axes, frame, lang)
    _north(axes, frame, lang)
    _degrees(axes, frame)


def bar_length(frame: MapFrame) -> float:
    """The length the bar stands for, in metres: 1, 2 or 5 times a power of ten, about 35 mm."""
    wanted = frame.metres(38.0)
    power = 10.0 ** math.floor(math.log10(wanted))
    return float(max(step * power for step in (1, 2, 5) if step * power <= wanted))


def _scale_bar(axes: Axes, frame: MapFrame, lang: str) -> None:
    """In ground metres: the grid is a little longer or shorter, and the bar allows for it."""
    west, south, _, _ = frame.bounds
    length = bar_length(frame)
    grid = length * frame.plane.factors(*frame.middle)[1]
    x, y, thick = west + frame.metres(5), south + frame.metres(5.5), frame.metres(1.2)
    pad = frame.metres(2)
    axes.add_patch(Rectangle((x - pad, y - frame.metres(3)), grid + frame.metres(9), frame.metres(9),
                             fc="#ffffffd9", ec="none", zorder=40))  # fmt: skip
    for part in range(4):
        axes.add_patch(Rectangle((x + grid * part / 4, y), grid / 4, thick, lw=0.5, ec=_INK,
                                 fc=_INK if part % 2 == 0 else "white", zorder=41,
                                 gid=f"bar{part}"))  # fmt: skip
    for share in (0.0, 0.5, 1.0):
        unit = f" {METRE[lang]}" if share == 1.0 else ""
        axes.text(x + grid * share, y + thick * 1.6, f"{length * share:g}{unit}", fontsize=6,
                  ha="center" if share < 1 else "left", va="bottom", color=_INK, zorder=42)  # fmt: skip
    axes.text(
        x, y - thick * 0.6, f"1 : {frame.ratio:,}", fontsize=6, va="top", color=_INK, zorder=42
    )


def _north(axes: Axes, frame: MapFrame, lang: str) -> None:
    """The arrow shows true north; grid north is straight up."""
    _, _, east, north = frame.bounds
    turn = math.radians(frame.plane.factors(*frame.middle)[0])
    x, y, high = east - frame.metres(8), north - frame.metres(15), frame.metres(9)
    axes.add_patch(Rectangle((x - frame.metres(5), y - frame.metres(2)), frame.metres(10), frame.metres(15),
                             fc="#ffffffd9", ec="none", zorder=40))  # fmt: skip
    for side, fill in ((-1, _INK), (1, "white")):
        points = np.array([[0, high], [side * high * 0.28, 0], [0, high * 0.22]])
        spun = points @ np.array(
            [[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]
        )
        axes.add_patch(
            Polygon(spun + np.array([x, y]), closed=True, fc=fill, ec=_INK, lw=0.6, zorder=41)
        )
    axes.text(x, y + high * 1.05, "北" if lang == "zh" else "N", fontsize=7, ha="center", va="bottom",
              color=_INK, zorder=42)  # fmt: skip


def _degrees(axes: Axes, frame: MapFrame) -> None:
    """Ticks where a meridian or parallel meets the edge, with its degrees, minutes and seconds."""
    west, south, east, north = frame.bounds
    outline = frame.box.bounds
    step = _step(outline, frame)
    long = frame.metres(2.0)
    for value in _values(outline[0], outline[2], step):
        x = _cross(frame, value, outline, meridian=True)
        if x is not None and west + frame.metres(12) < x < east - frame.metres(12):
            axes.plot([x, x], [north, north - long], color=_INK, lw=0.5, zorder=45)
            _tick_text(axes, x, north - long * 1.3, dms(value, "EW"), 0)
    for value in _values(outline[1], outline[3], step):
        y = _cross(frame, value, outline, meridian=False)
        if y is not None and south + frame.metres(14) < y < north - frame.metres(14):
            axes.plot([west, west + long], [y, y], color=_INK, lw=0.5, zorder=45)
            _tick_text(axes, west + long * 1.3, y, dms(value, "NS"), 90)


def _tick_text(axes: Axes, x: float, y: float, words: str, turn: int) -> None:
    axes.text(x, y, words, fontsize=5, rotation=turn, color=_INK, zorder=45,
              ha="left" if turn else "center", va="center" if turn else "top",
              bbox={"boxstyle": "square,pad=0.1", "fc": "#ffffffb3", "ec": "none"})  # fmt: skip


def _step(outline: tuple[float, float, float, float], frame: MapFrame) -> float:
    """Seconds of arc between two ticks: about 55 mm apart."""
    seconds_per_mm = (outline[2] - outline[0]) * 3600 / frame.width_mm
    return float(next((s for s in _TICKS if s >= seconds_per_mm * 45), _TICKS[-1]))


def _values(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low * 3600 / step), math.floor(high * 3600 / step)
    return [one * step / 3600 for one in range(first, last + 1)]


def _cross(
    frame: MapFrame, value: float, outline: tuple[float, float, float, float], *, meridian: bool
) -> float | None:
    """Where the line of `value` degrees meets the upper (meridian) or left edge, grid metres."""
    low_lon, low_lat, high_lon, high_lat = outline
    ends = (
        [(value, low_lat), (value, high_lat)] if meridian else [(low_lon, value), (high_lon, value)]
    )
    (x1, y1), (x2, y2) = frame.plane.to_plane(shapely.LineString(ends)).coords
    west, _, _, north = frame.bounds
    if meridian:
        return float(x1 + (x2 - x1) * (north - y1) / (y2 - y1))
    return float(y1 + (y2 - y1) * (west - x1) / (x2 - x1))


def dms(value: float, signs: str) -> str:
    """Degrees, minutes, seconds with the letter of the half (`EW` or `NS`)."""
    hundredths = round(abs(value) * 360_000)
    degrees, rest = divmod(hundredths, 360_000)
    minutes, rest = divmod(rest, 6000)
    seconds = f"{rest / 100:05.2f}".rstrip("0").rstrip(".") if rest % 100 else f"{rest // 100:02d}"
    return f"{degrees}°{minutes:02d}′{seconds}″{signs[0] if value >= 0 else signs[1]}"
