"""Addresses as they are compared: road or village, number, number beside it (附号), floor, unit.

Taken apart by `layers.addresses`, the one reader of addresses, and brought to one form here:
人民大道26号附1号二楼 and 人民路26-1号2F are one place; 26号 and 28号 are not. A part that is
not written is missing, never different; a landmark tells no road. A crossing is a place of its own:
it equals the same crossing, and neither is nor contradicts a number on one of its streets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.address_reading import Said
from layers.addresses import parts_said, whole_number
from layers.digit_patterns import by_pattern
from layers.matching.text import SEPARATOR, plain_texts

_BIG = re.compile(r"(?<=[\u4e00-\u9fff])大(?=[道街])")
_ROAD_WORD = re.compile(r"(?<=[\u4e00-\u9fff])道$")
_BUILDING_WORD = re.compile(r"(?:号?楼|栋|幢|座)$")
_UNDER = re.compile(r"^(?:地下|负|-|B)")
_FLOOR_WORD = re.compile(r"[层楼F室]$")
_ROOM_WORD = re.compile(r"(?:室|房间?|号房?|号?商?铺)$")
_SPELT = re.compile("[零一二三四五六七八九两十百]+")
_REGULAR = re.compile(
    r"(\D{1,60}[路街巷道弄村])(\d{1,5}(?:-\d{1,4})?号(?:附\d{1,4}号?)?(?:\d{1,2}[层楼F])?)"
)
CROSSING = "×"
"""Between two streets that cross, and in place of a number: a crossing is as good as one."""
_STREET, _HOUSE = "甲路", "0号"
_BEHIND = ("landmark", "bearing", "offset_m", "rest")


@dataclass(frozen=True)
class AddressParts:
    """Parts by row, `""` where missing. `key` is the whole address without places before it."""

    key: np.ndarray
    road: np.ndarray
    number: np.ndarray
    sub: np.ndarray
    floor: np.ndarray
    unit: np.ndarray


def address_parts(addresses: Sequence[str] | pd.Series) -> AddressParts:
    """Addresses (any way of writing) taken apart.

    >>> parts = address_parts(pd.Series(["云溪县人民大道二十六号附1号3楼", "人民路26-1号"]))
    >>> parts.road.tolist(), parts.number.tolist(), parts.sub.tolist(), parts.floor.tolist()
    (['人民路', '人民路'], ['26', '26'], ['1', '1'], ['3', ''])
    """
    return plain_address_parts(plain_texts(addresses))


def plain_address_parts(texts: list[str]) -> AddressParts:
    """The same of addresses in the form of `plain_texts`."""
    capital = SEPARATOR.join(texts).upper().split(SEPARATOR) if texts else []
    split = list(map(_REGULAR.fullmatch, capital))
    regular = np.array([hit is not None for hit in split], dtype=bool)
    columns = [np.full(len(texts), "", dtype=object) for _ in range(6)]
    heads, tails = (_distinct([hit[n] for hit in split if hit]) for n in (1, 2))
    fits, whole = _of_streets(heads, tails)
    rows = np.flatnonzero(regular)
    rest = np.concatenate([rows[~fits], np.flatnonzero(~regular)])
    others = by_pattern([capital[row] for row in rest], _compared, 6)
    for column, told, other in zip(columns, whole, others, strict=True):
        column[rows], column[rest] = told, other
    _, road, number, *_ = columns
    for row in np.flatnonzero(number == CROSSING):  # whichever street is named first
        road[row] = CROSSING.join(sorted(road[row].split(CROSSING)))
    return AddressParts(*columns)


def _of_streets(
    heads: tuple[np.ndarray, np.ndarray], tails: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Addresses in the regular form: each street is read once, and each number with its floor.

    A street ends where the digits begin, so the two do not change each other's reading; streets
    that do not take the number as theirs are left to be read whole (`False`).
    """
    front = _rows([_compared(head + _HOUSE) for head in heads[1]])
    behind = _rows([_compared(_STREET + tail) for tail in tails[1]])
    fits = front[:, 2] == _HOUSE[0]
    fits &= np.array([key.endswith(_HOUSE) for key in front[:, 0]], dtype=bool)
    keys = np.array([key.removesuffix(_HOUSE) for key in front[:, 0]], dtype=object)
    ends = np.array([key.removeprefix(_STREET) for key in behind[:, 0]], dtype=object)
    street, house = heads[0], tails[0]
    told = [keys[street] + ends[house], front[street, 1], *behind[house, 2:].T]
    return fits[street], told


