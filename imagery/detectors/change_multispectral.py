"""Change between two multispectral scenes: IR-MAD, fitted on a sample, applied window by window."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import cv2
import numpy as np
from shapely.geometry.base import BaseGeometry

from imagery.align import Alignment
from imagery.detectors._candidates import candidates
from imagery.detectors._cut import otsu
from imagery.detectors._frame import Detector, Needs, Shot, check_needs
from imagery.detectors._irmad import Mad, fit_mad
from imagery.detectors._pairs import Paired, aligned, grid_of, over_pairs
from imagery.vectorise import Outline, ScoreWindow, vectorise
from imagery.windows.window import Place
from layers import Layer
from layers.errors import ImageryError

DETECTOR = Detector(
    name="change_multispectral",
    version="1.1.0",
    theme="change_candidate",
    needs=Needs(gsd_m=(0.05, 100.0), bands=4, reference="required"),
    title_zh="多光谱变化图斑",
    title_en="change between multispectral scenes",
    caveat_zh="IR-MAD找出与整景不同步的变化，说不出是什么变化：收割、洪水、云和阴影也会出现。"
    "在泰州Landsat对（开发数据，标签只在清晰处）上F1为0.95；同一方法此前在另一座城市（未参与调参）约0.80。"
    "农田、河流、沙地没有带标签的数据，精度未测。任何自动阈值都不可靠：请看得分图并自己调整阈值。",
    caveat_en="IR-MAD shows what changed otherwise than the scene as a whole, not what it is: harvest, "
    "floods, clouds and shadows show too. F1 0.95 on the Landsat pair of Taizhou (developer data, labels "
    "in clear places only); about 0.80 was measured earlier with this method on another city, held out. Farmland, river and sand were "
    "not measured: no labelled pairs. No automatic cut is safe: look at the score map and move it.",
    measured="2026-11-22",
    figures=(
        (
            "Landsat Taizhou 2000/2003, 30 m, 6 bands (developer)",
            "IR-MAD + Otsu, as outlined: P 0.975, R 0.925, F1 0.949, kappa 0.937",
        ),
        ("same, outlines that CVA of z-scores shows too", "P 0.999, R 0.860, F1 0.924"),
        ("same, raw difference + Otsu; largest bright patch (baselines)", "F1 0.274; 0.191"),
        (
            "ground opened on the drawn demo, 10 m, 42,000 m²",
            "area 2 % too small, inside its error",
        ),
    ),
)
SAMPLE = 100_000
_MOST_WINDOWS = 24
_INSET = 8
"""Of a sampled window an eighth is left out at each side: what lies below is then not decoded twice."""
_SIZE = 2048


@dataclass(frozen=True)
class Settings:
    """`cut`: the score above which a pixel counts (Otsu's where missing); `least_px` the smallest thing.

    `u_edge_px`: error of an outline's edge, pixels. `alignment` where it is known already.
    """

    cut: float | None = None
    least_px: float = 6.0
    u_edge_px: float = 0.7
    alignment: Alignment | None = None


@dataclass(frozen=True)
class Model:
    """What was fitted on the sample: the matrix, how both dates are z-scored, and both cuts."""

    mad: Mad
    middle: np.ndarray
    scale: np.ndarray
    cut: float
    cut_cva: float
    alignment: Alignment
    bands: tuple[tuple[str, ...], tuple[str, ...]]


def detect(
    shot: Shot,
    settings: Settings | None = None,
    *,
    before: Shot | None = None,
    area: BaseGeometry | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Layer:
    """What changed between `before` and `shot`, inside `area` where one is given.

    Raises `ImageryError` where the bands differ or the two cannot be laid on each other.
    """
    how = settings or Settings()
    model = fit(shot, how, before=before, area=area, cancelled=cancelled)
    assert before is not None
    if area is not None and how.cut is None:
        model = sharpened(shot, before, model, area)
    gsd = shot.ground.gsd_m
    u_edge = float(np.hypot(how.u_edge_px * gsd, model.alignment.residual_m))
    windows = scores(shot, before, model, area=area, progress=progress, cancelled=cancelled)
    found = vectorise(windows, grid_of(shot), least_m2=how.least_px * gsd**2, u_edge_m=u_edge)
    return candidates(DETECTOR, shot, found, partial(_why, model=model), before=before,
                      more={"kind": [_kind(one, model) for one in found]},
                      note=f"; cut {model.cut:.2f}, residual {model.alignment.residual_m:.2f} m")  # fmt: skip


def fit(
    shot: Shot, how: Settings, *, before: Shot | None, area: BaseGeometry | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Model:  # fmt: skip
    """Lay the two on each other and fit on a sample of the whole scenes, not of the area alone."""
    check_needs(DETECTOR, shot, before, area)
    assert before is not None
    bands = common_bands(shot, before)
    laid = how.alignment or aligned(before, shot, 3 * shot.ground.gsd_m)
    parts = list(over_pairs(_sample, shot, before, laid, size=256, bands=bands, only=_some,
                            cancelled=cancelled))  # fmt: skip
    after, earlier = _thinned(parts)
    if after.shape[1] < 100 * len(bands[0]):
        raise ImageryError("the two scenes share too few valid pixels", field="before",
                           remedy="choose scenes that cover the same ground")  # fmt: skip
    mad = fit_mad(after, earlier)
    both = np.concatenate([after, earlier]).astype(np.float64)
    middle, scale = both.mean(axis=1), np.maximum(both.std(axis=1), 1e-6)
    cut = otsu(mad.root(after, earlier)) if how.cut is None else how.cut
    cut_cva = otsu(_cva(both, middle, scale))
    return Model(mad, middle, scale, cut, cut_cva, laid, bands)


def sharpened(shot: Shot, before: Shot, model: Model, area: BaseGeometry) -> Model:
    """The cut raised to where the area itself falls into two; never lowered."""
    parts = list(over_pairs(partial(_inside, model=model), shot, before, model.alignment, area=area,
                            size=_SIZE, bands=model.bands))  # fmt: skip
    level = otsu(np.concatenate(parts)) if parts else 0.0
    return replace(model, cut=max(model.cut, level))


def _inside(pair: Paired, model: Model) -> np.ndarray:
    good = pair.valid & pair.inside
    root = model.mad.root(pair.after[:, good], pair.before[:, good])
    found: np.ndarray = root[:: max(1, len(root) // 50_000)]
    return found


def common_bands(shot: Shot, before: Shot) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the bands of both scenes that go together, in one order.

    Raises `ImageryError` where they are not the same ones.
    """
    names = [tuple(band.common or band.name for band in each.scene.bands if band.name != "alpha")
             for each in (shot, before)]  # fmt: skip
    if len(names[0]) != len(names[1]) or set(names[0]) != set(names[1]):
        raise ImageryError(
            f"the bands differ: {', '.join(names[1])} before, {', '.join(names[0])} after",
            field="bands", file=shot.scene.source,
            remedy="choose two scenes of the same sensor and processing level",
        )  # fmt: skip
    return names[0], names[0]


def scores(
    shot: Shot, before: Shot, model: Model, *, area: BaseGeometry | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Generator[ScoreWindow]:  # fmt: skip
    """The score map window by window: MAD root, and the CVA of z-scores beside it."""
    yield from over_pairs(partial(_seen, model=model), shot, before, model.alignment, area=area,
                          size=_SIZE, bands=model.bands, progress=progress, cancelled=cancelled)  # fmt: skip


def _some(places: Sequence[Place]) -> Sequence[Place]:
    """At most so many small windows, spread evenly over the scene."""
    if len(places) <= _MOST_WINDOWS:
        return places
    at = np.unique(np.linspace(0, len(places) - 1, _MOST_WINDOWS).round().astype(int))
    return [_inner(places[n]) for n in at]


def _inner(place: Place) -> Place:
    x, y = (place.right - place.left) // _INSET, (place.bottom - place.top) // _INSET
    return replace(
        place,
        left=place.left + x,
        top=place.top + y,
        right=place.right - x,
        bottom=place.bottom - y,
    )


def _sample(pair: Paired) -> tuple[np.ndarray, np.ndarray]:
    at = np.flatnonzero(pair.valid)
    at = at[:: max(1, len(at) // SAMPLE)]
    after, before = (one.reshape(len(one), -1)[:, at] for one in (pair.after, pair.before))
    return after, before


def _thinned(parts: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (bands, n) of both dates, about `SAMPLE` of them, of every window its share."""
    step = max(1, sum(part[0].shape[1] for part in parts) // SAMPLE)
    after, before = (np.concatenate([part[n][:, ::step] for part in parts], axis=1) for n in (0, 1))
    return after, before


def _cva(both: np.ndarray, middle: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Length (n,) of the difference of z-scores."""
    half = len(middle) // 2
    z = (both - middle[:, None]) / scale[:, None]
    return np.asarray(np.sqrt(((z[:half] - z[half:]) ** 2).sum(axis=0)))


def _seen(pair: Paired, model: Model) -> ScoreWindow:
    core = pair.core
    after, before, good = (
        pair.after[:, *core],
        pair.before[:, *core],
        (pair.valid & pair.inside)[core],
    )
    bands, rows, columns = after.shape
    flat = (after.reshape(bands, -1), before.reshape(bands, -1))
    root = model.mad.root(*flat).reshape(rows, columns)
    mask = (root > model.cut) & good
    # A pixel alone is noise; the vote of its neighbours costs no sharpness of large things.
    mask &= cv2.boxFilter(mask.astype(np.float32), -1, (3, 3)) > _ALONE
    second = np.zeros((rows, columns), np.float32)
    at = mask.ravel()
    second.ravel()[at] = _cva(
        np.concatenate([flat[0][:, at], flat[1][:, at]]), model.middle, model.scale
    )
    return ScoreWindow(
        pair.left + core[1].start, pair.top + core[0].start, mask, np.stack([root, second])
    )


_ALONE = 2.5 / 9


def _agrees(one: Outline, model: Model) -> bool:
    return one.means[1] > model.cut_cva


def _kind(one: Outline, model: Model) -> str:
    return "irmad+cva" if _agrees(one, model) else "irmad"


def _why(one: Outline, model: Model) -> tuple[str, str]:
    agree = _agrees(one, model)
    second_zh = "变化向量分析也显示变化" if agree else "变化向量分析未显示变化，请谨慎"
    second_en = "shows it too" if agree else "does not show it: take care"
    zh = f"IR-MAD得分{one.score:.1f}（阈值{model.cut:.1f}）；{second_zh}"
    en = f"IR-MAD score {one.score:.1f} (cut {model.cut:.1f}); change vector analysis {second_en}"
    return zh, en
