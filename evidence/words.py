"""The words of sheets and documents, in Chinese, English or both."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

from checks import Text
from layers.themes import THEMES
from leads.shell_steps import CHINA

Lang = Literal["zh", "en", "both"]
LANGS: tuple[Lang, ...] = ("zh", "en", "both")


METRE = {"zh": "米", "en": "m"}
"""As `Words.main` says it."""


@dataclass(frozen=True, slots=True)
class Words:
    """`words("block.map")` in the sheet's language; both languages stand one after the other."""

    lang: Lang

    def __call__(self, name: str, /, **values: object) -> str:
        """The word called `name`, its `{fields}` filled in; `KeyError` for an unknown one."""
        zh, en = _table()[name]
        return self.of(Text(zh, en).fill(**values))

    def has(self, name: str) -> bool:
        """Whether there is such a word."""
        return name in _table()

    def of(self, text: Text | Mapping[str, str]) -> str:
        """A text of data in the sheet's language."""
        zh, en = (text.zh, text.en) if isinstance(text, Text) else (text["zh"], text["en"])
        if self.lang == "both":
            return zh if zh == en else f"{zh} {en}"
        return en if self.lang == "en" else zh

    def theme(self, name: object) -> str:
        """What a layer is about."""
        known = THEMES.get(str(name))
        if known is None:
            return self("source.walking") if name == "walking" else str(name)
        return self.of(Text(known.zh, known.en))

    @property
    def main(self) -> str:
        """The language of names drawn in the map: one of them."""
        return "en" if self.lang == "en" else "zh"


def moment(at: str) -> str:
    """A moment (ISO with zone) as people read it: China's day and minute, and the zone; other texts as they are."""
    try:
        told = datetime.fromisoformat(at)
    except ValueError:
        return at
    return at if told.tzinfo is None else f"{told.astimezone(CHINA):%Y-%m-%d %H:%M} +08:00"


@cache
def _table() -> Mapping[str, tuple[str, str]]:
    read = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    return {
        f"{group}.{name}": (pair[0], pair[1])
        for group, names in read.items()
        for name, pair in names.items()
    }
