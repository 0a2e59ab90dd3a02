"""Change in colour and texture inside the outline of a known site, measured against its surroundings."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import cv2
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from imagery.align import Alignment
from imagery.detectors._below import grid_of
from imagery.detectors._candidates import candidates
from imagery.detectors._cut import otsu
from imagery.detectors._frame import Detector, Needs, Shot, check_needs
from imagery.detectors._pairs import Paired, aligned, drawn, over_pairs
from imagery.detectors._parts import parts
from imagery.detectors._site_scores import differences, spread, standing_out
from imagery.detectors._things import (
    Match,
    disc,
    fit_match,
    to_lab,
)
from imagery.vectorise import Outline, ScoreWindow, vectorise
from layers import Layer
from layers.errors import ImageryError
from layers.measures import geodesic_area

DETECTOR = Detector(
    name="change_rgb",
    version="1.1.0",
    theme="change_candidate",
    needs=Needs(gsd_m=(0.02, 2.5), bands=3, bands_most=4, reference="required", area="required"),
    title_zh="场地内变化",
    title_en="change inside a known site",
    caveat_zh="只回答“这块已知场地内颜色或纹理变了没有”，不能用来全景找变化：在带标签的0.5–2米彩色影像对上，"
    "这类方法几乎无用（LEVIR的F1为0.15–0.18，DSIFN为0.34–0.36，跨季节）。请用同一季节的影像；收割、返青、积水也是变化。",
    caveat_en="Only answers whether colour or texture changed inside this known site; never a search of a whole "
    "scene: on labelled RGB pairs of 0.5-2 m such methods are next to useless (F1 0.15-0.18 on LEVIR, "
    "0.34-0.36 on DSIFN, across seasons). Take scenes of one season; harvest, new green and puddles are change too.",
    measured="2026-11-22",
    figures=(
        (
            "LEVIR, 6 chips of 0.5 m (developer), no site, Otsu",
            "colour F1 0.19, texture 0.22; marking everything: 0.25",
        ),
        (
            "DSIFN, 5 chips of 2 m (developer), no site, Otsu",
            "colour F1 0.32, texture 0.40; marking everything: 0.52",
        ),
        (
            "drawn demo: rubble, ash, earth, a shed beside its new yard",
            "area +2.8 %, +2.8 %, +17 %, +3 % (tuned on); with the opened ground of the 10 m pair a median of 2.8 %",
        ),
    ),
)
_WIDE_M = 4.0
_SIZE = 4096
_KEPT_PX = 12_000_000
"""Averaged pixels of a site that are kept between the passes; a larger one is read three times."""
Cover = Callable[[Callable[[Paired], Any]], Iterable[Any]]
_MOST_M2 = 500_000.0
_MOST_SHARE = 0.5
_SEASON_DAYS = 45
_CELLS = 4.0
"""Scores are averaged over `smooth_m` anyway: finer than this part of it is no use, only slow."""
_HALF = 0.5


@dataclass(frozen=True)
class Settings:
    """`mads`: how far beyond the surroundings' usual score; `least_m2` the smallest thing.

    `smooth_m`: side of the square scores are averaged over. `ring_m`: how wide the surroundings are.
    """

    mads: float = 6.0
    least_m2: float = 10.0
    smooth_m: float = 1.0
    ring_m: float = 30.0
    u_edge_m: float = 0.4
    alignment: Alignment | None = None


@dataclass(frozen=True)
class Normal:
    """What is usual around the site: the light, and middle and spread of colour and texture."""

    match: Match
    colour: tuple[float, float]
    texture: tuple[float, float]
    cut: float


@dataclass(frozen=True)
class Scored:
    """A window's scores: `window` without its halo, its mask the site; the rest with it.

    `lab` (rows, columns, 3) is the later picture in half precision.
    """

    window: ScoreWindow
    score: np.ndarray
    valid: np.ndarray
    lab: np.ndarray
    core: tuple[slice, slice]
    pixel_m: float


def detect(
    shot: Shot,
    settings: Settings | None = None,
    *,
    before: Shot | None = None,
    area: BaseGeometry | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Layer:
    """What changed inside the site `area` more than its surroundings did.

    Raises `ImageryError` without a site, for a site that is most of the scene, and where the two
    cannot be laid on each other.
    """
    how = settings or Settings()
    check_needs(DETECTOR, shot, before, area)
    assert before is not None
    assert area is not None
    _check_site(shot, area)
    laid = how.alignment or aligned(before, shot, _WIDE_M, area)
    grid = grid_of(shot, shrink_of(shot.ground.gsd_m, how.smooth_m))
    site = shapely.transform(area, grid.pixels)
    cover = _cover(shot, laid, _around(area, how.ring_m), how,
                   before=before, progress=progress, cancelled=cancelled)  # fmt: skip
    normal = usual(list(cover(partial(_sample, site=site, how=how))), how)
    seen = partial(_scored, site=site, normal=normal, how=how)
    scored = cover(seen)
    sharp = sharpened(normal, [_inside(one) for one in scored])
    again = scored if isinstance(scored, list) else cover(seen)
    windows = (part for one in again for part in _cut(one, sharp.cut / normal.cut, how))
    u_edge = float(np.hypot(how.u_edge_m, laid.residual_m))
    found = vectorise(windows, grid, least_m2=how.least_m2, u_edge_m=u_edge)
    return candidates(DETECTOR, shot, found, partial(_why, apart=season_days(before.day, shot.day)), before=before,
                      note=f"; cut {sharp.cut:.2f}, residual {laid.residual_m:.2f} m")  # fmt: skip


def _cover(
    shot: Shot, laid: Alignment, wide: BaseGeometry, how: Settings, *, before: Shot,
    progress: Callable[[int, int], None] | None, cancelled: Callable[[], bool] | None,
) -> Cover:  # fmt: skip
    """What goes over the site and its surroundings: read once where what is kept is small."""
    gsd = shot.ground.gsd_m
    shrink = shrink_of(gsd, how.smooth_m)
    halo = max(8, round(3 * how.smooth_m / gsd / shrink))
    again = partial(over_pairs, after=shot, before=before, alignment=laid, area=wide, halo=halo,
                    shrink=shrink, size=_SIZE, cancelled=cancelled)  # fmt: skip
    if geodesic_area(wide) / (gsd * shrink) ** 2 > _KEPT_PX:
        return partial(again, progress=progress)
    kept = list(again(lambda pair: pair, progress=progress))
    return lambda function: [function(pair) for pair in kept]


def shrink_of(gsd_m: float, smooth_m: float) -> int:
    """Pixels a side taken together: a power of two, so that blocks of files hold a whole number."""
    return 2 ** max(0, int(np.log2(max(1.0, smooth_m / _CELLS / gsd_m))))


def _check_site(shot: Shot, area: BaseGeometry) -> None:
    size, whole = geodesic_area(area), geodesic_area(shot.ground.footprint)
    if size > _MOST_M2 or size > _MOST_SHARE * whole:
        raise ImageryError(
            f"a site of {size / 1e4:.1f} ha in a scene of {whole / 1e4:.1f} ha is a search, not a question "
            "about a site; in colour pictures of two dates that finds nothing reliable",
            field="area", file=shot.scene.source,
            remedy="give the outline of one site, or use multispectral scenes",
        )  # fmt: skip


def _around(area: BaseGeometry, metres: float) -> BaseGeometry:
    """The area and what is around it, roughly so many metres wide."""
    lat = area.centroid.y
    across = 1 / max(0.1, float(np.cos(np.radians(lat))))
    flat = shapely.transform(area, lambda xy: xy / [across, 1.0])
    wide: BaseGeometry = shapely.transform(
        shapely.buffer(flat, metres / 111_000), lambda xy: xy * [across, 1.0]
    )
    return wide


def season_days(first: str | None, second: str | None) -> int | None:
    """Days between two days of the year, whatever the years; missing where a day is not known."""
    if first is None or second is None:
        return None
    days = [date.fromisoformat(day).timetuple().tm_yday for day in (first, second)]
    apart = abs(days[0] - days[1])
    return min(apart, 365 - apart)


def _sample(
    pair: Paired, site: BaseGeometry, how: Settings
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Lab of both dates and both raw scores on the surroundings."""
    own = drawn(site, pair.left, pair.top, *pair.valid.shape)
    good = pair.valid & pair.inside & ~own
    good[: pair.core[0].start] = good[pair.core[0].stop :] = False
    after, before = to_lab(pair.after), to_lab(pair.before)
    if not good.any():
        none = np.zeros((0, 3), np.float32)
        return none, none, none[:, 0], none[:, 0]
    match = fit_match(after[good][::5], before[good][::5])
    colour, texture = differences(after, match.apply(before), pair.pixel_m, how.smooth_m)
    step = max(1, int(good.sum()) // 20_000)
    return tuple(one[good][::step] for one in (after, before, colour, texture))


def usual(
    parts: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]], how: Settings
) -> Normal:
    """What the surroundings say; raises `ImageryError` where none of them is seen."""
    after, before, colour, texture = (np.concatenate([part[n] for part in parts]) for n in range(4))
    if len(after) < 500:
        raise ImageryError("too little of the site's surroundings is seen in both scenes", field="area",
                           remedy="choose scenes that show the ground around the site too")  # fmt: skip
    bells = tuple(spread(one) for one in (colour, texture))
    score = standing_out(colour, texture, bells[0], bells[1])
    middle, wide = spread(score)
    return Normal(fit_match(after, before), bells[0], bells[1], middle + how.mads * wide)


