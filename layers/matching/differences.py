"""What follows from the links: one row per difference of register and reality, as a layer.

The classes are `layers.themes.DIFFERENCE_CLASSES`. A row says what was found, never what it
means in law: a register row not seen on site may be a shop indoors, an old address, a pin missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from layers.layer import WGS84, Layer, make_layer
from layers.matching.facts import Facts, facts_of
from layers.matching.in_force import NOT_IN_FORCE, state_on
from layers.matching.matches import Matches, best_links
from layers.matching.reasons import reason_text
from layers.matching.settings import DEFAULT, Settings
from layers.themes import DIFFERENCE_CLASSES

THEME = "register_difference"
_WHICH = {
    "name_differs": ("name", "名称", "name"), "branch_differs": ("name", "名称", "name"),
    "number_differs": ("address", "地址", "address"), "road_differs": ("address", "地址", "address"),
    "unit_differs": ("address", "地址", "address"),
    "credit_differs": ("credit_code", "统一社会信用代码", "credit code"),
    "licence_differs": ("licence_no", "许可证号", "licence number"),
}  # fmt: skip
"""Reason of a link → the attribute that differs, in Chinese, in English."""
_PLACE = ("position", "坐标（地址相同）", "position (the same address)")
_COLUMNS = ("difference_class", "register_id", "site_id", "which", "score", "metres", "count", "text_zh", "text_en")  # fmt: skip


def differences(
    register: Layer,
    site: Layer,
    matches: Matches,
    on_date: str | None,
    settings: Settings = DEFAULT,
) -> Layer:
    """Differences as a layer of theme `register_difference`, in a fixed order.

    Parameters
    ----------
    register, site : the layers that were matched.
    matches : the result of `match` on them.
    on_date : ISO date on which a licence must be in force; without it nothing is said of terms
        and every register row is expected on site.

    Returns
    -------
    Layer whose `register_id` and `site_id` name the rows (`;`-joined for several at one address),
    placed where the row on site is, or else the register row.
    """
    state = state_on(register.frame, on_date)
    parts = [
        *_alone(register, site, matches, state),
        _probable(matches),
        *_of_pairs(register, site, matches, settings),
        _not_in_force(register, site, matches, state),
        *_several(register, site, state, settings),
    ]
    table = pd.concat([part.reindex(columns=list(_COLUMNS)) for part in parts], ignore_index=True)
    order = table["difference_class"].map(list(DIFFERENCE_CLASSES).index)
    table = table.assign(_order=order).sort_values(["_order", "site_id", "register_id"],
                                                   na_position="last", ignore_index=True)  # fmt: skip
    return _as_layer(table.drop(columns="_order"), register, site)


def _alone(
    register: Layer, site: Layer, matches: Matches, state: pd.Series
) -> Iterator[pd.DataFrame]:
    """Rows of one side with nothing like them on the other; ended licences are not expected."""
    expected = register.frame["id"][~state.isin(NOT_IN_FORCE).to_numpy()]
    lost = [row for row in matches.register_ids if row in set(expected)]
    names = [dict(zip(layer.frame["id"], layer.frame["name"], strict=True)) for layer in (register, site)]  # fmt: skip
    yield _rows(
        "only_in_register", register_id=lost,
        text_zh=[f"登记中有“{_said(names[0][row])}”，现场未见" for row in lost],
        text_en=[f"registered as “{_said(names[0][row])}”, not seen on site" for row in lost],
    )  # fmt: skip
    found = list(matches.site_ids)
    yield _rows(
        "only_on_site", site_id=found,
        text_zh=[f"现场有“{_said(names[1][row])}”，登记中未见" for row in found],
        text_en=[f"on site as “{_said(names[1][row])}”, not in the register" for row in found],
    )  # fmt: skip


def _probable(matches: Matches) -> pd.DataFrame:
    links = matches.zone("ask")
    return _rows(
        "probable_match", **_pair(links),
        text_zh=[f"可能为同一户，需人工确认：{reason_text(codes)}" for codes in links["reasons"]],
        text_en=[f"probably one holder, a person decides: {reason_text(codes, 'en')}" for codes in links["reasons"]],
    )  # fmt: skip


def _of_pairs(
    register: Layer, site: Layer, matches: Matches, settings: Settings
) -> Iterator[pd.DataFrame]:
    """Moved holders, and attributes that differ between a row on site and its best register row."""
    best = best_links(matches).reset_index()
    error = np.hypot(_error(register, best["register_id"]), _error(site, best["site_id"]))
    metres = best["metres"].to_numpy(dtype=float)
    away = metres - error > settings.moved_m
    elsewhere = _says(best, "road_differs")
    one_door = _says(best, "house_equal", "door_equal")  # then a pin is wrong, nobody moved
    moved = (away & ~one_door) | (np.isnan(metres) & elsewhere)
    links = best[moved]
    told = [f"（相距约{m:.0f}米）" if pd.notna(m) else "" for m in links["metres"]]
    said = [f" (about {m:.0f} m apart)" if pd.notna(m) else "" for m in links["metres"]]
    yield _rows(
        "moved", **_pair(links),
        text_zh=[f"同一户，现场位置与登记住所不一致{t}" for t in told],
        text_en=[f"one holder, on site elsewhere than registered{t}" for t in said],
    )  # fmt: skip
    which = [
        [*_which(codes, bool(gone)), *([_PLACE] if pin else [])]
        for codes, gone, pin in zip(best["reasons"], moved, away & one_door, strict=True)
    ]
    differ = np.array([bool(names) for names in which], dtype=bool)
    names = [entries for entries in which if entries]
    yield _rows(
        "attributes_differ", **_pair(best[differ]),
        which=[";".join(entry[0] for entry in entries) for entries in names],
        text_zh=["同一户，" + "、".join(entry[1] for entry in entries) + "不一致" for entries in names],
        text_en=["one holder, other " + ", ".join(entry[2] for entry in entries) for entries in names],
    )  # fmt: skip


def _says(links: pd.DataFrame, *codes: str) -> np.ndarray:
    """Links that give one of these reasons."""
    found: np.ndarray = (
        links["reasons"].map(lambda told: not set(codes).isdisjoint(told)).to_numpy(dtype=bool)
    )
    return found


def _which(codes: tuple[str, ...], moved: bool) -> list[tuple[str, str, str]]:
    found = {_WHICH[code] for code in codes if code in _WHICH}
    return sorted(entry for entry in found if not (moved and entry[0] == "address"))


def _not_in_force(register: Layer, site: Layer, matches: Matches, state: pd.Series) -> pd.DataFrame:
    """Shops on site all of whose register rows have ended; a probable row in force excuses them."""
    states = pd.Series(state.to_numpy(), index=register.frame["id"].to_numpy())
    links = matches.zone("same", "ask")
    ended = links["register_id"].map(states).isin(NOT_IN_FORCE)
    excused = set(links["site_id"][~ended])
    closed = set(site.frame["id"][site.frame["trading"].eq(False)]) if "trading" in site.frame else set()  # fmt: skip
    best = best_links(matches).reset_index()
    best = best[~best["site_id"].isin(excused | closed)]
    found = best["register_id"].map(states)
    return _rows(
        "licence_not_in_force", **_pair(best),
        which=found.tolist(),
        text_zh=[f"现场在营，登记或许可{NOT_IN_FORCE[s][0]}" for s in found],
        text_en=[f"trading on site, registration or licence {NOT_IN_FORCE[s][1]}" for s in found],
    )  # fmt: skip


def _several(
    register: Layer, site: Layer, state: pd.Series, settings: Settings
) -> Iterator[pd.DataFrame]:
    """Doors behind which several different names are registered, or stand on site."""
    theirs, ours = facts_of(register, site)
    valid = ~state.isin(NOT_IN_FORCE).to_numpy()
    doors = [_doors(theirs, valid), _doors(ours, np.ones(len(ours), dtype=bool))]
    counts = pd.concat([d.groupby("door")["core"].nunique() for d in doors], axis=1).fillna(0)
    many = counts.max(axis=1)
    many = many[many >= settings.several].sort_index()
    ids = [_joined(d) for d in doors]
    said = many.astype(int).tolist()
    yield _rows(
        "several_at_one_address",
        register_id=[ids[0].get(door) for door in many.index],
        site_id=[ids[1].get(door) for door in many.index],
        count=said,
        text_zh=[f"同一地址有{n}个不同名称的经营者" for n in said],
        text_en=[f"{n} differently named traders at one address" for n in said],
    )


def _doors(facts: Facts, kept: np.ndarray) -> pd.DataFrame:
    doors = [
        f"{door}|{code}" if door else ""
        for door, code in zip(facts.door, facts.township, strict=True)
    ]
    table = pd.DataFrame(
        {"door": doors, "core": facts.names[0].core, "id": facts.ids}, dtype=object
    )
    return table[kept & (table["door"] != "") & (table["core"] != "")]


def _joined(doors: pd.DataFrame) -> dict[str, str]:
    ordered = doors.sort_values(["door", "id"])
    several = ordered[ordered["door"].duplicated(keep=False)]
    alone = ordered[~ordered["door"].duplicated(keep=False)]
    found = dict(zip(alone["door"], alone["id"], strict=True))
    return found | several.groupby("door")["id"].agg(";".join).to_dict()


def _pair(links: pd.DataFrame) -> dict[str, list[object]]:
    return {name: links[name].tolist() for name in ("register_id", "site_id", "score", "metres")}


def _rows(
    kind: str, **columns: list[object] | list[str] | list[str | None] | list[int]
) -> pd.DataFrame:
    size = len(columns["text_zh"])
    return pd.DataFrame({"difference_class": [kind] * size, **columns}, dtype=object)


def _said(name: object) -> str:
    return name if isinstance(name, str) and name else "（无名称）"


def _error(layer: Layer, ids: pd.Series) -> np.ndarray:
    error = pd.to_numeric(layer.frame["u_source_m"], errors="coerce").fillna(0.0)
    found: np.ndarray = ids.map(dict(zip(layer.frame["id"], error, strict=True))).to_numpy(float)
    return found


def _as_layer(table: pd.DataFrame, register: Layer, site: Layer) -> Layer:
    """Rows placed on site, or else where the register has them; with the name of that row."""
    columns = ["id", "name", "address", "admin_code", "u_source_m", "geometry"]
    taken = []
    for layer, key in ((site, "site_id"), (register, "register_id")):
        rows = pd.DataFrame(layer.frame[columns]).drop_duplicates("id").set_index("id")
        first = table[key].map(lambda ids: ids.split(";")[0] if isinstance(ids, str) else None)
        taken.append(rows.reindex(first).reset_index(drop=True))
    shape = taken[0]["geometry"].where(taken[0]["geometry"].notna(), taken[1]["geometry"])
    frame = table.assign(**{name: taken[0][name].where(taken[0][name].notna(), taken[1][name])
                            for name in columns[1:-1]})  # fmt: skip
    ids = frame[["difference_class", "register_id", "site_id"]].fillna("").astype(str)
    frame.insert(0, "id", ids.agg(":".join, axis=1) if len(ids) else pd.Series(dtype=object))
    placed = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shape.tolist(), crs=WGS84), crs=WGS84)
    said = f"register laid beside what is on site: {len(frame)} differences"
    sources = [replace(entry, transform=f"{entry.transform}; {said}")
               for layer in (register, site) for entry in layer.provenance]  # fmt: skip
    return make_layer(THEME, placed, *sources)
