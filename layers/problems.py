"""What went wrong, in the language of who reads it: errors speak English, `data/words/problems.toml` Chinese.

Any folder may raise its errors in English; screens and reports ask here.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from layers.errors import YichaError

_FILE = Path(__file__).resolve().parent.parent / "data" / "words" / "problems.toml"
_CHINESE = re.compile(r"\s*[(（]([^()（）]*[\u4e00-\u9fff][^()（）]*)[)）]")
"""Texts that carry their Chinese in brackets behind the English."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SAID = re.compile(r"\{\w+\}")
_SLOT = re.compile(r"\\\{(\w+)\\\}")
_ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")
"""Words in a row; a name in Chinese may stand among them."""
_REMEDY = ". Remedy: "


@dataclass(frozen=True)
class Problem:
    """One entry: `tail` is what follows `start` with its values in braces, `more` its Chinese.

    Without a `start` the sentence is `whole`, and its values stand in `zh` itself.
    """

    zh: str
    remedy: str = ""
    start: str = ""
    tail: str = ""
    more: str = ""
    whole: str = ""

    def fits(self, text: str) -> bool:
        """Whether `text` is this sentence."""
        return bool(_values(self.whole, text)) if self.whole else text.startswith(self.start)

    def said(self, problem: str) -> str:
        """The Chinese sentence, with the values of `problem` where they can be told."""
        if self.whole:
            return self.zh.format(**_told(_values(self.whole, problem)))
        found = _values(self.tail, problem[len(self.start) :]) if self.more else None
        return f"{self.zh}（{self.more.format(**_told(found))}）" if found else self.zh


def known_problem(problem: str) -> Problem | None:
    """The entry that fits best; `None` where nobody has written one."""
    return _known(_table(), problem)


def in_language(problem: str, remedy: str, lang: str) -> tuple[str, str]:
    """Problem and remedy in `lang`; what has no Chinese stays as it is."""
    if lang != "zh":
        return _half(problem, lang), _half(remedy, lang)
    known, own = known_problem(problem), _half(remedy, lang)
    if not _HAN.search(own):
        way = _known(_remedies(), remedy)
        own = way.said(remedy) if way else "" if known else own
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


def _known(table: tuple[Problem, ...], text: str) -> Problem | None:
    """The entry that fits with the most words of its own."""
    fitting = (one for one in table if one.fits(text))
    return max(fitting, key=lambda one: len(_SAID.sub("", one.whole) or one.start), default=None)


def _values(pattern: str, text: str) -> re.Match[str] | None:
    return _shape(pattern).fullmatch(text)


@cache
def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(_SLOT.sub(r"(?P<\1>.+?)", re.escape(pattern)), re.DOTALL)


def _told(found: re.Match[str] | None) -> dict[str, str]:
    """The values of a sentence; those that are sentences themselves in Chinese."""
    values = found.groupdict() if found else {}
    return {name: in_language(text, "", "zh")[0] for name, text in values.items()}


@cache
def _remedies() -> tuple[Problem, ...]:
    """Remedies by their beginning: where they fit, those of the problem are not asked."""
    return tuple(Problem(**one) for one in _document()["remedy"])


@cache
def _table() -> tuple[Problem, ...]:
    document = _document()
    shared = {name: text for name, text in document.items() if isinstance(text, str)}
    found = ({"remedy": "again", **entry} for entry in document["reason"])
    return tuple(
        Problem(**{**one, "remedy": shared.get(one["remedy"], one["remedy"])}) for one in found
    )
