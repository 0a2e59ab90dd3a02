"""How the address of the map writes what is listed: filters as text, and text as filters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from layers.errors import LayerError
from layers.inside import area_of
from leads.states import STATE_WORDS
from ui.docket.desk import SCORES
from ui.map.table import AGES, NO_LEAD
from ui.state import (
    AGE,
    ALL,
    CHECK,
    DEFAULT_VERDICTS,
    HIDE,
    LICENCES,
    SCHOOL,
    SCORE,
    SOURCE,
    STATES,
    TEXT,
    TOWN,
    UNPLACED,
    VERDICTS,
)
from ui.words import GLYPHS

FINDINGS, LEADS = "findings", "leads"
SOURCES = (FINDINGS, LEADS)
PAGE, AREA = "m_page", "m_within"
NAMES = {
    "from": SOURCE, "check": CHECK, "verdict": VERDICTS, "state": STATES, "town": TOWN, "score": SCORE,
    "age": AGE, "school": SCHOOL, "licence": LICENCES, "q": TEXT, "hide": HIDE, "noplace": UNPLACED,
    "area": AREA, "page": PAGE,
}  # fmt: skip
"""The names in the address, and what they are kept under."""
USUAL: Mapping[str, object] = {
    SOURCE: FINDINGS, CHECK: ALL, VERDICTS: list(DEFAULT_VERDICTS), STATES: [], TOWN: ALL, SCORE: 0, AGE: ALL,
    SCHOOL: ALL, LICENCES: [], TEXT: "", HIDE: False, UNPLACED: False, AREA: (), PAGE: 0,
}  # fmt: skip
"""What is kept where the address says nothing."""
Corners = tuple[tuple[float, float], ...]
_MOST_TEXT, _MOST_AREA = 200, 2000


def read(key: str, text: str | None) -> object:
    """A value of the address as its widget takes it; one that is no choice is left out."""
    return usual(key) if text is None else _READERS.get(key, _word)(text)


def usual(key: str) -> object:
    """What a fresh page keeps under the key."""
    value = USUAL[key]
    return list(value) if isinstance(value, list) else value


def text(key: str, value: object) -> str | None:
    """The value as the address says it; nothing for the usual one."""
    if value == USUAL.get(key):
        return None
    if key == AREA and isinstance(value, tuple):
        return ";".join(f"{lon:.5f},{lat:.5f}" for lon, lat in value)
    if isinstance(value, list | tuple):
        return ",".join(map(str, value)) or "-"
    return "1" if value is True else str(value or "") or None


def is_area(corners: Corners) -> bool:
    """Whether the corners (lon, lat) are those of an area."""
    try:
        area_of(corners)
    except LayerError:
        return False
    return True


def _word(text: str) -> str:
    return text[:_MOST_TEXT]


def _many(known: Sequence[str] | None) -> Callable[[str], list[str]]:
    return lambda text: [one for one in text.split(",") if one and (known is None or one in known)]


def _one(known: Sequence[str], fallback: object) -> Callable[[str], object]:
    return lambda text: text if text in known else fallback


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _score(text: str) -> int:
    number = _number(text)
    return number if number in SCORES else 0


def _area(text: str) -> Corners:
    parts = [one.split(",") for one in text[:_MOST_AREA].split(";")]
    try:
        corners = tuple((float(lon), float(lat)) for lon, lat in parts)
    except ValueError:
        return ()
    return corners if is_area(corners) else ()


def _yes(text: str) -> bool:
    return text == "1"


_READERS: dict[str, Callable[[str], object]] = {
    VERDICTS: _many(tuple(GLYPHS)), STATES: _many((*STATE_WORDS, NO_LEAD)), LICENCES: _many(None),
    SCORE: _score, PAGE: _number, HIDE: _yes, UNPLACED: _yes, AREA: _area,
    AGE: _one(AGES, ALL), SOURCE: _one(SOURCES, FINDINGS),
}  # fmt: skip
