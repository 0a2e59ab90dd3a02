"""DXF drawings: bounded before they are parsed, their unit checked against their numbers.

A plan says in `$INSUNITS` what its numbers are, and often wrongly: a template's millimetres over
a survey in metres. The coordinates of a plan in a Chinese plane show which unit can be meant;
where the two contradict each other nothing is read.
"""

from __future__ import annotations

import importlib
from collections import Counter
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.errors import SourceError
from layers.sources.bounded import read_bytes
from layers.sources.raw import MEBIBYTE, RawTable, Request
from layers.sources.records import frame_of_records

if TYPE_CHECKING:
    from layers.sources.dxf_entities import Opened

STROKE_M = 0.01
"""Arcs, ellipses and splines are stroked so that no chord is farther from them, metres."""
_MOST_BYTES = 64 * MEBIBYTE
_MOST_ENTITIES = 500_000
_UNITS = {
    "mm": (4, 0.001), "cm": (5, 0.01), "dm": (14, 0.1), "m": (6, 1.0), "km": (7, 1000.0),
    "in": (1, 0.0254), "ft": (2, 0.3048),
}  # fmt: skip
UNITS = tuple(_UNITS)
"""Units a drawing may be said to be in."""
_BY_CODE = {code: name for name, (code, _) in _UNITS.items()}
_NORTHING, _EASTING = (1.9e6, 6.0e6), (1.0e5, 9.0e5)
"""Where planes over China lie, metres; a zone number may stand before the easting."""
_ZONES = (13, 45)
_MERCATOR = (7.9e6, 15.3e6), (2.0e6, 7.3e6)
_LISTED = 12


def read_dxf(request: Request) -> RawTable:
    """Read the outlines and lines of a drawing's model space; `table` names its layers (a pattern).

    One row for each entity, those of inserted blocks too: columns `id`, `layer`, `colour`, `entity`,
    `handle`, `block`, `closed`, `polyline_width_m`, `label` (texts within an outline). Closed
    lines become polygons. Coordinates are metres; the datum must be declared, a DXF has none.
    """
    data = read_bytes(request.path, request.limits)
    _bounded(data, request)
    # Loaded when a drawing comes: the library takes a third of a second that no other file needs.
    entities = importlib.import_module("layers.sources.dxf_entities")
    drawing = entities.open_drawing(data, request.path)
    unit, notes = _unit(drawing.unit_code, request)
    metres = _UNITS[unit][1]
    found = entities.read_entities(drawing, request, metres, STROKE_M / metres)
    _contradicted(unit, drawing.unit_code, found.shapes, request)
    chosen = _chosen(found.records, request)
    records = [found.records[n] for n in chosen]
    shapes = shapely.transform(
        np.array([found.shapes[n] for n in chosen], dtype=object), lambda xy: xy * metres
    )
    frame, more = frame_of_records(records, request.path, request.limits)
    notes += [*_said(found.skipped, records, drawing), *more]
    return RawTable(
        frame, np.array([found.rows[n] for n in chosen]), request.path, request.sha256, "dxf",
        geometry=gpd.GeoSeries(shapes, crs=None), datum=None, sheet=request.table,
        notes=tuple(notes), problems=tuple(found.problems),
    )  # fmt: skip


def _bounded(data: bytes, request: Request) -> None:
    """Refuse a drawing that would fill the machine, before any of it is parsed."""
    if len(data) > _MOST_BYTES:
        raise SourceError(
            f"the drawing has {len(data):,} bytes, more than {_MOST_BYTES:,}",
            remedy="keep only the layers that are needed (WBLOCK) and save it again", file=request.path,
        )  # fmt: skip
    count, most = _entities_in(data), min(_MOST_ENTITIES, request.limits.max_rows)
    if count > most:
        raise SourceError(
            f"the drawing has {count:,} entities, more than {most:,}",
            remedy="keep only the layers that are needed (WBLOCK) and save it again", file=request.path,
        )  # fmt: skip


def _entities_in(data: bytes) -> int:
    """How many tags begin an entity: group code 0 on every other line."""
    flat = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(flat == 10)
    starts = np.concatenate([[0], ends + 1])[:-1][::2]
    ends = ends[::2][: len(starts)]
    last = ends - 1 - (flat[ends - 1] == 13)
    before = np.where(last > starts, flat[np.maximum(last - 1, 0)], 32)
    return int(((last >= starts) & (flat[last] == 48) & (before == 32)).sum())


