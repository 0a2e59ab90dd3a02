"""Chinese working days, and the counting of legal periods on them.

The holidays and the moved working days of a year are those of the library `chinesecalendar`,
which follows the State Council's yearly notice. A year it does not know yet may be entered in
`data/holidays/YYYY.toml`; without either, weekends alone rest and every answer is `provisional`.

A period is counted as the civil procedure law has it: the first day is not counted, months end
on the day of the same number (or the month's last), and a last day that rests moves to the next
working day.
"""

from __future__ import annotations

import re
import tomllib
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from chinese_calendar import constants

from layers.errors import YichaError

HOLIDAYS = Path(__file__).resolve().parent.parent / "data" / "holidays"
UNITS = ("days", "months", "working_days")
LONGEST = {"days": 3660, "months": 120, "working_days": 2500}
"""No period of a case is longer; a larger number is a slip of the pen."""
_SATURDAY = 5
_PERIOD = re.compile(r"(\d{1,4}) (day|month|working day)s?")


class CalendarError(YichaError):
    """A day, a period or a holiday file is wrong."""


def parse_day(text: str, field_name: str = "date") -> date:
    """The day written `YYYY-MM-DD`; raises `CalendarError` naming the field."""
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError):
        day = None
    if day is None or day.isoformat() != text:
        raise CalendarError(f"{text!r} is not a day", field=field_name,
                            remedy="write it as YYYY-MM-DD")  # fmt: skip
    return day


@dataclass(frozen=True, slots=True)
class Period:
    """So many days, months or working days."""

    value: int
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in UNITS or not 0 < self.value <= LONGEST[self.unit]:
            raise CalendarError(f"{self.value} {self.unit} is not a period", field="period",
                                remedy="write it as '7 days', '2 months' or '5 working days'")  # fmt: skip

    @classmethod
    def parse(cls, text: str) -> Period:
        """A period written `7 days`, `2 months` or `5 working days`."""
        match = _PERIOD.fullmatch(str(text).strip().lower())
        if match is None:
            raise CalendarError(f"{text!r} is not a period", field="period",
                                remedy="write it as '7 days', '2 months' or '5 working days'")  # fmt: skip
        return cls(int(match[1]), f"{match[2].replace(' ', '_')}s")

    def __str__(self) -> str:
        unit = self.unit.replace("_", " ")
        return f"{self.value} {unit if self.value != 1 else unit[:-1]}"


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a period: `nominal` as counted, `day` after a rest has moved it."""

    day: date
    nominal: date
    provisional: bool

    @property
    def moved(self) -> bool:
        """Whether the counted end was a day of rest."""
        return self.day != self.nominal


@dataclass(frozen=True)
class WorkingDays:
    """The calendar: `extra` holds the years entered by hand, `(holidays, working days)` each."""

    extra: Mapping[int, tuple[frozenset[date], frozenset[date]]] = field(default_factory=dict)

    def knows(self, year: int) -> bool:
        """Whether the holidays of the year are published (or lie before the first notice known)."""
        return year in self.extra or year in _library_years()

    def works(self, day: date) -> bool:
        """Whether people work on that day; only weekends rest in a year not known yet."""
        if day.year in self.extra:
            holidays, working = self.extra[day.year]
            return day in working or (day.weekday() < _SATURDAY and day not in holidays)
        if day in constants.workdays:
            return True
        return day.weekday() < _SATURDAY and day not in constants.holidays

    def on_or_after(self, day: date) -> Due:
        """`day` itself where it is a working day, else the next one."""
        moved, provisional = day, not self.knows(day.year)
        while not self.works(moved):
            moved += timedelta(days=1)
            provisional = provisional or not self.knows(moved.year)
        return Due(moved, day, provisional)

    def count(self, start: date, *periods: Period, pause_days: int = 0) -> Due:
        """When periods that begin on `start` end: months first, then days, then working days.

        Periods of one kind are taken together, so that an extension by a month ends on the day
        of the same number too; `pause_days` stood still and are added before a rest is looked at.
        """
        totals = {unit: sum(p.value for p in periods if p.unit == unit) for unit in UNITS}
        end = add_months(start, totals["months"]) + timedelta(days=totals["days"])
        unsure = False
        for _ in range(totals["working_days"]):
            end += timedelta(days=1)
            while not self.works(end):
                unsure = unsure or not self.knows(end.year)
                end += timedelta(days=1)
            unsure = unsure or not self.knows(end.year)
        due = self.on_or_after(end + timedelta(days=pause_days))
        return Due(due.day, due.nominal, due.provisional or unsure)

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative where `end` lies before."""
        if end < start:
            return -self.between(end, start)
        span = (end - start).days
        return sum(self.works(start + timedelta(days=n)) for n in range(1, span + 1))


def add_months(day: date, months: int) -> date:
    """The day of the same number so many months later, else the last of that month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def load_calendar(folder: Path = HOLIDAYS) -> WorkingDays:
    """The library's years and those entered in `folder`; a file there goes before the library."""
    if not folder.is_dir():
        return WorkingDays()
    return WorkingDays(dict(_year(file) for file in sorted(folder.glob("*.toml"))))


@cache
def _library_years() -> frozenset[int]:
    """Years the library holds whole; one with no holiday after spring is not published."""
    return frozenset(day.year for day in constants.holidays if day.month >= 5)


def _year(file: Path) -> tuple[int, tuple[frozenset[date], frozenset[date]]]:
    try:
        year = int(file.stem)
        table: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        days = [frozenset(_day(one, year, file) for one in table[name])
                for name in ("holidays", "working_days")]  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise CalendarError(
            f"this is not a holiday file ({error})", file=file,
            remedy="name it YYYY.toml and give holidays = [2027-01-01, …] and working_days = […]",
        ) from error  # fmt: skip
    return year, (days[0], days[1])


def _day(value: object, year: int, file: Path) -> date:
    if type(value) is not date or value.year != year:
        raise CalendarError(f"{value} is no day of {year}", file=file,
                            remedy="write the days as 2027-01-01, of the year in the file's name")  # fmt: skip
    return value
