"""The map: a constant base with the layers' panel, and what changes with every choice on top.

Pure functions: layers and items in, folium objects out. A changed base would throw the view
away, so everything that depends on filters or on the chosen item is in feature groups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import folium
import numpy as np
import pandas as pd
import shapely

from checks import VERDICTS, Finding
from layers import LayerSet
from ui.assets import folium_links  # noqa: F401 - importing it replaces folium's links
from ui.items import Item
from ui.listing import band, measured
from ui.map.table import Marks
from ui.script import Call
from ui.settings import at
from ui.texts import Texts
from ui.tiles.base import THEMES

Bounds = tuple[float, float, float, float]
_MANY, _MOST = 12, 0.1
"""Of so many schools a tenth on every side may lie outside the first view: far villages would
shrink the town to a dot."""
_STRAIGHT = frozenset({"straight", "boundary_straight"})


def extent(layers: LayerSet) -> Bounds | None:
    """(west, south, east, north) to show first: where most schools are, else all there is."""
    order = ["school", "township", *[name for name in layers if name not in THEMES], *THEMES]
    for name in order:
        if name in layers and len(layers[name].placed):
            boxes = layers[name].placed.bounds.to_numpy()
            share = _MOST if len(boxes) >= _MANY else 0.0
            west, south = np.quantile(boxes[:, :2], share, axis=0)
            east, north = np.quantile(boxes[:, 2:], 1 - share, axis=0)
            return float(west), float(south), float(east), float(north)
    return None


def base_map(bounds: Bounds, tiles: str, attribution: str, panel: Mapping[str, Any]) -> folium.Map:
    """The constant map: our tiles, the layers' panel and the legend."""
    west, south, east, north = bounds
    chart = folium.Map(
        location=((south + north) / 2, (west + east) / 2), zoom_start=14, tiles=None,
        prefer_canvas=True, max_bounds=False, zoom_control="topleft", font_size="13px",
    )  # fmt: skip
    chart.options.update(maxZoom=20, minZoom=8)
    # Before the tiles, so that those of the first guess are not asked for.
    chart.add_child(Call("view", [[south, west], [north, east]]))
    folium.TileLayer(
        tiles=at(tiles), attr=attribution or " ", max_zoom=20, max_native_zoom=19, min_zoom=8,
        control=False, overlay=False,
    ).add_to(chart)  # fmt: skip
    chart.add_child(Call("panel", dict(panel)))
    return chart


def symbol_group(marks: Marks, rows: np.ndarray, tips: Callable[[int], str]) -> folium.FeatureGroup:
    """Symbols of some rows, the worst drawn last and so on top; those laid aside faint."""
    group = folium.FeatureGroup(name="findings", control=False)
    shown = rows[marks.placed[rows]]
    frame = marks.frame.iloc[shown]
    columns = [frame[name].tolist() for name in ("key", "verdict", "lon", "lat", "aside")]
    drawn = [[key, verdict, *_rounded((lon, lat)), tips(int(row)), *([1] if aside else [])]
             for row, key, verdict, lon, lat, aside in zip(shown, *columns, strict=True)]  # fmt: skip
    group.add_child(Call("findings", drawn[::-1], with_map=True))
    return group


def crowd_group(url: str, texts: Texts) -> folium.FeatureGroup:
    """More symbols than are sent at once: the browser asks for those in view, tile by tile."""
    group = folium.FeatureGroup(name="findings", control=False)
    words = {name: texts("verdict." + name) for name in VERDICTS}
    group.add_child(Call("crowd", {"url": at(url), "words": words}, with_map=True))
    return group


def tip(item: Item, texts: Texts) -> str:
    """What a symbol says under the pointer: name, verdict, distance."""
    parts = [item.name, texts.word("verdict", item.verdict)]
    if item.finding and item.finding.measured is not None:
        parts.append(f"{measured(item, texts)} {band(item, texts)}".strip())
    return " · ".join(parts)


def lead_tip(row: pd.Series, texts: Texts) -> str:
    """What the symbol of a lead says under the pointer: name, verdict, score."""
    score = texts("map.score_of", n=f"{row['score']:.0f}")
    return " · ".join((str(row["name"]), texts.word("verdict", str(row["verdict"])), score))


def chosen_group(
    values: Mapping[str, Any] | None, texts: Texts, *, token: str, gentle: bool,
    near: tuple[float, float] | None = None, goal: Mapping[str, Any] | None = None,
    drawn: Mapping[str, Any] | None = None,
) -> folium.FeatureGroup:  # fmt: skip
    """What is looked at: the chosen one's path with its ends and outline (`chosen`), the place asked
    about, the place that a search went to, what was drawn with its sizes.
    """
    group = folium.FeatureGroup(name="chosen", control=False)
    if values:
        group.add_child(
            Call("selection", {**values, "token": token, "gentle": gentle}, with_map=True)
        )
    if drawn:
        group.add_child(Call("sketch", dict(drawn), with_map=True))
    if goal:
        lon, lat = _rounded((goal["lon"], goal["lat"]))
        told = {"at": [lat, lon], "text": goal["text"], "token": f"goal:{goal['turn']}"}
        group.add_child(Call("go", told, with_map=True))
    elif near:
        lon, lat = _rounded(near)
        group.add_child(Call("point", {"at": [lat, lon], "text": texts("map.point")}))
    return group


def chosen(item: Item, texts: Texts, outline: Sequence[Any] = ()) -> dict[str, Any]:
    """What the browser draws for the chosen item: line, gate, shop, and the circle of a radius."""
    lon, lat = item.place or (0.0, 0.0)
    line = _line(item)
    finding = item.finding
    straight = bool(finding and finding.method in _STRAIGHT)
    shop_below = bool(line) and lat < line[0][0] if line else False
    values: dict[str, Any] = {
        "line": line,
        "straight": straight,
        "shop": {"at": [lat, lon], "text": item.name, "side": "bottom" if shop_below else "top"},
        "end": line[-1] if line else None,
        "gate": None,
        "circle": None,
        "outline": list(outline),
    }
    if line and finding:
        values["gate"] = {"at": line[0], "text": _gate(finding, texts),
                          "side": "top" if shop_below else "bottom"}  # fmt: skip
        if finding.method == "straight" and finding.limit:
            values["circle"] = {"at": line[0], "r": finding.limit}
    return values


def _gate(finding: Finding, texts: Texts) -> str:
    """What stands at the school's end of the line: school and gate."""
    names = (finding.object_name, finding.facts.get("gate_name"))
    own = [str(name) for name in dict.fromkeys(names) if name]
    if len(own) > 1 and own[0] in own[1]:
        own = own[1:]
    return " · ".join(own) or texts("map.gate")


def _line(item: Item) -> list[list[float]]:
    """The measured line as lat, lon from the school's end to the shop's; empty where there is none."""
    shape = item.finding.geometry if item.finding else None
    if shape is None or shape.geom_type not in {"LineString", "MultiLineString"}:
        return []
    points = shapely.get_coordinates(shape)
    return [[round(float(lat), 7), round(float(lon), 7)] for lon, lat in points]


def _rounded(place: tuple[float, float]) -> tuple[float, float]:
    return round(place[0], 7), round(place[1], 7)
