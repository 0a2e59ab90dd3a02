"""Reading the keys of a table model: every error names the file, the path of the key and the remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from checks._text import Text
from layers.errors import RuleError

LARGEST = 1e15
"""No number of a model is larger; a larger one is a slip of the pen."""
_LONGEST, _MOST = 2000, 500


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a model file: `field` is the path of the key, such as `verdicts[2].when`."""

    file: Path
    field: str = ""

    def at(self, key: str) -> Spot:
        """The place of `key` under this one."""
        return Spot(self.file, f"{self.field}.{key}".lstrip("."))

    def item(self, number: int) -> Spot:
        """The place of an entry of a list, counted from one."""
        return Spot(self.file, f"{self.field}[{number}]")

    def wrong(self, problem: str, remedy: str) -> RuleError:
        """The error to raise for this place."""
        return RuleError(problem, remedy=remedy, file=self.file, field=self.field or None)


def table(value: object, spot: Spot, known: Iterable[str]) -> Mapping[str, Any]:
    """A table none of whose keys is unknown."""
    names = list(known)
    if not isinstance(value, dict):
        raise spot.wrong("this is not a table", f"write {{ {names[0]} = … }}")
    for key in value:
        if key not in names:
            raise spot.at(key).wrong(f"unknown key {key!r}", _one_of(key, names))
    return value


def named_table(entry: Mapping[str, Any], key: str, spot: Spot) -> dict[str, Any]:
    """The table under `key`, whose own keys are names the model gives; empty where there is none."""
    found = entry.get(key, {})
    if not isinstance(found, dict):
        raise spot.at(key).wrong("this is not a table", f"write [{key}] and below it name = …")
    return found


def tables(value: object, spot: Spot) -> list[Any]:
    """A list of bounded length."""
    if not isinstance(value, list):
        raise spot.wrong("this is not a list", "write it in [ … ]")
    if len(value) > _MOST:
        raise spot.wrong(f"more than {_MOST} entries", "split the model")
    return value


def need(entry: Mapping[str, Any], key: str, spot: Spot, example: str) -> Any:  # noqa: ANN401
    """The value of a key that must be there."""
    if key not in entry:
        raise spot.at(key).wrong(f"{key} is missing", f"write {key} = {example}")
    return entry[key]


def words(value: object, spot: Spot, example: str = '"…"') -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST:
        raise spot.wrong(f"{_short(value)} is not a text", f"write {example}")
    return value.strip()


def both(value: object, spot: Spot) -> Text:
    """A text in Chinese and in English, neither empty."""
    entry = table(value, spot, ("zh", "en"))
    zh, en = (words(need(entry, lang, spot, '"…"'), spot.at(lang)) for lang in ("zh", "en"))
    return Text(zh, en)


def texts(value: object, spot: Spot) -> tuple[Text, ...]:
    """A list of texts in both languages."""
    return tuple(both(one, spot.item(n)) for n, one in enumerate(tables(value, spot), 1))


def names(value: object, spot: Spot) -> tuple[str, ...]:
    """A list of texts, at least one."""
    found = tuple(words(one, spot.item(n)) for n, one in enumerate(tables(value, spot), 1))
    if not found:
        raise spot.wrong("the list is empty", 'write ["…"]')
    return found


def flag(value: object, spot: Spot) -> bool:
    """`true` or `false`."""
    if not isinstance(value, bool):
        raise spot.wrong(f"{_short(value)} is not true or false", "write true or false")
    return value


def number(value: object, spot: Spot) -> float:
    """A finite number."""
    fine = isinstance(value, int | float) and not isinstance(value, bool)
    if not fine or not -LARGEST <= value <= LARGEST:  # type: ignore[operator]
        raise spot.wrong(f"{_short(value)} is not a number", "write a number such as 30")
    return float(value)  # type: ignore[arg-type]


def day(value: object, spot: Spot) -> str:
    """A day as ISO text."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        if isinstance(value, str) and date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    raise spot.wrong(f"{_short(value)} is not a day", "write it as 2024-01-31")


def choice(value: object, spot: Spot, known: Iterable[str]) -> str:
    """One of several words."""
    allowed = list(known)
    if not isinstance(value, str) or value not in allowed:
        raise spot.wrong(f"{_short(value)} is not known", _one_of(str(value), allowed))
    return value


def _one_of(said: str, known: list[str]) -> str:
    near = get_close_matches(said[:80], known, n=1)
    guess = f"did you mean {near[0]!r}? " if near else ""
    shown = ", ".join(known[:60]) + (" …" if len(known) > 60 else "")
    return f"{guess}use one of {shown or '(none)'}"


def _short(value: object) -> str:
    try:
        shown = repr(value)
    except ValueError:  # an integer of thousands of digits
        shown = type(value).__name__
    return shown if len(shown) <= 80 else shown[:77] + "…"
