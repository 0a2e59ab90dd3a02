"""What two rows have in common, as numbers between 0 and 1 that a small model weighs.

Every feature has one meaning that can be told to a person (`reasons.py`); "missing" is a feature
of its own, so that an address that is not written never counts as a different one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from layers.matching.addresses import CROSSING
from layers.matching.candidates import Candidates
from layers.matching.facts import Facts
from layers.matching.names import name_ids
from layers.matching.text import grams
from layers.measures import geodesic_distance

FEATURES = (
    "core_equal", "core_alike", "core_within", "name_alike", "name_missing", "common_name",
    "branch_equal", "branch_differs",
    "house_equal", "road_equal", "number_differs", "road_differs", "door_equal", "unit_differs",
    "address_alike", "address_missing",
    "near", "far", "place_missing", "township_differs",
    "credit_equal", "credit_differs", "licence_equal", "licence_differs",
    "name_and_house", "name_and_near", "core_and_road", "neither_house_nor_place",
)  # fmt: skip
_PRIOR_ROWS = 500.0
"""Rarity in a small register leans on this many imagined rows, so that ten rows do not make
every character rare."""
_SOFT_M = 25.0


@dataclass(frozen=True)
class Compared:
    """Features (p, len(FEATURES)) of p pairs, and the geodesic metres between them (NaN: no place)."""

    values: np.ndarray
    metres: np.ndarray

    def take(self, rows: np.ndarray) -> Compared:
        """The chosen pairs, by number or mask."""
        return Compared(self.values[rows], self.metres[rows])

    def __getitem__(self, name: str) -> np.ndarray:
        return self.values[:, FEATURES.index(name)]


def compare(register: Facts, site: Facts, pairs: Candidates) -> Compared:
    """Features of every pair."""
    found = {**_names(register, site, pairs), **_addresses(register, site, pairs)}
    metres = geodesic_distance(
        register.lon[pairs.register], register.lat[pairs.register],
        site.lon[pairs.site], site.lat[pairs.site],
    )  # fmt: skip
    found |= _places(register, site, pairs, metres)
    for key in ("credit", "licence"):
        equal, differs = _codes(getattr(register, key), getattr(site, key), pairs)
        found |= {f"{key}_equal": equal, f"{key}_differs": differs}
    likest = np.maximum(found["core_alike"], found["name_alike"])
    found["name_and_house"] = likest * found["house_equal"]
    found["name_and_near"] = likest * found["near"]
    found["core_and_road"] = found["core_equal"] * found["road_equal"]
    found["neither_house_nor_place"] = ((found["house_equal"] == 0) & (found["near"] < 0.2)).astype(
        float
    )
    values = np.column_stack([np.asarray(found[name], dtype=np.float32) for name in FEATURES])
    return Compared(values, metres)


def _names(register: Facts, site: Facts, pairs: Candidates) -> dict[str, np.ndarray]:
    """The best of every name of one side against every name of the other."""
    size = len(pairs.site)
    best = {
        key: np.zeros(size) for key in ("core_equal", "core_alike", "core_within", "name_alike")
    }
    for ours, theirs in product(site.names, register.names):
        core = _overlap(theirs.core, ours.core, pairs, single=True)
        full = _overlap(theirs.full, ours.full, pairs)
        left, right = name_ids([theirs.core, ours.core])
        equal = (left[pairs.register] == right[pairs.site]) & (left[pairs.register] >= 0)
        for key, value in (("core_equal", equal.astype(float)), ("core_alike", core.cosine),
                           ("core_within", core.within), ("name_alike", full.cosine)):  # fmt: skip
            best[key] = np.maximum(best[key], value)
    missing = (
        _missing(site.names[0].full)[pairs.site] | _missing(register.names[0].full)[pairs.register]
    )
    best["name_missing"] = (missing & (best["name_alike"] == 0)).astype(float)
    best["common_name"] = best["core_equal"] * _commonness(register)[pairs.register]
    return best | _branches(register, site, pairs)


def _branches(register: Facts, site: Facts, pairs: Candidates) -> dict[str, np.ndarray]:
    """Branches agree, or are both written and differ (then two shops of one chain)."""
    theirs, ours = (_first_written([n.branch for n in f.names]) for f in (register, site))
    left, right = name_ids([theirs, ours])
    a, b = left[pairs.register], right[pairs.site]
    both = (a >= 0) & (b >= 0)
    equal = both & (a == b)
    unclear = both & ~equal
    equal[unclear] = _overlap(theirs, ours, pairs.take(unclear), single=True).within > 0.6
    return {"branch_equal": equal.astype(float), "branch_differs": (both & ~equal).astype(float)}


def _first_written(columns: list[list[str]]) -> list[str]:
    if len(columns) == 1:
        return columns[0]
    return [next(filter(None, row), "") for row in zip(*columns, strict=True)]


def _commonness(register: Facts) -> np.ndarray:
    """0 where one register row has this core, 1 where a thousand have it."""
    core = pd.Series(register.names[0].core, dtype=object)
    size = core.groupby(core).transform("size").to_numpy(dtype=float)
    return np.clip(np.log10(np.maximum(size, 1.0)) / 3.0, 0.0, 1.0)


def _addresses(register: Facts, site: Facts, pairs: Candidates) -> dict[str, np.ndarray]:
    agree, differ = {}, {}
    for part in ("road", "number", "sub", "floor", "unit"):
        columns = [getattr(register.address, part), getattr(site.address, part)]
        left, right = name_ids(columns)
        a, b = left[pairs.register], right[pairs.site]
        agree[part] = (a == b) & (a >= 0)
        differ[part] = (a != b) & (a >= 0) & (b >= 0)
    corner = (register.address.number == CROSSING)[pairs.register]
    corner |= (site.address.number == CROSSING)[pairs.site]
    differ["number"] &= ~corner
    missing = (
        _missing(register.address.key)[pairs.register] | _missing(site.address.key)[pairs.site]
    )
    alike = _overlap(register.address.key, site.address.key, pairs).cosine
    road = agree["road"]
    road_differs = differ["road"]
    alike_road = _overlap(
        register.address.road, site.address.road, pairs.take(road_differs), single=True
    )
    road_differs[road_differs] = alike_road.within < 0.5
    house = road & agree["number"]
    written = [_written(f.address.sub, f.address.floor, f.address.unit) for f in (register, site)]
    unit_differs = house & (differ["sub"] | (differ["unit"] & ~agree["sub"]) | differ["floor"])
    door = (
        house
        & ~unit_differs
        & (agree["sub"] | agree["unit"] | (~written[0][pairs.register] & ~written[1][pairs.site]))
    )
    flags = {
        "house_equal": house, "road_equal": road & ~house, "number_differs": ~road_differs & differ["number"],
        "road_differs": road_differs, "door_equal": door, "unit_differs": unit_differs,
        "address_missing": missing,
    }  # fmt: skip
    return {name: flag.astype(float) for name, flag in flags.items()} | {"address_alike": alike}


def _written(*columns: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.any([~_missing(column) for column in columns], axis=0)
    return found


def _missing(texts: Texts) -> np.ndarray:
    found: np.ndarray = np.asarray(texts, dtype=object) == ""
    return found


def _places(
    register: Facts, site: Facts, pairs: Candidates, metres: np.ndarray
) -> dict[str, np.ndarray]:
    """Distance against the error of both places; townships where both are written."""
    error = np.hypot(register.u_m[pairs.register], site.u_m[pairs.site]) + _SOFT_M
    ratio = metres / error
    missing = ~np.isfinite(ratio)
    near = np.where(missing, 0.0, np.exp(-(np.where(missing, 0.0, ratio) ** 2) / 4))
    far = np.where(missing, 0.0, np.clip(np.log1p(np.where(missing, 0.0, ratio)) - 1.0, 0.0, 4.0))
    _, differs = _codes(register.township, site.township, pairs)
    return {"near": near, "far": far, "place_missing": missing.astype(float),
            "township_differs": differs}  # fmt: skip


def _codes(
    theirs: np.ndarray, ours: np.ndarray, pairs: Candidates
) -> tuple[np.ndarray, np.ndarray]:
    left, right = name_ids([theirs, ours])
    a, b = left[pairs.register], right[pairs.site]
    both = (a >= 0) & (b >= 0)
    return (both & (a == b)).astype(float), (both & (a != b)).astype(float)


Texts = list[str] | np.ndarray


@dataclass(frozen=True)
class _Overlap:
    cosine: np.ndarray
    within: np.ndarray
    """Share of the smaller side's weight that the larger has too."""


