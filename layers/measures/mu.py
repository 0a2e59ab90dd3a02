"""Mu, the unit in which Chinese land records give areas."""

from __future__ import annotations

MU_M2 = 2000 / 3
"""Square metres of a mu."""


def mu_of(square_metres: float) -> float:
    """Square metres in mu (1 mu = 666.667 m²)."""
    return square_metres / MU_M2
