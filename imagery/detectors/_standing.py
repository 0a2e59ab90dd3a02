"""What a model of heights says of the things in a lane: how high they are, and what colour does not show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from imagery.vectorise import Outline, area_error
from imagery.width.height import GROUND_M, Thing
from layers.measures import geodesic_area, geodesic_length

_SHARE = 0.3
"""A thing and an outline are one where they share so much of the smaller."""


def with_heights(
    outlines: Sequence[Outline], things: Sequence[Thing], least_m2: float, u_edge_m: float
) -> tuple[list[Outline], np.ndarray, int]:
    """The outlines and those that only the heights show; the height of each, metres; how many colour shows.

    Heights are missing (NaN) where the model shows nothing. The score of what only the heights show is
    how many times the height it has from which on a thing counts.
    """
    tops = np.full(len(outlines), np.nan)
    more: list[tuple[Outline, float]] = []
    for thing in things:
        mine = [n for n, one in enumerate(outlines) if _same(one, thing)]
        tops[mine] = np.fmax(tops[mine], thing.top_m)
        for part in shapely.get_parts(thing.outline):
            area, around = geodesic_area(part), geodesic_length(part)
            if not mine and area >= least_m2:
                score = thing.top_m / GROUND_M
                error = area_error(area, around, u_edge_m)
                more.append((Outline(part, score, (score,), area, error, around), thing.top_m))
    heights = np.concatenate([tops, [top for _, top in more]])
    return [*outlines, *(one for one, _ in more)], heights, len(outlines)


def _same(one: Outline, thing: Thing) -> bool:
    both = shapely.intersection(one.polygon, thing.outline).area
    return bool(both > _SHARE * min(one.polygon.area, thing.outline.area))