def _unit(code: int, request: Request) -> tuple[str, list[str]]:
    """The unit of the drawing: as said, else as it states; metres on trial where it states none."""
    stated = _BY_CODE.get(code)
    if request.unit is not None:
        if request.unit not in _UNITS:
            raise _unit_error(f"{request.unit!r} is no unit of a drawing", request)
        told = f"mind: the drawing states {stated} ($INSUNITS = {code}); read as {request.unit}, as you said"  # fmt: skip
        return request.unit, [told] if stated not in (None, request.unit) else []
    if stated is not None:
        return stated, [f"the drawing states its unit: {stated}"]
    if code != 0:
        raise _unit_error(f"its unit is not read ($INSUNITS = {code})", request)
    return "m", ["the drawing states no unit; its coordinates are those of a plane in metres"]


def _contradicted(unit: str, code: int, shapes: list[BaseGeometry | None], request: Request) -> None:  # fmt: skip
    """Refuse a unit that nobody said and that the coordinates contradict, or do not bear out."""
    if request.unit is not None:
        return
    xy = shapely.get_coordinates([one for one in shapes if one is not None])
    middle = np.median(xy, axis=0) if len(xy) else np.zeros(2)
    fits = [name for name in ("m", "mm", "cm") if _in_a_plane(middle * _UNITS[name][1])]
    if code == 0 and unit not in fits:
        raise _unit_error("the drawing states no unit ($INSUNITS = 0)", request, fits)
    if fits and unit not in fits:
        problem = f"the drawing states {unit} ($INSUNITS = {code}), its coordinates are those of a plane in {fits[0]}"  # fmt: skip
        raise _unit_error(problem, request, fits)


def _in_a_plane(middle: np.ndarray) -> bool:
    """Whether numbers in metres can be easting and northing, either first, of a plane in China."""
    return any(_fits(float(x), float(y)) for x, y in (middle, middle[::-1]))


def _fits(east: float, north: float) -> bool:
    zone, rest = divmod(east, 1e6)
    zoned = zone == 0 or _ZONES[0] <= zone <= _ZONES[1]
    if zoned and _within(rest, _EASTING) and _within(north, _NORTHING):
        return True
    return _within(east, _MERCATOR[0]) and _within(north, _MERCATOR[1])


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _unit_error(problem: str, request: Request, fits: list[str] | None = None) -> SourceError:
    likely = f" (the coordinates speak for {fits[0]})" if fits else ""
    return SourceError(
        problem,
        remedy=f"ask who drew it, then say the unit with --unit {'|'.join(UNITS)}{likely}, or set it in the drawing (UNITS) and save it again; "
        "coordinates in a local grid (地方独立坐标系) must be converted to CGCS2000 by the surveying office first",
        file=request.path, field="unit",
    )  # fmt: skip


def _chosen(records: list[dict[str, object]], request: Request) -> list[int]:
    """The rows of the layers asked for; all of them where none is named."""
    layers = Counter(str(record["layer"]) for record in records)
    named = ", ".join(f"{name} ({count})" for name, count in layers.most_common(_LISTED))
    if not records:
        raise SourceError(
            "the drawing's model space holds no line and no outline",
            remedy="explode proxies and references, move the plan from the layout to the model, save as DXF",
            file=request.path,
        )  # fmt: skip
    if request.table is None:
        return list(range(len(records)))
    chosen = [n for n, record in enumerate(records) if fnmatchcase(str(record["layer"]), request.table)]  # fmt: skip
    if not chosen:
        raise SourceError(
            f"no layer {request.table!r} with lines or outlines is in the drawing",
            remedy=f"name one with --table (* stands for anything): {named}", file=request.path, field="table",
        )  # fmt: skip
    return chosen


def _said(skipped: Counter[str], records: list[dict[str, object]], drawing: Opened) -> list[str]:
    """What a person should know of a drawing that was read."""
    layers = Counter(str(record["layer"]) for record in records)
    named = ", ".join(f"{name} {count}" for name, count in layers.most_common(_LISTED))
    notes = [f"arcs, ellipses and splines were stroked to within {STROKE_M * 100:g} cm (those around filled areas, HATCH, to 0.03 % of their radius)",
             f"layers read: {named}; choose with --table LAYER, or --where layer=… and --where colour=…"]  # fmt: skip
    if skipped:
        listed = ", ".join(f"{kind} {count}" for kind, count in skipped.most_common(_LISTED))
        notes.append(f"no outline or line, left out: {listed}")
    if drawing.epsg:
        notes.append(f"the drawing carries a geographic location (EPSG:{drawing.epsg}), not relied upon")  # fmt: skip
    if drawing.mended:
        notes.append(f"{drawing.mended} faults of the drawing were mended on reading: compare it with the original")  # fmt: skip
    return notes
