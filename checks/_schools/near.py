"""How far the nearest school is: a fact beside a finding, never a verdict."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from checks._rulebook.rule import SCHOOL_CLASSES
from layers import LayerSet
from layers.measures import nearest_within

LOOKED_M = 1000.0
"""How far is looked; no limit, and said with every finding."""


def nearest_school(layers: LayerSet, frame: gpd.GeoDataFrame, on_date: str) -> pd.DataFrame:
    """Facts about the nearest school or kindergarten of every row, in a straight line.

    Columns `near_school_id`, `near_school_name`, `near_school_kind`, `near_school_m` (geodesic
    metres, missing where none is within `LOOKED_M`) and `near_looked_m` (missing for rows without
    a place and where there is no school layer). Universities and training centres do not count.
    """
    facts = pd.DataFrame(index=frame.index)
    placed = (frame.geometry.notna() & ~frame.geometry.is_empty).to_numpy(bool)
    schools = layers["school"].frame if "school" in layers else None
    facts["near_looked_m"] = np.where(placed & (schools is not None), LOOKED_M, np.nan)
    if schools is None:
        return facts
    kinds = SCHOOL_CLASSES["school"][1] | SCHOOL_CLASSES["kindergarten"][1]
    there = schools[schools["kind"].isin(kinds) & (schools["opened"].fillna("") <= on_date)]
    found = nearest_within(frame.geometry, there.geometry, LOOKED_M)
    nearest = there.iloc[found.object]
    for name in ("id", "name", "kind"):
        column = np.full(len(frame), None, dtype=object)
        column[found.subject] = nearest[name].to_numpy(dtype=object)
        facts[f"near_school_{name}"] = column
    metres = np.full(len(frame), np.nan)
    metres[found.subject] = found.metres
    return facts.assign(near_school_m=metres)
