"""The map of one table in several datums: the same rows, each reading in its own colour and shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import folium

from layers.datum import parse_datum
from ui import mapping
from ui.texts import Texts

COLOURS = ("#0072b2", "#d55e00", "#009e73")
"""Apart for colour-blind eyes, too; each reading keeps its own."""
SIZES = (5, 4, 3)
LINES = 60
"""Rows whose two readings are joined by a line."""
Points = Sequence[Sequence[float] | None]


def datum_name(name: str, words: Texts) -> str:
    """A datum's name in the page's language."""
    found = parse_datum(name)
    return found.zh if words.lang == "zh" else found.en


def base(
    bounds: mapping.Bounds, tiles: str, attribution: str, panel: Mapping[str, Any]
) -> folium.Map:
    """The constant map below."""
    return mapping.base_map(bounds, tiles, attribution, {**panel, "verdicts": [], "closed": True})


def groups(
    readings: Sequence[Mapping[str, Any]], shown: Sequence[str], words: Texts
) -> list[folium.FeatureGroup]:  # fmt: skip
    """The readings shown, joined by lines where there are two."""
    group = folium.FeatureGroup(name="readings", control=False)
    chosen = [(n, one) for n, one in enumerate(readings) if one["datum"] in shown]
    if len(chosen) == 2:
        lines = _lines(chosen[0][1]["points"], chosen[1][1]["points"])
        group.add_child(
            folium.GeoJson(_many("MultiLineString", lines), style_function=_grey, name="shift")
        )
    for n, one in chosen:
        points = [point for point in one["points"] if point is not None]
        name = datum_name(one["datum"], words)
        group.add_child(folium.GeoJson(
            _many("MultiPoint", points), name=name, tooltip=name,
            marker=folium.CircleMarker(radius=SIZES[n % 3], weight=1.5, color=COLOURS[n % 3], fill=True,
                                       fill_color=COLOURS[n % 3], fill_opacity=0.55),
        ))  # fmt: skip
    return [group]


def box(readings: Sequence[Mapping[str, Any]]) -> mapping.Bounds | None:
    """Where most points of all readings are (west, south, east, north); `None` where there are none."""
    points = [point for one in readings for point in one["points"] if point is not None]
    if not points:
        return None
    low, high = len(points) // 20, len(points) - 1 - len(points) // 20
    lons, lats = sorted(p[0] for p in points), sorted(p[1] for p in points)
    return lons[low], lats[low], lons[high], lats[high]


def legend(
    readings: Sequence[Mapping[str, Any]], total: int, best: str | None, words: Texts
) -> str:
    """A table: colour, datum, how many rows lie in the county, on a building, how far from their names."""
    names = ("datum", "inside", "built", "offset")
    head = "".join(f"<th>{words('data.reading.' + name)}</th>" for name in names)
    rows = []
    for n, one in enumerate(readings):
        mark = (
            f'<span class="y-tag y-ok">{words("data.reading.best")}</span>'
            if one["datum"] == best
            else ""
        )
        dot = f'<i class="dd-dot" style="background:{COLOURS[n % 3]}"></i>'
        inside = "—" if one["inside"] is None else f"{one['inside']:,} / {total:,}"
        built = "—" if one["built"] is None else f"{one['built']:,}"
        off = (
            "—"
            if one["offset_m"] is None
            else words("list.metres", value=f"{one['offset_m']:,.0f}")
        )
        rows.append(f"<tr><td>{dot}{datum_name(one['datum'], words)} {mark}</td><td>{inside}</td><td>{built}</td>"
                    f"<td>{off}</td></tr>")  # fmt: skip
    return (f'<table class="y-table dd-readings"><thead><tr>{head}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table>")  # fmt: skip


def _lines(one: Points, other: Points) -> list[list[Sequence[float]]]:
    pairs = [[a, b] for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return pairs[:: max(len(pairs) // LINES, 1)][:LINES]


def _many(kind: str, coordinates: Sequence[Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": list(coordinates)}}
    ]}  # fmt: skip


def _grey(_: object) -> dict[str, Any]:
    return {"color": "#4a5560", "weight": 1, "opacity": 0.7}
