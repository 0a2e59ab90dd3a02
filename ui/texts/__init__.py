"""Texts of the page in Chinese and English: one TOML file per language, the same keys in both."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = {"zh": "中文", "en": "English"}
"""Languages of the page, each by its own name."""
HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Texts:
    """The texts of one language; call it with a dotted key and the values to fill in."""

    lang: str
    entries: dict[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key`, filled in; raises `KeyError` for a key that does not exist."""
        return self.entries[key].format(**values)

    def word(self, group: str, value: str) -> str:
        """The word for a coded value; the value itself where there is none."""
        return self.entries.get(f"{group}.{value}", value)


@cache
def texts(lang: str) -> Texts:
    """The texts in `lang`; anything but a known language reads Chinese."""
    known = lang if lang in LANGUAGES else "zh"
    content = tomllib.loads((HERE / f"{known}.toml").read_text(encoding="utf-8"))
    return Texts(known, dict(_flat(content, "")))


def _flat(table: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        key = f"{prefix}{name}"
        found += _flat(value, f"{key}.") if isinstance(value, dict) else [(key, str(value))]
    return found
