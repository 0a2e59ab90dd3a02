"""KML and KMZ: placemarks with their data; entities are refused, links are never followed."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element, ParseError

import geopandas as gpd
import numpy as np
import shapely
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from layers.errors import SourceError
from layers.sources.bounded import check_archive, read_bytes, read_member
from layers.sources.raw import RawTable, Request, RowProblem
from layers.sources.records import frame_of_records
from layers.sources.xml_guard import damaged_xml, refuse_doctype

_NOTE = "KML is WGS 84 by its standard; exports of Chinese map programs may be gcj02 all the same"
_LINK = "the file links to further content on the network, which was not fetched"
_GEOMETRIES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry")
_BAD = (ShapelyError, ValueError, OverflowError, IndexError, RecursionError)
_DEEPEST = 20
_GATHER: dict[str, Callable[..., BaseGeometry]] = {
    "Point": shapely.multipoints,
    "LineString": shapely.multilinestrings,
    "Polygon": shapely.multipolygons,
}


def read_kml(request: Request) -> RawTable:
    """Read the placemarks of a KML file."""
    return _table(read_bytes(request.path, request.limits), request, "kml")


def read_kmz(request: Request) -> RawTable:
    """Read the placemarks of a zipped KML; `table` names the member where there are several."""
    members = [m.filename for m in check_archive(request.path, request.limits)]
    names = [name for name in members if name.lower().endswith(".kml")]
    wanted = [n for n in names if request.table in (None, n)]
    if not wanted:
        raise SourceError(
            f"the archive has no {request.table}", remedy=f"name one of: {', '.join(names)[:200]}",
            file=request.path,
        )  # fmt: skip
    chosen = min(wanted, key=lambda name: (name.lower() != "doc.kml", name.count("/"), name))
    return _table(read_member(request.path, chosen, request.limits), request, "kmz")


def _table(data: bytes, request: Request, kind: str) -> RawTable:
    refuse_doctype(io.BytesIO(data), request.path)
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise damaged_xml(request.path, getattr(error, "position", (None,))[0]) from error
    records: list[dict[str, object]] = []
    geometry: list[BaseGeometry | None] = []
    problems: list[RowProblem] = []
    for row, (folder, mark) in enumerate(_placemarks(root), 1):
        records.append(_record(mark, folder))
        try:
            geometry.append(_geometry(mark))
        except _BAD as error:
            geometry.append(None)
            reason = f"the geometry cannot be read ({str(error)[:80]})"
            problems.append(RowProblem(row, reason, "mend it in a map program", "geometry"))
    frame, notes = frame_of_records(records, request.path, request.limits)
    linked = any(_name(node) in ("NetworkLink", "NetworkLinkControl") for node in root.iter())
    return RawTable(
        frame, np.arange(1, len(records) + 1), request.path, request.sha256, kind,
        geometry=gpd.GeoSeries(geometry, crs=None), datum="wgs84",
        notes=(_NOTE, *([_LINK] if linked else []), *notes), problems=tuple(problems),
    )  # fmt: skip


def _name(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _placemarks(root: Element) -> Iterator[tuple[str, Element]]:
    """Placemarks in document order with the names of the folders around them."""
    stack: list[tuple[str, Element]] = [("", root)]
    while stack:
        folder, node = stack.pop()
        name = _name(node)
        if name == "Placemark":
            yield folder, node
            continue
        if name == "Folder":
            folder = "/".join(filter(None, (folder, _child_text(node, "name"))))[:200]
        stack.extend((folder, child) for child in reversed(node))


def _child_text(node: Element, name: str) -> str:
    return next(((child.text or "").strip() for child in node if _name(child) == name), "")


def _record(mark: Element, folder: str) -> dict[str, object]:
    record: dict[str, object] = {"name": _child_text(mark, "name")}
    for key in ("address", "phoneNumber", "description"):
        text = _child_text(mark, key)
        if text:
            record[key] = text
    for node in mark.iter():
        if _name(node) == "SimpleData":
            record.setdefault(node.get("name", "data"), (node.text or "").strip())
        elif _name(node) == "Data":
            record.setdefault(node.get("name", "data"), _child_text(node, "value"))
    if folder:
        record["folder"] = folder
    if mark.get("id"):
        record.setdefault("id", mark.get("id"))
    return record


def _geometry(node: Element, depth: int = 0) -> BaseGeometry | None:
    """The geometry of a placemark or multi-geometry; several become one collection."""
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    parts = [_part(child, depth) for child in node if _name(child) in _GEOMETRIES]
    found = [part for part in parts if part is not None and not part.is_empty]
    if not found:
        return None
    return found[0] if len(found) == 1 else _gathered(found)


def _part(node: Element, depth: int) -> BaseGeometry | None:
    name = _name(node)
    if name == "MultiGeometry":
        return _geometry(node, depth + 1)
    if name == "Polygon":
        rings = {"outerBoundaryIs": [], "innerBoundaryIs": []}  # type: dict[str, list[np.ndarray]]
        for boundary in node:
            if _name(boundary) in rings:
                rings[_name(boundary)] += [_coordinates(r) for r in boundary]
        outer = rings["outerBoundaryIs"]
        return shapely.Polygon(outer[0], rings["innerBoundaryIs"]) if outer else None
    xy = _coordinates(node)
    if name == "Point":
        return shapely.Point(xy[0]) if len(xy) else None
    return shapely.LineString(xy)


def _coordinates(node: Element) -> np.ndarray:
    """Longitude and latitude of a `coordinates` element, shape (n, 2)."""
    text = re.sub(r"\s*,\s*", ",", _child_text(node, "coordinates"))
    pairs = [tuple(map(float, item.split(",")[:2])) for item in text.split()]
    xy = np.array(pairs, dtype=float).reshape(-1, 2)
    if not np.isfinite(xy).all():
        raise ValueError("a coordinate is no number")
    return xy


def _gathered(parts: list[BaseGeometry]) -> BaseGeometry:
    kinds = {part.geom_type for part in parts}
    gather = _GATHER.get(kinds.pop() if len(kinds) == 1 else "", shapely.geometrycollections)
    return gather(np.array(parts, dtype=object))
