"""Yield: what became of each detector's candidates once people looked."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from imagery.queue.entries import Run
from imagery.queue.listing import Listed

_Z = 1.96
NO_REASON = "none"
"""Refused without saying why."""


@dataclass(frozen=True, slots=True)
class Yield:
    """Counts of one detector (name and version): what it proposed and what people said.

    `share_yes` = yes / (yes + no), with its 95 % interval (Wilson), missing while nothing is decided.
    `refusals` counts the reasons of the noes, most frequent first.
    """

    detector: str
    theme: str
    runs: int
    candidates: int
    yes: int
    no: int
    unsure: int
    open: int
    share_yes: float | None
    share_low: float | None
    share_high: float | None
    refusals: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """For machines; plain JSON types."""
        return asdict(self)


def yields(runs: Sequence[Run], found: Sequence[Listed]) -> list[Yield]:
    """One entry per detector and theme. A thing found twice counts once for each that found it."""
    stands = {one.candidate.id: one.candidate for one in found}
    told = []
    for detector, theme in sorted({(run.detector, run.theme) for run in runs}):
        mine = {run.id for run in runs if (run.detector, run.theme) == (detector, theme)}
        things = {one.same_as or one.candidate.id for one in found if one.candidate.run_id in mine}
        asked = [stands[one] for one in sorted(things)]
        count = Counter(one.answer for one in asked)
        why = Counter(one.reason or NO_REASON for one in asked if one.answer == "no")
        told.append(Yield(
            detector, theme, len(mine), len(asked), count["yes"], count["no"], count["unsure"], count[None],
            *_share(count["yes"], count["yes"] + count["no"]), dict(why.most_common()),
        ))  # fmt: skip
    return told


def _share(yes: int, of: int) -> tuple[float | None, float | None, float | None]:
    if of == 0:
        return None, None, None
    share, z2 = yes / of, _Z**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    return share, max(0.0, middle - half), min(1.0, middle + half)
