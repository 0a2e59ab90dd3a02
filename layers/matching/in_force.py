"""Whether a register row is in force on a day: from its state and its term."""

from __future__ import annotations

import numpy as np
import pandas as pd

from layers.cleaning.licences import clean_states

NOT_IN_FORCE: dict[str, tuple[str, str]] = {
    "cancelled": ("已注销", "cancelled"),
    "revoked": ("已吊销", "revoked"),
    "closed": ("已歇业", "closed"),
    "suspended": ("已停业", "suspended"),
    "expired": ("已过期", "expired"),
    "not_yet": ("尚未生效", "not yet issued"),
}
"""State that is not in force → (Chinese, English)."""


def state_on(frame: pd.DataFrame, on_date: str | None) -> pd.Series:
    """State of every register row on a day: one of `NOT_IN_FORCE`, `valid` or `unknown`.

    Parameters
    ----------
    frame : rows with any of `licence_status`, `business_status`, `first_issued`, `valid_to`.
    on_date : ISO date; without it nobody is said to be out of force.

    Returns
    -------
    Series of text, same index. The worse of the written states holds; a term that has ended
    or not begun on the day is `expired` or `not_yet` whatever state is written.
    """
    state = pd.Series("unknown", index=frame.index, dtype=object)
    if on_date is None:
        return state
    for column in ("licence_status", "business_status"):
        if column in frame:
            told = clean_states(frame[column]).values
            state = state.mask(told.eq("valid") & state.eq("unknown"), "valid")
            state = state.mask(told.isin(list(NOT_IN_FORCE)) & ~state.isin(list(NOT_IN_FORCE)), told)  # fmt: skip
    ended, begins = (_before(frame, "valid_to", on_date), _after(frame, "first_issued", on_date))
    state = state.mask(ended & ~state.isin(list(NOT_IN_FORCE)), "expired")
    return state.mask(begins & ~state.isin(list(NOT_IN_FORCE)), "not_yet")


def _before(frame: pd.DataFrame, column: str, on_date: str) -> np.ndarray:
    dates = frame[column] if column in frame else pd.Series(None, index=frame.index, dtype=object)
    found: np.ndarray = dates.fillna("9999-12-31").astype(str).to_numpy(dtype=object) < on_date
    return found.astype(bool)


def _after(frame: pd.DataFrame, column: str, on_date: str) -> np.ndarray:
    dates = frame[column] if column in frame else pd.Series(None, index=frame.index, dtype=object)
    found: np.ndarray = dates.fillna("").astype(str).to_numpy(dtype=object) > on_date
    return found.astype(bool)
