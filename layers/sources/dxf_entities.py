"""Entities of a drawing as shapes: blocks unfolded within bounds, curves stroked, rings closed."""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import shapely
from ezdxf import colors, recover
from ezdxf.document import Drawing
from ezdxf.entities import DXFEntity, DXFGraphic, Insert, LWPolyline, Polyline
from shapely.geometry.base import BaseGeometry

from layers.errors import SourceError
from layers.sources.dxf_shapes import shape_of
from layers.sources.foreign import foreign
from layers.sources.raw import Request, RowProblem

# What it mends it also logs, line by line; a note counts it instead.
logging.getLogger("ezdxf").setLevel(logging.CRITICAL)

_DEEPEST = 8
"""Blocks within blocks."""
_MOST = 500_000
"""Entities after blocks are unfolded: a few bytes can ask for billions."""
_MOST_VERTICES = 5_000_000
_LINES = frozenset(
    {"LINE", "LWPOLYLINE", "POLYLINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE", "HATCH"}
)
_TEXTS = frozenset({"TEXT", "MTEXT", "ATTRIB"})
_COLOURS = {1: "red", 2: "yellow", 3: "green", 4: "cyan", 5: "blue", 6: "magenta", 7: "white"}
_REMEDY = "open it in a CAD program, run AUDIT and PURGE, and save it as DXF (2010 or later)"


@dataclass(frozen=True)
class Opened:
    """A parsed drawing, the code of its unit, the reference system it carries, faults mended."""

    document: Drawing
    unit_code: int
    epsg: int | None
    mended: int


@dataclass
class Found:
    """Rows of a drawing: records, shapes in its own unit, and what was passed over."""

    records: list[dict[str, object]] = field(default_factory=list)
    shapes: list[BaseGeometry | None] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Piece:
    """An entity in its place, with the layer and colour it has there."""

    entity: DXFGraphic
    row: int
    layer: str
    colour: str
    handle: str
    block: str


def open_drawing(data: bytes, path: Path) -> Opened:
    """Parse a drawing, damaged ones too; raises `SourceError` where nothing can be read."""
    with foreign(path, "DXF drawing", _REMEDY):
        document, audit = recover.read(io.BytesIO(data))
        code = int(document.header.get("$INSUNITS", 0))
        epsg = None
        geo = document.modelspace().get_geodata()
        if geo is not None:
            try:
                epsg = int(geo.get_crs()[0])
            except Exception:  # noqa: BLE001 - whatever it carries is not relied upon
                epsg = None
    return Opened(document, code, epsg, len(audit.errors) + len(audit.fixes))


def read_entities(opened: Opened, request: Request, metres: float, stroke: float) -> Found:
    """All lines and outlines of the model space; `stroke` is the tolerance in the drawing's unit.

    Raises `SourceError` where blocks unfold beyond the bounds.
    """
    found, texts, vertices = Found(), [], 0
    parts: Counter[int] = Counter()
    with foreign(request.path, "DXF drawing", _REMEDY):
        for piece in _unfolded(opened.document, request):
            kind = piece.entity.dxftype()
            if kind in _TEXTS:
                texts.append(_text(piece.entity))
            if kind not in _LINES or _is_mesh(piece.entity):
                found.skipped[kind] += 1
                continue
            shape, problem = _shaped(piece, stroke, request.path)
            vertices += 0 if shape is None else int(shapely.get_num_coordinates(shape))
            if vertices > min(_MOST_VERTICES, request.limits.max_vertices):
                raise _too_much(request.path, "vertices", _MOST_VERTICES)
            found.problems += [problem] if problem else []
            parts[piece.row] += 1
            number = f".{parts[piece.row]}" if piece.block else ""
            found.records.append({"id": piece.handle + number} | _record(piece, shape, metres))
            found.shapes.append(shape)
            found.rows.append(piece.row)
    _label(found, [text for text in texts if text])
    return found


def _is_mesh(entity: DXFGraphic) -> bool:
    return isinstance(entity, Polyline) and not (entity.is_2d_polyline or entity.is_3d_polyline)


