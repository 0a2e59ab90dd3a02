"""Administrative areas as a tree, by their codes: which lies within which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from layers.errors import PolicyError
from office.scope import area_stem


@dataclass(frozen=True, slots=True)
class Area:
    """An area by its code, its names, and how many known areas it lies within."""

    code: str
    zh: str
    en: str
    depth: int

    def name(self, lang: str) -> str:
        """Its name in a language."""
        return self.en if lang == "en" else self.zh


def area_tree(names: Mapping[str, tuple[str, str]]) -> list[Area]:
    """Areas (code → names in Chinese and English), each after the one it lies within; codes that are
    none are left out.
    """
    stems: dict[str, str] = {}
    for code in names:
        try:
            stems[code] = area_stem(code)
        except PolicyError:
            continue
    order = sorted(stems, key=lambda code: (stems[code], code))
    return [Area(code, *names[code], sum(stems[code] != other and stems[code].startswith(other)
                                         for other in set(stems.values())))
            for code in order]  # fmt: skip


def code_of(areas: Iterable[Area], text: str) -> str:
    """The code of the one area that is called so; other texts stay as they are (a code, or a slip)."""
    named = [
        one.code
        for one in areas
        if text in {one.zh, one.en, f"{one.zh} {one.code}", f"{one.en} {one.code}"}
    ]
    return named[0] if len(named) == 1 else text


def area_at(areas: Iterable[Area], code: str) -> Area | None:
    """The known area that a code means, however many digits it is written with."""
    return next((one for one in areas if area_stem(one.code) == area_stem(code)), None)
