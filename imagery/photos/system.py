"""The sparse system behind a flight: rows over (a, b, x, y) of every photo, s = a + ib, t = x + iy."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.linalg import spsolve

_ROUNDS = 12
_FAR = 3.0
"""Sigmas from which a soft row loses its say (Cauchy): one failed fix must not drag a flight."""


def say(miss: np.ndarray) -> np.ndarray:
    """Weights of observations that miss by so many sigmas."""
    return np.asarray(1.0 / (1.0 + (miss / _FAR) ** 2))


class Rows:
    """Collects the rows; every method adds whole arrays at once."""

    def __init__(self) -> None:
        self.parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.right: list[np.ndarray] = []
        self.soft: list[np.ndarray] = []
        self.count = 0

    def similarity(self, i: int, z: np.ndarray, share: float, j: int, w: np.ndarray) -> None:
        """s_i·z + t_i − s_j·w − t_j = 0, east and north."""
        n = len(z)
        one = np.ones(n)
        east = np.array([z.real, -z.imag, one, 0 * one, -w.real, w.imag, -one, 0 * one])
        north = np.array([z.imag, z.real, 0 * one, one, -w.imag, -w.real, 0 * one, -one])
        columns = np.r_[4 * i : 4 * i + 4, 4 * j : 4 * j + 4]
        for values in (east, north):
            self._add(values * share, columns, np.zeros(n), soft=True)

    def position(self, i: int, here: complex, share: float) -> None:
        """T_i = here; soft, for a fix may have failed."""
        values = np.array([[share, 0.0], [0.0, share]])
        self._add(values, np.array([4 * i + 2, 4 * i + 3]),
                  share * np.array([here.real, here.imag]), soft=True)  # fmt: skip

    def orientation(self, i: int, turn: complex, along: float, across: float) -> None:
        """s_i / turn = 1: real part is the scale, imaginary part the heading."""
        a, b = turn.real / abs(turn) ** 2, turn.imag / abs(turn) ** 2
        values = np.array([[a * along, -b * across], [b * along, a * across]])
        self._add(values, np.array([4 * i, 4 * i + 1]), np.array([along, 0.0]), soft=False)

    def _add(
        self, values: np.ndarray, columns: np.ndarray, right: np.ndarray, *, soft: bool
    ) -> None:
        """`values` is (columns, rows)."""
        rows = self.count + np.arange(len(right))
        self.parts.append(
            (values.ravel(), np.tile(rows, len(columns)), np.repeat(columns, len(right)))
        )
        self.right.append(right)
        self.soft.append(np.full(len(right), soft))
        self.count += len(right)

    def solved(self, photos: int) -> tuple[np.ndarray, np.ndarray]:
        """The complex s and t of every photo, soft rows weighted by `say`."""
        matrix, wanted, soft = self._matrix(4 * photos)
        weight = np.ones(len(wanted))
        found = np.zeros(matrix.shape[1])
        for _ in range(_ROUNDS):
            rooted = matrix.multiply(np.sqrt(weight)[:, None]).tocsr()
            found = spsolve((rooted.T @ rooted).tocsc(), rooted.T @ (np.sqrt(weight) * wanted))
            miss = np.abs(matrix @ found - wanted)
            weight = np.where(soft, say(miss), 1.0)
        a, b, x, y = found.reshape(-1, 4).T
        return a + 1j * b, x + 1j * y

    def _matrix(self, columns: int) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
        """The system as (sparse matrix, right side, soft rows)."""
        values, rows, cols = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        whole = coo_matrix((values, (rows, cols)), shape=(self.count, columns)).tocsr()
        return whole, np.concatenate(self.right), np.concatenate(self.soft)
