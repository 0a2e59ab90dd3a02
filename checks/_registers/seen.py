"""What was seen of the subjects in all registers, and one table of what is reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from checks._cells import as_dicts
from checks._records import LayerRef
from checks._registers.judge import worst
from checks._registers.spec import Exempt, Licensing, Register
from layers import Layer, LayerSet

_LINK = ("zone", "score", "reasons", "metres", "decided_by", "decided_why", "state", "faults",
         "sure", "sharers")  # fmt: skip
ROW = ("id", "name", "address", "credit_code", "licence_no", "licence_status", "first_issued",
        "last_renewed", "valid_to", "source_row")  # fmt: skip
SUBJECT = {"address": "address", "category": "category", "platform": "platform",
            "licence_no": "shown_licence_no", "credit_code": "shown_credit_code",
            "source_row": "source_row"}  # fmt: skip
"""Columns of the subject, and the facts they become."""


@dataclass(frozen=True)
class Seen:
    """What was seen of the subjects of one theme in all registers.

    `asked` are positions of those the law asks something of, `exempt` numbers the exemption of
    every subject (-1: none); `links` and `outcomes` go with `registers` and count by `asked`.
    """

    subjects: Layer
    asked: np.ndarray
    exempt: np.ndarray
    exemptions: tuple[Exempt, ...]
    licensing: Licensing
    registers: tuple[Register, ...]
    links: tuple[pd.DataFrame, ...]
    outcomes: tuple[pd.DataFrame, ...]
    layers: LayerSet
    on_date: str
    refs: tuple[LayerRef, ...] = ()
    missing: tuple[Register, ...] = ()


def deciding(seen: Seen) -> pd.DataFrame:
    """One row per asked subject: the outcome of the register that decides, its link and row.

    `verdict_0`, `licence_class_0` … say what the subject is in each register.
    """
    which = worst(list(seen.outcomes))
    parts = []
    for number, (links, outcome) in enumerate(zip(seen.links, seen.outcomes, strict=True)):
        mine = np.flatnonzero(which == number)
        chosen = outcome.iloc[mine].reset_index(drop=True)
        at = chosen["link"].to_numpy(int)
        frame = seen.layers[seen.registers[number].theme].frame
        told = [name for name in (*ROW, *seen.registers[number].told) if name in frame]
        rows = pd.DataFrame(frame[told]).iloc[links["register"].to_numpy(int)]
        rows = rows.rename(columns={name: f"register_{name}" for name in told})
        both = pd.concat([links[list(_LINK)], rows.reset_index(drop=True)], axis=1)
        linked = both.astype(object).reindex(np.where(at < 0, len(both), at)).reset_index(drop=True)
        parts.append(pd.concat([chosen, linked], axis=1).assign(
            subject=seen.asked[mine], which=number, **_everywhere(seen, mine)))  # fmt: skip
    return pd.concat(parts, ignore_index=True).sort_values("subject", ignore_index=True)


def _everywhere(seen: Seen, mine: np.ndarray) -> dict[str, np.ndarray]:
    return {
        f"{name}_{number}": outcome[name].to_numpy(dtype=object)[mine]
        for number, outcome in enumerate(seen.outcomes)
        for name in ("verdict", "licence_class")
    }


def own_columns(seen: Seen, subjects: np.ndarray) -> dict[str, pd.Series | np.ndarray]:
    """Columns of the subjects themselves, by their positions."""
    frame = seen.subjects.frame.iloc[subjects]
    names = [name for name in ("id", "name", *SUBJECT) if name in frame]
    shapes = frame.geometry.to_numpy()
    return {f"subject_{name}": frame[name].to_numpy(dtype=object) for name in names} | {
        "shape": shapes
    }


def added_facts(seen: Seen, subjects: np.ndarray) -> list[dict[str, Any]]:
    """What the check itself adds about the reported subjects."""
    if seen.licensing.facts is None:
        return [{} for _ in subjects]
    frame = seen.subjects.frame.iloc[subjects]
    return as_dicts(seen.licensing.facts(seen.layers, frame, seen.on_date))


def notes_held(seen: Seen, subjects: np.ndarray) -> list[tuple[int, ...]]:
    """Numbers of the notes that hold, subject by subject."""
    frame = seen.subjects.frame.iloc[subjects]
    masks = [np.asarray(note.test(frame), dtype=bool) for note in seen.licensing.notes]
    hold = np.array(masks, dtype=bool).reshape(len(masks), len(frame)).T
    return [tuple(np.flatnonzero(row).tolist()) for row in hold]
