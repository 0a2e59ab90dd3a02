"""Scenes of a place and a time."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeAlias

import geopandas as gpd
import pandas as pd
import pystac
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from imagery.catalogue.index import footprints
from imagery.catalogue.times import parse, text_of
from imagery.store import Store
from layers.errors import ImageryError

Bounds: TypeAlias = tuple[float, float, float, float]


def search(
    store: Store,
    bounds: Bounds | None = None,
    start: str | None = None,
    end: str | None = None,
    kinds: Collection[str] | None = None,
) -> list[pystac.Item]:
    """STAC items of the scenes that meet `bounds` (west, south, east, north, degrees) and the
    time from `start` to `end` (ISO days or times, both included), oldest first.

    Scenes whose time nobody knows are found only when no time is asked for, scenes without a
    place only when no place is.
    """
    found = select(footprints(store), bounds, start, end, kinds)
    return [store.item(scene) for scene in found["id"]]


def select(
    scenes: gpd.GeoDataFrame,
    bounds: Bounds | BaseGeometry | None = None,
    start: str | None = None,
    end: str | None = None,
    kinds: Collection[str] | None = None,
) -> gpd.GeoDataFrame:
    """The rows of `footprints` that `search` would find, oldest first; `bounds` may be a shape."""
    if kinds is not None:
        scenes = scenes[scenes["kind"].isin(list(kinds))]
    if start is not None or end is not None:
        scenes = scenes[scenes["taken_how"] != "missing"]
    if start is not None:
        scenes = scenes[_moments(scenes, "end") >= instant(start, last=False)]
    if end is not None:
        scenes = scenes[_moments(scenes, "start") <= instant(end, last=True)]
    if bounds is not None:
        where = checked_box(bounds) if isinstance(bounds, tuple) else bounds
        scenes = scenes.iloc[scenes.sindex.query(where, predicate="intersects")]
    return scenes.sort_values(["start", "id"])


def instant(text: str, *, last: bool) -> str:
    """An ISO day or time as RFC 3339 UTC; the last second of a day where `last`.

    Raises `ImageryError` for anything else.
    """
    try:
        return text_of(parse(text)[1 if last else 0].replace(microsecond=0))
    except ValueError:
        raise ImageryError("this is no day or time", field=text[:40],
                           remedy="write 2026-06-30 or 2026-06-30T08:00:00+08:00") from None  # fmt: skip


def checked_box(bounds: Bounds) -> BaseGeometry:
    """The rectangle; raises `ImageryError` where it is none on the globe."""
    west, south, east, north = bounds
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ImageryError("this is no rectangle on the globe", field=",".join(map(str, bounds)),
                           remedy="write west,south,east,north in degrees, west before east")  # fmt: skip
    return box(west, south, east, north)


def _moments(scenes: gpd.GeoDataFrame, column: str) -> pd.Series:
    """Times cut to seconds: RFC 3339 texts of one length compare like the times they mean."""
    return scenes[column].str.slice(0, 19) + "Z"