def _overlap(theirs: Texts, ours: Texts, pairs: Candidates, *, single: bool = False) -> _Overlap:
    """Rarity-weighted likeness of two texts, pair by pair."""
    codes, distinct = pd.factorize(
        np.concatenate([np.asarray(side, dtype=object) for side in (theirs, ours)])
    )
    matrix = grams(distinct.tolist(), single=single)
    times = np.repeat(np.bincount(codes, minlength=len(distinct)), np.diff(matrix.indptr))
    count = np.bincount(matrix.indices, times, minlength=matrix.shape[1])
    weight = np.log((len(codes) + _PRIOR_ROWS) / (count + 1.0)).astype(np.float32)
    matrix.data = weight[matrix.indices]
    size = _squares(matrix)
    one, other = codes[: len(theirs)][pairs.register], codes[len(theirs) :][pairs.site]
    dot = np.where(one == other, size[one], 0.0)
    differ = np.flatnonzero(one != other)
    for start in range(0, len(differ), _BLOCK):
        part = differ[start : start + _BLOCK]
        shared = matrix[one[part]].multiply(matrix[other[part]])
        dot[part] = np.asarray(shared.sum(axis=1)).ravel()
    a, b = size[one], size[other]
    with np.errstate(divide="ignore", invalid="ignore"):
        cosine, within = dot / np.sqrt(a * b), dot / np.minimum(a, b)
    return _Overlap(np.nan_to_num(cosine).clip(0, 1), np.nan_to_num(within).clip(0, 1))


_BLOCK = 200_000


def _squares(matrix: csr_array) -> np.ndarray:
    return np.asarray(matrix.multiply(matrix).sum(axis=1), dtype=float).ravel()
