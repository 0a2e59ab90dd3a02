"""Working days and periods against the State Council's notices and the law's own examples."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.working_days import (
    CalendarError,
    Period,
    WorkingDays,
    add_months,
    load_calendar,
    parse_day,
)

CALENDAR = WorkingDays()


@pytest.mark.parametrize(("day", "works"), [
    ("2026-02-14", True),   # a Saturday worked for the Spring Festival
    ("2026-02-16", False),  # the eve, a Monday
    ("2026-10-01", False),
    ("2026-10-10", True),   # a Saturday worked for the National Day
    ("2026-10-11", False),  # a plain Sunday
    ("2026-06-30", True),
])  # fmt: skip
def test_moved_working_days_are_known(day: str, works: bool) -> None:
    assert CALENDAR.works(date.fromisoformat(day)) is works
    assert CALENDAR.knows(2026)


@pytest.mark.parametrize(("start", "period", "nominal", "day"), [
    ("2026-07-01", "2 months", "2026-09-01", "2026-09-01"),
    ("2026-06-30", "7 days", "2026-07-07", "2026-07-07"),
    ("2026-07-01", "3 days", "2026-07-04", "2026-07-06"),      # ends on a Saturday
    ("2026-09-27", "5 days", "2026-10-02", "2026-10-08"),      # ends in the National Day week
    ("2026-10-07", "3 days", "2026-10-10", "2026-10-10"),      # that Saturday is worked
    ("2025-12-31", "2 months", "2026-02-28", "2026-02-28"),    # no 31st: the month's last, worked
    ("2023-12-31", "2 months", "2024-02-29", "2024-02-29"),    # a leap year
    ("2026-09-24", "5 working days", "2026-10-09", "2026-10-09"),  # 25th is Mid-Autumn
])  # fmt: skip
def test_periods_end_as_the_law_counts(start: str, period: str, nominal: str, day: str) -> None:
    due = CALENDAR.count(date.fromisoformat(start), Period.parse(period))
    assert (due.nominal.isoformat(), due.day.isoformat()) == (nominal, day)
    assert due.moved is (nominal != day)
    assert not due.provisional


def test_an_extension_by_a_month_ends_on_the_same_number() -> None:
    """31 January + 1 month + 1 month is 31 March, not 28 March."""
    one = Period(1, "months")
    assert CALENDAR.count(date(2026, 1, 31), one, one).nominal == date(2026, 3, 31)


def test_days_that_stood_still_are_added_before_the_rest_is_looked_at() -> None:
    due = CALENDAR.count(date(2026, 7, 1), Period(7, "days"), pause_days=3)
    assert due.nominal == date(2026, 7, 11)  # a Saturday
    assert due.day == date(2026, 7, 13)


def test_a_year_not_published_counts_weekends_and_says_so() -> None:
    due = CALENDAR.count(date(2090, 9, 24), Period(7, "days"))
    assert due.provisional
    assert due.day == date(2090, 10, 2)  # 1 October 2090 is a Sunday, and only that is known


def test_a_year_entered_by_hand_is_no_longer_provisional(tmp_path: Path) -> None:
    (tmp_path / "2090.toml").write_text(
        "holidays = [2090-10-01, 2090-10-02, 2090-10-03]\nworking_days = [2090-10-07]\n",
        encoding="utf-8",
    )
    calendar = load_calendar(tmp_path)
    due = calendar.count(date(2090, 9, 24), Period(7, "days"))
    assert (due.day, due.provisional) == (date(2090, 10, 4), False)
    assert calendar.works(date(2090, 10, 7))  # a Saturday worked


@pytest.mark.parametrize(("name", "text"), [
    ("2090.toml", "holidays = ["), ("2090.toml", "holidays = []"),
    ("2090.toml", "holidays = [2091-01-01]\nworking_days = []"),
    ("soon.toml", "holidays = []\nworking_days = []"),
    ("2090.toml", 'holidays = ["2090-01-01"]\nworking_days = []'),
])  # fmt: skip
def test_a_wrong_holiday_file_is_refused_by_name(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CalendarError, match=name.removesuffix(".toml")):
        load_calendar(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "2", "0 days", "two months", "9999 months", "3 weeks", "-1 days"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(CalendarError, match="period"):
        Period.parse(text)


@pytest.mark.parametrize("text", ["2026-2-1", "2026-02-30", "today", "20260201"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(CalendarError, match="is not a day"):
        parse_day(text)


@pytest.mark.parametrize("text", ["1 day", "7 days", "1 month", "2 months", "5 working days"])
def test_a_period_reads_back(text: str) -> None:
    assert str(Period.parse(text)) == text


days = st.dates(min_value=date(2005, 1, 1), max_value=date(2026, 6, 1))


@given(days, st.integers(1, 120), st.sampled_from(["days", "months", "working_days"]))
def test_a_period_ends_on_a_working_day_after_its_start(start: date, value: int, unit: str) -> None:
    due = CALENDAR.count(start, Period(value, unit))
    assert CALENDAR.works(due.day)
    assert start < due.nominal <= due.day
    assert not any(CALENDAR.works(due.nominal + timedelta(days=n))
                   for n in range((due.day - due.nominal).days))  # fmt: skip


@given(days, st.integers(0, 100))
def test_working_days_between_count_both_ways(start: date, span: int) -> None:
    end = start + timedelta(days=span)
    assert CALENDAR.between(start, end) == -CALENDAR.between(end, start)
    assert 0 <= CALENDAR.between(start, end) <= span


@given(days, st.integers(0, 60))
def test_months_keep_the_day_or_take_the_last(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
