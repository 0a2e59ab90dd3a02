"""The small map of a lead: what was measured, and the other leads of the list around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import folium
import shapely
import streamlit as st
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from streamlit_folium import st_folium

from leads.store import Card
from ui import cache, mapping, overlays
from ui.cards.seen import rings_of
from ui.docket import desk
from ui.docket.listing import name_of
from ui.map.panel import layer_panel
from ui.script import Call
from ui.texts import Texts
from ui.workplace import Workplace

HEIGHT = 300
_STRAIGHT = ("straight", "boundary_straight")


def show_map(
    place: Workplace, found: Card, rows: Sequence[Mapping[str, Any]], words: Texts
) -> None:
    """Draw it; a symbol clicked is the next lead looked at."""
    bounds = mapping.extent(place.layers)
    if bounds is None or drawn(found, words) is None:
        st.caption(words("leads.no_place"))
        return
    chart = mapping.base_map(
        bounds, f"/base/{{z}}/{{x}}/{{y}}.png?v={cache.tiles().base_key}",
        overlays.attribution(place.layers), {**layer_panel(place, words), "verdicts": [], "closed": True},
    )  # fmt: skip
    st_folium(
        chart, key=desk.MAP, height=HEIGHT, use_container_width=True, on_change=desk.take_map_click,
        feature_group_to_add=groups(found, rows, words),
        returned_objects=["last_object_clicked_count", "last_active_drawing"],
    )  # fmt: skip


def groups(
    found: Card, rows: Sequence[Mapping[str, Any]], words: Texts
) -> list[folium.FeatureGroup]:
    """The leads of the list as symbols, and the one looked at with what was measured."""
    symbols = folium.FeatureGroup(name="findings", control=False)
    points = [[row["id"], row["verdict"], *at, f"{name_of(row)} · {row['score']:.0f}"]
              for row in reversed(rows) if (at := middle(row)) is not None]  # fmt: skip
    symbols.add_child(Call("findings", points, with_map=True))
    chosen = folium.FeatureGroup(name="chosen", control=False)
    values = drawn(found, words)
    if values:
        token = f"{desk.turn()}:{found.lead['id']}"
        told = {**values, "token": token, "gentle": desk.placed()}
        chosen.add_child(Call("selection", told, with_map=True))
    return [symbols, chosen]


def drawn(found: Card, words: Texts) -> dict[str, Any] | None:
    """What the browser draws of a lead: line, ends, outline, radius; `None` without a place."""
    at = middle(found.lead)
    if at is None:
        return None
    finding = found.finding
    geometry = _shape(finding.get("geometry"))
    line = _line(geometry)
    lat = at[1]
    values: dict[str, Any] = {
        "line": line, "straight": finding.get("method") in _STRAIGHT, "end": line[-1] if line else None,
        "shop": {"at": [lat, at[0]], "text": name_of(found.lead), "side": "top"},
        "gate": None, "circle": None, "outline": _outline(geometry, finding),
    }  # fmt: skip
    if line:
        below = lat < line[0][0]
        values["shop"]["side"] = "bottom" if below else "top"
        values["gate"] = {"at": line[0], "text": str(finding.get("object_name") or words("map.gate")),
                          "side": "top" if below else "bottom"}  # fmt: skip
        if finding.get("method") == "straight" and finding.get("limit"):
            values["circle"] = {"at": line[0], "r": finding["limit"]}
    return values


def middle(lead: Mapping[str, Any]) -> tuple[float, float] | None:
    """(lon, lat) in the middle of a lead's bounds."""
    sides = [lead[name] for name in ("west", "south", "east", "north")]
    if any(side is None for side in sides):
        return None
    west, south, east, north = sides
    return round((west + east) / 2, 7), round((south + north) / 2, 7)


def _shape(geometry: Any) -> BaseGeometry | None:  # noqa: ANN401 - JSON is anything
    return shape(dict(geometry)) if isinstance(geometry, Mapping) else None


def _line(geometry: BaseGeometry | None) -> list[list[float]]:
    if geometry is None or geometry.geom_type not in ("LineString", "MultiLineString"):
        return []
    return [
        [round(float(lat), 7), round(float(lon), 7)]
        for lon, lat in shapely.get_coordinates(geometry)
    ]


def _outline(geometry: BaseGeometry | None, finding: Mapping[str, Any]) -> list[Any]:
    own = _shape((finding.get("subject") or {}).get("geometry"))
    for one in (geometry, own):
        if one is not None and one.geom_type in ("Polygon", "MultiPolygon"):
            return list(rings_of(one))
    return []
