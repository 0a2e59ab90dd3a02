"""How old the imagery of an area is: its parts by age, and what no scene shows."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd

from imagery.catalogue.coverage import Coverage, coverage
from imagery.store import Store

YEAR_DAYS = 365
BOUNDS = (YEAR_DAYS // 2, YEAR_DAYS, 2 * YEAR_DAYS, 3 * YEAR_DAYS)
"""Upper bounds of the age classes in days, each inclusive; older ones have a class of their own."""


@dataclass(frozen=True, slots=True)
class AgeShare:
    """The part of an area whose newest scene is at most `until_days` old: geodesic square metres and
    its share of the area (0 to 1). `until_days` is None for older scenes, -1 where there is none.
    """

    until_days: int | None
    m2: float
    share: float


def ages_over(store: Store, areas: gpd.GeoSeries, on_date: str) -> tuple[AgeShare, ...]:
    """`ages` over the polygons of a layer (WGS 84) taken as one area, as of an ISO day.

    Raises `ImageryError` where they make no polygon.
    """
    return ages(coverage(store, areas.union_all(), on_date))


def ages(found: Coverage) -> tuple[AgeShare, ...]:
    """The area by the age of its newest scene, the newest class first, what is missing last."""
    totals: dict[int | None, float] = {**dict.fromkeys(BOUNDS, 0.0), None: 0.0}
    for piece in found.pieces:
        totals[next((bound for bound in BOUNDS if piece.age_days <= bound), None)] += piece.m2
    totals[-1] = found.gap_m2
    whole = found.area_m2 or 1.0
    return tuple(AgeShare(until, m2, m2 / whole) for until, m2 in totals.items())
