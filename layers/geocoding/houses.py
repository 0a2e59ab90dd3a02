"""Numbered houses of one street as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Houses:
    """`number` (n), `places` (n, 2) metres of the plane, `u_m` (n) metres, and texts (n).

    `annex` (附), `prefix` (甲) and `section` (东段) are empty where they are not said.
    """

    number: np.ndarray
    places: np.ndarray
    u_m: np.ndarray
    annex: np.ndarray
    prefix: np.ndarray
    section: np.ndarray
    label: np.ndarray

    def __len__(self) -> int:
        return len(self.number)

    def take(self, rows: np.ndarray) -> Houses:
        """The chosen houses, by number or mask."""
        return Houses(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    @staticmethod
    def of(table: pd.DataFrame) -> Houses:
        """The houses of rows with `number`, `x`, `y`, `u_m`, `annex`, `prefix`, `section`, `name`."""
        texts = [table[name].fillna("").to_numpy(dtype=object)
                 for name in ("annex", "prefix", "section", "name")]  # fmt: skip
        places = table[["x", "y"]].to_numpy(float).reshape(-1, 2)
        return Houses(table["number"].to_numpy(float), places, table["u_m"].to_numpy(float), *texts)


def span_m(places: np.ndarray) -> float:
    """The greatest distance between any two of a few places, metres."""
    gaps = places[:, None] - places[None]
    return float(np.hypot(gaps[..., 0], gaps[..., 1]).max())


def reach_m(places: np.ndarray, centre: np.ndarray) -> float:
    """The distance from `centre` to the farthest place, metres."""
    return float(np.hypot(places[:, 0] - centre[0], places[:, 1] - centre[1]).max())
