"""GeoJSON sources: townships in CGCS2000, gates drawn by hand in WGS 84."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from demo.frame import to_lonlat
from demo.land import SEEDS
from demo.licences import COUNTY_CODE
from demo.openings import GATE_LATER, GATE_OPENED
from demo.osm import gate_name
from demo.world import Campus

_SYSTEMS = {"cgcs2000": "urn:ogc:def:crs:EPSG::4490", "wgs84": "urn:ogc:def:crs:OGC:1.3:CRS84"}
_ROLES = {"main": "正门", "side": "侧门", "back": "后门"}
Feature = dict[str, object]


def write_townships(path: Path, townships: tuple[Polygon, ...]) -> None:
    """The townships that tile the county."""
    features = [
        _feature({"名称": name, "行政区划代码": COUNTY_CODE + last}, "Polygon",
                 [to_lonlat(shapely.get_coordinates(tile.exterior)).tolist()])
        for (name, last, _), tile in zip(SEEDS, townships, strict=True)
    ]  # fmt: skip
    _write(path, features, "cgcs2000")


def write_gates(path: Path, campuses: tuple[Campus, ...], ids: dict[str, str]) -> None:
    """Gates that a person drew on an image; `ids` are the school layer's."""
    features = []
    for campus in campuses:
        for n, gate in enumerate(campus.gates):
            if gate.source not in ("drawn", "later"):
                continue
            opened = GATE_LATER if gate.source == "later" else ""
            if gate.role == "side" and campus.name == "青石小学":
                opened = GATE_OPENED
            about: dict[str, object] = {"编号": f"g{ids[campus.name]}-{n}", "校门名称": gate_name(campus, gate),
                     "所属学校编号": ids[campus.name], "校门类别": _ROLES[gate.role], "是否启用": "是",
                     "启用日期": opened or None}  # fmt: skip
            place = to_lonlat(np.array([gate.point]))[0].tolist()
            features.append(_feature(about, "Point", place))
    _write(path, features, "wgs84")


def write_areas(path: Path, rows: Iterable[tuple[Feature, BaseGeometry]], system: str) -> None:
    """Outlines of the plane with their columns; parts and holes are kept."""
    features: list[Feature] = []
    for about, shape in rows:
        found = shapely.transform(shape, to_lonlat)
        features.append({"type": "Feature", "properties": about, "geometry": mapping(found)})
    _write(path, features, system)


def _feature(about: dict[str, object], kind: str, coordinates: object) -> Feature:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": about, "geometry": geometry}


def _write(path: Path, features: list[Feature], system: str) -> None:
    crs = {"type": "name", "properties": {"name": _SYSTEMS[system]}}
    text = json.dumps({"type": "FeatureCollection", "crs": crs, "features": features},
                      ensure_ascii=False, separators=(",", ":"))  # fmt: skip
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
