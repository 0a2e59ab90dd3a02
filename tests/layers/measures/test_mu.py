"""Mu and square metres."""

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from layers.measures import MU_M2, mu_of


def test_the_model_case() -> None:
    assert mu_of(3860) == approx(5.79)
    assert mu_of(10_000) == approx(15)


@given(st.floats(0, 1e9))
def test_there_and_back(square_metres: float) -> None:
    assert mu_of(square_metres) * MU_M2 == approx(square_metres)
