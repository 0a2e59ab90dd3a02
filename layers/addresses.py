"""Addresses taken apart: 省-市-县-乡镇-社区/村-路-号-栋-单元-层-室, and what stands beside.

The one reader of addresses: geocoding, matching and whoever compares addresses use it. English
addresses (1426 S 19th St) are read into the same parts. Written forms are kept (`raw`);
`normalised` is one way of writing (NFKC, no blanks, 號 → 号). Nothing is looked up: whether a
street or a place exists is for the layers at hand to say. What could not be read stays in
`rest`, so that no part of an address is lost in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from layers.address_latin import read_latin
from layers.address_patterns import NUMERALS
from layers.address_reading import Said, one_form, read_parts
from layers.cleaning.text import clean_text
from layers.digit_patterns import by_pattern


@dataclass(frozen=True, slots=True)
class Address:
    """One address in parts; what is not said is `None`.

    `off_road` is the street that a lane (`road`) leaves; `road` with its `section` (东段) carries `number` (whole, `prefix` 甲 and `annex` 附 apart);
    `landmark` stands in `relation` (`opposite`, `beside`, `near`, `inside`) to the place;
    `offset_m` metres towards `bearing` (东, 西北 …) from what comes before; `crossing` is the
    second street of a junction; `rest` was not understood. `confidence` 0..1 says how much of
    the text was read.
    """

    raw: str
    normalised: str
    province: str | None = None
    city: str | None = None
    county: str | None = None
    township: str | None = None
    community: str | None = None
    village: str | None = None
    group: str | None = None
    off_road: str | None = None
    road: str | None = None
    section: str | None = None
    crossing: str | None = None
    number: int | None = None
    prefix: str | None = None
    annex: str | None = None
    estate: str | None = None
    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    room: str | None = None
    landmark: str | None = None
    relation: str | None = None
    bearing: str | None = None
    offset_m: float | None = None
    rest: str | None = None
    confidence: float = 0.0


PARTS = tuple(field.name for field in fields(Address))
_READ = PARTS[1:]


def normalise_address(text: str) -> str:
    """One way of writing, after `clean_text`: no blanks, 號 as 号, brackets' contents left out."""
    return one_form(text)


def parts_said(text: str) -> Said:
    """The parts of one address as text, for readers of whole columns (`by_pattern`).

    Names are those of `Address`; parts that are not said are left out, digits stay as written.
    """
    return read_latin(text) or read_parts(one_form(text))


def parse_address(text: str) -> Address:
    """The parts of one address (text already cleaned as by `clean_text`).

    >>> found = parse_address("贵州省六盘水市六枝特区平寨镇人民路12号附3号2栋1单元")
    >>> found.county, found.township, found.road, found.number, found.annex, found.building
    ('六枝特区', '平寨镇', '人民路', 12, '3', '2栋')
    """
    return Address(text, **dict(zip(_READ, map(_typed, _READ, _read(text)), strict=True)))


def parse_addresses(addresses: pd.Series) -> pd.DataFrame:
    """The parts of a column of addresses (columns `PARTS`, same index); missing stays missing."""
    clean = clean_text(addresses)
    codes, distinct = pd.factorize(clean, use_na_sentinel=True)
    texts = [str(text) for text in distinct]
    read = [np.array(texts, dtype=object), *by_pattern(texts, _read, len(_READ))]
    columns = {}
    for name, values in zip(PARTS, read, strict=True):
        typed = [_typed(name, one) for one in values] if name in _TYPES else values.tolist()
        columns[name] = np.array([*typed, None], dtype=object)[codes]  # the last is for -1: missing
    return pd.DataFrame(columns, index=addresses.index, dtype=object)


def whole_number(text: str) -> int | None:
    """Arabic or Chinese digits as a number; `None` for anything else.

    >>> whole_number("12"), whole_number("二十三"), whole_number("一百零五"), whole_number("甲")
    (12, 23, 105, None)
    """
    if text.isdecimal():
        return int(text)
    if not text or any(sign not in NUMERALS and sign not in "十百" for sign in text):
        return None
    if "十" not in text and "百" not in text:
        return int("".join(str(NUMERALS[sign]) for sign in text))
    total, last = 0, 0
    for sign in text:
        if sign in "十百":
            total += max(last, 1) * (10 if sign == "十" else 100)
            last = 0
        else:
            last = NUMERALS[sign]
    return total + last


_TYPES: dict[str, Callable[[str], float | None]] = {
    "number": whole_number,
    "offset_m": float,
    "confidence": float,
}


def _typed(name: str, value: str | None) -> Any:  # noqa: ANN401 - text or a number, by name
    kind = _TYPES.get(name)
    return kind(value) if kind is not None and value is not None else value


def _read(text: str) -> tuple[str | None, ...]:
    """The parts but `raw`, in order, as text."""
    normalised = one_form(text)
    said = parts_said(text)
    said |= {"normalised": normalised, "confidence": _confidence(said, normalised)}
    return tuple(map(said.get, _READ))


def _confidence(said: Said, normalised: str) -> str:
    """How sure the reading is: what was understood by its share, less where nothing places it."""
    if not normalised:
        return "0"
    anchors = ("road", "village", "estate", "landmark", "township")
    share = 1.0 - len(said.get("rest") or "") / len(normalised)
    return str(round(share * (1.0 if any(map(said.get, anchors)) else 0.3), 3))
