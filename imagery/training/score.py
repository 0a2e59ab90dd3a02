"""How well a ranking of cells works: what of the waste a person sees who looks at the best few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SHARES = (0.01, 0.02, 0.05, 0.1, 0.2)
"""Shares of the area a person has time for."""


@dataclass(frozen=True)
class Score:
    """Of one scene: average precision, share of waste cells in the best `SHARES` of all, prevalence."""

    scene: str
    precision: float
    recall: tuple[float, ...]
    share: float
    cells: int


def score_scene(scene: str, score: np.ndarray, waste: np.ndarray) -> Score:
    """The figures of one scene; NaN where it has no waste. Ties count in the order of the cells."""
    count = int(waste.sum())
    if count == 0:
        return Score(scene, float("nan"), (float("nan"),) * len(SHARES), 0.0, len(waste))
    order = np.argsort(-np.asarray(score), kind="stable")
    hit = np.asarray(waste)[order]
    rank = np.arange(1, len(hit) + 1)
    precision = float((np.cumsum(hit)[hit] / rank[hit]).mean())
    recall = tuple(float(hit[: max(1, round(len(hit) * share))].sum()) / count for share in SHARES)
    return Score(scene, precision, recall, count / len(waste), len(waste))


def mean_precision(scores: Sequence[Score]) -> float:
    """Mean average precision over the scenes that have waste."""
    told = [one.precision for one in scores if not np.isnan(one.precision)]
    return float(np.mean(told)) if told else float("nan")


def mean_recall(scores: Sequence[Score], share: float) -> float:
    """Mean recall within a share of the area over the scenes that have waste."""
    place = SHARES.index(share)
    told = [one.recall[place] for one in scores if not np.isnan(one.precision)]
    return float(np.mean(told)) if told else float("nan")
