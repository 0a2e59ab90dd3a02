"""Named places and estates by key, and the village and place names with their extent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from layers.geocoding.houses import reach_m
from layers.licence_keys import name_keys

ONE_PLACE_M = 100.0
"""Rows of one name this close are one place (a shop in two registers, a school and its gate)."""

_GENERIC = re.compile(
    r"(?:大楼|大厦|小区|小学|中学|幼儿园|学校|医院|超市|市场|广场|图书馆|食堂|平房|公寓|宿舍|住宅|底商|临街|沿街|办公|综合|教学|"
    r"科研|实验|科技|商业|商务|信息|行政|服务|写字|家属|居民|职工|单位|学生|门面|门市|商铺|车库|仓库|厂房|车间|村委会|政府|"
    r"[东西南北中新老旧前后大主附甲乙丙丁第一二三四五六七八九十A-Za-z号院区楼门]|\d)++"
)
_SPOT = ("key", "x", "y", "u_m", "name", "theme")
_VILLAGES = frozenset({"village", "hamlet", "isolated_dwelling", "farm"})
_VILLAGE_M = (500.0, 5000.0)
"""Least and greatest reach of a village: an address names the village it is nearest to, so it
lies in that village's cell among the place names; the fewer of them, the larger the cells."""
_ESTATE_M = (200.0, 400.0)
"""Least and greatest reach of an estate from its point: half way to the next, a few blocks."""


@dataclass(frozen=True)
class Spot:
    """A place: metres of the plane, its error, what it is called and whence."""

    x: float
    y: float
    u_m: float
    label: str


def spots_by_name(known: pd.DataFrame, counties: Iterable[str]) -> dict[str, tuple[Spot, ...]]:
    """Named rows of the layers but place names, one spot per place; county names may be left out."""
    table = known[known["key"].notna() & (known["theme"] != "place")]
    parts = [table, *(_without(table, county) for county in sorted(counties))]
    return _by_key(pd.concat(parts, ignore_index=True))


def villages_of(known: pd.DataFrame) -> dict[str, tuple[Spot, ...]]:
    """Place names by key, each with its reach."""
    table = known[known["key"].notna() & (known["theme"] == "place")].reset_index(drop=True)
    rural = table["class"].isin(_VILLAGES)
    table["u_m"] = 0.0
    table.loc[rural, "u_m"] = np.clip(_cell_m(table[rural]), *_VILLAGE_M)
    table.loc[~rural, "u_m"] = np.clip(_next_m(table[~rural]) / 2, *_ESTATE_M)
    short = table[rural & ~table["key"].str.contains("[村镇乡]$", regex=True)]
    return _by_key(pd.concat([table, short.assign(key=short["key"] + "村")], ignore_index=True))


def estates_of(known: pd.DataFrame) -> dict[str, tuple[Spot, ...]]:
    """Estates and compounds that placed rows' addresses name; they reach as far as those rows."""
    rows = known["estate"].notna() & known["road"].isna() & known["relation"].isna()
    table = known[rows & known["offset_m"].isna()]
    table = table.assign(key=name_keys(table["estate"]), name=table["estate"])
    table = table.assign(u_m=np.maximum(table["u_m"].to_numpy(float), _ESTATE_M[0]))
    return _by_key(table.dropna(subset="key"), apart_m=_ESTATE_M[1])


def within(spots: Iterable[Spot], area: BaseGeometry | None) -> list[Spot]:
    """The spots inside `area` (all where there is none)."""
    return [one for one in spots if area is None or shapely.contains_xy(area, one.x, one.y)]


def telling(key: str) -> bool:
    """Whether a name alone may place a row: long enough and more than 综合楼 or 第一小学."""
    return len(key) >= 4 and not _GENERIC.fullmatch(key)


def _by_key(table: pd.DataFrame, apart_m: float = ONE_PLACE_M) -> dict[str, tuple[Spot, ...]]:
    alone = ~table["key"].duplicated(keep=False)
    columns = (table.loc[alone, name] for name in _SPOT)
    found: dict[str, tuple[Spot, ...]] = {
        str(key): (Spot(x, y, u, f"{name} ({theme})"),)
        for key, x, y, u, name, theme in zip(*columns, strict=True)
    }
    for key, group in table[~alone].groupby("key", sort=True):
        found[str(key)] = tuple(_spots(group, apart_m))
    return found


def _spots(group: pd.DataFrame, apart_m: float) -> Iterable[Spot]:
    """One spot per heap of rows; the error covers the heap."""
    left = group.reset_index(drop=True)
    while len(left):
        places = left[["x", "y"]].to_numpy(float)
        away = np.hypot(*(places - places[0]).T)
        heap = left[away <= apart_m]
        middle = heap[["x", "y"]].to_numpy(float).mean(axis=0)
        spread = np.hypot(*(heap[["x", "y"]].to_numpy(float) - middle).T)
        first = heap.iloc[0]
        label = f"{first['name']} ({first['theme']})"
        u = float((heap["u_m"] + spread).max())
        yield Spot(float(middle[0]), float(middle[1]), u, label)
        left = left[away > apart_m].reset_index(drop=True)


def _without(table: pd.DataFrame, county: str) -> pd.DataFrame:
    """The rows named after their county once more: 云溪县人民医院 is 人民医院 and 县人民医院."""
    rows = table[table["key"].str.startswith(county) & (table["key"].str.len() > len(county) + 1)]
    short = rows["key"].str.removeprefix(county)
    return pd.concat([rows.assign(key=short), rows.assign(key=county[-1] + short)])


def _cell_m(table: pd.DataFrame) -> np.ndarray:
    """Metres from each place to the farthest corner of its cell among all (inf for a lone one)."""
    places = table[["x", "y"]].to_numpy(float)
    if len(np.unique(places, axis=0)) < 3:
        return np.full(len(places), np.inf)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(places)))
    place, cell = shapely.STRtree(cells).query(shapely.points(places), predicate="within")
    reach = np.full(len(places), np.inf)
    for p, c in zip(place.tolist(), cell.tolist(), strict=True):
        reach[p] = reach_m(shapely.get_coordinates(cells[c]), places[p])
    return reach


def _next_m(table: pd.DataFrame) -> np.ndarray:
    places = table[["x", "y"]].to_numpy(float)
    if len(places) < 2:
        return np.full(len(places), np.inf)
    return np.asarray(cKDTree(places).query(places, k=2)[0][:, 1])
