"""A finding with its surroundings becomes a dossier: the rows near it, its pictures, its lines."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from evidence.dossier import Beside, Dossier
from evidence.pictures import pictures_of
from evidence.sheet.styles import STYLES
from imagery.store import Store
from imagery.view import TileReader
from layers import Layer, LayerSet
from layers.measures import nearest_within
from layers.version import __version__

_AROUND_DEG = 0.012
"""About 1.3 kilometres: what the main map and the locator can show."""
_WATER_REACH_M = 5000.0


def dossier_of(
    finding: Mapping[str, Any],
    line: BaseGeometry | None,
    layers: LayerSet,
    *,
    number: str,
    lead_id: str,
    made_at: str,
    imagery: Store | None = None,
    reader: TileReader | None = None,
    **more: Any,  # noqa: ANN401 - the other fields of a dossier
) -> Dossier:
    """The dossier of one finding (its properties and its measured `line` in WGS 84).

    Rows near it are taken from `layers`, pictures from the `imagery` store where scenes cover it.
    """
    subject = subject_of_finding(finding)
    place = subject if subject is not None else line
    return Dossier(
        number=number, lead_id=lead_id, finding=finding, made_at=made_at, line=line, subject=subject,
        object=_object(finding, layers), context=_context(finding, layers, place),
        beside=_beside(finding, place, layers),
        pictures=() if imagery is None or place is None
        else pictures_of(imagery, framed(place, line), str(finding["on_date"]), reader=reader),
        sources=_sources(finding, layers), software=f"yicha {__version__}",
        generated=_generated(finding, layers), **more,
    )  # fmt: skip


def subject_of_finding(finding: Mapping[str, Any]) -> BaseGeometry | None:
    """The shape of the finding's subject (WGS 84), where it says one."""
    told = (finding.get("subject") or {}).get("geometry")
    return None if told is None else shape_of(told)


def framed(place: BaseGeometry, line: BaseGeometry | None) -> BaseGeometry:
    """What a picture must show: an outline; of a point the line measured from it."""
    return place if place.geom_type != "Point" or line is None or line.is_empty else line


def _object(finding: Mapping[str, Any], layers: LayerSet) -> BaseGeometry | None:
    layer = _layer(layers, finding.get("object_theme"))
    if layer is None or finding.get("object_id") is None:
        return None
    found = layer.placed[layer.placed["id"].astype(str) == str(finding["object_id"])]
    return None if found.empty else found.geometry.iloc[0]


def _context(
    finding: Mapping[str, Any], layers: LayerSet, place: BaseGeometry | None
) -> dict[str, gpd.GeoDataFrame]:
    """What lies near, by theme; of a theme that is not drawn the finding's own row alone."""
    if place is None or place.is_empty:
        return {}
    west, south, east, north = place.bounds
    wide = _AROUND_DEG / max(math.cos(math.radians(max(abs(south), abs(north)))), 0.05)
    window = shapely.box(west - wide, south - _AROUND_DEG, east + wide, north + _AROUND_DEG)
    near = {}
    for theme in STYLES:
        layer = _layer(layers, theme)
        if layer is not None:
            near[theme] = layer.placed.iloc[layer.placed.sindex.query(window)]
    for who in ("subject", "object"):
        name = str(finding.get(f"{who}_theme"))
        layer = _layer(layers, name)
        if layer is not None and name not in near:
            near[name] = layer.placed[
                layer.placed["id"].astype(str) == str(finding.get(f"{who}_id"))
            ]
    return near


def _beside(
    finding: Mapping[str, Any], place: BaseGeometry | None, layers: LayerSet
) -> Sequence[Beside]:
    """The shortest line from the outline to the water the finding names."""
    name = (finding.get("facts") or {}).get("water_name")
    layer = _layer(layers, "water")
    if not name or place is None or layer is None:
        return ()
    water = layer.placed[layer.placed["name"] == name]
    pairs = nearest_within(gpd.GeoSeries([place], crs=water.crs), water.geometry, _WATER_REACH_M)
    if len(pairs.metres) == 0 or pairs.metres[0] == 0:
        return ()
    line = shapely.LineString([pairs.subject_lonlat[0], pairs.object_lonlat[0]])
    return (Beside(line, float(pairs.metres[0])),)


def _sources(finding: Mapping[str, Any], layers: LayerSet) -> list[dict[str, Any]]:
    """What the run used, with everything its files said of themselves."""
    made = []
    for told in finding.get("layers", ()):
        layer = _layer(layers, told["theme"])
        same = layer is not None and told.get("sha256") in (None, layer.sha256)
        parts = [one.as_dict() for one in layer.provenance] if layer is not None and same else []
        made.append({**told, **({"sources": parts} if parts else {})})
    return made


def _generated(finding: Mapping[str, Any], layers: LayerSet) -> bool:
    themes = [told["theme"] for told in finding.get("layers", ())]
    used = [layer for layer in (_layer(layers, theme) for theme in themes) if layer is not None]
    return any(one.generated for layer in used for one in layer.provenance)


def _layer(layers: LayerSet, theme: object) -> Layer | None:
    return layers[theme] if isinstance(theme, str) and theme in layers else None
