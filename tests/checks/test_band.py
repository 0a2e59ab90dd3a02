"""Verdicts come from an interval, and only from it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks._band import (
    UNKNOWN_DATUM_M,
    UNKNOWN_SOURCE_M,
    against,
    band_of,
    datum_error,
    half_width,
    judge,
    rounded,
    source_error,
    verdicts,
)
from checks._rulebook.rule import Document, Rule
from layers.layer import make_layer
from layers.provenance import Provenance
from tests.cases import HERE, layer_of

RULE = Rule(
    id="r", check="tobacco-near-school", school_class="school", value=100, unit="m",
    comparator="<=", method="walk_shortest", origin="any_gate", in_force_from="2020-01-01",
    document=Document("d"), verified=False,
)  # fmt: skip
metres = st.floats(0, 500)
small = st.floats(0, 60)


def pair(metres_: float, u: float = 0.0, unknown: float = 0.0, state: str = "measured",
         straight: float | None = None) -> pd.DataFrame:  # fmt: skip
    return pd.DataFrame({
        "metres": [metres_], "straight_m": [metres_ if straight is None else straight],
        "state": [state], "u_source": [u], "u_datum": [0.0], "u_point": [0.0], "u_network": [0.0],
        "unknown_gate": [unknown],
    })  # fmt: skip


def verdict(table: pd.DataFrame, rule: Rule | None = RULE) -> str:
    return str(verdicts(table, rule)[0])


@pytest.mark.parametrize(
    ("metres_", "u", "comparator", "expected"),
    [
        (100, 0, "<=", "inside"), (100, 0, "<", "outside"), (99.9, 0, "<", "inside"),
        (100.1, 0, "<=", "outside"), (90, 10, "<=", "inside"), (90, 10, "<", "borderline"),
        (110, 10, "<=", "borderline"), (110, 10, "<", "outside"), (110.1, 10, "<=", "outside"),
        (0, 99, "<=", "inside"), (0, 101, "<=", "borderline"),
    ],
)  # fmt: skip
def test_the_limit_itself(metres_: float, u: float, comparator: str, expected: str) -> None:
    assert verdict(pair(metres_, u), replace(RULE, comparator=comparator)) == expected


@given(metres, small, small)
def test_a_verdict_is_beyond_the_band_or_borderline(d: float, u: float, unknown: float) -> None:
    said = verdict(pair(d, u, unknown))
    low, high = max(d - u, 0), d + u + unknown
    assert said == ("inside" if high <= 100 else "outside" if low > 100 else "borderline")


@given(metres, small, small, st.floats(0, 30))
def test_a_wider_band_never_decides_more(d: float, u: float, unknown: float, more: float) -> None:
    narrow, wide = verdict(pair(d, u, unknown)), verdict(pair(d, u + more, unknown + more))
    assert wide in (narrow, "borderline")


@given(metres, metres, small)
def test_farther_is_never_worse(one: float, other: float, u: float) -> None:
    order = ["inside", "borderline", "outside"]
    near, far = (order.index(verdict(pair(d, u))) for d in sorted((one, other)))
    assert near <= far


def test_an_unknown_gate_widens_one_side_only() -> None:
    assert verdict(pair(120, 5, 300)) == "outside"
    assert verdict(pair(60, 5, 300)) == "borderline"


def test_no_way_is_outside_and_no_network_undecided() -> None:
    assert verdict(pair(math.nan, 5, state="no_way", straight=30)) == "outside"
    for state in ("shop_off", "school_off", "no_network"):
        assert verdict(pair(math.nan, 5, state=state, straight=30)) == "undecided"
        assert verdict(pair(math.nan, 5, state=state, straight=106)) == "outside"


def test_no_rule_is_undecided_however_near() -> None:
    assert verdict(pair(0), None) == "undecided"


def test_feet_are_exact() -> None:
    feet = replace(RULE, value=500, unit="ft")
    assert feet.limit_m == 152.4
    assert verdict(pair(152.4), feet) == "inside"
    assert feet.written == "500 ft"


def test_rounding_comes_before_the_comparison() -> None:
    tenth = replace(RULE, rounding=0.1)
    assert verdict(pair(100.04), tenth) == "inside"
    assert verdict(pair(100.06), tenth) == "outside"
    assert rounded(np.array([12.34]), tenth)[0] == pytest.approx(12.3)
    assert rounded(np.array([12.34]), RULE)[0] == 12.34


@pytest.mark.parametrize(("low", "high", "closed", "open_"), [
    (90, 99, "inside", "inside"), (90, 100, "inside", "borderline"), (100, 100, "inside", "outside"),
    (99, 101, "borderline", "borderline"), (100, 110, "borderline", "outside"), (101, 110, "outside", "outside"),
])  # fmt: skip
def test_one_interval_is_judged_as_many_are(low: float, high: float, closed: str, open_: str) -> None:  # fmt: skip
    for comparator, said in (("<=", closed), ("<", open_)):
        assert against(low, high, comparator, 100) == said
        many = judge(np.array([low]), np.array([high]), np.array(["measured"]), comparator, 100)
        assert list(many) == [said]


@given(small, small, small, small, small)
def test_the_band_of_a_finding_is_the_band_of_its_verdict(
    a: float, b: float, c: float, d: float, gate: float
) -> None:
    row = {"u_source": a, "u_datum": b, "u_point": c, "u_network": d, "unknown_gate": gate}
    band = band_of(row)
    assert band.minus == pytest.approx(half_width(pd.DataFrame([row]))[0])
    assert band.plus == pytest.approx(band.minus + gate)


def test_source_errors_come_from_row_then_source_then_caution() -> None:
    layer = layer_of("bar", [{"id": "a", "at": [0, 0], "u_source_m": 7.0},
                             {"id": "b", "at": [0, 0], "u_source_m": None}])  # fmt: skip
    assert list(source_error(layer, layer.frame)) == [7.0, 0.0]
    nameless = make_layer("bar", layer.frame, replace(HERE, u_source_m=None))
    assert list(source_error(nameless, layer.frame)) == [7.0, UNKNOWN_SOURCE_M]


def test_datum_errors_add_up_in_squares() -> None:
    frame = layer_of("bar", [{"id": "a", "at": [0, 0]}]).frame
    shifted = make_layer("bar", frame, replace(HERE, datum="gcj02"))
    plain = make_layer("bar", frame, HERE)
    strange = make_layer("bar", frame, replace(HERE, datum="per row"))
    assert datum_error(plain, None) == 0
    assert datum_error(shifted, shifted) == pytest.approx(math.sqrt(2) * datum_error(shifted))
    assert datum_error(strange) == UNKNOWN_DATUM_M
    assert isinstance(HERE, Provenance)
