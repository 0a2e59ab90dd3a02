"""Obstacles on one grid of pixels: against a clear reference, or against the lane's own paving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from imagery.align import Alignment
from imagery.detectors._paving import (
    Paved,
    hits,
    paving,
    shaped,
    standing_out,
    wide_enough,
)
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
from layers.errors import ImageryError

_SAMPLE = 20_000


@dataclass(frozen=True)
class Settings:
    """`mads`: how far beyond the usual difference a pixel must lie; `least_m2` the smallest thing.

    `u_edge_m`: error of an outline's edge beside the alignment's, `u_edge_alone_m` that without a
    reference. `alignment` where it is known.
    `work_m`: finer pixels are averaged to about this. `heights`: a GeoTIFF of surface heights in
    metres (DSM), or of heights above ground (nDSM, `above_ground`). `free`: the least share of the
    lane that must be seen as paving where no reference is given.
    """

    mads: float = 8.0
    least_m2: float = 2.5
    u_edge_m: float = 0.45
    u_edge_alone_m: float = 0.7
    work_m: float = 0.15
    free: float = 0.3
    heights: Path | None = None
    above_ground: bool = False
    body: Body = field(default_factory=Body)
    regular: Regular = field(default_factory=Regular)
    paved: Paved = field(default_factory=Paved)
    alignment: Alignment | None = None


@dataclass(frozen=True)
class Light:
    """What the lanes look like as a whole: how the two lights differ, what a change is, where shadows fall."""

    match: Match
    cut: float
    away: np.ndarray | None = None


@dataclass(frozen=True)
class Sample:
    """Some pixels of the lane: Lab of both dates (n, 3), what they differ by (n,), and how shade lies (3,)."""

    after: np.ndarray
    before: np.ndarray
    apart: np.ndarray
    leaning: np.ndarray


@dataclass(frozen=True)
class Found:
    """`mask` of things and their `score` (times the cut), (rows, columns); `cut` in Lab units.

    `free`: pixels seen as bare paving, where that was asked.
    """

    mask: np.ndarray
    score: np.ndarray
    cut: float
    free: int = 0


def clear_view(good: np.ndarray, after: np.ndarray, before: np.ndarray) -> np.ndarray:
    """The lane less what crowns hide; pictures (3, rows, columns)."""
    found: np.ndarray = good & ~green_in_both(after, before)
    return found


def sampled(
    after: np.ndarray, before: np.ndarray, good: np.ndarray, pixel_m: float, how: Settings
) -> Sample:
    """What a window adds to the knowledge of the light; pictures (3, rows, columns)."""
    first, second = to_lab(after), to_lab(before)
    step = max(1, int(good.sum()) // _SAMPLE)
    if not good.any():
        return Sample(first[good], second[good], np.zeros(0, np.float32), np.zeros(3))
    matched = fit_match(first[good][::7], second[good][::7]).apply(second)
    apart = least_difference(first, matched)
    hit = (apart > cut_of(apart[good][::step], how.mads)) & good
    seen = Shaded.of(hit, good, Views(first, matched, pixel_m), how.body)
    return Sample(first[good][::step], second[good][::step], apart[good][::step], leaning(seen))


def light_of(samples: Sequence[Sample], how: Settings) -> Light:
    """The light of all windows together; raises `ImageryError` where nothing of the lane is seen."""
    if sum(len(one.after) for one in samples) == 0:
        raise ImageryError("no pixel of the lane is seen in both scenes", field="area",
                           remedy="choose scenes that cover the lane")  # fmt: skip
    after, before, apart = (np.concatenate([getattr(one, name) for one in samples])
                            for name in ("after", "before", "apart"))  # fmt: skip
    lean = np.sum([one.leaning for one in samples], axis=0)
    return Light(fit_match(after, before), cut_of(apart, how.mads), direction(lean))


def against_reference(
    views: tuple[np.ndarray, np.ndarray], good: np.ndarray, pixel_m: float, light: Light, how: Settings
) -> Found:  # fmt: skip
    """Things that the reference does not show.

    `views`: later and earlier picture, (3, rows, columns) uint8 red, green, blue; `good` the lane
    where both are seen.
    """
    first = to_lab(views[0])
    both = Views(first, light.match.apply(to_lab(views[1])), pixel_m)
    apart = least_difference(first, both.before, enough=light.cut)
    seen = Shaded.of((apart > light.cut) & good, good, both, how.body)
    mask = bodies(seen.hit, both, how.least_m2, how.body)
    mask = regular(mask, replace(seen, away=light.away), how.least_m2, how.body, how.regular)
    return Found(mask, apart / max(light.cut, 1e-6), light.cut)


def against_paving(picture: np.ndarray, good: np.ndarray, pixel_m: float, how: Settings) -> Found:
    """Things that stand out from the lane's own paving in one picture, (3, rows, columns) uint8.

    None where too little of the lane is seen as bare paving: what it looks like is not known there.
    """
    lab = to_lab(picture)
    ground = paving(lab, good, pixel_m, how.paved)
    free = int(ground.free.sum())
    if free < max(1.0, how.free * good.sum()):
        return Found(np.zeros_like(good), np.zeros(good.shape, np.float32), how.paved.least)
    score, cut = standing_out(lab, good, ground, how.paved)
    both = Views(lab, ground.ground, pixel_m)
    seen = Shaded.of(hits(score, good, ground, pixel_m, how.paved), good, both, how.body)
    seen = replace(seen, away=direction(leaning(seen)))
    mask = wide_enough(bodies(seen.hit, both, how.least_m2, how.body), pixel_m, how.paved)
    mask = regular(mask, seen, how.least_m2, how.body, how.regular)
    return Found(shaped(mask, pixel_m, how.paved), score, cut, free)
