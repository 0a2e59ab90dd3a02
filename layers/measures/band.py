"""The error band of a distance: how much nearer or farther the truth may be."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from layers.errors import LayerError


@dataclass(frozen=True)
class ErrorBand:
    """Metres below (`minus`) and above (`plus`) a measured distance, about 95 %.

    `parts` names every contribution in metres as it went in.
    """

    minus: float
    plus: float
    parts: dict[str, float] = field(default_factory=dict)

    def interval(self, measured: float) -> tuple[float, float]:
        """Least and greatest distance (metres) that the measured one may stand for."""
        return max(measured - self.minus, 0.0), measured + self.plus

    @property
    def largest(self) -> float:
        """The larger half width, metres: the one number a table shows."""
        return max(self.minus, self.plus)


def error_band(
    *, source: float, datum: float, point: float, network: float = 0.0, unknown_gate: float = 0.0
) -> ErrorBand:
    """U² = source² + datum² + point² + network², all metres, on both sides.

    `unknown_gate` widens one side only: a school measured from the nearest point of its
    boundary has its true gate there or farther away, never nearer. Raises `LayerError`
    for a part that is negative or missing, because an unknown error is not a small one.
    """
    parts = {"source": source, "datum": datum, "point": point, "network": network,
             "unknown_gate": unknown_gate}  # fmt: skip
    for name, metres in parts.items():
        if not (math.isfinite(metres) and metres >= 0.0):
            raise LayerError(
                f"the error part {name} is {metres} m",
                remedy="give every source a position error of 0 m or more",
                field=name,
            )
    both = math.sqrt(source**2 + datum**2 + point**2 + network**2)
    return ErrorBand(both, both + unknown_gate, {name: float(m) for name, m in parts.items()})
