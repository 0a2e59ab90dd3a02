"""An office's own network (ONNX) over a scene, window by window. Candidates, accuracy not measured here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from imagery.detectors._candidates import candidates
from imagery.detectors._frame import Detector, Needs, Shot, check_needs
from imagery.detectors._onnx import Manifest, Network
from imagery.detectors._pairs import grid_of
from imagery.vectorise import Outline, ScoreWindow, vectorise
from imagery.windows import Window, windows
from layers import Layer
from layers.errors import Cancelled, ImageryError

DETECTOR = Detector(
    name="onnx_model",
    version="1.0.0",
    theme="waste_candidate",
    needs=Needs(gsd_m=(0.005, 12.0), bands=3),
    title_zh="本单位模型检出的疑似固体废物",
    title_en="candidates of the office's own network",
    caveat_zh="候选，准确率在本地没有测量：由本单位自带的ONNX模型给出，精度取决于该模型和训练数据。",
    caveat_en="Candidates, accuracy not measured here: they come from a network the office brought, and are as good as that network and its data.",
)


@dataclass(frozen=True)
class Settings:
    """`model`: the manifest (TOML) beside the ONNX file; `cut` overrides its least score."""

    model: Path | None = None
    cut: float | None = None
    least_m2: float = 4.0
    ignore: BaseGeometry | None = None


def detect(
    shot: Shot,
    settings: Settings | None = None,
    *,
    before: Shot | None = None,
    area: BaseGeometry | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Layer:
    """What the network outlines; raises `ImageryError` where hash, pixels or bands do not fit."""
    how = settings or Settings()
    if how.model is None:
        raise ImageryError("no model was given", field="model", remedy="give the manifest: --set model=models/net.toml")  # fmt: skip
    check_needs(DETECTOR, shot, before, area)
    about = Manifest.read(how.model)
    if not about.fits(shot.ground.gsd_m):
        raise ImageryError(f"a pixel is {shot.ground.gsd_m:.3g} m, {about.name} was made for {about.gsd_m:g} m", field="gsd",
                           file=shot.scene.source, remedy="choose another scene, or a network for this ground size")  # fmt: skip
    cut = about.least_score if how.cut is None else how.cut
    seen = _windows(shot, Network(about), cut, progress, cancelled)
    found = vectorise(seen, grid_of(shot), least_m2=how.least_m2, u_edge_m=2 * about.gsd_m)
    kept = [one for one in found if _wanted(one, area, how.ignore)]
    return candidates(DETECTOR, shot, kept, partial(_why, about=about),
                      note=f"; {about.name} {about.sha256[:12]}, cut {cut:g}, licence {about.licence}")  # fmt: skip


def _windows(
    shot: Shot, network: Network, cut: float, progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Iterator[ScoreWindow]:  # fmt: skip
    times = shot.ground.gsd_m / network.manifest.gsd_m
    halo = round(network.manifest.size / 8 / times)
    for done, window in enumerate(windows(shot.scene, size=1024, halo=halo), 1):
        if cancelled is not None and cancelled():
            raise Cancelled
        yield _scored(window, network, cut, times)
        if progress is not None:
            progress(done, done)


def _scored(window: Window, network: Network, cut: float, times: float) -> ScoreWindow:
    bands = window.array[: network.manifest.bands].astype(np.float32)
    if window.array.dtype == np.uint8:
        bands /= 255.0
    rows, columns = bands.shape[1:]
    size = max(1, round(columns * times)), max(1, round(rows * times))
    kind = cv2.INTER_AREA if times < 1 else cv2.INTER_LINEAR
    picture = np.stack([cv2.resize(band, size, interpolation=kind) for band in bands])
    score = cv2.resize(network.scores(picture), (columns, rows), interpolation=cv2.INTER_LINEAR)
    core = score[window.core]
    mask = (core >= cut) & window.valid[window.core]
    return ScoreWindow(window.place.left, window.place.top, mask, core[None])


def _wanted(one: Outline, area: BaseGeometry | None, ignore: BaseGeometry | None) -> bool:
    middle = one.polygon.representative_point()
    inside = area is None or shapely.intersects(area, one.polygon)
    return bool(inside and (ignore is None or not shapely.intersects(ignore, middle)))


def _why(one: Outline, about: Manifest) -> tuple[str, str]:
    return (f"模型“{about.name}”评分 {one.score:.2f}。候选，准确率未测",
            f"network “{about.name}” says {one.score:.2f}. A candidate, accuracy not measured here")  # fmt: skip
