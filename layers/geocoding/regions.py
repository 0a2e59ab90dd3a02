"""Counties and townships: where an address may lie at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from layers.addresses import Address
from layers.geocoding.plane import Plane
from layers.layer import Layer
from layers.licence_keys import name_keys, township_keys

RIM_M = 100.0
"""A street or place this close outside a township's outline still counts as its own."""

_OFFICE = re.compile(r"(?:街道办事处|地区办事处|街道办|人民政府|街道)$")
_ZONE = re.compile(r"(?:开发|高新|工业|示范|经济|保税|产业|新)区$")
_CODE = re.compile(r"^(\d{6})")


@dataclass(frozen=True, eq=False)
class Township:
    """A township with its outline in metres of the plane; `radius_m` reaches its farthest corner."""

    name: str
    code: str | None
    outline: BaseGeometry
    middle: tuple[float, float]
    radius_m: float
    area: BaseGeometry
    """The outline with its rim, prepared for questions."""


@dataclass(frozen=True)
class Region:
    """Where an address lies as far as it says: a township, or anywhere; or why nowhere."""

    township: Township | None = None
    problem: str | None = None
    candidates: str | None = None

    @property
    def area(self) -> BaseGeometry | None:
        """The township's outline with its rim."""
        return None if self.township is None else self.township.area


@dataclass(frozen=True)
class Regions:
    """What the layers say of counties (names, six-digit codes) and townships."""

    townships: tuple[Township, ...]
    counties: frozenset[str]
    codes: frozenset[str]

    def find(self, said: Address, code: str | None) -> Region:
        """The region of an address with the administrative code of its row."""
        problem = self._county(said, code)
        if problem is not None:
            return problem
        named = self._named(said.township)
        coded = self._coded(code)
        if isinstance(named, Region) or isinstance(coded, Region):
            return named if isinstance(named, Region) else coded  # type: ignore[return-value]
        if named is not None and coded is not None and named is not coded:
            return Region(None, "township_contradiction", f"{named.name} / {coded.name}")
        return Region(named or coded)

    def _county(self, said: Address, code: str | None) -> Region | None:
        county = said.county or _county_of_city(said)
        if county is not None and not _ZONE.search(county):
            if not self.counties:
                return Region(None, "county_unknown", county)
            if not any(_same_county(county, known) for known in self.counties):
                return Region(None, "other_county", county)
        digits = _CODE.match(code or "")
        if digits and self.codes and not _code_agrees(digits[1], self.codes):
            return Region(None, "other_county", digits[1])
        return None

    def _named(self, name: str | None) -> Township | Region | None:
        if name is None or not self.townships:
            return None
        stem = _OFFICE.sub("", name)
        exact = [one for one in self.townships if _OFFICE.sub("", one.name) == stem]
        if not exact:  # a 乡 may have become a 镇 or a 街道 since
            stem = _stem(stem)
            exact = [one for one in self.townships if _stem(_OFFICE.sub("", one.name)) == stem]
        if len(exact) == 1:
            return exact[0]
        return Region(None, "township_unknown", name)

    def _coded(self, code: str | None) -> Township | Region | None:
        digits = township_keys(pd.Series([code], dtype=object))[0] if code else None
        known = {one.code: one for one in self.townships if one.code}
        if digits is None or not known or digits.endswith("000"):
            return None
        return known.get(digits) or Region(None, "township_unknown", digits)


def regions_of(
    layers: Mapping[str, Layer], plane: Plane, known: pd.DataFrame, counties: Iterable[str]
) -> Regions:
    """Townships of the layer `township`; counties as told, else as placed rows' addresses say."""
    told = frozenset(counties)
    seen = frozenset(str(name) for name in known["county"].dropna() if not _ZONE.search(name))
    townships = tuple(_townships(layers, plane))
    codes = {one.code[:6] for one in townships if one.code}
    return Regions(townships, told or seen, frozenset(codes))


def _townships(layers: Mapping[str, Layer], plane: Plane) -> list[Township]:
    if "township" not in layers:
        return []
    frame = layers["township"].placed
    shapes = plane.shapes(np.asarray(frame.geometry.array))
    codes = township_keys(frame["admin_code"])
    names = name_keys(frame["name"])
    found = []
    for name, code, shape in zip(names, codes, shapes, strict=True):
        middle = shapely.point_on_surface(shape) if name is not None else None
        if middle is None:
            continue
        centre = shape.centroid if shapely.contains(shape, shape.centroid) else middle
        corners = shapely.get_coordinates(shape) - [centre.x, centre.y]
        radius = float(np.hypot(corners[:, 0], corners[:, 1]).max())
        area = shape.buffer(RIM_M)
        shapely.prepare(area)
        found.append(Township(name, code, shape, (centre.x, centre.y), radius, area))
    return found


def _county_of_city(said: Address) -> str | None:
    """A county-level city may stand where a city stands: 青澜市 … without a county after it."""
    return None if said.province and said.city else said.city


def _same_county(one: str, other: str) -> bool:
    return one == other or one.removesuffix("自治县") == other.removesuffix("自治县")


def _code_agrees(code: str, known: frozenset[str]) -> bool:
    """Codes of a whole city or province (…00) agree with every county in it."""
    stem = code.rstrip("0") if code.endswith("00") else code
    return any(one.startswith(stem) for one in known)


def _stem(name: str) -> str:
    return re.sub(r"(?:民族)?[镇乡]$", "", name)
