"""Why a person says no, or cannot say: `data/words/refusals.toml`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from imagery.queue.entries import ANSWERS, Answer
from layers.errors import ImageryError

FILE = Path(__file__).resolve().parents[2] / "data" / "words" / "refusals.toml"
ALL = "*"
_REMEDY = 'write zh, en, themes = ["…"] and answers = ["no"], ["unsure"] or both'


@dataclass(frozen=True, slots=True)
class Reason:
    """One choice: its code as kept in decisions, its words, where it is offered."""

    code: str
    zh: str
    en: str
    themes: tuple[str, ...]
    answers: tuple[Answer, ...]

    def fits(self, theme: str, answer: Answer) -> bool:
        """Whether it is offered for candidates of `theme` and this answer."""
        return answer in self.answers and (ALL in self.themes or theme in self.themes)


@cache
def all_reasons(file: Path = FILE) -> dict[str, Reason]:
    """Every reason by code, in the order of the file; raises `ImageryError` naming code and field."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ImageryError(f"the reasons cannot be read ({error})", file=file,
                           remedy="restore the file, TOML in UTF-8") from error  # fmt: skip
    return {code: _reason(code, entry, file) for code, entry in table.items()}


def reasons(theme: str, answer: Answer = "no", file: Path = FILE) -> tuple[Reason, ...]:
    """What is offered for a candidate of `theme` and this answer, in the order of the file."""
    return tuple(one for one in all_reasons(file).values() if one.fits(theme, answer))


def checked_reason(code: str | None, theme: str, answer: Answer) -> str | None:
    """`code` if it is offered here, or none; raises `ImageryError` naming those that are."""
    if code is None or code in {one.code for one in reasons(theme, answer)}:
        return code
    known = ", ".join(one.code for one in reasons(theme, answer)) or "none"
    raise ImageryError(f"{code!r} is no reason for {answer!r} here", field="reason",
                       remedy=f"use one of: {known}")  # fmt: skip


def _reason(code: str, entry: object, file: Path) -> Reason:
    told = entry if isinstance(entry, dict) else {}
    words = [told.get(name) for name in ("zh", "en")]
    lists = [told.get(name) for name in ("themes", "answers")]
    good = all(isinstance(word, str) and word.strip() for word in words)
    good = good and all(isinstance(one, list) and one for one in lists)
    if not good or not set(told["answers"]) <= set(ANSWERS[1:]):
        raise ImageryError("this is no reason", file=file, field=code[:60], remedy=_REMEDY)
    return Reason(code, told["zh"], told["en"], tuple(told["themes"]), tuple(told["answers"]))
