"""Little maps for tests: metres become degrees, node lists become OpenStreetMap files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from layers.walking import WalkNetwork, build_network

LON, LAT = 105.0, 30.0
"""Where the little maps lie (no real place is meant)."""
KX, KY = 96486.28, 110852.46
"""Metres per degree of longitude and latitude there."""

Node = tuple[float, float] | tuple[float, float, Mapping[str, str]]


def at(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a place `x` metres east and `y` metres north."""
    return LON + x / KX, LAT + y / KY


def osm_text(
    nodes: Mapping[int, Node],
    ways: Sequence[tuple[int, Sequence[int], Mapping[str, str]]],
    relations: Sequence[tuple[int, Sequence[tuple[int, str]], Mapping[str, str]]] = (),
) -> str:
    """An OpenStreetMap file: nodes in metres (with tags), ways, relations of ways with roles."""
    lines = ['<osm version="0.6" generator="test">']
    for number, (x, y, *rest) in nodes.items():
        lon, lat = at(x, y)
        tags = _tags(rest[0]) if rest else ""
        lines.append(f'<node id="{number}" lon="{lon:.7f}" lat="{lat:.7f}">{tags}</node>')
    for number, refs, tags_of in ways:
        inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        lines.append(f'<way id="{number}">{inside}{_tags(tags_of)}</way>')
    for number, members, tags_of in relations:
        inside = "".join(f'<member type="way" ref="{r}" role="{role}"/>' for r, role in members)
        lines.append(f'<relation id="{number}">{inside}{_tags(tags_of)}</relation>')
    return "\n".join([*lines, "</osm>"])


def _tags(tags: Mapping[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())


def town(
    folder: Path,
    nodes: Mapping[int, Node],
    ways: Sequence[Sequence[int] | tuple[Sequence[int], Mapping[str, str]]],
    relations: Sequence[tuple[int, Sequence[tuple[int, str]], Mapping[str, str]]] = (),
) -> WalkNetwork:
    """The network of a little map; ways are node lists (footways) or pairs with their tags."""
    rows: list[tuple[int, Sequence[int], Mapping[str, str]]] = []
    for number, way in enumerate(ways, start=1):
        if isinstance(way[0], int):
            rows.append((number, way, {"highway": "footway"}))  # type: ignore[arg-type]
        else:
            rows.append((number, way[0], way[1]))  # type: ignore[arg-type]
    file = folder / "town.osm"
    file.write_text(osm_text(nodes, rows, relations), encoding="utf-8")
    return build_network(file)
