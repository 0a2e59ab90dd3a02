"""Texts of the pages in Chinese and English: a gettext catalogue per language and page.

The `msgid` is a dotted key (`leads.views.list`), the `msgstr` what is shown, with `{name}` for what
is filled in and `{n:row|rows}` where a word goes with its number; `<language>/<page>.po` opens in
every editor for translations.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from layers.errors import YichaError

LANGUAGES = {"zh": "中文", "en": "English"}
"""Languages of the pages, each by its own name."""
LOCALES = {"zh": "zh-CN", "en": "en"}
"""The same as HTML names them."""
HERE = Path(__file__).resolve().parent


class _Counted:
    """A value that `{n:row|rows}` writes with the word that goes with its number."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __format__(self, spec: str) -> str:
        one, several, word = spec.partition("|")
        if not several:
            return format(self.value, spec)
        told = f"{self.value:,}" if isinstance(self.value, int) else str(self.value)
        return f"{told} {one if told == '1' else word}"


@dataclass(frozen=True)
class Texts:
    """The texts of one language; call it with a dotted key and the values to fill in."""

    lang: str
    entries: dict[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key`, filled in; raises `KeyError` for a key that does not exist."""
        entry = self.entries[key]
        counted = (
            {name: _Counted(value) for name, value in values.items()} if "|" in entry else values
        )
        return entry.format(**counted)

    def word(self, group: str, value: str) -> str:
        """The word for a coded value; the value itself where there is none."""
        return self.entries.get(f"{group}.{value}", value)


@cache
def texts(lang: str) -> Texts:
    """The texts in `lang`; anything but a known language reads Chinese."""
    known = lang if lang in LANGUAGES else "zh"
    entries: dict[str, str] = {}
    for file in sorted((HERE / known).glob("*.po")):
        found = read_entries(file)
        if twice := entries.keys() & found.keys():
            raise YichaError(f"{min(twice)} stands in two catalogues", file=file, field=min(twice),
                             remedy="keep it in one of them")  # fmt: skip
        entries |= found
    return Texts(known, entries)


def read_entries(file: Path) -> dict[str, str]:
    """Texts by key of one catalogue; a text that is not translated yet is left out."""
    with file.open("rb") as source:
        catalogue = read_po(source, abort_invalid=True)
    return {str(one.id): str(one.string) for one in catalogue if one.id and one.string}