def sharpened(normal: Normal, inside: Sequence[np.ndarray]) -> Normal:
    """The cut raised to where the site itself falls into two: its fields change with the season too.

    Scores come as multiples of the old cut. Never lowered: where nothing changed there are no two.
    """
    level = otsu(np.concatenate(inside)) if inside else 0.0
    return replace(normal, cut=normal.cut * max(1.0, level))


def _inside(one: Scored) -> np.ndarray:
    """Scores of some of the site's pixels, as multiples of the cut."""
    scores = one.window.scores[0][one.window.mask]
    found: np.ndarray = scores[:: max(1, len(scores) // 50_000)]
    return found


def _scored(pair: Paired, site: BaseGeometry, normal: Normal, how: Settings) -> Scored:
    """Scores around what a window holds of the site, as multiples of the cut."""
    own = drawn(site, pair.left, pair.top, *pair.valid.shape)
    where = _near(own, math.ceil(3 * how.smooth_m / pair.pixel_m))
    after, before = (to_lab(one[:, *where]) for one in (pair.after, pair.before))
    colour, texture = differences(after, normal.match.apply(before), pair.pixel_m, how.smooth_m)
    score = standing_out(colour, texture, normal.colour, normal.texture)
    core = tuple(slice(max(0, whole.start - part.start), max(0, min(whole.stop, part.stop) - part.start))
                 for whole, part in zip(pair.core, where, strict=True))  # fmt: skip
    valid = pair.valid[where]
    left, top = (
        pair.left + where[1].start + core[1].start,
        pair.top + where[0].start + core[0].start,
    )
    planes = np.stack([score / normal.cut, colour, texture])
    inside = (own[where] & valid)[core]
    window = ScoreWindow(left, top, inside, planes[:, *core])
    return Scored(
        window, planes[0], valid, after.astype(np.float16), (core[0], core[1]), pair.pixel_m
    )


def _near(own: np.ndarray, halo: int) -> tuple[slice, slice]:
    """Rows and columns around what is true, with a halo; one pixel where nothing is."""
    if not own.any():
        return slice(0, 1), slice(0, 1)
    at = [np.flatnonzero(own.any(axis=axis)) for axis in (1, 0)]
    first, second = (slice(max(0, int(one[0]) - halo), int(one[-1]) + 1 + halo) for one in at)
    return first, second


def _cut(one: Scored, cut: float, how: Settings) -> Iterator[ScoreWindow]:
    """What lies above the cut (a multiple of the old one) inside the site; unlike surfaces apart."""
    side = disc(how.smooth_m / 2 / one.pixel_m)
    mask = ((one.score > cut) & one.valid).astype(np.uint8)
    mask = cv2.morphologyEx(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, side), cv2.MORPH_OPEN, side)
    found = (mask > 0)[one.core] & one.window.mask
    lab, apart = one.lab[one.core], np.zeros(found.shape, bool)
    whole = np.zeros(found.shape, np.float32)
    for where, own, smaller in parts(
        found.astype(np.uint8), lab, side, how.least_m2 / one.pixel_m**2
    ):
        apart[where] |= smaller
        whole[where][own] = 1
    scores = one.window.scores * np.array([1 / cut, 1, 1], np.float32)[:, None, None]
    scores = np.concatenate([scores, whole[None]])
    yield replace(one.window, mask=found & ~apart, scores=scores)
    if apart.any():
        yield replace(one.window, mask=apart, scores=scores)


def _why(one: Outline, apart: int | None) -> tuple[str, str]:
    zh = f"颜色和纹理的变化为周边的{one.score:.1f}倍阈值"
    en = f"colour and texture changed {one.score:.1f} times the cut set by the surroundings"
    if one.means[3] > _HALF:
        zh += "；同一处变化中颜色不同的一部分"
        en += "; one of two unlike surfaces of one change"
    if apart is None:
        return f"{zh}；拍摄日期不全，季节不明", f"{en}; a day is missing, the season is not known"
    if apart > _SEASON_DAYS:
        return (f"{zh}；两景季节相差{apart}天，植被变化可能被当作变化",
                f"{en}; the two seasons are {apart} days apart: growth may pass for change")  # fmt: skip
    return zh, en
