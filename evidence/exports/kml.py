"""KML and KMZ: a placemark per lead, its columns as data and as a text that holds no markup."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

import shapely
from shapely.geometry.base import BaseGeometry

from evidence.dossier import Dossier
from evidence.exports.export import Export
from evidence.exports.rows import Cell, headings, place_of, shape_of, table
from evidence.exports.zipped import zipped
from evidence.words import Words

_SPACE = "http://www.opengis.net/kml/2.2"
_PAINT = {
    "inside": "ff1e26b3",
    "borderline": "ff00679a",
    "undecided": "ff51585d",
    "outside": "ff3f6b2e",
}
"""Colours by verdict as KML writes them: opacity, blue, green, red."""


def as_kml(dossiers: Sequence[Dossier], words: Words, watermark: str) -> Export:
    """One KML document; leads without a place have no geometry in it and are told."""
    root = ET.Element("kml", {"xmlns": _SPACE})
    document = _add(root, "Document")
    _add(document, "name", words("table.leads"))
    _add(document, "description", _escaped([words("table.crs"), watermark]))
    for verdict, paint in _PAINT.items():
        _style(document, verdict, paint)
    titles, notes = headings(words), []
    for dossier, row in zip(dossiers, table(dossiers, words, watermark), strict=True):
        _placemark(document, dossier, row, titles)
        if place_of(dossier) is None:
            notes.append(words("table.nowhere", number=dossier.number, where="ExtendedData"))
    text = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Export(text, tuple(notes))


def as_kmz(dossiers: Sequence[Dossier], words: Words, watermark: str) -> Export:
    """The same, zipped."""
    made = as_kml(dossiers, words, watermark)
    return Export(zipped([("doc.kml", made.data)]), made.notes)


def _placemark(
    document: ET.Element, dossier: Dossier, row: dict[str, Cell], titles: Mapping[str, str]
) -> None:
    mark = _add(document, "Placemark")
    _add(mark, "name", f"{row['number']} {row['subject'] or ''}".strip())
    told = [f"{titles[key]}: {value}" for key, value in row.items() if value is not None]
    _add(mark, "description", _escaped(told))
    _add(mark, "styleUrl", f"#{dossier.finding['verdict']}")
    data = _add(mark, "ExtendedData")
    for key, value in row.items():
        if value is not None:
            one = _add(data, "Data")
            one.set("name", key)
            _add(one, "displayName", titles[key])
            _add(one, "value", str(value))
    shapes = [one for one in (place_of(dossier), shape_of(dossier)) if one is not None]
    if shapes:
        whole = _add(mark, "MultiGeometry")
        for part in dict.fromkeys(part for shape in shapes for part in shapely.get_parts(shape)):
            _geometry(whole, part)


def _geometry(parent: ET.Element, shape: BaseGeometry) -> None:
    if isinstance(shape, shapely.Polygon):
        polygon = _add(parent, "Polygon")
        for name, rings in (
            ("outerBoundaryIs", [shape.exterior]),
            ("innerBoundaryIs", shape.interiors),
        ):
            for ring in rings:
                _coordinates(_add(_add(polygon, name), "LinearRing"), ring)
    else:
        _coordinates(
            _add(parent, "Point" if isinstance(shape, shapely.Point) else "LineString"), shape
        )


def _coordinates(parent: ET.Element, shape: BaseGeometry) -> None:
    points = shapely.get_coordinates(shape)
    _add(parent, "coordinates", " ".join(f"{lon:.7f},{lat:.7f}" for lon, lat in points))


def _style(document: ET.Element, name: str, paint: str) -> None:
    style = _add(document, "Style")
    style.set("id", name)
    line = _add(style, "LineStyle")
    _add(line, "color", paint)
    _add(line, "width", "3")
    _add(_add(style, "PolyStyle"), "color", f"44{paint[2:]}")
    _add(_add(style, "IconStyle"), "color", paint)


def _escaped(lines: Sequence[str]) -> str:
    """A description is read as HTML, and `$[x]` in it as a field: both are made plain text."""
    return "<br>".join(html.escape(line).replace("$[", "$&#91;") for line in lines if line)


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = text
    return element
