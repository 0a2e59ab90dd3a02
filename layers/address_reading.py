"""The steps of reading a Chinese address, each taking its parts from a text and leaving the rest.

A step is tried only where a sign that its pattern needs is there; that changes no reading and
saves most of the time. No step looks at which digits it reads (`layers.digit_patterns`).
"""

from __future__ import annotations

import re

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
    OFFSET,
    OFFSET_ALONG,
    PROVINCE,
    RELATION_ENDS,
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

Said = dict[str, str | None]
"""Parts by name of the field of `Address`, numbers still as text; what is missing is not there."""

_PLACES: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (PROVINCE, frozenset("省治京津海庆港澳")), (CITY, frozenset("市州区盟")), (COUNTY, frozenset("县区旗市")),
    (TOWNSHIP, frozenset("镇乡街木办")), (COMMUNITY, frozenset("区居")), (VILLAGE, frozenset("村")),
    (GROUP, frozenset("组社队屯")),
)  # fmt: skip
_STREET_SIGNS = frozenset("道路街巷弄条同GSXY")
_CROSSING_SIGNS = frozenset("口交角")
_METRE_SIGNS = frozenset("米mM")
_INDOORS = (
    (BUILDING, "building", frozenset("楼栋幢座区ABCDEFGHIJKLMNOPQRSTUVWXYZ")), (UNIT, "unit", frozenset("单门")),
    (FLOOR, "floor", frozenset("层楼F室B")), (ROOM, "room", None),
)  # fmt: skip
_DIGIT = re.compile(r"\d")
_STOREY = re.compile(r"[\d一二三四五六七八九十]楼")
"""3号2楼 is the second floor of house 3; 2号楼 and 12楼 are buildings."""


def one_form(text: str) -> str:
    """One way of writing: no blanks, 號 as 号, brackets' contents left out."""
    plain = NOISE.sub("", text[:LONGEST].translate(SIGN))
    if "(" in plain or "[" in plain or "【" in plain or "〔" in plain or "「" in plain:
        plain = ASIDE.sub("", plain)
    return plain.strip(",，。.;；、")


def read_parts(plain: str) -> Said:
    """The parts of an address in `one_form`; what could not be read is `rest`."""
    said, rest = read_places(plain)
    rest = _relative(said, rest)
    rest = _street(said, rest)
    rest = _indoors(said, rest) if rest else ""
    if rest and said.get("relation") and not said.get("landmark"):
        said["landmark"], rest = rest, ""
    elif rest and said.get("number") is None and not said.get("estate"):
        said["estate"], rest = rest, ""
    if rest:
        said["rest"] = rest
    return said


def read_places(plain: str) -> tuple[Said, str]:
    """Province down to the villagers' group, taken from the front, and what follows."""
    said: Said = {}
    rest, signs = plain, set(plain)
    for pattern, needed in _PLACES:
        if needed.isdisjoint(signs):
            continue
        match = pattern.match(rest)
        if match is None or (match[0].endswith("旗") and not said):  # 西三旗 is no banner
            continue
        said.update(match.groupdict())
        rest = rest[match.end() :].lstrip(",，、;-")
    return said, rest


def _relative(said: Said, rest: str) -> str:
    """Junctions, metres from a place, and words such as 对面 at the end."""
    if not _METRE_SIGNS.isdisjoint(rest):
        rest = _offset(said, rest)
    if rest[-1:] in RELATION_ENDS:
        for name, pattern in RELATIONS:
            match = pattern.search(rest)
            if match is not None and match.start() > 0:
                said["relation"], rest = name, rest[: match.start()]
                break
    beside = said.get("relation") == "beside"
    if not beside and _CROSSING_SIGNS.isdisjoint(rest):
        return rest
    for text in (rest, f"{rest}路口" if beside else rest):
        junction = JUNCTION.search(text)
        if junction is not None:
            said["road"] = junction["first"] or junction["place"]
            said["crossing"] = junction["second"]
            return re.sub(r"^[东西南北]{1,2}角|^处", "", text[junction.end() :])
    return rest


def _offset(said: Said, rest: str) -> str:
    offset = OFFSET.search(rest) or OFFSET_ALONG.search(rest)
    if offset is None or offset.start() == 0:
        return rest
    said["bearing"] = offset.groupdict().get("bearing")
    said["offset_m"] = offset["metres"]
    return rest[: offset.start()] + rest[offset.end() :]


def _street(said: Said, rest: str) -> str:
    """The last street before the number, its section and the house number."""
    if "crossing" in said:
        return rest
    while not _STREET_SIGNS.isdisjoint(rest):
        match = ROAD.match(rest)
        if match is None:
            break
        road, after = match["road"], rest[match.end() :]
        while tail := ROAD_TAIL.match(after):
            road, after = road + tail[0], after[tail.end() :]
        said["off_road"], said["road"], rest = said.get("road"), road, after
    section = SECTION.match(rest) if "road" in said and "段" in rest else None
    if section is not None:
        said["section"], rest = section["section"], rest[section.end() :]
    placed = "road" in said or "village" in said or "township" in said
    match = NUMBER.match(rest) if placed else None
    if match is None:
        match = None if "road" in said else _estate_number(rest)
        if match is None:
            return rest
        said["estate"] = rest[: match.start()]
    said["number"] = match["digits"]
    annex = match["annex"] or match["annex2"] or (match["sub"] or "").lstrip("-之")
    said["annex"] = annex or None
    said["prefix"] = match["prefix"] or match["suffix"] or match["letter"] or None
    return rest[match.end() :]


def _estate_number(rest: str) -> re.Match[str] | None:
    """`大钟寺13号院`: a place that is no street but numbers its houses."""
    indoors = [found.start() for found in (BUILDING.search(rest), FLOOR.search(rest)) if found]
    for match in NUMBER.finditer(rest):
        front = rest[: match.start()]
        if any(start < match.start() for start in indoors) or _DIGIT.search(front):
            return None
        if len(front) >= 2:
            return match
    return None


def _indoors(said: Said, rest: str) -> str:
    """Building, unit, floor and room; what stands before them names an estate or a building."""
    for pattern, part, needed in _INDOORS:
        if needed is not None and needed.isdisjoint(rest):
            continue
        match = pattern.search(rest)
        if match is None:
            continue
        said[part] = match[part]
        front, back = rest[: match.start()], rest[match.end() :]
        name = DANGLING.sub("", front)
        if said.get("estate") is None and len(name) >= 2:
            said["estate"], front = name, ""
        rest = front + back
    storey = said.get("building")
    if storey and _STOREY.fullmatch(storey) and not (said.get("unit") or said.get("floor")):
        said["floor"], said["building"] = storey, None
    return rest.strip("-,，、")
