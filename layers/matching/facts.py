"""What is compared of every row: names, address parts, codes and place, in one form."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.layer import Layer
from layers.licence_keys import code_keys, credit_keys, township_keys
from layers.matching.addresses import AddressParts, address_parts, join_keys
from layers.matching.names import NameParts, name_parts, place_names
from layers.matching.text import plain_texts

UNKNOWN_U_M = 30.0
"""Position error taken for a row that does not say its own: that of a POI pin, metres."""


@dataclass(frozen=True)
class Facts:
    """The compared facts of n rows, in the order of the layer.

    `names` has one entry per name column (what is on the sign, what is registered); texts are
    `""` where missing. `lon`, `lat` are NaN without a place; `u_m` is the error of the place.
    """

    ids: np.ndarray
    names: tuple[NameParts, ...]
    address: AddressParts
    credit: np.ndarray
    licence: np.ndarray
    township: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    u_m: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def door(self) -> list[str]:
        """Road, number, number beside it, floor and unit as one key; `""` without a number."""
        parts = self.address
        return join_keys(parts.road, parts.number, parts.sub, parts.floor, parts.unit)

    @cached_property
    def house(self) -> list[str]:
        """Road and number as one key; `""` where one of them is missing."""
        return join_keys(self.address.road, self.address.number)

    def fingerprints(self) -> np.ndarray:
        """(n,) a short hash of what a person saw when deciding: names, address, codes."""
        whole = [names.full for names in self.names] + [names.branch for names in self.names]
        rows = zip(*whole, self.address.key, self.credit, self.licence, strict=True)
        return np.array(["\x1f".join(row).encode() for row in map(_words, rows)], dtype=object)


def facts_of(register: Layer, site: Layer) -> tuple[Facts, Facts]:
    """Facts of both sides; place names to drop in front of names are learnt from all addresses."""
    frames = [register.frame, site.frame]
    texts = [plain_texts(frame["address"]) for frame in frames]
    places = tuple(dict.fromkeys([*place_names(texts[0]), *place_names(texts[1])]))
    return _facts(frames[0], texts[0], places), _facts(frames[1], texts[1], places)


def pair_fingerprints(one: np.ndarray, other: np.ndarray) -> list[str]:
    """A short hash of two rows' facts, for the pairs of two arrays of `Facts.fingerprints`."""
    return [
        hashlib.sha256(a + b"\x1e" + b).hexdigest()[:16] for a, b in zip(one, other, strict=True)
    ]


def _words(row: tuple[object, ...]) -> list[str]:
    return [str(word) for word in row]


def _facts(frame: gpd.GeoDataFrame, addresses: list[str], places: tuple[str, ...]) -> Facts:
    shapes = frame.geometry.to_numpy()
    centre = shapes.copy()
    centre[shapely.is_empty(shapes)] = None
    wide = np.flatnonzero(shapely.get_type_id(centre) > 0)
    centre[wide] = shapely.centroid(centre[wide])
    error = pd.to_numeric(frame["u_source_m"], errors="coerce").to_numpy(dtype=float)
    return Facts(
        ids=frame["id"].to_numpy(dtype=object),
        names=_names(frame, places),
        address=address_parts(pd.Series(addresses, dtype=object)),
        credit=_credit_codes(_column(frame, "credit_code")),
        licence=_unmasked(_codes(code_keys(_column(frame, "licence_no")))),
        township=_codes(township_keys(_column(frame, "admin_code"))),
        lon=shapely.get_x(centre),
        lat=shapely.get_y(centre),
        u_m=np.where(np.isfinite(error), error, UNKNOWN_U_M),
    )


def _names(frame: gpd.GeoDataFrame, places: tuple[str, ...]) -> tuple[NameParts, ...]:
    columns = [frame["name"]]
    if "registered_name" in frame and frame["registered_name"].notna().any():
        columns.append(frame["registered_name"])
    return tuple(name_parts(plain_texts(column), places) for column in columns)


def _column(frame: gpd.GeoDataFrame, name: str) -> pd.Series:
    if name in frame:
        return frame[name]
    return pd.Series(None, index=frame.index, dtype=object)


def _unmasked(codes: np.ndarray) -> np.ndarray:
    """Codes without those that have signs hidden (51**3153): many rows share what is left."""
    return np.array(["" if "*" in code else code for code in codes], dtype=object)


def _credit_codes(column: pd.Series) -> np.ndarray:
    """Valid credit codes, `""` where there is none; those written well are checked at once."""
    text = column.where(column.notna(), "").astype(str).to_numpy(dtype=object)
    long = np.array([len(code) == _CREDIT_LENGTH and code.isascii() for code in text], dtype=bool)
    signs = np.frombuffer("".join(text[long]).encode("ascii"), dtype=np.uint8)
    values = _SIGN_VALUE[signs.reshape(-1, _CREDIT_LENGTH)]
    agrees = (values >= 0).all(axis=1) & ((values @ _CREDIT_WEIGHTS) % len(_CREDIT_SIGNS) == 0)
    well = np.zeros(len(text), dtype=bool)
    well[np.flatnonzero(long)[agrees]] = True
    found = np.where(well, text, "")
    rest = np.flatnonzero(~well & (text != ""))
    found[rest] = _codes(credit_keys(pd.Series(text[rest], dtype=object)))
    return found


_CREDIT_LENGTH = 18
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = np.array([3**n % 31 for n in range(17)] + [1])
_SIGN_VALUE = np.full(256, -1, dtype=np.int64)
_SIGN_VALUE[[ord(sign) for sign in _CREDIT_SIGNS]] = np.arange(len(_CREDIT_SIGNS))


def _codes(column: pd.Series) -> np.ndarray:
    return column.where(column.notna(), "").to_numpy(dtype=object)
