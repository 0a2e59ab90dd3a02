from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.cleaning.numbers import UNITS, parse_numbers


@pytest.mark.parametrize(
    ("cell", "unit", "header", "number"),
    [
        ("15", None, "", 15.0),
        ("8间", None, "房间数", 8.0),
        ("1,200 m", "m", "", 1200.0),
        ("１２．５", "m", "", 12.5),
        ("2里", "m", "", 1000.0),
        ("3860㎡", "m²", "占地面积", 3860.0),
        ("3,860 平方米", "m²", "", 3860.0),
        ("3公顷", "m²", "", 30_000.0),
        ("15", "m²", "占地面积（亩）", 10_000.0),
        ("15 ㎡", "m²", "占地面积（亩）", 15.0),
        ("350万元", "yuan", "", 3_500_000.0),
        ("350", "yuan", "合同价（万元）", 3_500_000.0),
        ("350", "yuan", "合同价/万元", 3_500_000.0),
        ("350", "yuan", "合同价（单位：万元）", 3_500_000.0),
        ("350元", "yuan", "合同价(万元)", 350.0),
        ("￥1,234,567.80", "yuan", "", 1_234_567.8),
        ("1.2亿元", "yuan", "", 120_000_000.0),
        ("约30万", "yuan", "", 300_000.0),
        ("-4", None, "", -4.0),
        ("3.5e2", "m", "", 350.0),
        ("350", "yuan", "合同价（含税）", 350.0),
    ],
)
def test_numbers_as_people_write_them(
    cell: str, unit: str | None, header: str, number: float
) -> None:
    done = parse_numbers(pd.Series([cell]), unit, header)
    assert done.values[0] == pytest.approx(number)
    assert done.problem[0] is None


def test_an_area_in_mu_is_the_one_of_the_books() -> None:
    done = parse_numbers(pd.Series(["5.79亩"]), "m²")
    assert done.values[0] == pytest.approx(3860, abs=0.01)
    assert done.note[0] == "unit_converted"


@pytest.mark.parametrize(
    ("cell", "unit", "problem"),
    [
        ("若干", "yuan", "number_unreadable"),
        ("", "yuan", "number_unreadable"),
        ("12.3.4", None, "unit_unknown"),
        ("350元", "m²", "unit_unknown"),
        ("15亩", "yuan", "unit_unknown"),
        ("3亩", None, "unit_unknown"),
        ("15 furlongs", "m", "unit_unknown"),
        ("1e999", "m", "number_unreadable"),
        ("12至15", "m", "unit_unknown"),
    ],
)
def test_what_is_no_number_of_the_column_is_said(cell: str, unit: str | None, problem: str) -> None:
    done = parse_numbers(pd.Series([cell]), unit)
    assert (done.values[0], done.problem[0]) == (None, problem)


def test_missing_stays_missing_and_the_index_stays() -> None:
    done = parse_numbers(pd.Series(["3", None], index=[7, 9], dtype=object), "m²")
    assert done.values.to_dict() == {7: 3.0, 9: None}


@given(st.floats(0, 1e9), st.sampled_from([(u, w) for u, words in UNITS.items() for w in words]))
def test_every_unit_is_its_factor(number: float, unit: tuple[str, str]) -> None:
    column, word = unit
    done = parse_numbers(pd.Series([f"{number!r} {word}"]), column or None)
    assert done.values[0] == pytest.approx(number * UNITS[column][word], rel=1e-12)


def test_fifteen_mu_are_a_hectare() -> None:
    done = parse_numbers(pd.Series(["15亩", "1公顷"]), "m²")
    assert done.values[0] == pytest.approx(done.values[1])
