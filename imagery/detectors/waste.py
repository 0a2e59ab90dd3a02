"""Candidates for piled waste: 5 m cells of a zone, ranked. Candidates, accuracy not measured here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from imagery.detectors._candidates import candidates
from imagery.detectors._cells import Cells, cells_of
from imagery.detectors._frame import Detector, Needs, Shot, check_needs
from imagery.detectors._waste_rank import LOOKS_LIKE, WORDS, ranked
from imagery.vectorise import Outline, ScoreWindow, vectorise
from layers import Layer
from layers.errors import ImageryError

DETECTOR = Detector(
    name="waste",
    version="1.1.0",
    theme="waste_candidate",
    needs=Needs(gsd_m=(0.005, 12.0), bands=3, reference="optional", area="required"),
    title_zh="疑似固体废物堆放",
    title_en="waste candidates",
    caveat_zh="候选，准确率在本地没有测量：只把所看范围内的格子按可疑程度排序，由人确认。没有公开许可的带标注无人机固体废物影像；"
    "积雪、水面反光、裸地、施工场地、大棚、采石场都可能排在前面，平整覆盖的堆放会漏掉。",
    caveat_en="Candidates, accuracy not measured here: the cells of the zone looked at are ranked, a person confirms. There are no openly "
    "licensed labelled drone scenes of waste; snow, glint, bare ground, building sites, greenhouses and quarries may rank high, and "
    "waste that was levelled or covered is missed.",
    measured="2026-11-22",
    figures=(
        (
            "drone scenes: no openly licensed labels",
            "not measured",
        ),
        (
            "Sentinel-2 RGB 10 m, 31 landfill scenes (developer part), 80 m cells: recall in 1/5/10/20 % of the area reviewed",
            "by hand, no label used 0.03/0.16/0.27/0.41; random 0.01/0.04/0.09/0.19; largest bright patch 0.01/0.19/0.42/0.59",
        ),
        (
            "the same with trees of the labelling loop, 5-fold, scenes of one place left out together",
            "0.22/0.43/0.56/0.72",
        ),
        (
            "the same: sites of 31 found in 0.0625/0.125/0.25 candidates per km²",
            "trees 15/16/18; by hand 1/1/8; random 2/5/8; largest bright patch 1/1/3",
        ),
        (
            "learning curve: recall in 5 % of the area after 0/5/10/20/30 labelled scenes",
            "0.16/0.34/0.39/0.43/0.42",
        ),
        (
            "shown at low/medium/high sensitivity",
            "at most 10/30/100 candidates per km²",
        ),
    ),
)
Sensitivity = Literal["low", "medium", "high"]
PER_KM2: dict[str, float] = {"low": 10.0, "medium": 30.0, "high": 100.0}
"""Candidates to expect in a square kilometre: what is shown is cut there, whatever is on the ground."""
SHARE: dict[str, float] = {"low": 0.01, "medium": 0.03, "high": 0.08}
"""Share of the cells that may belong to candidates."""
FEWEST = {"low": 2, "medium": 5, "high": 10}
"""Shown even in a small zone."""
GROWN = 0.6
"""A candidate takes in neighbours that reach this share of the way from the usual to the cut."""
WIDER, MOST_SHARE = (1, 2, 4, 8), 0.16
"""A zone with too few candidates is cut lower, up to this share of its cells."""


@dataclass(frozen=True)
class Settings:
    """`sensitivity` says how many candidates are wanted; `cell_m` the side of a cell.

    `ignore`: zones that are never looked at (WGS 84). `relief`: a height model, as a placed raster
    of one band. `model`: an office's own model (`python -m imagery train`); without one cells are
    ranked by how far they stand out.
    """

    sensitivity: Sensitivity = "medium"
    cell_m: float = 5.0
    least_m2: float = 40.0
    ignore: BaseGeometry | None = None
    relief: Shot | None = None
    model: Path | None = None


def detect(
    shot: Shot,
    settings: Settings | None = None,
    *,
    before: Shot | None = None,
    area: BaseGeometry | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Layer:
    """The best candidates inside `area`, each with what makes it stand out.

    Raises `ImageryError` without an area and for a scene that does not fit.
    """
    how = settings or Settings()
    if how.sensitivity not in PER_KM2:
        raise ImageryError(f"there is no sensitivity {how.sensitivity!r}", field="sensitivity",
                           remedy=f"use one of {', '.join(PER_KM2)}")  # fmt: skip
    check_needs(DETECTOR, shot, before, area)
    cells = cells_of(shot, how.cell_m, area, progress=progress, cancelled=cancelled)
    wanted = cells.seen & _zone(cells, area, how.ignore)
    earlier = None if before is None else cells_of(before, how.cell_m, area, cancelled=cancelled)
    relief = (
        None if how.relief is None else cells_of(how.relief, how.cell_m, area, cancelled=cancelled)
    )
    rank = ranked(cells, wanted, earlier, relief, how.model)
    km2 = float(wanted.sum()) * cells.cell_m**2 / 1e6
    most = max(FEWEST[how.sensitivity], round(PER_KM2[how.sensitivity] * km2))
    mask = _chosen(rank.score, wanted, SHARE[how.sensitivity], min(most, FEWEST[how.sensitivity]))
    found = vectorise([ScoreWindow(0, 0, mask, np.stack([rank.score, *rank.parts]))], cells.grid,
                      least_m2=max(how.least_m2, cells.cell_m**2 * 0.9), u_edge_m=cells.cell_m / 2)  # fmt: skip
    return candidates(
        DETECTOR, shot, found[:most], partial(_why, names=rank.names),
        note=f"; cells of {cells.cell_m:.2f} m, {how.sensitivity}, {km2:.3f} km², {rank.by}",
    )  # fmt: skip


def _zone(cells: Cells, area: BaseGeometry | None, ignore: BaseGeometry | None) -> np.ndarray:
    shape = shapely.box(-180, -90, 180, 90) if area is None else area
    return cells.inside(shape if ignore is None else shapely.difference(shape, ignore))


def _chosen(score: np.ndarray, wanted: np.ndarray, share: float, fewest: int) -> np.ndarray:
    """Cells of candidates: those of the cut, and of lower cuts what does not touch them already."""
    chosen = np.zeros(wanted.shape, np.uint8)
    for times in WIDER:
        mask = _cut(score, wanted, min(share * times, MOST_SHARE))
        labels = cv2.connectedComponents(mask, connectivity=4)[1]
        near = cv2.dilate(chosen, np.ones((3, 3), np.uint8)) > 0
        fresh = np.isin(labels, np.unique(labels[near & (mask > 0)]), invert=True) & (mask > 0)
        chosen |= fresh.astype(np.uint8)
        if cv2.connectedComponents(chosen, connectivity=4)[0] - 1 >= fewest:
            break
    return chosen > 0


def _cut(score: np.ndarray, wanted: np.ndarray, share: float) -> np.ndarray:
    """The best cells, with neighbours not far below the cut; single gaps are closed."""
    if not wanted.any():
        return np.zeros(wanted.shape, np.uint8)
    usual, least = (float(value) for value in np.quantile(score[wanted], (0.5, 1.0 - share)))
    strong = (score >= least) & (score > usual) & wanted
    weak = ((score >= usual + GROWN * (least - usual)) & (score > usual) & wanted).astype(np.uint8)
    labels = cv2.connectedComponents(weak, connectivity=4)[1]
    grown = np.isin(labels, np.unique(labels[strong])) & (weak > 0)
    # closed by hand: of an even square `morphologyEx` moves everything by a cell
    square = np.ones((2, 2), np.uint8)
    closed = cv2.erode(cv2.dilate(grown.astype(np.uint8), square), square, anchor=(0, 0))
    return closed & wanted.astype(np.uint8)


def _why(one: Outline, names: tuple[str, ...]) -> tuple[str, str]:
    """The three things that speak loudest, and what else looks like this."""
    parts = sorted(zip(one.means[1:], names, strict=True), reverse=True)
    loud = [name for value, name in parts if value > 0.5 and name in WORDS][:3]
    like = [name for value, name in parts if value > 0.5 and name in LOOKS_LIKE]
    zh = "、".join(WORDS[name][0] for name in loud) or "各项略突出"
    en = ", ".join(WORDS[name][1] for name in loud) or "a little of everything"
    if like:
        zh += f"；也可能是{'、'.join(LOOKS_LIKE[name][0] for name in like)}"
        en += f"; may be {', '.join(LOOKS_LIKE[name][1] for name in like)}"
    return f"{zh}。候选，准确率未测", f"{en}. A candidate, accuracy not measured here"
