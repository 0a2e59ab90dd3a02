"""The score: a logistic model with stated coefficients, and where they come from.

The coefficients are data (`coefficients.toml`): how they were fitted, on which kinds of
corruption, how many pairs. `fit` makes them anew from labelled pairs; nothing is learnt at run time.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from layers.errors import SourceError
from layers.matching.features import FEATURES, Compared

FILE = Path(__file__).with_name("coefficients.toml")
_PENALTY = 2.0
_STEPS = 60


@dataclass(frozen=True)
class Model:
    """`weights` (len(FEATURES),) and `bias` of the log-odds of "one holder"."""

    weights: np.ndarray
    bias: float

    def log_odds(self, compared: Compared) -> np.ndarray:
        """(p,) log-odds of every pair."""
        weights = self.weights.astype(np.float32)
        found: np.ndarray = (compared.values @ weights).astype(float) + self.bias
        return found

    def probability(self, compared: Compared) -> np.ndarray:
        """(p,) calibrated probability that the two rows are one holder, 0..1."""
        return probability(self.log_odds(compared))


def probability(log_odds: np.ndarray) -> np.ndarray:
    """Log-odds as probabilities, 0..1."""
    found: np.ndarray = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -40, 40)))
    return found


def read_model(path: str | Path = FILE) -> Model:
    """The model in a file; raises `SourceError` naming the coefficient that is missing."""
    file = Path(path)
    try:
        with file.open("rb") as stream:
            content = tomllib.load(stream)
        weights = [float(content["weights"][name]) for name in FEATURES]
        return Model(np.array(weights), float(content["bias"]))
    except KeyError as error:
        raise SourceError(
            "a coefficient is missing",
            remedy="fit the model again: `python -m tests.layers.matching.refit`",
            file=file,
            field=str(error).strip("'"),
        ) from error
    except (OSError, ValueError, TypeError) as error:
        raise SourceError(
            f"this is no file of coefficients ({type(error).__name__})",
            remedy="fit the model again: `python -m tests.layers.matching.refit`",
            file=file,
        ) from error


def fit(values: np.ndarray, same: np.ndarray) -> Model:
    """Logistic regression with a quadratic penalty, by Newton steps.

    Parameters
    ----------
    values : (p, len(FEATURES)) features of labelled pairs.
    same : (p,) whether a pair is one holder.
    """
    x = np.column_stack([np.ones(len(values)), values.astype(float)])
    y = same.astype(float)
    penalty = np.full(x.shape[1], _PENALTY)
    penalty[0] = 1e-6
    beta = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        p = probability(x @ beta)
        slope = x.T @ (y - p) - penalty * beta
        curve = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        beta = beta + step
        if np.abs(step).max() < 1e-8:
            break
    return Model(beta[1:], float(beta[0]))


def write_model(model: Model, how: Mapping[str, str | int | float], path: str | Path = FILE) -> str:
    """The text of a file of coefficients; `how` says how they were fitted."""
    lines = ["# Weights of the log-odds that two rows are one holder. Written by the command below.", "", "[fitted]"]  # fmt: skip
    lines += [f"{key} = {_value(value)}" for key, value in how.items()]
    lines[2:2] = [f"bias = {model.bias:.4f}", ""]
    lines += ["", "[weights]"]
    lines += [f"{name} = {weight:.4f}" for name, weight in zip(FEATURES, model.weights, strict=True)]  # fmt: skip
    text = "\n".join(lines) + "\n"
    Path(path).write_text(text, encoding="utf-8", newline="\n")
    return text


def _value(value: str | float) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
