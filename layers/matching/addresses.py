"""Addresses taken apart: road or village, number, number beside it (附号), floor, unit.

人民大道26号附1号二楼 and 人民路26-1号2F are one place; 26号 and 28号 are not. A part that is
not written is missing, never different.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from layers.licence_keys import address_keys
from layers.matching.text import SEPARATOR, plain_texts, substitute

_DIGITS = dict(zip("零一二三四五六七八九两", (*range(10), 2), strict=True))
_SPELT = re.compile(r"([零一二三四五六七八九两十百]{1,5})(?=号|层|楼|栋|幢|座|单元|室|组|f|\d*铺)")
_BASEMENT = re.compile(r"(?:地下|负|b)(?=\d{1,2}(?:层|楼|f))|地下(?=室|层)")
_FU = re.compile(r"号?[附之](?=\d)")
_BIG_ROAD = re.compile(r"大(?=[道街])(?<=[\u4e00-\u9fff]大)")
_ROAD_WORD = re.compile(r"道(?=[\d甲乙丙丁a-z\ue000]|$)(?<=[\u4e00-\u9fff]道)")
_LATIN_WORD = re.compile("[a-z]{3}")
_WORDS_LATIN = re.compile(r"(?:street|avenue|road|boulevard|drive|place|lane|square)")
_SHORT = {"street": "st", "avenue": "ave", "road": "rd", "boulevard": "blvd", "drive": "dr",
          "place": "pl", "lane": "ln", "square": "sq"}  # fmt: skip
_COMPASS = {"north": "n", "south": "s", "east": "e", "west": "w"}
_COMPASS_LATIN = re.compile(
    r"(?:north(?<=\dnorth)|south(?<=\dsouth)|east(?<=\deast)|west(?<=\dwest))(?=[a-z\d])"
)
_PARTS = re.compile(
    r"^(?P<road>[^\d#a-z甲乙丙丁]{2,20}?(?:[东南西北][一二三四五六七八九]?[路街巷])?)?"
    r"[第临]?(?P<number>[甲乙丙丁a-z]?\d{1,5}(?:甲|乙|丙|丁)?)(?:-(?P<sub>\d{1,4}))?(?:号院?)?"
    r"(?:附?-?(?P<after>\d{1,3})号(?!楼|院))?(?P<rest>.*)$"
)
_LATIN = re.compile(
    r"^(?P<number>\d{1,6})(?:-\d{1,4})?(?P<road>[a-z]?(?:\d{1,3}(?:st|nd|rd|th))?[a-z]{2,}?)"
    r"(?:(?:unit|ste|suite|apt|fl|floor|#)(?P<rest>[\da-z-]*))?$"
)
_ROAD_ONLY = re.compile(
    r"^[^\d对与和旁内]{1,12}?(?:路|街|巷|弄|胡同|村|屯|组|条|里)(?![口与和])|^[a-z\d]{4,}(?:st|ave|rd|blvd|dr|ln|sq|pl)$"
)
"""A road or village without a number; a landmark (人民医院对面, a crossing) tells no road."""
_ARABIC = frozenset("0123456789")
_BUILDING = re.compile(r"([\da-z]{1,4})(?:号?楼(?!层)|栋|幢|座)")
_FLOOR = re.compile(r"(-?\d{1,2})(?:层|楼|f)")
_UNIT = re.compile(
    r"(?<![\d-])([a-z]?-?\d{1,5}[a-z]?)(?:室|号?(?:铺|门面|店面|商铺|摊位?|档口?)|$)"
)


@dataclass(frozen=True)
class AddressParts:
    """Parts by row, `""` where missing. `key` is the whole address without places before it."""

    key: list[str]
    road: list[str]
    number: list[str]
    sub: list[str]
    floor: list[str]
    unit: list[str]


def address_parts(addresses: pd.Series) -> AddressParts:
    """Addresses taken apart.

    >>> parts = address_parts(pd.Series(["云溪县人民大道二十六号附1号3楼", "人民路26-1号"]))
    >>> parts.road, parts.number, parts.sub, parts.floor
    (['人民路', '人民路'], ['26', '26'], ['1', '1'], ['3', ''])
    """
    key = _one_form(address_keys(pd.Series(plain_texts(addresses), dtype=object)))
    rows = [_read(text) for text in key]
    columns = (
        [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in "12345"]
    )
    return AddressParts(key, *columns)


def _one_form(keys: pd.Series) -> list[str]:
    texts: list[str] = keys.where(keys.notna(), "").tolist()
    joined = _SPELT.sub(lambda hit: str(_number(hit[1])), SEPARATOR.join(texts))
    joined = _BASEMENT.sub("-", joined)
    joined = _FU.sub("-", joined)
    if _LATIN_WORD.search(joined):
        joined = _WORDS_LATIN.sub(lambda hit: _SHORT[hit[0]], joined)
        joined = _COMPASS_LATIN.sub(lambda hit: _COMPASS[hit[0]], joined)
    texts = joined.split(SEPARATOR) if texts else []
    return substitute(_ROAD_WORD, "路", substitute(_BIG_ROAD, "", texts))


def _number(words: str) -> int | str:
    """二十六 → 26, 一〇二 → 102; what is no number stays as it is."""
    if "十" not in words and "百" not in words:
        return "".join(str(_DIGITS[word]) for word in words)
    total, digit = 0, None
    for word in words:
        if word in "十百":
            total += (1 if digit is None else digit) * (10 if word == "十" else 100)
            digit = None
        else:
            digit = _DIGITS[word]
    return total + (digit or 0)


def _read(text: str) -> tuple[str, str, str, str, str]:
    if not text:
        return "", "", "", "", ""
    latin = _LATIN.match(text) if text[0] in _ARABIC else None
    if latin:
        return latin["road"], latin["number"], "", "", latin["rest"] or ""
    hit = _PARTS.match(text)
    if hit is None:
        road = _ROAD_ONLY.match(text)
        return road[0] if road else "", "", "", "", ""
    rest = hit["rest"]
    floor, unit = _FLOOR.search(rest), _UNIT.search(rest)
    building = _BUILDING.search(rest)
    room = unit[1] if unit else ""
    if building and room:
        room = f"{building[1]}/{room}"
    sub = hit["sub"] or hit["after"] or ""
    return hit["road"] or "", hit["number"], sub, floor[1] if floor else "", room


def join_keys(*parts: Sequence[str]) -> list[str]:
    """Parts drawn together to one key, `""` where the first or second is missing."""
    return ["|".join(row) if row[0] and row[1] else "" for row in zip(*parts, strict=True)]
