"""Word lists that are configuration: `data/words/*.toml`, read once, with what they are for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from layers.cleaning.text import normalise
from layers.errors import RuleError

FOLDER = Path(__file__).resolve().parent.parent / "data" / "words"


@cache
def words(file: str, key: str, folder: Path = FOLDER) -> tuple[str, ...]:
    """The list `key` of `data/words/<file>.toml`; raises `RuleError` naming file, key, remedy.

    A file holds tables, one per list: `[key]` with `words = ["…"]` and a `note` for people.
    """
    path = folder / f"{file}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = ", ".join(sorted(one.stem for one in folder.glob("*.toml"))) or "(none)"
        raise RuleError(
            f"there is no word list {file!r}", remedy=f"use one of {known}", file=path
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise RuleError(
            f"this is not a TOML file in UTF-8 ({error})",
            remedy="compare with data/words/food-courts.toml",
            file=path,
        ) from error
    entry = table.get(key)
    found = entry.get("words") if isinstance(entry, dict) else None
    if not isinstance(found, list) or not found or not all(map(_is_word, found)):
        raise RuleError(
            "a word list is a list of texts that are not blank",
            remedy=f'write [{key}] and below it words = ["…", "…"]',
            file=path,
            field=f"{key}.words",
        )
    return tuple(found)


def has_word(
    column: pd.Series | Iterable[str | None], wanted: Iterable[str], but: Iterable[str] = ()
) -> np.ndarray:
    """(n,) whether a text holds one of the words, whatever their width or case; missing: no.

    The phrases `but` are taken out first (不含医疗美容 does not offer 医疗美容).
    """
    values = pd.Series(column, dtype=object)
    codes, distinct = pd.factorize(values)
    pattern, without = _any_of(wanted), _any_of(but)
    hits = [pattern.search(without.sub("|", _plain(str(text)))) is not None for text in distinct]
    return np.array([*hits, False], dtype=bool)[codes]


def any_has_word(
    frame: pd.DataFrame, columns: Iterable[str], wanted: Iterable[str], but: Iterable[str] = ()
) -> np.ndarray:
    """(n,) whether one of the columns that are there holds one of the words."""
    wanted, but = tuple(wanted), tuple(but)
    found = np.zeros(len(frame), dtype=bool)
    for name in columns:
        if name in frame:
            found |= has_word(frame[name], wanted, but)
    return found


def _any_of(words_: Iterable[str]) -> re.Pattern[str]:
    longest = sorted(map(_plain, words_), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest)) or r"(?!)")


def _plain(text: str) -> str:
    return normalise(text).lower()


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
