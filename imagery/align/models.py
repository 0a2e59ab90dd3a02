"""Which move fits the matches: a shift unless more is justified by matches left out of the fit."""

from __future__ import annotations

from typing import Literal

import numpy as np

from imagery.align.features import Matches

Model = Literal["shift", "similarity", "affine"]
MODELS: tuple[Model, ...] = ("shift", "similarity", "affine")
FOLDS = 4
BETTER = 0.8
"""A richer model must bring the error on left-out matches below this share of the simpler's."""
LEAST_PX = 0.1
"""... and by at least this much: below it the difference is noise of the matching."""


def fit(found: Matches, model: Model) -> np.ndarray:
    """The (2, 3) matrix that maps `after` onto `before` best in the least-squares sense."""
    if model == "shift":
        move = np.median(found.before - found.after, axis=0)
        return np.array([[1.0, 0.0, move[0]], [0.0, 1.0, move[1]]])
    x, y = found.after.T
    one, zero = np.ones(len(found)), np.zeros(len(found))
    if model == "similarity":
        rows = np.vstack([np.column_stack([x, -y, one, zero]), np.column_stack([y, x, zero, one])])
        a, b, c, d = np.linalg.lstsq(rows, found.before.T.ravel(), rcond=None)[0]
        return np.array([[a, -b, c], [b, a, d]])
    rows = np.column_stack([x, y, one])
    found_matrix: np.ndarray = np.linalg.lstsq(rows, found.before, rcond=None)[0].T
    return found_matrix


def choose(found: Matches) -> Model:
    """The simplest model that nothing richer clearly beats on matches left out of the fit."""
    chosen, error = MODELS[0], float(np.median(left_out(found, MODELS[0])))
    for model in MODELS[1:]:
        other = float(np.median(left_out(found, model)))
        if other < BETTER * error and error - other > LEAST_PX:
            chosen, error = model, other
    return chosen


def left_out(found: Matches, model: Model) -> np.ndarray:
    """Error (n,), pixels, of every match under the fit that did not see it."""
    fold = np.arange(len(found)) % FOLDS
    errors = np.zeros(len(found))
    for number in range(FOLDS):
        rest = fold == number
        errors[rest] = misfit(found.only(rest), fit(found.only(~rest), model))
    return errors


def misfit(found: Matches, pixels: np.ndarray) -> np.ndarray:
    """How far (n,), pixels, the matches lie apart after the move `pixels` (2, 3)."""
    ahead = found.after @ pixels[:, :2].T + pixels[:, 2]
    away: np.ndarray = np.hypot(*(ahead - found.before).T)
    return away
