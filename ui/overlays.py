"""The layers that can be switched on over the base map: as features where few, else as tiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from layers import Layer, LayerSet
from layers.themes import THEMES
from layers.themes import theme as theme_of
from ui.settings import at
from ui.texts import Texts
from ui.tiles import style
from ui.tiles.base import THEMES as DRAWN

INLINE = 2000
"""Most features that are sent to the browser; above that the layer is drawn as tiles."""
ALWAYS_ON = frozenset({"school", "school_gate"})
_ALSO_OVERLAY = frozenset({"school"})
_DIGITS = 6


def overlay_themes(layers: LayerSet) -> list[str]:
    """Themes with a switch, in the order of the theme table: all but those of the base map."""
    return [name for name in _in_order(layers) if name not in DRAWN or name in _ALSO_OVERLAY]


def describe(layers: LayerSet, keys: Mapping[str, str], texts: Texts) -> list[dict[str, Any]]:
    """One entry per switchable layer, as the map's panel wants it. `keys` are layer hashes."""
    return [_entry(name, layers[name], keys[name], texts) for name in overlay_themes(layers)]


def features(layer: Layer, texts: Texts) -> list[list[Any]]:
    """The layer's shapes for the browser: [tip, kind, coordinates as lat, lon]."""
    frame = layer.placed.explode(index_parts=False, ignore_index=True)
    tips = [_tip(row, layer, texts) for row in frame.drop(columns="geometry").to_dict("records")]
    return [[tip, *_coordinates(shape)] for tip, shape in zip(tips, frame.geometry, strict=True)]


def freshness(layer: Layer, texts: Texts) -> str:
    """The youngest day the layer's data describe, or on which they were obtained, in words."""
    for key, days in (("layers.as_of", [entry.state_of for entry in layer.provenance]),
                      ("layers.obtained", [entry.retrieved for entry in layer.provenance])):  # fmt: skip
        known = [day for day in days if day]
        if known:
            return texts(key, day=max(known))
    return ""


def sources(layer: Layer) -> str:
    """Names of the layer's sources."""
    return ", ".join(dict.fromkeys(entry.source for entry in layer.provenance))


def attribution(layers: LayerSet) -> str:
    """Owners of the layers that ask to be named, as one line."""
    owners = {entry.owner for name in layers for entry in layers[name].provenance}
    named = sorted(owner for owner in owners if owner and owner != "unknown")
    return " · ".join(f"© {owner}" for owner in named[:4])


def _entry(name: str, layer: Layer, key: str, texts: Texts) -> dict[str, Any]:
    theme = theme_of(name)
    unplaced = len(layer.unplaced)
    notes = [freshness(layer, texts), texts("layers.unplaced", m=unplaced) if unplaced else ""]
    areal = _is_areal(layer.placed)
    few = len(layer.placed) <= INLINE
    return {
        "theme": name,
        "name": theme.zh if texts.lang == "zh" else theme.en[:1].upper() + theme.en[1:],
        "count": f"{len(layer):,}",
        "placed": len(layer.placed),
        "source": sources(layer),
        "fresh": " · ".join(note for note in notes if note),
        "on": name in ALWAYS_ON,
        "colour": style.OVERLAY.get(name, style.OVERLAY_ELSE),
        "symbol": "area" if areal else "point",
        "radius": 3.5 if name == "school_gate" else 5,
        "features": at(f"/features/{name}.json?lang={texts.lang}&v={key}") if few else None,
        "tiles": None if few else at(f"/layer/{name}/{{z}}/{{x}}/{{y}}.png?v={key}"),
    }


def _tip(row: Mapping[str, Any], layer: Layer, texts: Texts) -> str:
    """Name and, where it says something, kind, role or licence state."""
    parts = [row.get("name")]
    for column in ("kind", "role", "licence_status"):
        value = row.get(column)
        if isinstance(value, str) and value != "unknown":
            parts.append(texts.word(column, value))
    theme = layer.theme.zh if texts.lang == "zh" else layer.theme.en
    return " · ".join(str(part) for part in parts if part and not pd.isna(part)) or theme


def _coordinates(shape: BaseGeometry) -> tuple[str, list[Any]]:
    if isinstance(shape, Point):
        return "point", _flip(shape.coords)[0]
    if isinstance(shape, Polygon):
        return "polygon", [_flip(ring.coords) for ring in (shape.exterior, *shape.interiors)]
    return "line", _flip(shape.coords)


def _flip(coordinates: Iterable[Sequence[float]]) -> list[list[float]]:
    return [[round(point[1], _DIGITS), round(point[0], _DIGITS)] for point in coordinates]


def _is_areal(frame: gpd.GeoDataFrame) -> bool:
    kinds = shapely.get_type_id(frame.geometry.to_numpy())
    return bool(len(kinds)) and bool(((kinds == 3) | (kinds == 6)).mean() > 0.5)


def _in_order(layers: LayerSet) -> list[str]:
    return [name for name in THEMES if name in layers]
