"""What went wrong, in the language of who reads it: errors speak English, `data/words/problems.toml` Chinese.

Any folder may raise its errors in English; screens and reports ask here.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from layers.errors import YichaError

_FILE = Path(__file__).resolve().parent.parent / "data" / "words" / "problems.toml"
_CHINESE = re.compile(r"\s*[(（]([^()（）]*[\u4e00-\u9fff][^()（）]*)[)）]")
"""Texts that carry their Chinese in brackets behind the English."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SLOT = re.compile(r"\\\{(\w+)\\\}")
_ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")
"""Words in a row; a name in Chinese may stand among them."""
_REMEDY = ". Remedy: "


@dataclass(frozen=True)
class Problem:
    """One entry: `tail` is what follows `start` with its values in braces, `more` its Chinese."""

    start: str
    zh: str
    remedy: str
    tail: str = ""
    more: str = ""

    def said(self, problem: str) -> str:
        """The Chinese sentence, with the values of `problem` where they can be told."""
        pattern = _SLOT.sub(r"(?P<\1>.+?)", re.escape(self.tail))
        found = re.fullmatch(pattern, problem[len(self.start) :], re.DOTALL) if self.more else None
        if found is None:
            return self.zh
        values = {name: in_language(text, "", "zh")[0] for name, text in found.groupdict().items()}
        return f"{self.zh}（{self.more.format(**values)}）"


def known_problem(problem: str) -> Problem | None:
    """The entry with the longest beginning that fits; `None` where nobody has written one."""
    table = _table()
    start = max((s for s in table if problem.startswith(s)), key=len, default=None)
    return None if start is None else table[start]


def in_language(problem: str, remedy: str, lang: str) -> tuple[str, str]:
    """Problem and remedy in `lang`; what has no Chinese stays as it is."""
    if lang != "zh":
        return _half(problem, lang), _half(remedy, lang)
    known, own = known_problem(problem), _half(remedy, lang)
    if not _HAN.search(own):
        own = next(
            (zh for start, zh in _remedies().items() if remedy.startswith(start)),
            "" if known else own,
        )
    return (known.said(problem), own or known.remedy) if known else (_half(problem, lang), own)


def error_in_language(error: YichaError, lang: str) -> tuple[str, str]:
    """The same of an error."""
    return in_language(error.problem, error.remedy, lang)


def in_both(error: YichaError) -> dict[str, dict[str, str]]:
    """Problem and remedy, each by language: for a page that is read in another one later."""
    told = {lang: error_in_language(error, lang) for lang in ("zh", "en")}
    return {
        name: {lang: texts[n] for lang, texts in told.items()}
        for n, name in enumerate(("problem", "remedy"))
    }


def sentence(error: YichaError, lang: str) -> str:
    """Problem and remedy as one text."""
    problem, remedy = error_in_language(error, lang)
    return f"{problem}。{remedy}" if lang == "zh" else f"{problem}. {remedy}"


def text_in_language(text: str, lang: str) -> str:
    """A whole error as text (`file: problem. Remedy: remedy`), its place left out where it is known."""
    told, _, remedy = text.partition(_REMEDY)
    parts = [told] + [told[at.end() :] for at in re.finditer(": ", told)]
    problem = next((one for one in parts if known_problem(one)), told)
    said, way = in_language(problem, remedy, lang)
    return (
        "。".join(filter(None, (said, way)))
        if lang == "zh"
        else ". ".join(filter(None, (said, way)))
    )


def _half(text: str, lang: str) -> str:
    """One language of a text in two: `English (中文)`, `English · 中文` or `中文 · English`."""
    one, parted, other = text.partition(" · ")
    english = [bool(_ENGLISH.search(half)) for half in (one, other)]
    if parted and english[0] != english[1] and _HAN.search(one if english[1] else other):
        return one if english[0] == (lang == "en") else other
    bracket = _CHINESE.search(text)
    if bracket is None:
        return text
    return bracket[1] if lang == "zh" else _CHINESE.sub("", text)


def _document() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _remedies() -> dict[str, str]:
    """Remedies by their beginning: of refusals that name a person, and have no beginning of their own."""
    return {one["start"]: one["zh"] for one in _document()["remedy"]}


@lru_cache(maxsize=1)
def _table() -> dict[str, Problem]:
    document = _document()
    shared = {name: text for name, text in document.items() if isinstance(text, str)}
    found = (Problem(**{"remedy": "again", **entry}) for entry in document["reason"])
    return {
        one.start: Problem(
            one.start, one.zh, shared.get(one.remedy, one.remedy), one.tail, one.more
        )
        for one in found
    }
