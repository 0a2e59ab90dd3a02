"""Mu and square metres."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.measures import MU_M2, mu_of


def test_the_model_case() -> None:
    assert mu_of(3860) == pytest.approx(5.79)
    assert mu_of(10_000) == pytest.approx(15)


@given(st.floats(0, 1e9))
def test_there_and_back(square_metres: float) -> None:
    assert mu_of(square_metres) * MU_M2 == pytest.approx(square_metres)
