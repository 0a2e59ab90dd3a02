"""Cameras of one flight with their headings checked by each other's pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from imagery.photos.adjust import adjust
from imagery.photos.remarks import remark
from imagery.photos.ties import find_ties
from imagery.photos.views import open_views
from imagery.scene import Camera, Remark


@dataclass(frozen=True, slots=True)
class Checked:
    """One photo's camera, its yaw corrected where `turned_deg` is not 0 (then a remark says so)."""

    path: Path
    camera: Camera
    turned_deg: float
    remarks: tuple[Remark, ...] = ()


def check_headings(
    paths: Sequence[str | Path],
    progress: Callable[[int, int, str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Checked, ...]:
    """The cameras of overlapping photos; a heading that the neighbours' pixels refute is mended.

    Raises `ImageryError` as `mosaic` does.
    """
    _, views = open_views(paths)
    laid = adjust(views, find_ties(views, progress, cancelled))
    return tuple(_checked(view.path, view.camera, float(off))
                 for view, off in zip(views, laid.off_deg, strict=True))  # fmt: skip


def _checked(path: Path, camera: Camera, off: float) -> Checked:
    if off == 0.0 or camera.yaw is None:
        return Checked(path, camera, 0.0)
    yaw = float((np.float64(camera.yaw) - off + 180.0) % 360.0 - 180.0)
    return Checked(path, replace(camera, yaw=yaw), off, (remark("yaw_turned", degrees=abs(off)),))
