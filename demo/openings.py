"""When schools opened, as the education bureau's register tells it: of some it does not."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from demo.cast import FUTURE_SCHOOL, NEW_SCHOOL
from demo.world import Campus

KNOWN_OPENINGS = {NEW_SCHOOL: "2023-09-01", FUTURE_SCHOOL: "2026-09-01"}
GATE_OPENED, GATE_LATER = "2024-03-01", "2026-09-01"
"""When the new side gate of a school opened, and when the gate of another will."""


def with_openings(campuses: list[Campus], random: Random) -> tuple[Campus, ...]:
    """The campuses with their opening dates, all but the planted ones long ago."""
    dated = []
    for campus in campuses:
        long_ago = f"{random.randint(1953, 2009)}-09-01"
        told = long_ago if random.random() < 0.55 else ""
        dated.append(replace(campus, opened=KNOWN_OPENINGS.get(campus.name, told)))
    return tuple(dated)
