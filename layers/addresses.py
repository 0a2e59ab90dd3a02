"""Chinese addresses taken apart: 省-市-县-乡镇-社区/村-路-号-栋-单元-层-室, and what stands beside.

Written forms are kept (`raw`); `normalised` is one way of writing (NFKC, no blanks, 號 → 号).
Nothing is looked up: whether a street or a place exists is for the layers at hand to say.
What could not be read stays in `rest`, so that no part of an address is lost in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import Any

import pandas as pd

from layers.address_patterns import (
    ASIDE,
    BUILDING,
    CITY,
    COMMUNITY,
    COUNTY,
    DANGLING,
    FLOOR,
    GROUP,
    JUNCTION,
    LONGEST,
    NOISE,
    NUMBER,
    NUMERALS,
    OFFSET,
    OFFSET_ALONG,
    PROVINCE,
    RELATIONS,
    ROAD,
    ROAD_TAIL,
    ROOM,
    SECTION,
    SIGN,
    TOWNSHIP,
    UNIT,
    VILLAGE,
)
from layers.cleaning.text import clean_text


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


def normalise_address(text: str) -> str:
    """One way of writing, after `clean_text`: no blanks, 號 as 号, brackets' contents left out."""
    plain = NOISE.sub("", text[:LONGEST].translate(SIGN))
    return ASIDE.sub("", plain).strip(",，。.;；、")


def parse_address(text: str) -> Address:
    """The parts of one address (text already cleaned as by `clean_text`).

    >>> found = parse_address("贵州省六盘水市六枝特区平寨镇人民路12号附3号2栋1单元")
    >>> found.county, found.township, found.road, found.number, found.annex, found.building
    ('六枝特区', '平寨镇', '人民路', 12, '3', '2栋')
    """
    plain = normalise_address(text)
    found, rest = _places(plain)
    said = Address(raw=text, normalised=plain, **found)
    said, rest = _relative(said, rest)
    said, rest = _street(said, rest)
    said, rest = _indoors(said, rest)
    if rest and said.relation and not said.landmark:
        said, rest = replace(said, landmark=rest), ""
    elif rest and said.number is None and not said.estate:
        said, rest = replace(said, estate=rest), ""
    said = replace(said, rest=rest or None)
    return replace(said, confidence=_confidence(said))


def parse_addresses(addresses: pd.Series) -> pd.DataFrame:
    """The parts of a column of addresses (columns `PARTS`, same index); missing stays missing."""
    clean = clean_text(addresses)
    codes, distinct = pd.factorize(clean, use_na_sentinel=True)
    read = [parse_address(str(text)) for text in distinct]
    rows = [[getattr(one, name) for name in PARTS] for one in read]
    table = pd.DataFrame([*rows, [None] * len(PARTS)], columns=list(PARTS), dtype=object)
    return table.iloc[codes].set_axis(addresses.index)


def whole_number(text: str) -> int | None:
    """Arabic or Chinese digits as a number; `None` for anything else.

    >>> whole_number("12"), whole_number("二十三"), whole_number("一百零五"), whole_number("甲")
    (12, 23, 105, None)
    """
    if text.isascii() and text.isdigit():
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


def _places(plain: str) -> tuple[dict[str, Any], str]:
    """Province down to the villagers' group, taken from the front."""
    found: dict[str, Any] = {}
    rest = plain
    for pattern in (PROVINCE, CITY, COUNTY, TOWNSHIP, COMMUNITY, VILLAGE, GROUP):
        match = pattern.match(rest)
        if match is None or (match[0].endswith("旗") and not found):  # 西三旗 is no banner
            continue
        found.update(match.groupdict())
        rest = rest[match.end() :].lstrip(",，、;-")
    return found, rest


def _relative(said: Address, rest: str) -> tuple[Address, str]:
    """Junctions, metres from a place, and words such as 对面 at the end."""
    offset = OFFSET.search(rest) or OFFSET_ALONG.search(rest)
    if offset is not None and offset.start() > 0:
        bearing = offset.groupdict().get("bearing")
        said = replace(said, bearing=bearing, offset_m=float(offset["metres"]))
        rest = rest[: offset.start()] + rest[offset.end() :]
    for name, pattern in RELATIONS:
        match = pattern.search(rest)
        if match is not None and match.start() > 0:
            said, rest = replace(said, relation=name), rest[: match.start()]
            break
    for text in (rest, f"{rest}路口" if said.relation == "beside" else rest):
        junction = JUNCTION.search(text)
        if junction is not None:
            first = junction["first"] or junction["place"]
            said = replace(said, road=first, crossing=junction["second"])
            corner = re.sub(r"^[东西南北]{1,2}角|^处", "", text[junction.end() :])
            return said, corner
    return said, rest


def _street(said: Address, rest: str) -> tuple[Address, str]:
    """The last street before the number, its section and the house number."""
    if said.crossing is not None:
        return said, rest
    while True:
        match = ROAD.match(rest)
        if match is None:
            break
        road, after = match["road"], rest[match.end() :]
        while tail := ROAD_TAIL.match(after):
            road, after = road + tail[0], after[tail.end() :]
        said, rest = replace(said, off_road=said.road, road=road), after
    section = SECTION.match(rest) if said.road else None
    if section is not None:
        said, rest = replace(said, section=section["section"]), rest[section.end() :]
    match = NUMBER.match(rest) if said.road or said.village or said.township else None
    if match is None:
        match = _estate_number(rest) if not said.road else None
        if match is None:
            return said, rest
        said = replace(said, estate=rest[: match.start()])
    return _with_number(said, match), rest[match.end() :]


def _estate_number(rest: str) -> re.Match[str] | None:
    """`大钟寺13号院`: a place that is no street but numbers its houses."""
    indoors = [found.start() for found in (BUILDING.search(rest), FLOOR.search(rest)) if found]
    for match in NUMBER.finditer(rest):
        front = rest[: match.start()]
        if any(start < match.start() for start in indoors) or any(map(str.isdigit, front)):
            return None
        if len(front) >= 2:
            return match
    return None


def _with_number(said: Address, match: re.Match[str]) -> Address:
    annex = match["annex"] or match["annex2"] or (match["sub"] or "").lstrip("-之")
    prefix = match["prefix"] or match["suffix"] or match["letter"]
    return replace(
        said, number=whole_number(match["digits"]), annex=annex or None, prefix=prefix or None
    )


def _indoors(said: Address, rest: str) -> tuple[Address, str]:
    """Building, unit, floor and room; what stands before them names an estate or a building."""
    parts: dict[str, Any] = {}
    for pattern in (BUILDING, UNIT, FLOOR, ROOM):
        match = pattern.search(rest)
        if match is None:
            continue
        parts.update(match.groupdict())
        front, back = rest[: match.start()], rest[match.end() :]
        name = DANGLING.sub("", front)
        if said.estate is None and len(name) >= 2:
            said, front = replace(said, estate=name), ""
        rest = front + back
    return replace(said, **parts), rest.strip("-,，、")


def _confidence(said: Address) -> float:
    """How sure the reading is: what was understood by its share, less where nothing places it."""
    if not said.normalised:
        return 0.0
    anchors = (said.road, said.village, said.estate, said.landmark, said.township)
    share = 1.0 - len(said.rest or "") / len(said.normalised)
    return round(share * (1.0 if any(anchors) else 0.3), 3)
