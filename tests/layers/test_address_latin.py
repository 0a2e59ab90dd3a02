"""English addresses in the parts that Chinese ones have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.address_latin import read_latin
from layers.addresses import parse_address, parse_addresses


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1426 South 19th Street", {"number": "1426", "road": "s 19th st"}),
        ("1426 S. 19TH ST., PHILADELPHIA, PA", {"number": "1426", "road": "s 19th st"}),
        ("6118/20 MARKET ST", {"number": "6118", "road": "market st"}),
        ("1630-B W Lehigh Avenue", {"number": "1630", "prefix": "b", "road": "w lehigh ave"}),
        ("100 N BROAD ST STE 4", {"number": "100", "road": "n broad st", "room": "4"}),
        ("100 Main Street, 2nd Floor", {"number": "100", "road": "main st", "floor": "2"}),
        ("648 SOUTH ST", {"number": "648", "road": "s st"}),
        ("OAK LANE", {"road": "oak ln"}),
        ("17TH AND MARKET STREET SW CORNER", {"road": "17th", "crossing": "market"}),
    ],
)
def test_parts(text: str, said: dict[str, str]) -> None:
    assert {name: value for name, value in read_latin(text).items() if value} == said


@pytest.mark.parametrize(
    "text", ["across from city hall", "人民路12号", "12号", "Lucky Wok", "", "1234"]
)
def test_what_is_no_english_address_is_left_to_others(text: str) -> None:
    assert read_latin(text) == {}


def test_the_one_parser_reads_both() -> None:
    found = parse_address("1426 South 19th Street")
    assert (found.number, found.road, found.confidence) == (1426, "s 19th st", 1.0)


@given(st.text(alphabet="0123456789 abcnsewtd#&,.-/()", max_size=30))
def test_any_text_is_read_without_an_error(text: str) -> None:
    import pandas as pd

    table = parse_addresses(pd.Series([text], dtype=object))
    assert len(table) == 1
