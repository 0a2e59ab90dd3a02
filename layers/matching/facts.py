"""What is compared of every row: names, address parts, codes and place, in one form."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from scipy.sparse import csr_array

from layers.layer import Layer
from layers.licence_keys import code_keys, credit_keys, township_keys
from layers.matching.addresses import AddressParts, join_keys, plain_address_parts
from layers.matching.names import NameParts, name_parts, place_names
from layers.matching.text import grams, plain_texts

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

    @cached_property
    def core_grams(self) -> tuple[csr_array, ...]:
        """2-grams of the core of every name column."""
        return tuple(grams(names.core) for names in self.names)

    @cached_property
    def full_grams(self) -> tuple[csr_array, ...]:
        """2-grams of the whole of every name column."""
        return tuple(grams(names.full) for names in self.names)

    @cached_property
    def prints(self) -> np.ndarray:
        """(n,) what a person saw when deciding, as one text: names, address, codes."""
        whole = [names.full for names in self.names] + [names.branch for names in self.names]
        rows = zip(*whole, self.address.key, self.credit, self.licence, strict=True)
        return np.array(list(map("\x1f".join, rows)), dtype=object)


def facts_of(register: Layer, site: Layer) -> tuple[Facts, Facts]:
    """Facts of both sides; place names to drop in front of names are learnt from all addresses."""
    frames = [register.frame, site.frame]
    texts = [plain_texts(frame["address"]) for frame in frames]
    places = tuple(dict.fromkeys([*place_names(texts[0]), *place_names(texts[1])]))
    return _facts(frames[0], texts[0], places), _facts(frames[1], texts[1], places)


def pair_fingerprints(one: np.ndarray, other: np.ndarray) -> list[str]:
    """A short hash of two rows' facts, for the pairs of two arrays of `Facts.prints`."""
    return [
        hashlib.sha256(f"{a}\x1e{b}".encode()).hexdigest()[:16]
        for a, b in zip(one, other, strict=True)
    ]


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
        address=plain_address_parts(addresses),
        credit=_credit_codes(_column(frame, "credit_code")),
        licence=_licence_numbers(_column(frame, "licence_no")),
        township=_townships(_column(frame, "admin_code")),
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


def _licence_numbers(column: pd.Series) -> np.ndarray:
    """Licence numbers, `""` where missing or where signs are hidden (51**3153): many rows share
    what is left. Numbers written well (capitals and digits) need no treatment.
    """
    given = pa.array(_texts(column), pa.string())
    plain = pc.and_(pc.ascii_is_alnum(given), pc.equal(pc.ascii_upper(given), given))
    well = pc.and_(plain, pc.match_substring_regex(given, "[0-9]")).to_numpy(zero_copy_only=False)
    found = np.where(well, given.to_numpy(zero_copy_only=False), "")
    rest = np.flatnonzero(~well & column.notna().to_numpy())
    codes = _codes(code_keys(column.iloc[rest]))
    found[rest] = np.array(["" if "*" in code else code for code in codes], dtype=object)
    return found


def _townships(column: pd.Series) -> np.ndarray:
    """Nine digits down to the township, `""` where missing; each different code is read once."""
    codes, distinct = pd.factorize(column.to_numpy(dtype=object))
    read = _codes(township_keys(pd.Series(distinct, dtype=object)))
    return np.append(read, np.array([""], dtype=object))[codes]


def _texts(column: pd.Series) -> np.ndarray:
    return column.where(column.notna(), "").astype(str).to_numpy(dtype=object)


def _credit_codes(column: pd.Series) -> np.ndarray:
    """Valid credit codes, `""` where there is none; those written well are checked at once."""
    text = _texts(column)
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
