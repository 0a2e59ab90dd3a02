"""How much a cell stands out as piled waste, and by what; by hand or by an office's own model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from imagery.detectors._boosted import Boosted
from imagery.detectors._cells import Cells

WORDS: dict[str, tuple[str, str]] = {
    "rough": ("纹理粗乱", "rough texture"),
    "rougher": ("比周围粗乱", "rougher than around"),
    "bare": ("没有植被", "no vegetation"),
    "barer": ("植被少于周围", "less green than around"),
    "mixed": ("颜色混杂", "mixed colours"),
    "other": ("颜色、亮度异于周围", "colour or brightness unlike around"),
    "grey": ("灰白色", "grey"),
    "new": ("与前一期相比有变化", "changed since the earlier scene"),
    "cleared": ("植被较前一期减少", "less green than on the earlier scene"),
    "raised": ("高于周围", "higher than around"),
    "model": ("本单位模型评分高", "rated high by the office's model"),
}
LOOKS_LIKE: dict[str, tuple[str, str]] = {
    "snow": ("积雪（大片发白）", "snow (white far around)"),
    "glint": ("反光（小块过曝）", "glint (a small patch without detail, too bright)"),
    "ploughed": ("翻耕地或道路（纹理成行）", "ploughed ground or a road (texture in rows)"),
    "greenhouse": ("大棚（明亮、成行）", "greenhouses (bright, in rows)"),
    "flat": ("裸地", "bare ground"),
    "wide": ("采石场或施工场地（百米内大多裸露）", "a quarry or building site (mostly bare for a hundred metres)"),
}  # fmt: skip
WEIGHTS: dict[str, float] = {
    "rough": 0.6, "rougher": 1.0, "bare": 0.5, "barer": 1.0, "mixed": 0.4, "other": 0.6,
    "grey": 0.6, "new": 1.2, "cleared": 1.2, "raised": 1.0,
    "snow": -1.5, "glint": -1.5, "ploughed": -1.0, "greenhouse": -1.0, "flat": -0.6, "wide": 0.0,
}  # fmt: skip
"""Set by judgement, on no labelled scenes: there are none of waste from drones with an open licence.
What has no weight is only said."""
_WIDE_M, _SNOW_M = 100.0, 60.0
_BRIGHT, _LEAFLESS = 0.55, 0.02


@dataclass(frozen=True)
class Rank:
    """`score` (rows, columns) 0..1 and its `parts` with their `names`; `by` says what ranked."""

    score: np.ndarray
    parts: tuple[np.ndarray, ...]
    names: tuple[str, ...]
    by: str


def ranked(
    cells: Cells, wanted: np.ndarray, earlier: Cells | None, relief: Cells | None,
    model: Path | None = None,
) -> Rank:  # fmt: skip
    """The cells ranked; outside `wanted` the score is 0."""
    parts = (
        _parts(cells, wanted) | _earlier(cells, wanted, earlier) | _relief(cells, wanted, relief)
    )
    if model is not None:
        boosted = Boosted.open(model)
        rows = cells.features.reshape(len(cells.names), -1).T
        told = boosted.predict(rows, cells.names).reshape(wanted.shape)
        score, by = told.astype(np.float32), f"model {model.name}"
        parts["model"] = np.clip((told - np.median(told[wanted] if wanted.any() else told)) * 2, 0, 1)  # fmt: skip
    else:
        total = sum(WEIGHTS[name] * plane for name, plane in parts.items())
        score, by = (1 / (1 + np.exp(-(np.asarray(total) - 2.0)))).astype(np.float32), "by hand"
    score = np.where(wanted, score, 0.0).astype(np.float32)
    return Rank(
        score, tuple(plane.astype(np.float32) for plane in parts.values()), tuple(parts), by
    )


def _parts(cells: Cells, wanted: np.ndarray) -> dict[str, np.ndarray]:
    """Each part 0..1 for how far a cell stands out among those looked at."""

    def out(name: str, *, below: bool = False) -> np.ndarray:
        return standing_out(cells.plane(name), wanted, below=below)

    other = np.maximum.reduce([standing_out(np.abs(cells.plane(name)), wanted)
                               for name in ("light_around", "red_green_around", "saturation_around")])  # fmt: skip
    rough = np.maximum(out("fine"), out("edge"))
    white = np.clip(cells.plane("white") * 2 - cells.plane("fine") * 20, 0, 1)
    rows = np.clip((cells.plane("along") - 0.45) * 3, 0, 1)
    bright = cells.plane("light") > _BRIGHT
    snow = around(white > 0.5, cells, _SNOW_M) > 0.5
    # Of the whole scene, not of the zone: a strip along a shore is too narrow to tell.
    green = cells.plane("green")
    bare = around(green < _LEAFLESS, cells, _WIDE_M)
    return {
        "rough": rough, "rougher": np.maximum(out("fine_around"), out("edge_around")),
        "bare": out("green", below=True), "barer": out("green_around", below=True),
        "mixed": out("colour_sd"), "other": other, "grey": out("saturation", below=True),
        "snow": white * snow, "glint": white * ~snow,
        "ploughed": rows * ~bright, "greenhouse": rows * bright,
        "wide": np.clip(bare * 5 - 3.5, 0, 1),
        "flat": np.clip(1 - rough * 3, 0, 1) * (out("green", below=True) > 0.3),
    }  # fmt: skip


def around(these: np.ndarray, cells: Cells, metres: float) -> np.ndarray:
    """0..1: share of the cells seen within a square of so many metres that are `these`."""
    side = 2 * max(1, round(metres / cells.cell_m / 2)) + 1
    seen = cells.seen.astype(np.float32)
    box = partial(
        cv2.boxFilter,
        ddepth=-1,
        ksize=(side, side),
        borderType=cv2.BORDER_CONSTANT,
        normalize=False,
    )
    found: np.ndarray = box(these * seen) / np.maximum(box(seen), 1.0)
    return found


def _earlier(cells: Cells, wanted: np.ndarray, earlier: Cells | None) -> dict[str, np.ndarray]:
    """How far a cell differs from the earlier scene: from the most alike of nine cells there."""
    if earlier is None:
        return {}
    green = cells.plane("green") - _laid(cells, earlier, "green")
    change = np.abs(cells.plane("light_sd") - _laid(cells, earlier, "light_sd"))
    change = change + np.abs(cells.plane("red_green") - _laid(cells, earlier, "red_green"))
    return {
        "new": standing_out(np.nan_to_num(change), wanted),
        "cleared": standing_out(np.nan_to_num(green), wanted, below=True),
    }


def _relief(cells: Cells, wanted: np.ndarray, relief: Cells | None) -> dict[str, np.ndarray]:
    if relief is None:
        return {}
    return {"raised": standing_out(np.nan_to_num(_laid(cells, relief, "light_around")), wanted)}


def _laid(cells: Cells, other: Cells, name: str) -> np.ndarray:
    """A feature of another scene on these cells; 0 where it shows nothing, of nine the nearest."""
    number = other.at(cells.middles())
    rows, columns = other.seen.shape
    mine = cells.plane(name).ravel()
    best = np.full(len(mine), np.nan, np.float32)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            row, column = number // columns + down, number % columns + right
            good = (number >= 0) & (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
            place = np.where(good, row * columns + column, 0)
            value = np.where(good & other.seen.ravel()[place], other.plane(name).ravel()[place], np.nan)  # fmt: skip
            nearer = np.isnan(best) | (np.abs(value - mine) < np.abs(best - mine))
            best = np.where(nearer & ~np.isnan(value), value, best)
    return np.where(np.isnan(best), mine, best).reshape(cells.seen.shape)


def standing_out(plane: np.ndarray, wanted: np.ndarray, *, below: bool = False) -> np.ndarray:
    """0..1: how many spreads above (or below) the usual of the cells looked at, 4 and more being 1."""
    if not wanted.any():
        return np.zeros(plane.shape, np.float32)
    mine = plane[wanted]
    middle = float(np.median(mine))
    spread = max(1.4826 * float(np.median(np.abs(mine - middle))), 1e-4)
    away = (middle - plane) / spread if below else (plane - middle) / spread
    return np.clip(away / 4.0, 0.0, 1.0).astype(np.float32)
