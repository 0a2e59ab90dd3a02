"""Objects of OpenStreetMap as rows: names, addresses, classes and geometries, theme by theme."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from layers.layer import WGS84
from layers.measures import geodesic_distance
from layers.sources.osm_objects import KEPT_WHOLE, Found, Lost

U_SOURCE_M = 5.0
"""Outlines and gates drawn on images: 2-5 m (domain notes 3.3), the larger for old images."""
SHOP_U_SOURCE_M = 10.0
"""Shops are pins somewhere in their house, placed by phone or from memory: 3-10 m."""

_ADDRESS = ("addr:city", "addr:district", "addr:street", "addr:housenumber")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def frame_of(found: Found, theme: str) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Rows of one theme (columns of the theme, `tag`, `tags`) and the ids of mended areas.

    An object that occurs twice in the file counts once, as it is last described.
    """
    shapes = shapely.from_wkb(np.array(found.geometry, dtype=object))
    ids = pd.Series(found.ids, dtype=object)
    shapes, broken = _mended(_single(shapes))
    kept = (~ids.duplicated(keep="last") & ~_is_empty(shapes)).to_numpy()
    frame = _rows(found.ids, found.tags, found.tag, shapes, theme)[kept]
    return frame.reset_index(drop=True), ids[broken & kept].tolist()


def rescued(lost: Iterable[Lost], theme: str) -> tuple[gpd.GeoDataFrame, dict[str, list[str]]]:
    """What can be kept of areas that were not closed, and what became of each (note codes).

    Schools and shops stay as the middle of their known outline, with its half diagonal in
    `u_source_m`; water stays as its known shore; anything else is left out.
    """
    fates: dict[str, list[str]] = {"area_as_point": [], "area_as_shore": [], "area_left_out": []}
    kept, extent = Found(), []
    for area in (area for area in lost if theme in area.themes):
        fate, shape = _fate(area, theme)
        fates[fate].append(area.id)
        if shape is not None:
            wkb = str(shapely.to_wkb(shape, hex=True))
            kept.add(theme, area.id, area.tags, area.themes[theme], wkb)
            extent.append(_half_diagonal(area.lines) if fate == "area_as_point" else 0.0)
    frame, _ = frame_of(kept, theme)
    frame["u_source_m"] = frame["u_source_m"] + np.array(extent, dtype=float)
    return frame, fates


def _fate(area: Lost, theme: str) -> tuple[str, BaseGeometry | None]:
    """What becomes of an area that was not closed, and the geometry that stays of it."""
    if theme in KEPT_WHOLE and area.lines:
        places = np.vstack(area.lines)
        return "area_as_point", shapely.Point((places.min(axis=0) + places.max(axis=0)) / 2)
    pieces = [shapely.LineString(piece) for piece in area.lines if len(piece) > 1]
    if theme == "water" and pieces:
        return "area_as_shore", shapely.MultiLineString(pieces)
    return "area_left_out", None


def address_of(tags: Mapping[str, str]) -> str | None:
    """Street address of an object; Chinese from the large to the small, others street and number."""
    if "addr:full" in tags:
        return tags["addr:full"]
    parts = [tags[key] for key in _ADDRESS if key in tags]
    if not parts:
        return None
    return ("" if _CHINESE.search("".join(parts)) else " ").join(parts)


def _rows(
    ids: list[str], tags: list[dict[str, str]], tag: list[str], shapes: np.ndarray, theme: str
) -> gpd.GeoDataFrame:
    whole = theme in KEPT_WHOLE or theme == "school_gate"
    columns: dict[str, object] = {
        "id": ids,
        "name": [t.get("name") or t.get("name:zh") for t in tags],
        "u_source_m": U_SOURCE_M
        if theme in {"school", "school_gate"} or not whole
        else SHOP_U_SOURCE_M,
        "tag": pd.Series(tag, dtype=object),
    }
    if whole:
        columns["address"] = [address_of(t) for t in tags]
        columns["opened"] = [_day(t.get("start_date")) for t in tags]
        columns["tags"] = tags
    else:
        columns["class"] = [text.partition("=")[2] for text in tag]
    if theme == "road":
        columns["bridge"] = [t.get("bridge", "no") != "no" for t in tags]
    frame = gpd.GeoDataFrame(columns, index=range(len(ids)), geometry=shapes, crs=WGS84)
    return frame if whole else frame.drop(columns="tag")


def _day(text: str | None) -> str | None:
    """A whole date; a year alone is not completed by guessing."""
    return text if text and _DAY.fullmatch(text) else None


def _single(shapes: np.ndarray) -> np.ndarray:
    """Collections of one member as that member."""
    one = (shapely.get_num_geometries(shapes) == 1) & (shapely.get_type_id(shapes) > 3)
    return np.where(one, shapely.get_geometry(shapes, 0), shapes)


def _mended(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Areas that cross themselves made valid; one that then is no area any more is emptied."""
    broken = (shapely.get_dimensions(shapes) == 2) & ~shapely.is_valid(shapes)
    if not broken.any():
        return shapes, broken
    valid = _single(shapely.make_valid(shapes[broken], method="structure"))
    shapes = shapes.copy()
    valid[~np.isin(shapely.get_type_id(valid), (3, 6))] = shapely.Polygon()
    shapes[broken] = valid
    return shapes, broken


def _is_empty(shapes: np.ndarray) -> np.ndarray:
    """Empty, or a line that goes nowhere."""
    nowhere = (shapely.get_dimensions(shapes) == 1) & (shapely.length(shapes) == 0)
    return shapely.is_empty(shapes) | nowhere


def _half_diagonal(lines: Iterable[np.ndarray]) -> float:
    """Metres from the middle of the known outline to the corner of its box."""
    places = np.vstack(list(lines))
    return float(geodesic_distance(*places.min(axis=0), *places.max(axis=0))) / 2
