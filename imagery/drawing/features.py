"""Shapes as a person drew them on a scene, checked and put together as a layer."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import LineString, MultiLineString, Polygon
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from imagery.width.place import Lane, measure_lane
from layers import Layer, Provenance, make_layer
from layers.errors import ImageryError
from layers.layer import WGS84

DRAWN_THEMES = ("fire_lane", "protection_zone", "ignore_zone")
"""What can be drawn: lanes with their gates, zones, and where nothing is to be searched."""
_MOST, _MOST_POINTS = 2000, 20_000
_KEY = re.compile(r"[a-z0-9-]{1,40}")
_NEAR_DEGREES = 3e-5
"""Three metres: a gate belongs to the lane whose edge it lies so near to."""
_SAME_DEGREES = 1e-9
_TEXT = 200
_OWN = ("drawn_by", "drawn_on", "scene_id")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One shape, degrees (WGS 84): a polygon, a lane's centreline with its width, or a gate.

    `key` stays through all versions; `about` is the class of a zone or why it is ignored.
    """

    key: str
    shape: BaseGeometry
    name: str = ""
    role: str = ""
    width_m: float | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who drew on which scene, when (ISO date); `u_m` is the error of a place in it, metres."""

    who: str
    scene_id: str
    scene_day: str | None
    on_date: str
    u_m: float | None

    @property
    def words(self) -> str:
        """The origin in one sentence, for the provenance."""
        return f"drawn by {self.who} on scene {self.scene_id} on {self.on_date}"


def read_features(features: Sequence[Any]) -> list[Drawn]:
    """The GeoJSON features a browser sends, within bounds.

    Raises `ImageryError` naming the shape (counted from 1) that is no shape on the globe.
    """
    if len(features) > _MOST:
        raise ImageryError(f"more than {_MOST} shapes", remedy="draw them in several places")
    return [_read(n, feature) for n, feature in enumerate(features, 1)]


def _read(n: int, feature: Any) -> Drawn:  # noqa: ANN401 - whatever the browser sends
    try:
        told = feature.get("properties") or {}
        with np.errstate(invalid="ignore"):
            found = shapely.force_2d(shape(feature["geometry"]))
        xy = shapely.get_coordinates(found)
    except (
        shapely.errors.ShapelyError,
        AttributeError,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
    ):
        raise ImageryError("this is no shape", remedy="delete it and draw it anew", row=n) from None  # fmt: skip
    fine = 0 < len(xy) <= _MOST_POINTS and np.isfinite(xy).all()
    if not fine or not (np.abs(xy) <= [180.0, 90.0]).all():
        raise ImageryError("a shape has no place on the globe, or too many corners",
                           remedy="delete it and draw it anew", row=n)  # fmt: skip
    key = str(told.get("key") or "")
    if not _KEY.fullmatch(key):
        key = "drawn-" + hashlib.sha256(shapely.to_wkb(found)).hexdigest()[:12]
    return Drawn(key, found, _text(told, "name"), _text(told, "role"), _width(told, n), _text(told, "about"))  # fmt: skip


def _text(told: Mapping[str, Any], name: str) -> str:
    return " ".join(str(told.get(name) or "").split())[:_TEXT]


def _width(told: Mapping[str, Any], n: int) -> float | None:
    value = told.get("width_m")
    if value in (None, ""):
        return None
    try:
        width = float(str(value))
    except ValueError:
        width = float("nan")
    if not 0.5 <= width <= 100:
        raise ImageryError(f"{value!r} is no width of a lane", field="width_m", row=n,
                           remedy="give metres, from 0.5 to 100")  # fmt: skip
    return width


def drawn_layer(
    theme: str, shapes: Sequence[Drawn], origin: Origin, before: Layer | None = None
) -> Layer:
    """The shapes as a layer of `theme` (one of `DRAWN_THEMES`).

    A shape that stands in `before` as it is keeps who drew it on which scene. Lanes are measured
    once, empty, so that one that cannot be is refused now. Raises `ImageryError` naming the shape.
    """
    if theme not in DRAWN_THEMES:
        raise ImageryError(f"{theme!r} is not drawn", remedy=f"use {', '.join(DRAWN_THEMES)}")
    if not origin.who.strip():
        raise ImageryError("nobody is named as drawing", field="who", remedy="fill in your name")
    gates = [one for one in shapes if one.role == "gate"]
    areas = [one for one in shapes if one.role != "gate"]
    if gates and theme != "fire_lane":
        raise ImageryError("only lanes have gates", remedy="draw zones as outlines")
    if len({one.key for one in areas}) < len(areas):
        raise ImageryError("two shapes have the same key", remedy="delete one and draw it anew")
    for one in areas:
        _fit(theme, one)
    rows = _lanes(areas, gates) if theme == "fire_lane" else [_zone(theme, one) for one in areas]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=_columns(theme)), geometry="geometry", crs=WGS84)  # fmt: skip
    frame = frame.assign(drawn_by=origin.who, drawn_on=origin.on_date, scene_id=origin.scene_id)
    frame["u_source_m"] = np.full(len(frame), np.nan if origin.u_m is None else origin.u_m)
    return make_layer(theme, _kept(frame, before), *_provenance(theme, frame, shapes, origin, before))  # fmt: skip


def _fit(theme: str, one: Drawn) -> None:
    """Refuse a shape of the wrong kind or that crosses itself."""
    called = f"“{one.name}”" if one.name else "a shape without a name"
    if isinstance(one.shape, LineString) and theme == "fire_lane":
        if one.width_m is None:
            raise ImageryError(f"{called} is a line: neither gate nor centreline with a width",
                               remedy="say that it is a gate, or give the lane's width", field="width_m")  # fmt: skip
        return
    if not isinstance(one.shape, Polygon):
        raise ImageryError(f"{called} is no outline", remedy="draw it as a polygon", field=one.name)
    if not one.shape.is_valid or one.shape.area == 0:
        raise ImageryError(f"the outline of {called} crosses itself or is empty",
                           remedy="move its corners so that its edge runs once round")  # fmt: skip


def _columns(theme: str) -> list[str]:
    more = {"fire_lane": ["width_m", "gates"], "protection_zone": ["class", "official"],
            "ignore_zone": ["reason"]}[theme]  # fmt: skip
    return ["id", "name", *more, "geometry"]


def _zone(theme: str, one: Drawn) -> dict[str, Any]:
    row = {"id": one.key, "name": one.name or None, "geometry": one.shape}
    if theme == "ignore_zone":
        return row | {"reason": one.about or None}
    return row | {"class": one.about or None, "official": False}


def _lanes(areas: Sequence[Drawn], gates: Sequence[Drawn]) -> list[dict[str, Any]]:
    """Lanes with the gates on their edges; every gate has its lane."""
    mine: dict[str, list[LineString]] = {one.key: [] for one in areas}
    for gate in gates:
        away = [float(gate.shape.distance(_edge(one.shape))) for one in areas]
        if not isinstance(gate.shape, LineString) or not away or min(away) > _NEAR_DEGREES:
            raise ImageryError(f"the gate {gate.name or ''} lies on no lane".replace("  ", " "), field="gate",
                               remedy="draw it along the edge of its lane, where vehicles come in")  # fmt: skip
        mine[areas[int(np.argmin(away))].key].append(gate.shape)
    return [_lane(one, mine[one.key]) for one in areas]


def _lane(one: Drawn, gates: list[LineString]) -> dict[str, Any]:
    lane = Lane(one.shape, tuple(gates), width_m=one.width_m, id=one.key, name=one.name)
    try:
        measure_lane(lane, [], 0.0, sections=False)
    except ImageryError as error:
        raise ImageryError(f"lane {one.name or one.key}: {error.problem}", remedy=error.remedy,
                           field=error.field) from None  # fmt: skip
    text = shapely.to_wkt(MultiLineString(gates), rounding_precision=9) if gates else None
    return {"id": one.key, "name": one.name or None, "width_m": one.width_m, "gates": text,
            "geometry": one.shape}  # fmt: skip


def _edge(area: BaseGeometry) -> BaseGeometry:
    return area.boundary if isinstance(area, Polygon) else area


def _kept(frame: gpd.GeoDataFrame, before: Layer | None) -> gpd.GeoDataFrame:
    """Rows that were drawn before and did not move keep their origin."""
    if before is None or not len(before) or not len(frame):
        return frame
    old = before.frame.set_index("id")
    for n, (key, now) in enumerate(zip(frame["id"], frame.geometry, strict=True)):
        if key in old.index and now.equals_exact(old.geometry[key], _SAME_DEGREES):
            for name in (*_OWN, "u_source_m"):
                frame.loc[frame.index[n], name] = old.loc[key, name]
    return frame


def _provenance(
    theme: str, frame: gpd.GeoDataFrame, shapes: Sequence[Drawn], origin: Origin, before: Layer | None
) -> tuple[Provenance, ...]:  # fmt: skip
    """The sittings that are still in the layer: earlier ones first, this one last."""
    told = json.dumps([[one.key, one.shape.wkt, one.name, one.role, one.width_m, one.about] for one in shapes])  # fmt: skip
    words = set(
        "drawn by " + frame["drawn_by"] + " on scene " + frame["scene_id"] + " on " + frame["drawn_on"]
    ) if len(frame) else set()  # fmt: skip
    earlier = [] if before is None else [p for p in before.provenance if p.source in words and p.source != origin.words]  # fmt: skip
    count = sum(1 for by, scene, day in frame[["drawn_by", "scene_id", "drawn_on"]].to_numpy()
                if (by, scene, day) == (origin.who, origin.scene_id, origin.on_date))  # fmt: skip
    now = Provenance(
        source=origin.words, file=f"drawn-{theme}", sha256=hashlib.sha256(told.encode()).hexdigest(),
        datum="wgs84", transform="drawn on the screen over the scene; its error is the scene's",
        rows_in=len(shapes), rows_out=count, retrieved=origin.on_date,
        state_of=origin.scene_day, u_source_m=origin.u_m,
    )  # fmt: skip
    return (*earlier, now)
