"""Which scene can speak of a site that was reported as put right, and why none can."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from checks._band import source_error
from checks._cells import number, text
from checks._closures.words import CANNOT
from checks._text import Text, same
from checks._waste.ground import overlaps
from layers import Layer
from layers.measures import geodesic_area

COVERED = 0.9
"""A scene speaks of a site when it shows this share of it."""
PIXELS = 400.0
"""Fewer pixels on a site tell nothing: a heap of 3,860 m² has 39 at 10 m, 3,860 at 1 m."""
GSD_TIMES = 2.0
"""Two scenes are compared when their pixels differ by no more than this."""
SEASON_MONTHS = 1
"""Scenes are of one season when their months are no farther apart."""


@dataclass(frozen=True)
class Look:
    """One site on one day: the scene that speaks, the one from before, what was seen there."""

    site: pd.Series
    m2: float
    scene: pd.Series | None
    before: pd.Series | None
    cannot: tuple[Text, ...] = ()
    codes: tuple[str, ...] = ()


def scenes_of(layer: Layer, sites: gpd.GeoDataFrame, on_date: str) -> list[pd.DataFrame]:
    """For every site the scenes that show some of it by `on_date`, newest first, with `share`."""
    frame = layer.placed
    frame = frame[frame["day"].fillna("9999") <= on_date].reset_index(drop=True)
    frame = frame.assign(u_m=source_error(layer, frame))
    found = overlaps(sites.geometry, frame.geometry)
    told = []
    for place, site in enumerate(sites.geometry):
        mine = found[found["subject"] == place]
        rows = frame.iloc[mine["object"].to_numpy(int)]
        share = mine["m2"].to_numpy(float) / max(geodesic_area(site), 1e-9)
        # of two outlines of one scene that show a site alike the one in front speaks
        rows = rows.assign(share=share, alike=share.round(6))
        told.append(rows.sort_values(["day", "alike"], ascending=False, kind="stable"))
    return told


def look_at(site: pd.Series, scenes: pd.DataFrame) -> Look:
    """The newest scene that can speak of the site; why none can, where none does."""
    closed = str(site["closed"])
    m2 = geodesic_area(site.geometry)
    earlier = scenes[(scenes["day"] < closed) & (scenes["share"] >= COVERED)]
    before = earlier.iloc[0] if len(earlier) else None
    later = scenes[scenes["day"] > closed]
    if not len(later):
        return Look(site, m2, None, before, (CANNOT["no_scene_after"].fill(closed=closed),),
                    ("no_scene_after",))  # fmt: skip
    said: list[tuple[str, Text]] = []
    for _, scene in later.iterrows():
        wrong = _unfit(scene, m2)
        if wrong is None:
            return Look(site, m2, scene, before)
        said.append(wrong)
    codes, texts = zip(*said, strict=True)
    return Look(site, m2, later.iloc[0], before, tuple(dict.fromkeys(texts)), tuple(codes))


def _unfit(scene: pd.Series, m2: float) -> tuple[str, Text] | None:
    """Why a scene cannot speak of a site of `m2` square metres; `None` where it can."""
    day, gsd, hidden = str(scene["day"]), number(scene["gsd_m"]), text(scene["hidden"])
    if scene["share"] < COVERED:
        return "not_covered", CANNOT["not_covered"].fill(day=day, share=scene["share"], needed=COVERED)  # fmt: skip
    if hidden:
        return "hidden", CANNOT["hidden"].fill(day=day, hidden=same(hidden))
    if gsd is not None and m2 / gsd**2 < PIXELS:
        return "too_coarse", CANNOT["too_coarse"].fill(day=day, gsd=gsd, pixels=m2 / gsd**2, needed=PIXELS)  # fmt: skip
    if scene["u_m"] > np.sqrt(m2) / 2:
        return "misplaced", CANNOT["misplaced"].fill(day=day, u=scene["u_m"])
    return None
