"""What stands in a lane: difference to a scene in which it was clear, or to the lane's own paving."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TypeVar

import numpy as np
from shapely.geometry.base import BaseGeometry

from imagery.detectors._below import grid_of
from imagery.detectors._candidates import candidates
from imagery.detectors._frame import Detector, Needs, Shot, check_needs
from imagery.detectors._obstacles import (
    Found,
    Light,
    Sample,
    Settings,
    against_paving,
    against_reference,
    clear_view,
    light_of,
    sampled,
)
from imagery.detectors._pairs import Paired, aligned, over_pairs
from imagery.detectors._single import Piece, over_scene
from imagery.detectors._standing import with_heights
from imagery.vectorise import Outline, ScoreWindow, vectorise
from imagery.width.height import things_in_lane
from imagery.windows.window import Place
from imagery.workers import in_order, single_threaded_cv, worker_count
from layers import Layer
from layers.errors import ImageryError

DETECTOR = Detector(
    name="obstruction",
    version="2.0.0",
    theme="obstacle",
    needs=Needs(gsd_m=(0.005, 0.25), bands=3, bands_most=4, reference="optional", area="required"),
    title_zh="车道障碍物",
    title_en="obstacles in a lane",
    caveat_zh="只看给定车道内。有畅通时的影像：与之比较，基准影像中已停放的车辆看不见；在两段真实航拍序列上（开发数据，"
    "非独立检验）F1为0.92和0.95（部分驶入车道的车辆也算误报则为0.89和0.81），轮廓误差90%分位为0.30米和0.39米（参数在另一段上选定），"
    "基准影像来自同一时段，隔日或换季的精度未测。没有畅通时的影像：只凭与车道自身路面的差别，F1约0.73和0.89，每百米车道约2.2和0.7个误报"
    "（路缘、台阶、井盖、污渍），轮廓误差90%分位约0.67米；窄于约1.1米的物体、与路面同色的深色车、密集车流会漏掉；"
    "看到的空路面不足三成处不作判断。车辆大小的矩形比可见边缘外扩0.2米（后视镜）。给出高程模型时另按高度找物体，"
    "没有带标签的数据，精度未测。树冠遮住的看不见。",
    caveat_en="Looks only inside given lanes. With a scene in which they were clear: compared with it, a car that stands in "
    "that scene too is not seen; F1 0.92 and 0.95 (0.89 and 0.81 where vehicles partly in the lane count as false "
    "alarms), edge error p90 0.30 m and 0.39 m (four settings chosen on the other sequence) on two real aerial sequences "
    "that the method was made with (no independent test); their reference is of the same minutes: another day "
    "or season is not measured. Without such a scene: by difference to the lane's own paving alone, F1 about 0.73 and "
    "0.89, about 2.2 and 0.7 false alarms per 100 m of lane (kerbs, steps, covers, stains), edge error p90 about 0.67 m; "
    "things narrower than about 1.1 m, dark cars of the paving's colour and dense queues are missed; where less than "
    "three tenths of the lane is seen as bare paving it tells nothing. Rectangles of a vehicle's size are drawn 0.2 m outside "
    "the visible edge (mirrors). With a model of heights also by height: no labelled data, not measured. What a "
    "crown hides is not seen.",
    measured="2026-11-22",
    figures=(
        (
            "Minsk DJI_0005 (26 frames, averaged to ~14 cm, 280 vehicles; developer)",
            "P 0.88, R 0.97, F1 0.92 (0.89 strict); edge error p90 0.30 m; 0.7 false alarms per 100 m of lane",
        ),
        (
            "Munich KIT AIS (20 frames, ~15 cm, 96 vehicles; developer)",
            "P 0.94, R 0.97, F1 0.95 (0.81 strict); edge error p90 0.39 m; 0.2 false alarms per 100 m of lane",
        ),
        (
            "edge error p90, four settings of the outline chosen on the other sequence",
            "Minsk 0.30 m, Munich 0.39 m (the same settings are chosen on either)",
        ),
        (
            "without a reference: Minsk, all vehicles wholly in the lane",
            "P 0.66, R 0.82, F1 0.73 (0.71); edge error p90 0.67 m; 2.2 false alarms per 100 m of lane",
        ),
        (
            "without a reference: Munich",
            "P 0.83, R 0.96, F1 0.89 (0.79); edge error p90 0.64 m; 0.7 false alarms per 100 m of lane",
        ),
        ("with a model of heights", "not measured: no labelled data"),
    ),
)
R = TypeVar("R")
_WIDE_M = 2.0
"""Width of the narrowest thing the alignment must be good enough for."""
_SIZE = 4096
_MOST_SAMPLED = 8
_HALO_M = 10.0


@dataclass(frozen=True)
class _Watch:
    """Who is told how far it is, and who is asked whether to stop."""

    progress: Callable[[int, int], None] | None
    cancelled: Callable[[], bool] | None

    def after(self, many: int) -> Callable[[int, int], None] | None:
        """How far it is where `many` windows are done already."""
        told = self.progress
        return None if told is None else lambda done, total: told(done + many, total + many)


@dataclass(frozen=True)
class _Seen:
    """Outlines by colour, the error of their edges in metres, and what is written about them all.

    `clear`: what the lane was compared with, in both languages.
    """

    outlines: list[Outline]
    u_edge_m: float
    note: str
    clear: tuple[str, str]


def detect(
    shot: Shot,
    settings: Settings | None = None,
    *,
    before: Shot | None = None,
    area: BaseGeometry | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Layer:
    """Obstacles in the lanes `area`: what the clear scene `before` does not show.

    Without one: what stands out from the lane's own paving. With heights in the settings also what stands
    above the ground. Raises `ImageryError` without lanes, where the two scenes cannot be
    compared, and where too little bare paving is seen to know what it looks like.
    """
    how = settings or Settings()
    check_needs(DETECTOR, shot, before, area)
    assert area is not None
    watch = _Watch(progress, cancelled)
    tops = ([] if how.heights is None
            else things_in_lane(how.heights, area, above_ground=how.above_ground))  # fmt: skip
    seen = (_alone(shot, area, how, watch) if before is None
            else _compared(shot, before, area, how, watch))  # fmt: skip
    outlines, heights, coloured = with_heights(seen.outlines, tops, how.least_m2, seen.u_edge_m)
    why = {id(one): _why(one, seen.clear if n < coloured else None, float(top))
           for n, (one, top) in enumerate(zip(outlines, heights, strict=True))}  # fmt: skip
    return candidates(DETECTOR, shot, outlines, lambda one: why[id(one)], note=seen.note, more={
        "u_outline_m": [round(seen.u_edge_m, 3)] * len(outlines), "height_m": [round(float(top), 2) for top in heights],
    })  # fmt: skip


def shrink_of(gsd_m: float, how: Settings) -> int:
    """Pixels a side taken together: as many as stay within the ground size worked at."""
    return max(1, int(how.work_m / gsd_m + 1e-6))


def _compared(shot: Shot, before: Shot, area: BaseGeometry, how: Settings, watch: _Watch) -> _Seen:
    """Against a scene of the clear lane: once for the light on some windows, once on all."""
    laid = how.alignment or aligned(before, shot, _WIDE_M, area, by_features=True)
    shrink = shrink_of(shot.ground.gsd_m, how)
    halo = round(_HALO_M / shot.ground.gsd_m / shrink)
    cover = partial(over_pairs, after=shot, before=before, alignment=laid, area=area, halo=halo,
                    shrink=shrink, size=_SIZE, cancelled=watch.cancelled)  # fmt: skip
    kept = list(cover(lambda pair: pair, only=_some, progress=watch.progress))
    light = light_of(_each(partial(_sample, how=how), kept), how)
    differing = partial(_differing, light=light, how=how)
    windows = chain(
        _each(differing, kept), cover(differing, only=_rest, progress=watch.after(len(kept)))
    )
    u_edge = float(np.hypot(how.u_edge_m, laid.residual_m))
    found = vectorise(windows, grid_of(shot, shrink), least_m2=how.least_m2, u_edge_m=u_edge)
    day = before.day
    return _Seen(found, u_edge, f"; cut {light.cut:.2f}, residual {laid.residual_m:.2f} m",
                 (f"{day or '基准'}畅通时的影像", f"the clear lane of {day or 'the reference'}"))  # fmt: skip


def _alone(shot: Shot, area: BaseGeometry, how: Settings, watch: _Watch) -> _Seen:
    """Against the lane's own paving."""
    shrink = shrink_of(shot.ground.gsd_m, how)
    halo = round(_HALO_M / shot.ground.gsd_m / shrink)
    free, lane, told = list[int](), list[int](), list[bool]()

    def windows() -> Iterator[ScoreWindow]:
        for window, bare, good in over_scene(partial(_standing, how=how), shot, area=area, size=_SIZE, halo=halo,
                                             shrink=shrink, progress=watch.progress, cancelled=watch.cancelled):  # fmt: skip
            free.append(bare)
            lane.append(good)
            told.append(bare >= how.free * good)
            yield window

    found = vectorise(windows(), grid_of(shot, shrink), least_m2=how.least_m2, u_edge_m=how.u_edge_alone_m)  # fmt: skip
    share = sum(free) / max(1, sum(lane))
    untold = 1 - float(np.dot(told, lane)) / max(1, sum(lane))
    if not any(told) and how.heights is None:
        raise ImageryError(
            f"only {share:.0%} of the lane is seen as bare paving: what it looks like is not known",
            field="before", file=shot.scene.source,
            remedy="give a scene of the clear lane (--before) or a model of heights (--set heights=DSM.tif), "
            "or draw the obstacles by hand",
        )  # fmt: skip
    return _Seen(found, how.u_edge_alone_m,
                 f"; no scene of the clear lane: {share:.0%} of it seen as bare paving, {untold:.0%} lies where "
                 "too little is seen to tell",
                 ("车道自身的路面（没有畅通时的影像）", "the lane's own paving (no scene of the clear lane)"))  # fmt: skip


