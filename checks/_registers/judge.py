"""From links to one outcome per subject: what speaks best for the trader decides.

Pure functions on columns. A link in force can only help: adding one never makes a verdict worse.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from checks._band import RANK
from checks._registers.words import STRENGTH

CLEAR, PERHAPS, DOUBTFUL, FAULTY, OVER, UNCLEAR = range(6)
"""Kinds of links, best for the trader first: sure and in force; in force, but is it theirs?; sure
with a fault that a person must weigh; sure with a fault; sure and ended; neither sure nor good."""


def kind_of(links: pd.DataFrame) -> np.ndarray:
    """(n,) kind of every link, from `sure`, `ended` and `fault_verdict`."""
    sure = links["sure"].to_numpy(bool)
    ended = links["ended"].to_numpy(bool)
    fault = links["fault_verdict"].to_numpy()
    good = ~ended & (fault == "")
    return np.select(
        [sure & good, ~sure & good, sure & ~ended & (fault == "borderline"), sure & ~ended, sure],
        [CLEAR, PERHAPS, DOUBTFUL, FAULTY, OVER], default=UNCLEAR,
    )  # fmt: skip


def judge(links: pd.DataFrame, subjects: int, too_little: np.ndarray) -> pd.DataFrame:
    """One row per subject (by position): `verdict`, `licence_class`, `link` and `count`.

    Parameters
    ----------
    links : the columns of `links_of`, and `newest` (date text that orders ended licences).
    subjects : how many there are.
    too_little : (subjects,) which of them say too little to be missed in a register.

    Returns
    -------
    `link` is the position of the deciding link in `links` (-1: none), `count` the number of links.
    """
    kind = kind_of(links)
    order = links.assign(_kind=kind, _at=np.arange(len(links)), _code=~links["coded"].astype(bool))
    order = order.sort_values(
        ["subject", "_kind", "newest", "_code", "score", "register"],
        ascending=[True, True, False, True, False, True], kind="stable",
    ).drop_duplicates("subject")  # fmt: skip
    link = np.full(subjects, -1)
    link[order["subject"].to_numpy(int)] = order["_at"].to_numpy(int)
    count = np.bincount(links["subject"].to_numpy(int), minlength=subjects)
    verdict = np.where(too_little, "undecided", "inside").astype(object)
    name = np.where(too_little, "not_checked", "none").astype(object)
    at = link[link >= 0]
    verdict[link >= 0] = _verdicts(links, kind)[at]
    name[link >= 0] = _names(links, kind)[at]
    return pd.DataFrame({"verdict": verdict, "licence_class": name, "link": link, "count": count})


def _verdicts(links: pd.DataFrame, kind: np.ndarray) -> np.ndarray:
    """A link that a person must confirm is never more than `borderline`."""
    unsure = np.isin(kind, (PERHAPS, UNCLEAR, DOUBTFUL))
    fault = links["fault_verdict"].to_numpy()
    return np.select(
        [kind == CLEAR, unsure, kind == FAULTY], ["outside", "borderline", fault], "inside"
    ).astype(object)


def _names(links: pd.DataFrame, kind: np.ndarray) -> np.ndarray:
    fault, state = links["fault_class"].to_numpy(), links["state"].to_numpy()
    shown = (kind == UNCLEAR) & (fault != "") & links["coded"].to_numpy(bool)
    faulty = np.isin(kind, (FAULTY, DOUBTFUL)) | shown
    return np.select(
        [kind == CLEAR, faulty, kind == OVER], ["in_force", fault, state], "ask"
    ).astype(object)


def worst(outcomes: list[pd.DataFrame]) -> np.ndarray:
    """(n,) number of the register that decides: the worst verdict, then the stronger class."""
    rank = np.column_stack([one["verdict"].map(RANK).to_numpy(int) for one in outcomes])
    strength = np.column_stack(
        [one["licence_class"].map(STRENGTH).to_numpy(int) for one in outcomes]
    )
    return np.lexsort((-strength, rank), axis=1)[:, 0]
