"""Invented towns for tests: layers in metres around one place, and OpenStreetMap files of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from layers.layer import Layer, make_layer
from layers.provenance import Provenance

LON, LAT = 109.3, 27.6
"""Where the towns lie (no real place is meant)."""
KX, KY = 98744.0, 110811.0
"""Metres per degree of longitude and latitude there, to a tenth of a per mille."""

Tags = Mapping[str, str]


def at(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a place `x` metres east and `y` metres north."""
    return LON + x / KX, LAT + y / KY


def point(x: float, y: float) -> shapely.Point:
    """A point, metres."""
    return shapely.Point(*at(x, y))


def line(*places: tuple[float, float]) -> shapely.LineString:
    """A line through places in metres."""
    return shapely.LineString([at(*place) for place in places])


def square(x: float, y: float, side: float) -> shapely.Polygon:
    """A square with its lower left corner at `x`, `y`, metres."""
    return shapely.Polygon([at(x, y), at(x + side, y), at(x + side, y + side), at(x, y + side)])


def layer(
    theme: str, geometry: Sequence[BaseGeometry | None], **columns: Sequence[object]
) -> Layer:
    """A layer with ids `<theme>-1`… unless given."""
    ids = [f"{theme}-{n}" for n in range(1, len(geometry) + 1)]
    frame = gpd.GeoDataFrame(
        {"id": ids, "name": None, **columns}, geometry=list(geometry), crs="EPSG:4326"
    )
    source = Provenance(
        "invented", f"{theme}.csv", "0" * 64, "wgs84", "none", len(frame), len(frame)
    )
    return make_layer(theme, frame, source)


class OsmTown:
    """An OpenStreetMap file in the making; places in metres."""

    def __init__(self) -> None:
        self._nodes: list[tuple[int, str]] = []
        self._ways: list[tuple[int, str]] = []
        self._relations: list[tuple[int, str]] = []

    def node(self, number: int, x: float, y: float, **tags: str) -> int:
        """A node; tag names with a colon are written with two underscores."""
        lon, lat = at(x, y)
        head = f'<node id="{number}" lon="{lon:.7f}" lat="{lat:.7f}">'
        self._nodes.append((number, f"{head}{_tags(tags)}</node>"))
        return number

    def way(self, number: int, refs: Sequence[int], **tags: str) -> int:
        """A way through nodes."""
        inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        self._ways.append((number, f'<way id="{number}">{inside}{_tags(tags)}</way>'))
        return number

    def campus(self, number: int, x: float, y: float, side: float, **tags: str) -> int:
        """A closed square way with its four nodes."""
        first = number * 10
        corners = ((x, y), (x + side, y), (x + side, y + side), (x, y + side))
        refs = [self.node(first + n, *corner) for n, corner in enumerate(corners)]
        return self.way(number, [*refs, refs[0]], **tags)

    def relation(self, number: int, members: Sequence[tuple[int, str]], **tags: str) -> int:
        """A relation of ways with roles."""
        inside = "".join(f'<member type="way" ref="{ref}" role="{r}"/>' for ref, r in members)
        text = f'<relation id="{number}">{inside}{_tags(tags)}</relation>'
        self._relations.append((number, text))
        return number

    def text(self, *, in_order: bool = True) -> str:
        """The file; `in_order=False` writes every kind backwards."""
        parts = [
            text
            for things in (self._nodes, self._ways, self._relations)
            for _, text in sorted(things, reverse=not in_order)
        ]
        return "\n".join(['<?xml version="1.0"?>\n<osm version="0.6">', *parts, "</osm>"])

    def save(self, file: Path, *, in_order: bool = True) -> Path:
        """Write the file."""
        file.write_text(self.text(in_order=in_order), encoding="utf-8")
        return file


def small_town() -> OsmTown:
    """A school, a street that refers to a missing node (53), and a tobacconist."""
    town = OsmTown()
    town.campus(1, 0, 0, 100, amenity="school", name="云溪小学")
    for number, x in ((51, 0), (52, 50), (54, 150), (55, 200)):
        town.node(number, x, -20)
    town.way(5, [51, 52, 53, 54, 55], highway="residential", name="东街")
    town.node(60, 300, 0, shop="tobacco", name="烟酒店")
    return town


def _tags(tags: Tags) -> str:
    return "".join(
        f"<tag k={quoteattr(key.replace('__', ':'))} v={quoteattr(value)}/>"
        for key, value in tags.items()
    )
