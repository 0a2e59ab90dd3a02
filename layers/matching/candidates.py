"""Which pairs are looked at: rows that share a rare fact, and rows at the same place.

Facts of the register (2-grams of names, house, door, codes) stand in one inverted index; every
row on site looks up its rarest ones. Nobody is left out for lying in another district: an
address may be wrong, and a shop may have moved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import KDTree

from layers.matching.facts import Facts
from layers.matching.names import name_ids
from layers.matching.settings import Settings
from layers.matching.text import distinct, joint_codes, ones, token_codes

_BLOCK = 20_000
_EARTH_M = 6_371_008.8
_LEAST_SHARE = 0.3
_CERTAIN = ("credit", "licence")


@dataclass(frozen=True)
class Candidates:
    """Pairs by rising site row, then register row (positions)."""

    register: np.ndarray
    site: np.ndarray

    def take(self, rows: np.ndarray) -> Candidates:
        """The chosen pairs, by number or mask."""
        return Candidates(self.register[rows], self.site[rows])


def candidates(register: Facts, site: Facts, settings: Settings) -> Candidates:
    """Pairs of rows that may be one holder."""
    parts = [_by_facts(register, site, settings), _by_place(register, site, settings)]
    parts += [_by_code(getattr(register, key), getattr(site, key)) for key in _CERTAIN]
    size = max(len(register), 1)
    key = distinct(np.concatenate([s * size + r for r, s in parts]))
    site_row, register_row = np.divmod(key, size)
    return Candidates(register_row, site_row)


def _by_facts(register: Facts, site: Facts, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """The best pairs by weight of shared rare facts, block by block of rows on site."""
    theirs, ours = _index(register), _index(site)
    count = np.bincount(theirs.indices, minlength=theirs.shape[1])
    weight = np.log((len(register) + 1.0) / np.maximum(count, 1)) + 0.1
    weight[(count == 0) | (count > max(settings.common, 0.02 * len(register) ** 0.5))] = 0.0
    ours = _rarest(ours, weight.astype(np.float32), settings.rarest)
    lookup = theirs.T.tocsr()
    found = [
        _best(ours[start : start + _BLOCK] @ lookup, start, settings.kept)
        for start in range(0, len(site), _BLOCK)
    ]
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    rows, columns = (np.concatenate(part) for part in zip(*found, strict=True))
    return columns, rows


def _index(facts: Facts) -> csr_array:
    """(n, vocabulary) ones: 2-grams of names; house, door, name, and name with road or branch
    as whole facts, since in a large town every 2-gram is common and two facts together are not.
    """
    size = len(facts)
    pieces = [*facts.core_grams, *facts.full_grams[:1]]
    rows = [np.repeat(np.arange(size), np.diff(piece.indptr)) for piece in pieces]
    codes = [piece.indices.astype(np.int64) for piece in pieces]
    core = facts.names[0].core
    road, number = facts.address.road, facts.address.number
    whole = [joint_codes(core, part) for part in (road, facts.names[0].branch)]
    house = joint_codes(road, number)
    door = joint_codes(road, number, facts.address.sub, facts.address.floor, facts.address.unit)
    for code in (door, house, token_codes(core), *whole):
        rows.append(np.flatnonzero(code >= 0))
        codes.append(code[code >= 0])
    return ones(np.concatenate(rows), np.concatenate(codes), size)


def _rarest(matrix: csr_array, weight: np.ndarray, most: int) -> csr_array:
    """Only the `most` heaviest entries of each row, with their weight."""
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    value = weight[matrix.indices]
    used = value > 0
    row, code, value = row[used], matrix.indices[used], value[used]
    keep = _first_of_rows(row, value, most)
    start = np.searchsorted(row[keep], np.arange(matrix.shape[0] + 1))
    return csr_array((value[keep], code[keep], start.astype(np.int32)), shape=matrix.shape)


def _best(product: csr_array, start: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    """The heaviest columns of each row that weigh a fair share of the heaviest."""
    counts = np.diff(product.indptr)
    row = np.repeat(np.arange(product.shape[0]), counts)
    filled = np.flatnonzero(counts)
    top = np.zeros(product.shape[0], dtype=product.dtype)
    if len(filled):
        top[filled] = np.maximum.reduceat(product.data, product.indptr[filled])
    fair = product.data >= _LEAST_SHARE * top[row]
    row, column, value = row[fair], product.indices[fair], product.data[fair]
    keep = _first_of_rows(row, value, most)
    return row[keep] + start, column[keep].astype(np.int64)


def _first_of_rows(row: np.ndarray, value: np.ndarray, most: int) -> np.ndarray:
    """Numbers of the `most` largest values of each row, rows rising."""
    order = np.lexsort((-value, row))
    ordered = row[order]
    new = np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]
    first = np.flatnonzero(new)
    rank = np.arange(len(ordered)) - np.repeat(first, np.diff(np.append(first, len(ordered))))
    return order[rank < most]


def _by_place(register: Facts, site: Facts, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """The nearest register rows of each row on site, within reach and both errors."""
    here, there = (
        np.flatnonzero(np.isfinite(f.lon) & np.isfinite(f.lat)) for f in (site, register)
    )
    if not len(here) or not len(there):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    reach = settings.reach_m + float(site.u_m[here].max()) + float(register.u_m[there].max())
    reach = min(reach, settings.reach_m * 5)
    most = min(settings.neighbours, len(there))
    metres, found = KDTree(_globe(register, there)).query(
        _globe(site, here), k=list(range(1, most + 1)), distance_upper_bound=reach
    )
    row, rank = np.nonzero(np.isfinite(metres))
    return there[found[row, rank]], here[row]


def _by_code(theirs: np.ndarray, ours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of an equal code, however many rows share it up to a fair number."""
    left, right = name_ids([theirs, ours])
    order = np.argsort(left, kind="stable")
    first = np.searchsorted(left[order], right, side="left")
    count = np.searchsorted(left[order], right, side="right") - first
    count[(right < 0) | (count > _MOST_SHARED)] = 0
    site = np.repeat(np.arange(len(ours)), count)
    offset = np.arange(len(site)) - np.repeat(np.cumsum(count) - count, count)
    return order[np.repeat(first, count) + offset], site


_MOST_SHARED = 200
"""A code that more register rows bear is no holder's own."""


def _globe(facts: Facts, rows: np.ndarray) -> np.ndarray:
    """(n, 3) metres on a sphere: good for finding neighbours, never for a distance of record."""
    lon, lat = np.radians(facts.lon[rows]), np.radians(facts.lat[rows])
    return _EARTH_M * np.column_stack(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
    )
