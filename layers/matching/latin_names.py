"""English names in one form: THE LOPEZ DELI & GROCERY, L.L.C. and Lopez Deli Grocery are one.

The words stand in `name_words.toml`. A name is taken apart word by word, since letters run
together would take `co` off `taco`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("name_words.toml")
_TRADING_AS = re.compile(r"\b(?:d\s?/?\s?b\s?/?\s?a|t/a|trading as|doing business as)\b[\s:.]*")
_DROPPED = re.compile(r"[.'’`]+")
_AND = re.compile(r"\s*(?:&|\+|\band\b)\s*")
_MARKS = re.compile(r"[^\w ]+|_")
_TWO_WORDS = re.compile(r"\b(news|super|mini|take|lap) (stand|market|mart|out|top)\b")
_LATIN = re.compile(r"[\x00-\x7f]*[a-z][\x00-\x7f]*")


@dataclass(frozen=True)
class _Words:
    legal: frozenset[str]
    endings: frozenset[str]
    one_form: dict[str, str]


@cache
def _words() -> _Words:
    with _FILE.open("rb") as stream:
        told = tomllib.load(stream)
    legal = frozenset(told["legal"])
    return _Words(legal, legal | frozenset(told["trade"]), dict(told["one_form"]))


def is_latin_name(text: str) -> bool:
    """Whether a name (in the form of `plain_texts`) is written in Latin letters."""
    return text.isascii() and _LATIN.fullmatch(text) is not None


def latin_name(text: str) -> tuple[str, str]:
    """Full name and core, without blanks: the name after "trading as", without legal form.

    >>> latin_name("the lopez deli & grocery, l.l.c.")
    ('lopezdeligrocery', 'lopez')
    """
    told = _words()
    owner, *trade_names = _TRADING_AS.split(_DROPPED.sub("", text))
    plain = _MARKS.sub(" ", _AND.sub(" ", trade_names[-1] if any(trade_names) else owner))
    words = [told.one_form.get(word, word) for word in _TWO_WORDS.sub(r"\1\2", plain).split()]
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    full = _without_end(words, told.legal)
    return "".join(full), "".join(_without_end(full, told.endings))


def _without_end(words: list[str], endings: frozenset[str]) -> list[str]:
    """Words without those endings, as long as something of two letters is left."""
    end = len(words)
    while end > 1 and words[end - 1] in endings:
        end -= 1
    while end < len(words) and len("".join(words[:end])) < 2:
        end += 1
    return words[:end]
