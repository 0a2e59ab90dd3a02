"""How many stand behind one door: rows grouped by address, counted, held against a number.

A door is road, number, number beside it, floor and unit as far as they are written, within one
township. A shop that two platforms list under one name counts once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from checks._cells import as_dicts, known, text
from checks._doors.words import ADD, NO_DOOR, STRENGTH, reasons
from checks._gaps import missing_data
from checks._records import Check, Finding, LayerRef, Undecided
from checks._refs import layer_refs
from checks._rulebook.pack import Limits
from checks._rulebook.rule import Rule
from checks._text import Text, same
from checks._words import has_word
from layers import Layer, LayerSet
from layers.licence_keys import township_keys
from layers.matching import state_on
from layers.matching.addresses import address_parts, join_keys
from layers.matching.in_force import NOT_IN_FORCE
from layers.matching.names import name_parts
from layers.matching.text import plain_texts

METHOD = "count"


@dataclass(frozen=True, slots=True)
class Doors:
    """What is counted at doors: against which declared limit, and words of an address (`courts`)
    by which it is a place where many lawfully trade.
    """

    limit: str
    courts: tuple[str, ...] = ()


def count_at_doors(
    check: Check,
    doors: Doors,
    layers: LayerSet,
    limits: Limits,
    on_date: str,
    *,
    all_subjects: bool = False,
) -> Iterator[Finding | Undecided]:
    """One finding per door with more than one shop (with `all_subjects` per door).

    The subject is the shop with the smallest id; `facts["shops"]` has all. Licences in force at
    the door are counted where `check.uses` names their register.
    """
    gaps = list(missing_data(check, layers, on_date))
    if gaps:
        yield from gaps
        return
    subjects = layers[check.needs[0]]
    rows = _rows(subjects)
    rows = rows[subjects.frame["trading"].ne(False).to_numpy(bool)]
    yield from _without_door(check, subjects, rows[rows["door"] == ""], on_date)
    rule = limits.rules.get(doors.limit)
    found = _counted(rows[rows["door"] != ""], rule, doors.courts)
    shown = found if all_subjects else found[found["verdict"] != "outside"]
    members = rows[rows["door"].isin(shown.index)].sort_values(["door", "id"])
    shops = dict(iter(members.groupby("door", sort=False)))
    licences = _licences(check, layers, on_date)
    refs = layer_refs(layers, check.themes)
    why = limits.none.get(doors.limit, same(""))
    records = cast("list[dict[str, Any]]", shown.reset_index().to_dict("records"))
    for door in records:
        here = shops[door["door"]]
        facts = _facts(door, here, licences)
        words = tuple(reasons(door, facts, rule, why))
        yield _finding(check, door, here, facts, words, rule=rule, refs=refs, on_date=on_date)


def _finding(
    check: Check, door: Mapping[str, Any], shops: pd.DataFrame, facts: dict[str, Any],
    words: tuple[Text, ...], *, rule: Rule | None, refs: tuple[LayerRef, ...], on_date: str,
) -> Finding:  # fmt: skip
    first, theme = shops.iloc[0], check.needs[0]
    return Finding(
        check=check.id, title=check.title, rule=rule.id if rule else None,
        verdict=door["verdict"], measured=float(door["count"]), limit=rule.value if rule else None,
        unit="count", comparator=rule.comparator if rule else None, method=METHOD,
        error_band=None, subject_id=str(first["id"]), subject_name=text(first["name"]),
        subject_theme=theme, object_id=None, object_name=text(first["address"]),
        object_theme=theme, on_date=on_date, reasons=words, layers=refs,
        geometry=_place(shops), facts=facts, licence_class=door["licence_class"],
        strength=STRENGTH[door["licence_class"]], in_force=rule,
    )  # fmt: skip


def _rows(subjects: Layer) -> pd.DataFrame:
    """Every subject with its door, what of it is written, and who it is by name."""
    frame = subjects.frame
    names = name_parts(plain_texts(frame["name"]))
    core = pd.Series(names.core, dtype=object)
    who = (core + "|" + pd.Series(names.branch, dtype=object)).where(
        core != "", frame["id"].to_numpy()
    )
    table = pd.DataFrame({
        "id": frame["id"].to_numpy(), "name": frame["name"].to_numpy(dtype=object),
        "address": frame["address"].to_numpy(dtype=object), "who": who.to_numpy(),
        "shape": frame.geometry.to_numpy(), "source_row": frame["source_row"].to_numpy(dtype=object),
    })  # fmt: skip
    return table.assign(**_door_columns(frame["address"], frame["admin_code"]))


def _door_columns(addresses: pd.Series, codes: pd.Series) -> dict[str, np.ndarray]:
    """`door` (`""` without a number) and whether it tells more than the number of the house.

    A row without a township joins the only one that its door has.
    """
    parts = address_parts(addresses)
    key = pd.Series(
        join_keys(parts.road, parts.number, parts.sub, parts.floor, parts.unit), dtype=object
    )
    town = pd.Series(township_keys(codes).to_numpy(), dtype=object)
    by_door = town.groupby(key)
    town = town.fillna(by_door.transform("first").where(by_door.transform("nunique") == 1)).fillna(
        ""
    )
    exact = np.array(
        [any(row) for row in zip(parts.sub, parts.floor, parts.unit, strict=True)], dtype=bool
    )
    return {"door": (key + "@" + town).where(key != "", "").to_numpy(), "exact": exact}


def _counted(rows: pd.DataFrame, rule: Rule | None, courts: Sequence[str]) -> pd.DataFrame:
    """One row per door: `count`, `rows`, `exact`, `court`, `verdict`, `licence_class`, by rising key."""
    table = rows.assign(court=has_word(rows["address"], courts))
    by_door = table.groupby("door", sort=True)
    doors = pd.DataFrame({
        "count": by_door["who"].nunique(), "rows": by_door.size(),
        "exact": by_door["exact"].any(), "court": by_door["court"].any(),
    })  # fmt: skip
    count = doors["count"].to_numpy(int)
    over = np.zeros(len(doors), dtype=bool)
    if rule is not None:
        over = count > rule.value if rule.comparator == ">" else count >= rule.value
    court, exact = doors["court"].to_numpy(bool), doors["exact"].to_numpy(bool)
    unknown = (count > 1) & (rule is None)
    doors["verdict"] = np.select(
        [court, unknown, over & exact, over], ["outside", "undecided", "inside", "borderline"],
        default="outside",
    ).astype(object)  # fmt: skip
    doors["licence_class"] = np.select(
        [court, unknown, over], ["food_court", "not_checked", "many"], default="in_order"
    ).astype(object)
    return doors


def _licences(check: Check, layers: LayerSet, on_date: str) -> pd.Series | None:
    """Licences in force by door, from the first register the check uses; `None` without one."""
    name = next((name for name in check.uses if name in layers), None)
    if name is None:
        return None
    frame = layers[name].frame
    good = ~state_on(frame, on_date).isin(NOT_IN_FORCE).to_numpy()
    door = _door_columns(frame["address"], frame["admin_code"])["door"][good]
    return pd.Series(_bare(door)).value_counts()


def _bare(doors: Sequence[str] | np.ndarray) -> list[str]:
    """Doors without the township: a register often does not tell it."""
    return [door.partition("@")[0] for door in doors]


def _facts(
    door: Mapping[str, Any], shops: pd.DataFrame, licences: pd.Series | None
) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "address": known(shops["address"].iloc[0]), "shops_at_door": door["count"],
        "listings": door["rows"], "door_exact": door["exact"],
        "shops": as_dicts(shops[["id", "name", "address", "source_row"]]),
    }  # fmt: skip
    if licences is not None:
        facts["licences_at_door"] = int(licences.get(_bare([door["door"]])[0], 0))
    return facts


def _without_door(
    check: Check, subjects: Layer, rows: pd.DataFrame, on_date: str
) -> Iterator[Undecided]:
    for row in rows[["id", "name", "address", "shape"]].itertuples(index=False):
        yield Undecided(
            check.id, "no_address", NO_DOOR, ADD, on_date, subject_id=str(row.id),
            subject_name=text(row.name), subject_theme=subjects.theme.name,
            geometry=_centre(row.shape),
            facts={"address": text(row.address)},
        )  # fmt: skip


def _place(shops: pd.DataFrame) -> BaseGeometry | None:
    """Where the first placed shop of the door is."""
    return next(filter(None, map(_centre, shops["shape"])), None)


def _centre(shape: Any) -> BaseGeometry | None:  # noqa: ANN401 - a cell
    return None if shape is None or shape.is_empty else shape.centroid
