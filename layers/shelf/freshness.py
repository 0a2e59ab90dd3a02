"""How old a source is on a day, and whether it should have come anew by then.

The periods are data (`data/freshness.toml`). A source without any date is of unknown age, which is
said like a stale one: nobody can rely on it either.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from layers.errors import LayerError

FILE = Path(__file__).resolve().parents[2] / "data" / "freshness.toml"
State = Literal["fresh", "stale", "unknown"]


@dataclass(frozen=True, slots=True)
class Period:
    """How often a layer should come: days between two deliveries (0: it does not age), in words."""

    days: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Age:
    """How old a source is: the day it describes (or was obtained), its age and the period allowed, days."""

    state: State
    theme: str
    source: str
    day: str | None
    age_days: int | None
    period: Period

    def text(self, lang: str) -> str:
        """One sentence for the person who relies on it."""
        if lang == "zh":
            if self.state == "unknown":
                return f"{self.source}：没有日期，无法判断是否过期（应{self.period.zh}更新）"
            return f"{self.source}：截至 {self.day}，已过 {self.age_days} 天，超过应更新周期（{self.period.zh}，{self.period.days} 天）"
        if self.state == "unknown":
            return f"{self.source}: no date, its age is not known (due {self.period.en})"
        return (f"{self.source}: as of {self.day}, {self.age_days} days old, "
                f"beyond its period ({self.period.en}, {self.period.days} days)")  # fmt: skip


@cache
def periods(path: Path = FILE) -> Mapping[str, Period]:
    """The periods by theme; `LayerError` names the entry that is wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LayerError(f"the table of periods cannot be read: {error}", file=path,
                         remedy="put the file back as it came, or mend it") from error  # fmt: skip
    found = {theme: _period(theme, entry, path) for theme, entry in table.items()}
    if "default" not in found:
        raise LayerError("the table of periods has no [default]", file=path, field="default",
                         remedy="add [default] with days, zh and en")  # fmt: skip
    return found


def period_of(theme: str, path: Path = FILE) -> Period:
    """How often a layer of this theme should come."""
    table = periods(path)
    return table.get(theme, table["default"])


def age_of(theme: str, source: Mapping[str, Any], on_date: str, path: Path = FILE) -> Age:
    """The age of one source (the fields of a `Provenance`) on a day, ISO."""
    period = period_of(theme, path)
    name = str(source.get("source") or source.get("file") or theme)
    day = next((str(source[key]) for key in ("state_of", "retrieved") if source.get(key)), None)
    known = _days(day, on_date)
    if period.days == 0:
        return Age("fresh", theme, name, day, known, period)
    if known is None:
        return Age("unknown", theme, name, None, None, period)
    return Age("stale" if known > period.days else "fresh", theme, name, day, known, period)


def stale_sources(layers: Iterable[Mapping[str, Any]], on_date: str, path: Path = FILE) -> tuple[Age, ...]:  # fmt: skip
    """The sources that should have come anew by a day, and those of unknown age.

    `layers` are references as findings carry them: `theme` and `sources`. The walking network ages
    like the streets it is made of, and is not told twice.
    """
    found = [age_of(str(one["theme"]), part, on_date, path)
             for one in layers for part in one.get("sources") or () if one["theme"] != "walking"]  # fmt: skip
    return tuple(dict.fromkeys(age for age in found if age.state != "fresh"))


def _days(day: str | None, on_date: str) -> int | None:
    try:
        return (date.fromisoformat(on_date) - date.fromisoformat(str(day)[:10])).days
    except ValueError:
        return None


def _period(theme: str, entry: object, path: Path) -> Period:
    if not isinstance(entry, dict) or set(entry) != {"days", "zh", "en"} \
            or not isinstance(entry["days"], int) or not 0 <= entry["days"] <= 36_600:  # fmt: skip
        raise LayerError("a period has days (0 to 36600), zh and en", file=path, field=theme,
                         remedy='write days = 92, zh = "每季度", en = "every quarter"')  # fmt: skip
    return Period(entry["days"], str(entry["zh"]), str(entry["en"]))
