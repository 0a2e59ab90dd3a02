"""Boosted trees on cells, tested on whole scenes they have not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imagery.training.score import Score, score_scene
from imagery.training.table import Table

SEED, ROUNDS, FOLDS = 20260815, 120, 5
SETTINGS = {
    "objective": "binary", "num_leaves": 15, "learning_rate": 0.06, "min_data_in_leaf": 20,
    "feature_fraction": 0.8, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 1.0,
    "verbosity": -1, "num_threads": 1, "seed": SEED, "deterministic": True, "force_col_wise": True,
}  # fmt: skip
WEIGHT_MOST = 50.0
"""Waste cells are few; they weigh more, but not without bound."""


@dataclass(frozen=True)
class Learnt:
    """A model as text and what it did on scenes it had not seen, one score per scene."""

    text: str
    scores: tuple[Score, ...]
    held_out: np.ndarray
    """(n,) scores of the table's rows, each by a model that had not seen its scene."""


def fit(rows: np.ndarray, waste: np.ndarray, rounds: int = ROUNDS) -> str:
    """Trees for (n, k) features and their labels, as LightGBM's text; the same data give the same."""
    import lightgbm

    weight = min(WEIGHT_MOST, float((~waste).sum()) / max(float(waste.sum()), 1.0))
    data = lightgbm.Dataset(
        np.ascontiguousarray(rows, np.float32), label=waste.astype(float),
        weight=np.where(waste, weight, 1.0), free_raw_data=True,
    )  # fmt: skip
    told: str = lightgbm.train(SETTINGS, data, num_boost_round=rounds).model_to_string()
    return told


def predict(text: str, rows: np.ndarray) -> np.ndarray:
    """(n,) 0..1."""
    import lightgbm

    return np.asarray(lightgbm.Booster(model_str=text).predict(rows, num_threads=1))


def folds(table: Table, many: int = FOLDS) -> list[np.ndarray]:
    """Scenes (numbers) left out together, each once; scenes of one place are never parted."""
    places = np.array(table.places or range(len(table.scenes)))
    order = np.random.default_rng(SEED).permutation(np.unique(places))
    parts = np.array_split(order, min(many, len(order)))
    return [np.flatnonzero(np.isin(places, part)) for part in parts if len(part)]


def learn(table: Table) -> Learnt:
    """Cross-validated by scene, then learnt from all of it."""
    held_out = np.zeros(len(table.waste))
    for left_out in folds(table):
        test = table.take(left_out)
        if table.waste[~test].any():
            text = fit(table.rows[~test], table.waste[~test])
            held_out[test] = predict(text, table.rows[test])
    scores = tuple(
        score_scene(name, held_out[table.scene == n], table.waste[table.scene == n])
        for n, name in enumerate(table.scenes)
    )
    return Learnt(fit(table.rows, table.waste), scores, held_out)
