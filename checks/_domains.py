"""The fields of work by which the catalogue is grouped (`data/words/domains.toml`), and its search."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from checks._catalogue import CheckEntry
from checks._text import Text
from layers.cleaning.text import normalise
from layers.errors import RuleError

FILE = Path(__file__).resolve().parent.parent / "data" / "words" / "domains.toml"


@cache
def domains(path: Path = FILE) -> Mapping[str, Text]:
    """The fields by id, in the order of the file."""
    return {name: Text(one["zh"], one["en"]) for name, one in _table(path).items()}


def domain_of(check: str, path: Path = FILE) -> str:
    """The field a check belongs to: the first that names it, else the last."""
    table = _table(path)
    found = (
        name for name, one in table.items() if any(fnmatchcase(check, p) for p in one["checks"])
    )
    return next(found, list(table)[-1])


def by_domain(entries: Iterable[CheckEntry], text: str = "") -> dict[str, list[CheckEntry]]:
    """The checks that hold every word of `text` (id, title, why, law, domain), by their field."""
    words = normalise(text).casefold().split()
    found: dict[str, list[CheckEntry]] = {name: [] for name in domains()}
    for entry in entries:
        if all(word in _hay(entry) for word in words):
            found[domain_of(entry.check.id)].append(entry)
    return {name: those for name, those in found.items() if those}


def _hay(entry: CheckEntry) -> str:
    check = entry.check
    texts = [
        check.title,
        check.why,
        domains()[domain_of(check.id)],
        *(one.title for one in check.legal_basis),
    ]
    return normalise(" ".join([check.id, *(f"{one.zh} {one.en}" for one in texts)])).casefold()


@cache
def _table(path: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        table: Mapping[str, Mapping[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))
        complete = all({"zh", "en", "checks"} <= one.keys() for one in table.values())
    except (OSError, ValueError, AttributeError) as error:
        raise RuleError(
            f"the fields of work cannot be read: {error}", file=path, remedy="mend the file"
        ) from error
    if not table or not complete:
        raise RuleError("a field of work lacks zh, en or checks", file=path, remedy="mend the file")
    return table
