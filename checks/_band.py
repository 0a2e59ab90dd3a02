"""The error band of many measurements at once, and the verdict it allows.

U² = U_source² + U_datum² + U_point² + U_network², all in metres and as arrays. What a school
without known gates adds is one-sided: its true gate can only be farther.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from checks._records import VERDICTS, Verdict
from checks._rulebook.rule import Rule
from layers import Layer
from layers.datum import parse_datum
from layers.errors import DatumError
from layers.measures import ErrorBand, error_band

PARTS = ("u_source", "u_datum", "u_point", "u_network")
UNKNOWN_SOURCE_M = 30.0
"""Position error where neither row nor source says one: a map pin against its door."""
UNKNOWN_DATUM_M = 2.0
"""What a public transform of an unpublished datum leaves; used where none is recorded."""
UNMEASURED = ("shop_off", "school_off", "no_network")
"""States of a pair whose walk could not be measured."""
RANK = {verdict: rank for rank, verdict in enumerate(VERDICTS)}


def source_error(layer: Layer, rows: pd.DataFrame) -> np.ndarray:
    """Position error of every row, m: its own, else its source's, else a cautious one."""
    declared = [p.u_source_m for p in layer.provenance if p.u_source_m is not None]
    own = pd.to_numeric(rows["u_source_m"], errors="coerce")
    return own.fillna(max(declared, default=UNKNOWN_SOURCE_M)).to_numpy(float)


def datum_error(*layers: Layer | None) -> float:
    """What the transforms of these layers leave together, m (root of the sum of squares)."""
    worst = [max(map(_datum_error, {p.datum for p in layer.provenance}), default=0.0)
             for layer in layers if layer is not None]  # fmt: skip
    return float(np.sqrt(sum(metres**2 for metres in worst)))


def _datum_error(name: str) -> float:
    try:
        return parse_datum(name).u_datum_m
    except DatumError:
        return UNKNOWN_DATUM_M


def half_width(pairs: pd.DataFrame) -> np.ndarray:
    """U of every pair, m."""
    return np.sqrt((pairs[list(PARTS)].to_numpy(float) ** 2).sum(axis=1))


def verdicts(pairs: pd.DataFrame, rule: Rule | None) -> np.ndarray:
    """The verdict of every pair against one rule.

    `pairs` has `metres` (NaN: no way within the reach), `straight_m`, `state` and the parts of
    the band. Where the walk could not be measured the straight line may still decide: a walk
    is no shorter.
    """
    if rule is None:
        return np.full(len(pairs), "undecided", dtype=object)
    low, high = bounds(pairs, rule)
    return judge(low, high, pairs["state"].to_numpy(), rule.comparator, rule.limit_m)


def bounds(pairs: pd.DataFrame, rule: Rule) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of every pair's interval, m: of a walk that is not measured the straight line's low end."""
    metres, u = rounded(pairs["metres"].to_numpy(float), rule), half_width(pairs)
    low = np.maximum(metres - u, 0.0)
    high = metres + u + pairs["unknown_gate"].to_numpy(float)
    unmeasured = np.isin(pairs["state"].to_numpy(), UNMEASURED)
    return np.where(unmeasured, pairs["straight_m"].to_numpy(float) - u, low), high


def judge(
    low: np.ndarray, high: np.ndarray, state: np.ndarray, comparator: str, limit_m: float
) -> np.ndarray:
    """The verdict of every interval against a limit in metres; `bounds` gives the intervals."""
    inside, outside = _sides(low, high, comparator, limit_m)
    return np.select(
        [outside | (state == "no_way"), np.isin(state, UNMEASURED), inside],
        ["outside", "undecided", "inside"],
        default="borderline",
    ).astype(object)


def against(low: float, high: float, comparator: str, limit: float) -> Verdict:
    """The verdict that one interval allows; limit and interval in one unit."""
    inside, outside = _sides(low, high, comparator, limit)
    return "inside" if inside else "outside" if outside else "borderline"


def _sides(low: Any, high: Any, comparator: str, limit: float) -> tuple[Any, Any]:  # noqa: ANN401 - numbers or arrays
    """Whether an interval lies wholly within the limit, and wholly beyond it."""
    return (high <= limit, low > limit) if comparator == "<=" else (high < limit, low >= limit)


def rounded(metres: np.ndarray, rule: Rule | None) -> np.ndarray:
    """The distances to the place the rule asks for (0.1 m, say); unchanged where it is silent."""
    step = rule.rounding if rule else None
    return metres if step is None else np.round(metres / step) * step


def band_of(row: Mapping[str, Any]) -> ErrorBand:
    """The band of one pair with its parts."""
    return error_band(
        source=float(row["u_source"]), datum=float(row["u_datum"]), point=float(row["u_point"]),
        network=float(row["u_network"]), unknown_gate=float(row["unknown_gate"]),
    )  # fmt: skip
