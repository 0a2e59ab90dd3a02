"""The column `state` of every table with licence columns: in force on the day, or how it ended."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from layers.matching import state_on
from layers.themes import Kind

STATE = "state"
_TOLD_BY = ("licence_status", "business_status", "valid_to")


def with_state(columns: Mapping[str, Kind]) -> dict[str, Kind]:
    """The columns of a theme, with `state` where it has a licence state or a term."""
    told = any(name in columns for name in _TOLD_BY) and STATE not in columns
    return {**columns, **({STATE: "text"} if told else {})}


def state_column(frame: pd.DataFrame, on_date: str) -> np.ndarray:
    """(n,) `valid`, `expired`, `cancelled`, `revoked` …; missing where neither state nor term is known.

    A term that runs on the day tells `valid` where no state is written.
    """
    state = state_on(frame, on_date)
    ends = (
        frame["valid_to"]
        if "valid_to" in frame
        else pd.Series(None, index=frame.index, dtype=object)
    )
    running = (state == "unknown") & ends.notna() & (ends.astype(str) >= on_date)
    state = state.mask(running, "valid")
    found: np.ndarray = state.where(state != "unknown", None).to_numpy(dtype=object)
    return found
