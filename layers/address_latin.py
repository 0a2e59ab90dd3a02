"""English addresses in parts: 1426 South 19th Street, Unit 2 → 1426, s 19th st, 2.

The words (`street_words.toml`) have one short form each, so that Street and ST are one street.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("street_words.toml")
_PLAIN = re.compile(r"[\x00-\x7f\d]*[A-Za-z][\x00-\x7f\d]*")
_ASIDE = re.compile(r"\([^()]*\)")
_NUMBER = re.compile(
    r"(?P<digits>\d{1,6})(?:-?(?P<letter>[a-z])(?![a-z]))?(?:[-/ ]\d{1,4}(?=\s))?(?: ?\d/\d)?(?=\s)"
)
_MARKS = re.compile(r"[.'’`\"]+|\s+")
_BREAK = re.compile(r"\s*[,;|]\s*")
_CORNER = re.compile(
    r"\b(?:[ns]\s?[ew]\s?)?(?:cor(?:ner)?|c)\b(?:\s?of\b)?|\b[ns][ew]c\b(?:\s?of\b)?"
)
_CROSS = re.compile(r"\s*(?:&|@|\band\b|\bat\b)\s*")


@cache
def street_words() -> dict[str, dict[str, str]]:
    """Word → short form, by `direction`, `kind`, `floor` and `unit`."""
    with _FILE.open("rb") as stream:
        words: dict[str, dict[str, str]] = tomllib.load(stream)
    for table in words.values():
        table.update({short: short for short in list(table.values())})
    return words


def read_latin(text: str) -> dict[str, str | None]:
    """`number`, `prefix` (a letter at the number), `road`, `crossing`, `floor`, `room` of an address.

    Empty for what is no English address: other letters, or neither a number nor a kind of
    street. `road` is in lower case and short words; what follows a comma and is no unit (town,
    state) is left out, as the places before a Chinese street are.

    >>> found = read_latin("1426 South 19th Street, Unit 2")
    >>> found["number"], found["road"], found["room"]
    ('1426', 's 19th st', '2')
    """
    if not (text[:1].isascii() or text[:1].isdecimal()):
        return {}
    bare = _ASIDE.sub("", text) if "(" in text else text
    if not _PLAIN.fullmatch(bare):
        return {}
    plain = _MARKS.sub(lambda hit: " " if hit[0].isspace() else "", bare.lower()).strip()
    hit = _NUMBER.match(plain)
    said: dict[str, str | None] = {"number": hit["digits"], "prefix": hit["letter"]} if hit else {}
    first, *others = _BREAK.split(plain[hit.end() :].strip() if hit else plain)
    words = _indoors(first.replace("#", " # ").split(), said)
    for part in others:
        _indoors(part.replace("#", " # ").split(), said, only=True)
    return _with_street(said, words)


def _with_street(said: dict[str, str | None], words: list[str]) -> dict[str, str | None]:
    parts = _CROSS.split(" ".join(words))
    if len(parts) == 2:
        parts = [_CORNER.sub("", part) for part in parts]
    streets = [_short(part.split()) for part in parts if part.strip()]
    kinds = set(street_words()["kind"].values())
    if not said and len(streets) != 2 and not (streets and streets[0][-1] in kinds):
        return {}
    if "number" not in said and len(streets) == 2:
        streets = [
            street[:-1] if len(street) > 1 and street[-1] in kinds else street for street in streets
        ]
        said["crossing"] = " ".join(streets[1])
        streets = streets[:1]
    return said | {"road": " & ".join(map(" ".join, streets)) or None}


def _indoors(words: list[str], said: dict[str, str | None], *, only: bool = False) -> list[str]:
    """Words without a unit or floor at their end, which `said` then holds."""
    kinds = street_words()
    for at in range(0 if only else 1, len(words)):
        word, after = words[at], words[at + 1 : at + 2]
        if (word == "#" or word in kinds["unit"]) and after and _is_unit(after[0]):
            said["room"] = after[0]
            return words[:at]
        if word in kinds["floor"]:
            ordinal = re.match(r"\d{1,2}", words[at - 1]) if at else None
            number = ordinal or (re.match(r"\d{1,2}", after[0]) if after else None)
            if number is not None:
                said["floor"] = number[0]
                return words[: at - 1] if ordinal else words[:at]
    return words


def _is_unit(word: str) -> bool:
    return any(sign.isdigit() for sign in word) or len(word) <= 2


def _short(words: list[str]) -> list[str]:
    """One form: directions at the ends and the kind of street in short."""
    kinds = street_words()
    found = list(words)
    if len(found) > 1:
        found[0] = kinds["direction"].get(found[0], found[0])
        last = len(found) - 1
        if last > 1 and found[last] in kinds["direction"]:
            found[last] = kinds["direction"][found[last]]
            last -= 1
        found[last] = kinds["kind"].get(found[last], found[last])
    return found
