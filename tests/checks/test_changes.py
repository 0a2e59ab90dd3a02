"""What counts as a change between two findings of one lead."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from checks._changes import MOVED_M, changes, comparable, is_material
from tests.leads.findings import place, shop


def what(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    return changes(comparable(before), comparable(after))


def test_one_finding_has_not_changed_against_itself() -> None:
    assert what(shop(1), shop(1)) == {}


@given(st.floats(5.0, 95.0), st.floats(-30.0, 30.0), st.floats(0.0, 20.0))
def test_a_measure_changes_beyond_the_wider_of_its_two_bands(
    measured: float, step: float, band: float
) -> None:
    before = shop(1, measured=measured, error_band=band)
    after = shop(1, measured=measured + step, error_band=band / 2)
    tiny = 1e-6 * max(measured, measured + step, 1.0)
    told = "measured" in what(before, after)
    if abs(abs(step) - max(band, tiny)) > 1e-5:
        assert told == (abs(step) > max(band, tiny))
    assert told == ("measured" in what(after, before))


@given(st.floats(-60.0, 60.0), st.floats(-60.0, 60.0))
def test_a_place_changes_where_it_is_another(east: float, north: float) -> None:
    told = "place" in what(shop(1), shop(1, at=place(200 + east, north)))
    far = (east**2 + north**2) ** 0.5
    if abs(far - MOVED_M) > 1.0:
        assert told == (far > MOVED_M)


def test_an_age_that_grew_by_the_days_between_is_none() -> None:
    def record(day: str, age: float, paid: float = 0.0) -> dict[str, Any]:
        return {"verdict": "inside", "on_date": day,
                "facts": {"filter_age": age, "paid_total": paid, "register_rows": [], "source_row": 3}}  # fmt: skip

    assert what(record("2026-06-30", 71.0), record("2026-07-04", 75.0)) == {}
    assert set(what(record("2026-06-30", 71.0), record("2026-07-04", 2.0))) == {"facts.filter_age"}
    assert set(what(record("2026-06-30", 71.0), record("2026-06-30", 71.0, 5.0))) == {
        "facts.paid_total"
    }


def test_areas_change_beyond_their_error_and_zones_always() -> None:
    def dump(area: float, *zones: str) -> dict[str, Any]:
        return {
            "verdict": "inside",
            "facts": {"area_m2": area, "u_area_m2": 20.0, "zones": [{"id": one} for one in zones]},
        }

    assert what(dump(400, "z1"), dump(415, "z1")) == {}
    assert set(what(dump(400, "z1"), dump(430, "z1"))) == {"facts.area_m2"}
    assert set(what(dump(400, "z1"), dump(400, "z2", "z1"))) == {"zones"}


def test_what_asks_again() -> None:
    assert is_material({"verdict": ["borderline", "inside"]})
    assert is_material({"rule": ["a", "b"]})
    assert is_material({"facts.valid_to": ["2026-01-01", "2031-01-01"]})
    assert not is_material(
        {"name": ["甲", "乙"], "address": ["1号", "2号"], "place": [[0, 0], [1, 1]]}
    )
    assert not is_material({"verdict": ["inside", "undecided"]}), "missing data is no fact"
    assert not is_material({})
