"""The map of scenes: outlines of all, one scene drawn, or two with a slider between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import folium
import shapely
from shapely.geometry.base import BaseGeometry

from ui.scenes.holdings import Holdings, SceneRow
from ui.scenes.words import day_of, error_of, kind_of
from ui.script import Call
from ui.settings import at
from ui.texts import Texts

MOST = 2000
"""Outlines drawn at most; the list says so when there are more."""
_DIGITS = 7


def bounds_of(rows: Sequence[SceneRow]) -> tuple[float, float, float, float] | None:
    """(west, south, east, north) of all scenes that lie somewhere; degrees."""
    shapes = [row.outline for row in rows if row.outline is not None]
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(shapes)
    return float(west), float(south), float(east), float(north)


def scene_group(
    held: Holdings, shown: SceneRow | None, other: SceneRow | None, rows: Sequence[SceneRow],
    texts: Texts, *, token: str, gentle: bool, focus: list[list[float]] | None = None,
) -> folium.FeatureGroup:  # fmt: skip
    """Outlines, the scene shown, and the one beside it; `token` changes with every choice.

    `focus`: south-west and north-east (lat, lon) of what is looked at, where not the whole scene; of
    a photo that only has a place that point.
    """
    group = folium.FeatureGroup(name="scenes", control=False)
    pair = [shown, other]
    if shown is not None and other is not None:  # the earlier one to the left
        pair.sort(key=lambda row: row.day or "" if row else "")
    left, right = (_picture(held, row, texts) for row in pair)
    if shown is not None and not shown.drawn and shown.outline is not None:
        focus = _shape(shown.outline) * 2 if shown.outline.geom_type == "Point" else focus
    values: dict[str, Any] = {
        "left": left, "right": right,
        "outlines": [_outline(row, shown, texts) for row in rows[:MOST] if row.outline is not None],
        "slider": texts("scenes.slider"), "opacity": texts("scenes.opacity"), "token": token,
        "gentle": gentle, "focus": focus,
    }  # fmt: skip
    group.add_child(Call("scenes", values, with_map=True))
    return group


def _picture(held: Holdings, row: SceneRow | None, texts: Texts) -> dict[str, Any] | None:
    """A scene's tiles; `None` where nothing is drawn."""
    facts = held.reader.facts(row.id) if row is not None and row.drawn else None
    if row is None or facts is None or facts.bounds is None:
        return None
    west, south, east, north = facts.bounds
    return {
        "tiles": at(f"/imagery/{row.id}/{{z}}/{{x}}/{{y}}?v={facts.content[:16]}"),
        "box": [[south, west], [north, east]], "max": facts.max_zoom, "min": facts.min_zoom,
        "label": f"{day_of(row, texts)} · {kind_of(row, texts)}",
    }  # fmt: skip


def _outline(row: SceneRow, shown: SceneRow | None, texts: Texts) -> list[Any]:
    tip = " · ".join((day_of(row, texts), kind_of(row, texts), row.title, error_of(row, texts)))
    return [row.id, tip, row is shown, _shape(row.outline)]


def _shape(shape: BaseGeometry | None) -> list[list[float]]:
    """Latitude and longitude of the outer ring; of a photo that only has a place, that point."""
    outer = shape if shape is None or shape.geom_type == "Point" else shapely.convex_hull(shape)
    simple = shapely.simplify(outer, 1e-6)
    return [[round(float(lat), _DIGITS), round(float(lon), _DIGITS)]
            for lon, lat in shapely.get_coordinates(simple)]  # fmt: skip