def _unfolded(document: Drawing, request: Request) -> Iterator[_Piece]:
    """Entities of the model space, those of blocks in their places, depth and number bounded."""
    layers = {layer.dxf.name.lower(): _colour_of(layer.dxf.color) for layer in document.layers}
    spent, path, most = 0, request.path, min(_MOST, request.limits.max_rows)
    for row, entity in enumerate(document.modelspace(), 1):
        handle = str(entity.dxf.handle)
        stack = [(entity, "0", "white", "", 0)]
        while stack:
            one, layer, colour, block, depth = stack.pop()
            spent += 1
            if spent > most:
                raise _too_much(path, "entities", most, f"block {block}" if block else "")
            own = str(one.dxf.get("layer", "0"))
            layer = layer if block and own == "0" else own
            colour = _colour(one, layers.get(layer.lower(), "white"), colour)
            if not isinstance(one, Insert):
                yield _Piece(one, row, layer, colour, handle, block)
                continue
            if depth >= _DEEPEST:
                raise _too_much(path, "levels of blocks", _DEEPEST, f"block {one.dxf.name}")
            copies = one.multi_insert() if one.mcount > 1 else iter([one])
            if one.mcount * max(len(one.block() or ()), 1) + spent > most:
                raise _too_much(path, "entities", most, f"block {one.dxf.name}")
            stack += [(part, layer, colour, str(one.dxf.name), depth + 1)
                      for copy in copies for part in [*copy.virtual_entities(), *copy.attribs]]  # fmt: skip


def _too_much(path: Path, what: str, most: int, where: str = "") -> SourceError:
    return SourceError(
        f"the drawing unfolds to more than {most:,} {what}" + (f" ({where})" if where else ""),
        remedy="it is damaged or hostile, or holds far more than a plan: keep only the layers that are needed (WBLOCK), PURGE, save again",
        file=path,
    )  # fmt: skip


def _colour(entity: DXFEntity, of_layer: str, of_block: str) -> str:
    if entity.dxf.hasattr("true_color"):
        return "#{:02x}{:02x}{:02x}".format(*colors.int2rgb(entity.dxf.true_color))
    number = int(entity.dxf.get("color", colors.BYLAYER))
    if number == colors.BYLAYER:
        return of_layer
    return of_block if number == colors.BYBLOCK else _colour_of(number)


def _colour_of(number: int) -> str:
    """The name of one of the seven colours, else its number; a layer switched off has it negative."""
    return _COLOURS.get(abs(number), str(abs(number)))


def _shaped(piece: _Piece, stroke: float, path: Path) -> tuple[BaseGeometry | None, RowProblem | None]:  # fmt: skip
    """The shape of an entity in the drawing's unit; `None` and why where it has none."""
    try:
        with foreign(path, "entity", _REMEDY):
            return shape_of(piece.entity, stroke), None
    except SourceError as error:
        return None, _problem(piece, error.problem)


def _problem(piece: _Piece, reason: str) -> RowProblem:
    where = f"entity {piece.entity.dxftype()} {piece.handle} on layer {piece.layer}"
    return RowProblem(piece.row, f"{where}: {reason}", "delete it or draw it anew", "geometry")


def _record(piece: _Piece, shape: BaseGeometry | None, metres: float) -> dict[str, object]:
    wide = piece.entity.dxf.get("const_width", 0.0) if isinstance(piece.entity, LWPolyline) else 0.0
    record: dict[str, object] = {
        "layer": piece.layer, "colour": piece.colour, "entity": piece.entity.dxftype(),
        "handle": piece.handle, "block": piece.block,
        "closed": "yes" if shape is not None and "Polygon" in shape.geom_type else "no",
    }  # fmt: skip
    if wide > 0:
        record["polyline_width_m"] = round(float(wide) * metres, 4)
    return record


def _text(entity: DXFEntity) -> tuple[float, float, str] | None:
    """Where a text stands and what it says."""
    words = entity.plain_text() if hasattr(entity, "plain_text") else str(entity.dxf.get("text", ""))  # fmt: skip
    spot = entity.dxf.get("insert")
    words = " ".join(str(words).split())[:200]
    return (float(spot[0]), float(spot[1]), words) if spot is not None and words else None


def _label(found: Found, texts: list[tuple[float, float, str]]) -> None:
    """Give every outline the texts that stand within it."""
    areas = {n: shape for n, shape in enumerate(found.shapes)
             if shape is not None and "Polygon" in shape.geom_type}  # fmt: skip
    if not areas or not texts:
        return
    numbers, tree = list(areas), shapely.STRtree(list(areas.values()))
    spots = shapely.points([text[:2] for text in texts])
    inside: dict[int, list[str]] = {}
    for text, area in zip(*tree.query(spots, predicate="intersects").tolist(), strict=True):
        inside.setdefault(numbers[area], []).append(texts[text][2])
    for n, words in inside.items():
        found.records[n]["label"] = " ".join(words[:3])
