"""Several overlapping photos as one preview: laid together, drawn, and marked for what it is.

It is no orthophoto: photos are bent by nothing but tilt, so roofs, trees and slopes lie where
each camera saw them. It shows where things are; nothing is measured in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from imagery.photos.adjust import Adjusted, adjust, apart, written
from imagery.photos.budget import COVERAGE, sigmas_of
from imagery.photos.draw import Sheet, draw
from imagery.photos.pinhole import outline_pixels
from imagery.photos.remarks import remark
from imagery.photos.segments import sha256_of
from imagery.photos.ties import Tie, find_ties
from imagery.photos.views import View, open_views
from imagery.scene import Remark
from layers.errors import ImageryError

NOT_AN_ORTHOPHOTO = "预览拼图, 不是正射影像, 不得用于量测 / PREVIEW MOSAIC, NOT AN ORTHOPHOTO"
ROLE = "preview_mosaic"
_COMFORTABLE, _LARGEST = 60e6, 1e9
"""Pixels of a preview where nobody asks for a pixel size, and the most there may be."""

Progress = Callable[[int, int, str], None]
Stop = Callable[[], bool]


@dataclass(frozen=True)
class MosaicFacts:
    """What stands behind a preview: metres unless said; `off_deg` by photo name.

    `residual_m` and `residual_p90_m` = how far the same place lies apart in two photos after
    the adjustment; `before_m` before it, headings as written; `scale` = what the ties ask for
    against the files' heights; `u_m` = error of a position in it, 95 %.
    """

    path: str
    plane: str
    gsd_m: float
    width: int
    height: int
    photos: int
    ties: int
    before_m: float
    residual_m: float
    residual_p90_m: float
    scale: float
    u_m: float
    off_deg: dict[str, float]
    remarks: tuple[Remark, ...] = ()
    lineage: Mapping[str, object] = field(default_factory=dict)


def mosaic(
    paths: Sequence[str | Path],
    out: str | Path,
    *,
    gsd_m: float | None = None,
    progress: Progress | None = None,
    cancelled: Stop | None = None,
) -> MosaicFacts:
    """Lay photos together and write one GeoTIFF in a local plane, block by block.

    Raises `ImageryError` where a photo cannot take part, where some share no matched ground
    with the others (it names them), or where the preview would be absurdly large.
    """
    plane, views = open_views(paths)
    ties = find_ties(views, progress, cancelled)
    laid = adjust(views, ties)
    sheet = _sheet(views, laid, plane, gsd_m)
    facts = _facts(Path(out), views, ties, laid, sheet)
    facts = replace(facts, lineage=_lineage(views, facts))
    tags = {"TIFFTAG_IMAGEDESCRIPTION": NOT_AN_ORTHOPHOTO, "YICHA_KIND": ROLE,
            "YICHA_LINEAGE": json.dumps(facts.lineage)}  # fmt: skip
    draw([view.path for view in views], _maps(views, laid), sheet, Path(out), tags,
         progress, cancelled)  # fmt: skip
    return facts


def _lineage(views: Sequence[View], facts: MosaicFacts) -> dict[str, object]:
    """How the preview came about: its photos by hash, how they were laid, how well."""
    told = asdict(facts)
    del told["path"], told["remarks"], told["lineage"]
    sources = [{"file": view.name, "sha256": sha256_of(view.path)} for view in views]
    return {"made": ROLE, "not_an_orthophoto": True, "from": sources, **told}


def heading_remarks(views: Sequence[View], laid: Adjusted) -> dict[str, Remark]:
    """By file name: photos whose pixels lie off their written heading."""
    return {view.name: remark("yaw_turned", degrees=abs(float(off)))
            for view, off in zip(views, laid.off_deg, strict=True) if off}  # fmt: skip


def _maps(views: Sequence[View], laid: Adjusted) -> list[np.ndarray]:
    """(3, 3) of every photo: pixel to metres in the plane."""
    return [np.array([[s.real, -s.imag, t.real], [s.imag, s.real, t.imag], [0, 0, 1.0]])
            @ view.level_map() for view, s, t in
            zip(views, laid.turn, laid.shift, strict=True)]  # fmt: skip


def _sheet(views: Sequence[View], laid: Adjusted, plane: str, gsd_m: float | None) -> Sheet:
    outlines = []
    for view, turn, shift in zip(views, laid.turn, laid.shift, strict=True):
        edge = outline_pixels(view.lens.width, view.lens.height)
        outlines.append(turn * view.level(edge) + shift)
    ring = np.concatenate(outlines)
    left, right, low, high = ring.real.min(), ring.real.max(), ring.imag.min(), ring.imag.max()
    area = float((right - left) * (high - low))
    native = [view.lens.above_m / view.lens.focal_px * abs(turn)
              for view, turn in zip(views, laid.turn, strict=True)]  # fmt: skip
    step = gsd_m or max(float(np.median(native)), (area / _COMFORTABLE) ** 0.5)
    if area / step**2 > _LARGEST:
        raise ImageryError(
            f"the preview would have {area / step**2 / 1e9:.1f} thousand million pixels",
            remedy="give a coarser --gsd, or fewer photos",
        )
    width, height = int(np.ceil((right - left) / step)), int(np.ceil((high - low) / step))
    return Sheet(plane, float(left), float(high), step, width, height,
                 tuple(np.column_stack([o.real, o.imag]) for o in outlines))  # fmt: skip


def _facts(
    out: Path, views: Sequence[View], ties: Sequence[Tie], laid: Adjusted, sheet: Sheet
) -> MosaicFacts:
    after = np.concatenate(apart(views, ties, laid))
    before = np.concatenate(apart(views, ties, written(views)))
    return MosaicFacts(
        path=out.name, plane=sheet.plane, gsd_m=sheet.gsd_m, width=sheet.width,
        height=sheet.height, photos=len(views), ties=len(after),
        before_m=float(np.median(before)), residual_m=float(np.median(after)),
        residual_p90_m=float(np.percentile(after, 90)), scale=laid.scale,
        u_m=_error(views, sheet, float(np.percentile(after, 90))),
        off_deg={v.name: float(o) for v, o in zip(views, laid.off_deg, strict=True) if o},
        remarks=tuple(heading_remarks(views, laid).values()),
    )  # fmt: skip


def _error(views: Sequence[View], sheet: Sheet, residual: float) -> float:
    """Metres (95 %): the flight's common position error, and what scale and turn add at the rim."""
    sigma = [sigmas_of(view.camera) for view in views]
    flight = [sigmas_of(view.camera, in_flight=True).position_m for view in views]
    here = np.array([view.here for view in views])
    spread = np.sum(np.abs(here - here.mean()) ** 2 / np.square(flight))
    prior = [np.hypot(s.height_m / v.lens.above_m, s.focal)
             for s, v in zip(sigma, views, strict=True)]  # fmt: skip
    scale = 1.0 / np.sqrt(1.0 / max(prior) ** 2 + spread)
    rim = 0.5 * np.hypot(sheet.width, sheet.height) * sheet.gsd_m
    parts = (COVERAGE * max(s.position_m for s in sigma), COVERAGE * 2**0.5 * scale * rim, residual)
    return float(np.sqrt(np.sum(np.square(parts))))
