"""Texts for people, always in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The words in `lang` (`zh` or `en`); anything else reads Chinese."""
        return self.en if lang == "en" else self.zh

    def fill(self, **values: object) -> Text:
        """A copy with `{name}` filled in; a value that is itself a `Text` follows the language."""
        return Text(self.zh.format(**_words(values, "zh")), self.en.format(**_words(values, "en")))

    def as_dict(self) -> dict[str, str]:
        """Both versions by language code."""
        return {"zh": self.zh, "en": self.en}


def _words(values: dict[str, object], lang: str) -> dict[str, object]:
    return {
        name: value.of(lang) if isinstance(value, Text) else value for name, value in values.items()
    }


def same(words: str) -> Text:
    """A text that reads alike in both languages (a name, a number, a document's title)."""
    return Text(words, words)
