"""Two dates on one ground: shifts measured, applied as lineage, or the comparison refused."""

from imagery.align.apply import Adjustment, adjusted, by_hand
from imagery.align.base import BaseShift, against_base
from imagery.align.compare import Comparable, comparable
from imagery.align.estimate import Alignment, Settings, estimate
from imagery.align.gcj import GcjHint, gcj_hint
from imagery.align.ground import Ground, Pair, common_grid
from imagery.align.picture import before_after
from imagery.align.stored import ground_of, middle_of, move

__all__ = [
    "Adjustment",
    "Alignment",
    "BaseShift",
    "Comparable",
    "GcjHint",
    "Ground",
    "Pair",
    "Settings",
    "adjusted",
    "against_base",
    "before_after",
    "by_hand",
    "common_grid",
    "comparable",
    "estimate",
    "gcj_hint",
    "ground_of",
    "middle_of",
    "move",
]
