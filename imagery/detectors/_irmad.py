"""Iteratively reweighted multivariate alteration detection, fitted on a sample, applied as a matrix.

Pairs of combinations of bands that correlate most over what did not change; what is left between
them is change. Light, season and sensor drop out as far as they are linear.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh
from scipy.special import chdtrc

_ROUNDS, _STILL, _RIDGE = 50, 1e-4, 1e-9
_PART = 1 << 14
"""Pixels worked on at once: what fits into a core's cache."""


@dataclass(frozen=True)
class Mad:
    """MAD variates of a pixel = `matrix` · (later bands, earlier bands) + `offset`, unit variance.

    `correlations` of the pairs, smallest first; `rounds` it took.
    """

    matrix: np.ndarray
    offset: np.ndarray
    correlations: np.ndarray
    rounds: int

    def root(self, after: np.ndarray, before: np.ndarray) -> np.ndarray:
        """Root of the sum of squares (n,) float32 of pixels (bands, n) each."""
        matrix, offset = self.matrix.astype(np.float32), self.offset.astype(np.float32)
        total = np.zeros(after.shape[1], np.float32)
        for start in range(0, len(total), _PART):
            here = slice(start, start + _PART)
            planes = [plane[here].astype(np.float32) for plane in (*after, *before)]
            _add_squares(planes, matrix, offset, total[here])
        return np.sqrt(total, out=total)


def _add_squares(
    planes: list[np.ndarray], matrix: np.ndarray, offset: np.ndarray, total: np.ndarray
) -> None:
    """Add the squared variates of pixels to `total`.

    By hand instead of as a product: matrices so thin keep the threads of a numeric library waiting
    for each other, and windows run side by side already.
    """
    found, part = np.empty_like(total), np.empty_like(total)
    for weights, level in zip(matrix, offset, strict=True):
        found.fill(level)
        for weight, plane in zip(weights, planes, strict=True):
            np.multiply(plane, weight, out=part)
            found += part
        found *= found
        total += found


def fit_mad(after: np.ndarray, before: np.ndarray) -> Mad:
    """Fit on pixels (bands, n) of both dates, weighting each by how likely it is unchanged."""
    bands = after.shape[0]
    both = np.concatenate([after, before]).astype(np.float64)
    weights = np.ones(both.shape[1])
    last = np.zeros(bands)
    rounds = 0
    while rounds < _ROUNDS:
        rounds += 1
        matrix, offset, rho = _canonical(both, weights, bands)
        mads = matrix @ both + offset[:, None]
        total = np.einsum("ij,ij->j", mads, mads)
        if np.abs(rho - last).max() < _STILL:
            break
        weights, last = np.maximum(chdtrc(bands, total), 1e-6), rho
    return Mad(matrix, offset, rho, rounds)


def _canonical(
    both: np.ndarray, weights: np.ndarray, bands: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    share = weights / weights.sum()
    mean = both @ share
    centred = both - mean[:, None]
    cov = (centred * share) @ centred.T
    cov += np.eye(2 * bands) * _RIDGE * np.trace(cov)
    own, cross, other = cov[:bands, :bands], cov[:bands, bands:], cov[bands:, bands:]
    squared, first = eigh(cross @ np.linalg.solve(other, cross.T), own)
    rho = np.sqrt(np.clip(squared, 0, 1 - 1e-9))
    second = np.linalg.solve(other, cross.T @ first) / np.maximum(rho, 1e-9)
    scale = 1 / np.sqrt(2 * (1 - rho))
    matrix = np.hstack([(first * scale).T, (-second * scale).T])
    return matrix, -matrix @ mean, rho