def _distinct(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    codes, values = pd.factorize(np.array(texts, dtype=object))
    return codes, values


def _rows(read: list[tuple[str, ...]]) -> np.ndarray:
    table = np.empty((len(read), 6), dtype=object)
    for n, row in enumerate(read):
        table[n] = row
    return table


def _compared(text: str) -> tuple[str, str, str, str, str, str]:
    """Key, road, number, sub, floor and unit of one address in capitals."""
    said = parts_said(text)
    if "crossing" in said:
        road = CROSSING.join(map(_street, (said.get("road"), said["crossing"])))
        behind = filter(None, map(said.get, ("estate", *_BEHIND)))
        return f"{road}{''.join(behind).lower()}", road, CROSSING, "", "", ""
    number = (said.get("prefix") or "").lower() + _arabic(said.get("number"))
    building = _arabic(_BUILDING_WORD.sub("", said.get("building") or "")).lower()
    if not number:  # 太月园4号楼: an estate numbers its houses so
        number, building = building, ""
    road = _road(said, number)
    sub, floor = _arabic(said.get("annex")), _floor(said.get("floor") or "")
    room = _ROOM_WORD.sub("", said.get("room") or "").lower()
    unit = f"{building}/{room}" if building and room else room
    estate = said.get("estate")
    key = (road, said.get("crossing"), number and f"{number}号", sub and f"附{sub}", estate if estate != road else "",
           building and f"{building}栋", said.get("unit"), floor and f"{floor}层", room, *map(said.get, _BEHIND))  # fmt: skip
    return "".join(filter(None, key)).lower(), road, number, sub, floor, unit


def _road(said: Said, number: str) -> str:
    """The street with its section, or the village, estate or small town that numbers its houses."""
    name = said.get("road")
    if name is None:
        if village := said.get("village"):
            return village + (said.get("group") or "")
        return (said.get("estate") or said.get("township") or "").lower() if number else ""
    if not number:  # 上庄路商业街: what lies on which is told by nothing else
        name = (said.get("off_road") or "") + name
    section = said.get("section") or ""
    if section:
        section = _SPELT.sub(lambda hit: str(whole_number(hit[0])), section)
    return _street(name) + section


def _street(name: str | None) -> str:
    """大道 and 大街 as 路 and 街, no blanks."""
    return _ROAD_WORD.sub("路", _BIG.sub("", name or "")).replace(" ", "").lower()


def _floor(text: str) -> str:
    """二楼, 2层 and 2F are 2; 负一楼, 地下1层 and B1层 are -1."""
    if not text:
        return ""
    level = _arabic(_FLOOR_WORD.sub("", _UNDER.sub("", text)))
    return ("-" if _UNDER.match(text) else "") + (level or "1").replace("底", "1")


def _arabic(text: str | None) -> str:
    """Chinese numerals as digits; digits and all else as they are."""
    if not text:
        return ""
    number = whole_number(text) if _SPELT.fullmatch(text) else None
    return text if number is None else str(number)


def join_keys(*parts: Sequence[str] | np.ndarray) -> list[str]:
    """Parts drawn together to one key, `""` where the first or second is missing."""
    return ["|".join(row) if row[0] and row[1] else "" for row in zip(*parts, strict=True)]
