from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.cleaning.dates import OPEN_ENDED, parse_dates


def read(text: str, **how: object) -> tuple[object, object, object]:
    done = parse_dates(pd.Series([text], dtype=object), **how)  # type: ignore[arg-type]
    return done.values[0], done.problem[0], done.note[0]


@pytest.mark.parametrize(
    "text",
    [
        "2023-05-01", "2023.5.1", "2023/5/1", "2023年5月1日", "２０２３．５．１", "2023/5/1 00:00", "20230501",
        "2023-05-01T00:00:00Z", "2023-05-01 08:30:00", "20230501083000", "二〇二三年五月一日", "1-May-2023",
        "May 1, 2023", "1 May 2023", "2023 5 1",
    ],
)  # fmt: skip
def test_one_day_in_many_ways(text: str) -> None:
    assert read(text) == ("2023-05-01", None, None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇二三年十月三十一日", "2023-10-31"),
        ("二零二二年十二月十日", "2022-12-10"),
        ("二○二一年一月二十日", "2021-01-20"),
    ],
)
def test_chinese_numerals(text: str, day: str) -> None:
    assert read(text)[0] == day


@pytest.mark.parametrize(
    "text",
    ["长期", "永久", "长期有效", "至9999-12-31", "9999-12-31", "9999年12月31日", "无固定期限"],
)
def test_open_ended_terms(text: str) -> None:
    assert read(text, end=True)[0] == OPEN_ENDED


def test_a_beginning_is_never_open_ended() -> None:
    assert read("长期") == (None, "date_open_start", None)


def test_a_spreadsheet_day_number_counts_from_1899() -> None:
    assert read("45012") == ("2023-03-27", None, "date_from_serial")
    assert read("45012.0")[0] == "2023-03-27"
    assert read("99999")[1] == "date_unreadable"


def test_seconds_and_milliseconds_since_1970_in_the_clock_of_the_source() -> None:
    midnight_in_beijing = int(datetime(2023, 4, 30, 16, tzinfo=UTC).timestamp())
    assert read(str(midnight_in_beijing * 1000)) == ("2023-05-01", None, "date_from_epoch")
    assert read(str(midnight_in_beijing))[0] == "2023-05-01"
    assert read(str(midnight_in_beijing), utc_offset_h=0.0)[0] == "2023-04-30"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023年2月", "2023-02-01", "2023-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("1952", "1952-01-01", "1952-12-31"),
    ],
)
def test_part_of_a_date_is_completed_and_noted(text: str, first: str, last: str) -> None:
    assert read(text) == (first, None, "date_completed")
    assert read(text, end=True) == (last, None, "date_completed")


@pytest.mark.parametrize(
    "text",
    [
        "2018.5.1-2023.4.30",
        "2018年5月1日至2023年4月30日",
        "自2018-05-01起至2023-04-30止",
        "2018/5/1 - 2023/4/30",
        "2018-05-01~2023-04-30",
    ],
)
def test_of_a_term_the_asked_end_is_taken(text: str) -> None:
    assert read(text)[0] == "2018-05-01"
    assert read(text, end=True)[0] == "2023-04-30"


def test_a_term_without_end_is_no_end() -> None:
    assert read("2018-05-01至", end=True)[1] == "date_unreadable"


@pytest.mark.parametrize(
    "text", ["2023-02-30", "2023-13-01", "20231301", "0000-00-00", "1023-05-01"]
)
def test_days_that_do_not_exist(text: str) -> None:
    assert read(text)[:2] == (None, "date_impossible")


@pytest.mark.parametrize(
    "text", ["去年", "23.5.1", "x" * 500, "12345678901234567890", "2023050112"]
)
def test_unreadable_is_said_so(text: str) -> None:
    assert read(text)[:2] == (None, "date_unreadable")


def test_day_and_month_need_evidence() -> None:
    assert read("3/4/2023")[1] == "date_ambiguous"
    assert read("3/4/2023", order="mdy")[0] == "2023-03-04"
    assert read("13/4/2023")[0] == "2023-04-13"
    column = parse_dates(pd.Series(["3/4/2023", "4/25/2023"]))
    assert column.values.tolist() == ["2023-03-04", "2023-04-25"]


def test_missing_stays_missing_with_its_index() -> None:
    done = parse_dates(pd.Series([None, "2023-05-01"], index=[5, 2], dtype=object))
    assert done.values.index.tolist() == [5, 2]
    assert pd.isna(done.values[5])
    assert pd.isna(done.problem[5])


_DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))


@given(_DAYS, st.sampled_from(["%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d 00:00", "%Y年%m月%d日", "%Y%m%d"]))
def test_every_day_comes_back(day: date, form: str) -> None:
    assert read(day.strftime(form).replace("/0", "/"))[0] == day.isoformat()


@given(st.integers(14611, 73050))
def test_every_day_number_comes_back(days: int) -> None:
    assert read(str(days))[0] == (date(1899, 12, 30) + timedelta(days=days)).isoformat()


@given(st.text(max_size=60), st.booleans())
def test_any_text_gives_a_date_or_a_reason(text: str, end: bool) -> None:
    value, problem, _ = read(text, end=end)
    assert (value is None) != (problem is None)
    assert value is None or value == OPEN_ENDED or date.fromisoformat(str(value))
