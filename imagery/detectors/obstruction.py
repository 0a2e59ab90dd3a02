"""What stands in a lane that was clear on an earlier day: difference to a reference, inside the lane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from shapely.geometry.base import BaseGeometry

from imagery.align import Alignment
from imagery.detectors._candidates import candidates
from imagery.detectors._frame import Detector, Needs, Shot, check_needs
from imagery.detectors._pairs import Paired, aligned, grid_of, over_pairs
from imagery.detectors._regular import Regular, regular
from imagery.detectors._shade import Shaded, direction, leaning
from imagery.detectors._things import (
    Body,
    Match,
    Views,
    bodies,
    cut_of,
    fit_match,
    green_in_both,
    least_difference,
    to_lab,
)
from imagery.vectorise import Outline, ScoreWindow, vectorise
from imagery.windows.window import Place
from layers import Layer
from layers.errors import ImageryError

DETECTOR = Detector(
    name="obstruction",
    version="1.0.0",
    theme="obstacle",
    needs=Needs(gsd_m=(0.005, 0.25), bands=3, bands_most=4, reference="required", area="required"),
    title_zh="车道障碍物",
    title_en="obstacles in a lane",
    caveat_zh="只在给定车道内、与一景畅通时的影像比较；基准影像中已停放的车辆看不见。在两段真实航拍序列上"
    "（调参所用，非独立检验）F1为0.89和0.95（部分驶入车道的车辆也算误报则为0.85和0.81），轮廓误差90%分位为0.45米和0.63米；基准影像来自同一时段，"
    "隔日或换季的精度未测。看不出高度，树冠遮住的看不见。",
    caveat_en="Looks only inside given lanes, against an earlier scene in which they were clear; a car that "
    "stands in that scene too is not seen. F1 0.89 and 0.95 (0.85 and 0.81 where vehicles partly in the lane count as false alarms), edge error p90 0.45 m and 0.63 m on two real "
    "aerial sequences which it was tuned on (no independent test); their reference is of the same "
    "minutes: another day or season is not measured. Height is not seen, nor what a crown hides.",
    measured="2026-11-22",
    figures=(
        (
            "Minsk DJI_0005 (26 frames, ~7 cm, 280 vehicles; tuned on)",
            "P 0.85, R 0.93, F1 0.89 (0.85 if vehicles partly in the lane count as false); edge error p90 0.45 m",
        ),
        (
            "Munich KIT AIS (20 frames, ~15 cm, 96 vehicles; tuned on)",
            "P 0.93, R 0.97, F1 0.95 (0.81); edge error p90 0.63 m",
        ),
    ),
)
_WIDE_M = 2.0
"""Width of the narrowest thing the alignment must be good enough for."""
_SAMPLE = 20_000
_MOST_SAMPLED = 8
_HALO_M = 8.0


@dataclass(frozen=True)
class Settings:
    """`mads`: how far beyond the usual difference a pixel must lie; `least_m2` the smallest thing.

    `u_edge_m`: error of an outline's edge (95 %) beside the alignment's. `alignment` where it is known.
    """

    mads: float = 8.0
    least_m2: float = 2.5
    u_edge_m: float = 0.45
    body: Body = field(default_factory=Body)
    regular: Regular = field(default_factory=Regular)
    alignment: Alignment | None = None


@dataclass(frozen=True)
class Light:
    """What the lanes look like as a whole: how the two lights differ, what a change is, where shadows fall."""

    match: Match
    cut: float
    away: np.ndarray | None = None


def detect(
    shot: Shot,
    settings: Settings | None = None,
    *,
    before: Shot | None = None,
    area: BaseGeometry | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Layer:
    """Obstacles in the lanes `area` that the clear scene `before` does not show.

    Raises `ImageryError` without a reference or lanes, and where the two cannot be compared.
    """
    how = settings or Settings()
    if before is None:
        raise ImageryError(
            "without a scene of the clear lane nothing can be told from the ground by difference",
            field="before",
            remedy="give an approved scene of the clear lane (--before), or draw the obstacles by hand",
        )
    check_needs(DETECTOR, shot, before, area)
    laid = how.alignment or aligned(before, shot, _WIDE_M, area, by_features=True)
    halo = min(512, round(_HALO_M / shot.ground.gsd_m))
    cover = partial(over_pairs, after=shot, before=before, alignment=laid, area=area, halo=halo,
                    cancelled=cancelled)  # fmt: skip
    light = _light(list(cover(_sample, only=_some)), how)
    windows = cover(partial(_seen, light=light, how=how), progress=progress)
    u_edge = float(np.hypot(how.u_edge_m, laid.residual_m))
    found = vectorise(windows, grid_of(shot), least_m2=how.least_m2, u_edge_m=u_edge)
    return candidates(DETECTOR, shot, found, partial(_why, day=before.day), before=None,
                      more={"u_outline_m": [round(u_edge, 3)] * len(found)},
                      note=f"; cut {light.cut:.2f}, residual {laid.residual_m:.2f} m")  # fmt: skip


def _some(places: Sequence[Place]) -> Sequence[Place]:
    """Enough windows to know the light by, spread over the lanes."""
    step = max(1, len(places) // _MOST_SAMPLED)
    return places[::step]


def _sample(pair: Paired) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Colours of both dates on some pixels of the lane, and what the window differs by."""
    after, before = to_lab(pair.after), to_lab(pair.before)
    good = pair.valid & pair.inside & ~green_in_both(pair.after, pair.before)
    step = max(1, int(good.sum()) // _SAMPLE)
    return after[good][::step], before[good][::step], _quick(after, before, good)[::step]


def _quick(after: np.ndarray, before: np.ndarray, good: np.ndarray) -> np.ndarray:
    """Differences in a light fitted to this window alone."""
    if not good.any():
        return np.zeros(0, np.float32)
    match = fit_match(after[good][::7], before[good][::7])
    return least_difference(after, match.apply(before))[good]


def _light(samples: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]], how: Settings) -> Light:
    after, before, apart = (np.concatenate([one[n] for one in samples]) if samples else np.zeros(0)
                            for n in range(3))  # fmt: skip
    if len(after) == 0:
        raise ImageryError("no pixel of the lane is seen in both scenes", field="area",
                           remedy="choose scenes that cover the lane")  # fmt: skip
    return Light(fit_match(after, before), cut_of(apart, how.mads))


