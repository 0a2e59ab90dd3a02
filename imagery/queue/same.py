"""The same thing found twice is asked once: by another detector, or by other settings."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import STRtree

ALIKE = 0.5
"""From this share of their union on, two outlines of one scene are one thing."""


def alike(fresh: np.ndarray, earlier: np.ndarray) -> np.ndarray:
    """(n,) for every outline of `fresh` the number of the most alike one of `earlier`, or -1."""
    found = np.full(len(fresh), -1)
    if not len(fresh) or not len(earlier):
        return found
    mine, theirs = STRtree(earlier).query(fresh, predicate="intersects")
    common = shapely.area(shapely.intersection(fresh[mine], earlier[theirs]))
    share = common / (shapely.area(fresh[mine]) + shapely.area(earlier[theirs]) - common)
    order = np.argsort(share, kind="stable")
    order = order[share[order] >= ALIKE]
    found[mine[order]] = theirs[order]
    return found
