from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.cleaning.coordinates import (
    in_china,
    look_plane,
    pair_columns,
    parse_numbers,
    parse_pairs,
    settle_degrees,
)


def one(text: str) -> float:
    return float(parse_numbers(pd.Series([text], dtype=object))[0][0])


def pairs(*rows: tuple[str | None, str | None]) -> object:
    table = pd.DataFrame(rows, columns=["x", "y"], dtype=object)
    return pair_columns(table["x"], table["y"])


@pytest.mark.parametrize(
    "text",
    [
        "105°28′12″",
        "105°28'12\"E",
        "E105°28′12″",
        "东经105°28′12″",
        "东经105度28分12秒",
        "105:28:12",
        "105°28.2′",
        "105.47°",
        "１０５．４７",
        "105.47E",
        " 105.47 ",
    ],
)
def test_degrees_in_many_ways(text: str) -> None:
    assert one(text) == pytest.approx(105.47)


def test_south_and_west_are_negative() -> None:
    assert one("南纬26°30′") == -26.5
    assert one("75.5W") == -75.5


@pytest.mark.parametrize("text", ["105°60′", "105°28′61″", "abc", "105,4812", "inf", "1" * 300])
def test_what_is_no_number_is_unreadable(text: str) -> None:
    numbers, bad = parse_numbers(pd.Series([text], dtype=object))
    assert np.isnan(numbers[0])
    assert bad[0]


def test_words_for_nothing_are_missing_not_unreadable() -> None:
    numbers, bad = parse_numbers(pd.Series(["N/A", None, ""], dtype=object))
    assert np.isnan(numbers).all()
    assert not bad.any()


@pytest.mark.parametrize(
    "text",
    [
        "105.48,26.21",
        "105.48，26.21",
        "[105.48, 26.21]",
        "105.48 26.21",
        "(105.48;26.21)",
        '{"lng": 105.48, "lat": 26.21}',
        "{'lon':'105.48','lat':'26.21'}",
        "POINT (105.48 26.21)",
        "105°28′48″,26°12′36″",
    ],
)
def test_both_in_one_cell(text: str) -> None:
    found = parse_pairs(pd.Series([text], dtype=object))
    assert found.x[0] == pytest.approx(105.48)
    assert found.y[0] == pytest.approx(26.21)


@pytest.mark.parametrize("text", ["105.48", "a,b", "{", '{"lng": 1}', "105.48,", "1," * 400])
def test_half_a_pair_is_unreadable(text: str) -> None:
    found = parse_pairs(pd.Series([text, None], dtype=object))
    assert found.unreadable.tolist() == [True, False]
    assert not found.given.any()


def test_a_row_with_one_of_two_is_unreadable() -> None:
    found = pairs(("105.4", None), ("105.4", "26.2"), (None, None))
    assert found.unreadable.tolist() == [True, False, False]  # type: ignore[attr-defined]


def test_columns_exchanged_are_put_right_and_said() -> None:
    settled = settle_degrees(pairs(("26.2", "105.4"), ("26.3", "105.5")))  # type: ignore[arg-type]
    assert settled.x.tolist() == [105.4, 105.5]
    assert settled.notes == ("swapped",)


def test_one_odd_row_does_not_swap_a_column() -> None:
    rows = [("105.4", "26.2")] * 20 + [("26.2", "105.4")]
    settled = settle_degrees(pairs(*rows))  # type: ignore[arg-type]
    assert settled.notes == ()
    assert settled.x[-1] == 26.2


def test_columns_outside_china_are_swapped_only_beyond_the_poles() -> None:
    assert settle_degrees(pairs(("39.9", "-75.1"))).notes == ()  # type: ignore[arg-type]
    assert settle_degrees(pairs(("39.9", "-122.1"))).notes == ("swapped",)  # type: ignore[arg-type]


def test_the_southern_islands_are_in_china_but_prove_no_swap() -> None:
    assert in_china(np.array([112.34]), np.array([16.83])).all()
    assert settle_degrees(pairs(("16.83", "112.34"))).notes == ("swapped",)  # type: ignore[arg-type]  # beyond the pole
    assert settle_degrees(pairs(("16.8", "85.0"))).notes == ()  # type: ignore[arg-type]


def test_millionths_of_a_degree() -> None:
    settled = settle_degrees(pairs(("105481200", "26213900")))  # type: ignore[arg-type]
    assert (settled.x[0], settled.y[0]) == (105.4812, 26.2139)
    assert settled.notes == ("micro_degrees",)
    crossed = settle_degrees(pairs(("26213900", "105481200")))  # type: ignore[arg-type]
    assert crossed.notes == ("micro_degrees", "swapped")


def test_a_zone_prefix_is_not_taken_for_millionths() -> None:
    plane = pairs(("35548000", "2900000"))
    assert settle_degrees(plane).notes == ()  # type: ignore[arg-type]
    assert look_plane(plane)  # type: ignore[arg-type]


@given(st.floats(73.1, 135), st.floats(18.1, 53.9))
def test_degrees_minutes_seconds_are_exact_to_a_centimetre(lon: float, lat: float) -> None:
    for value in (lon, lat):
        whole, rest = divmod(value * 3600, 3600)
        minutes, seconds = divmod(rest, 60)
        assert abs(one(f"{whole:.0f}°{minutes:.0f}′{min(seconds, 59.999):.4f}″") - value) < 1e-6


@given(st.floats(73.1, 135), st.floats(18.1, 53.9))
def test_any_position_in_china_survives_a_swap(lon: float, lat: float) -> None:
    settled = settle_degrees(pairs((repr(lat), repr(lon))))  # type: ignore[arg-type]
    assert (settled.x[0], settled.y[0]) == (lon, lat)


@given(st.text(max_size=50))
def test_any_text_is_a_number_or_not(text: str) -> None:
    column = pd.Series([text], dtype=object)
    numbers, bad = parse_numbers(column)
    assert not (bad[0] and np.isfinite(numbers[0]))
    found = parse_pairs(column)
    assert not (found.unreadable[0] and found.given[0])