def _seen(pair: Paired, light: Light, how: Settings) -> ScoreWindow:
    good = pair.valid & pair.inside & ~green_in_both(pair.after, pair.before)
    mask, score = things((pair.after, pair.before), good, pair.pixel_m, light, how)
    core = pair.core
    return ScoreWindow(
        pair.left + core[1].start, pair.top + core[0].start, mask[core], score[core][None]
    )


def things(
    views: tuple[np.ndarray, np.ndarray], good: np.ndarray, pixel_m: float, light: Light | None,
    how: Settings,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Mask of things and the score (how many times the cut) on one grid.

    `views`: later and earlier picture, (3, rows, columns) uint8 red, green, blue; `good` the lane
    where both are seen. `light` is fitted here where missing.
    """
    first, second = to_lab(views[0]), to_lab(views[1])
    match = fit_match(first[good], second[good]) if light is None else light.match
    second = match.apply(second)
    apart = least_difference(first, second)
    cut = cut_of(apart[good], how.mads) if light is None else light.cut
    both = Views(first, second, pixel_m)
    seen = Shaded.of((apart > cut) & good, good, both, how.body)
    away = direction(leaning(seen)) if light is None else light.away
    mask = bodies(seen.hit, both, how.least_m2, how.body)
    mask = regular(mask, replace(seen, away=away), how.least_m2, how.body, how.regular)
    return mask, apart / max(cut, 1e-6)


def _why(one: Outline, day: str | None) -> tuple[str, str]:
    size = f"{one.area_m2:.1f}"
    zh = f"与{day or '基准'}畅通时的影像相比，色差为阈值的{one.score:.1f}倍，约{size}平方米；是何物由人判断"
    en = (
        f"{one.score:.1f} times the cut away from the clear lane of {day or 'the reference'}, "
        f"about {size} m²; what it is a person says"
    )
    return zh, en