def _some(places: Sequence[Place]) -> Sequence[Place]:
    """Enough windows to know the light by, spread over the lanes."""
    return places[:: max(1, -(-len(places) // _MOST_SAMPLED))]


def _rest(places: Sequence[Place]) -> Sequence[Place]:
    """The other windows."""
    some = {place.index for place in _some(places)}
    return [place for place in places if place.index not in some]


def _each(function: Callable[[Paired], R], pairs: Sequence[Paired]) -> list[R]:
    """A function of what was kept, in a few threads."""

    @contextmanager
    def ready() -> Iterator[Callable[[Paired], R]]:
        yield function

    with single_threaded_cv():
        return list(in_order(pairs, ready, worker_count()))


def _sample(pair: Paired, how: Settings) -> Sample:
    good = clear_view(pair.valid & pair.inside, pair.after, pair.before)
    return sampled(pair.after, pair.before, good, pair.pixel_m, how)


def _differing(pair: Paired, light: Light, how: Settings) -> ScoreWindow:
    good = clear_view(pair.valid & pair.inside, pair.after, pair.before)
    return _cored(pair, against_reference((pair.after, pair.before), good, pair.pixel_m, light, how))  # fmt: skip


def _standing(piece: Piece, how: Settings) -> tuple[ScoreWindow, int, int]:
    good = piece.valid & piece.inside
    found = against_paving(piece.array, good, piece.pixel_m, how)
    return _cored(piece, found), found.free, int(good.sum())


def _cored(piece: Piece | Paired, found: Found) -> ScoreWindow:
    core = piece.core
    left, top = piece.left + core[1].start, piece.top + core[0].start
    return ScoreWindow(left, top, found.mask[core], found.score[core][None])


def _why(one: Outline, clear: tuple[str, str] | None, top_m: float) -> tuple[str, str]:
    """What was seen, in both languages: by colour against `clear`, or by height alone."""
    size = f"{one.area_m2:.1f}"
    high = ("", "") if np.isnan(top_m) else (f"，最高{top_m:.1f}米", f", up to {top_m:.1f} m high")
    if clear is None:
        zh = f"高程模型显示高出车道地面{top_m:.1f}米，约{size}平方米，颜色未显示；是何物由人判断"
        en = (
            f"stands {top_m:.1f} m above the lane by the model of heights, about {size} m², not seen by "
            "colour; what it is a person says"
        )
        return zh, en
    zh = f"与{clear[0]}相比，色差为阈值的{one.score:.1f}倍，约{size}平方米{high[0]}；是何物由人判断"
    en = (
        f"{one.score:.1f} times the cut away from {clear[1]}, about {size} m²{high[1]}; "
        "what it is a person says"
    )
    return zh, en
