"""The main map and the locator of a sheet, drawn to scale as SVG: text stays text."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from shapely.geometry.base import BaseGeometry

from evidence.dossier import Dossier
from evidence.sheet.frame import MapFrame
from evidence.sheet.furniture import draw_furniture, drawing_settings
from evidence.sheet.labels import Labels
from evidence.sheet.styles import (
    BESIDE,
    COARSE,
    MEASURED,
    OUTLINE,
    START,
    STYLES,
    SUBJECT,
    Style,
    as_point,
)  # fmt: skip
from evidence.words import METRE

_MM_PER_INCH = 25.4


@dataclass(frozen=True)
class DrawnMap:
    """An SVG of the frame's size, and the styles that were really drawn (for the legend)."""

    svg: bytes
    frame: MapFrame
    legend: tuple[Style, ...] = field(default=())


def draw_map(dossier: Dossier, frame: MapFrame, lang: str) -> DrawnMap:
    """The main map: surroundings, what was measured, scale bar, north arrow, ticks of degrees."""
    with drawing_settings():
        figure, axes = _paper(frame)
        used = _draw_context(axes, dossier.context, frame)
        used += _draw_measured(axes, dossier, frame)
        _label(axes, dossier, frame, lang)
        draw_furniture(axes, frame, lang)
        return DrawnMap(_svg(figure), frame, tuple(dict.fromkeys(used)))


def draw_locator(dossier: Dossier, frame: MapFrame, within: MapFrame) -> bytes:
    """The small map that shows where the main map (`within`) lies."""
    with drawing_settings():
        figure, axes = _paper(frame)
        kept = {theme: rows for theme, rows in dossier.context.items()
                if theme in ("water", "road", "green", "school", "building")}  # fmt: skip
        _draw_context(axes, kept, frame)
        west, south, east, north = within.bounds
        least = frame.metres(3.0)
        width, height = max(east - west, least), max(north - south, least)
        x, y = within.centre
        shape = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        axes.add_patch(
            PathPatch(
                _outline(shape), facecolor="#b3261e33", edgecolor="#b3261e", lw=1.0, zorder=30
            )
        )
        return _svg(figure)


def _paper(frame: MapFrame) -> tuple[Figure, Axes]:
    """A figure whose axes fill it: a metre on the ground is exactly 1000/ratio millimetres."""
    figure = Figure(figsize=(frame.width_mm / _MM_PER_INCH, frame.height_mm / _MM_PER_INCH))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    west, south, east, north = frame.bounds
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_xticks([])
    axes.set_yticks([])
    return figure, axes


def _draw_context(
    axes: Axes, context: Mapping[str, gpd.GeoDataFrame], frame: MapFrame
) -> list[Style]:
    used = []
    for theme, style in sorted(STYLES.items(), key=lambda pair: pair[1].order):
        rows = context.get(theme)
        if rows is None or rows.empty:
            continue
        near = rows.geometry[rows.geometry.intersects(frame.box)]
        if near.empty:
            continue
        for shape in near[(near.geom_type != "Point") | (style.kind != "line")]:
            shown = as_point(style) if shape.geom_type == "Point" else style
            if _draw(axes, frame.plane.to_plane(shape), shown, frame):
                used.append(shown)
    return used


def _draw_measured(axes: Axes, dossier: Dossier, frame: MapFrame) -> list[Style]:
    used = []
    line = dossier.line
    if line is not None and not line.is_empty and line.geom_type != "Point":
        style = OUTLINE if "Polygon" in line.geom_type else MEASURED
        if _draw(axes, frame.plane.to_plane(line), style, frame):
            used.append(style)
        if style is MEASURED and dossier.finding.get("unit") == "m":
            start = shapely.Point(shapely.get_coordinates(line)[0])
            if _draw(axes, frame.plane.to_plane(start), START, frame):
                used.append(START)
    used += [BESIDE for one in dossier.beside
             if _draw(axes, frame.plane.to_plane(one.line), BESIDE, frame)]  # fmt: skip
    place = dossier.subject
    if isinstance(place, shapely.Point) and _draw(
        axes, frame.plane.to_plane(place), SUBJECT, frame
    ):
        used.append(SUBJECT)
    if dossier.redacted and isinstance(place, shapely.Polygon) and (line is None or line.is_empty):
        used += [COARSE] if _draw(axes, frame.plane.to_plane(place), COARSE, frame) else []
    return used


def _draw(axes: Axes, shape: BaseGeometry, style: Style, frame: MapFrame) -> bool:
    """Draw one shape cut to the frame; whether anything of it lies inside."""
    cut = _cut(shape, frame)
    if cut.is_empty:
        return False
    for part in shapely.get_parts(cut):
        if isinstance(part, shapely.Point):
            axes.plot([part.x], [part.y], style.marker, ms=style.size, mfc=style.face,
                      mec=style.edge, mew=0.9, zorder=style.order)  # fmt: skip
        elif isinstance(part, shapely.Polygon) and style.kind == "area":
            axes.add_patch(PathPatch(_outline(part), facecolor=style.face, edgecolor=style.edge,
                                     lw=style.width, ls=style.dash, hatch=style.hatch or None,
                                     zorder=style.order))  # fmt: skip
        elif part.geom_type in ("LineString", "LinearRing"):
            axes.add_collection(LineCollection([shapely.get_coordinates(part)], colors=style.edge,
                                               linewidths=style.width, linestyles=style.dash,
                                               capstyle="round", zorder=style.order))  # fmt: skip
    return True


def _cut(shape: BaseGeometry, frame: MapFrame) -> BaseGeometry:
    """Only what the frame shows, with a rim so that no cut edge is drawn as a boundary."""
    west, south, east, north = frame.bounds
    rim = frame.metres(5.0)
    window = shapely.box(west - rim, south - rim, east + rim, north + rim)
    return shapely.intersection(shapely.make_valid(shape), window)


def _outline(polygon: shapely.Polygon) -> Outline:
    rings = [polygon.exterior, *polygon.interiors]
    return Outline.make_compound_path(
        *(Outline(shapely.get_coordinates(r), closed=True) for r in rings)
    )


def _label(axes: Axes, dossier: Dossier, frame: MapFrame, lang: str) -> None:
    """Names of the two things the finding is about, and of what was measured beside."""
    labels, plane, finding = Labels(axes, frame), frame.plane, dossier.finding
    line = None if dossier.line is None else plane.to_plane(dossier.line)
    avoid = None if line is None else line.boundary if "Polygon" in line.geom_type else line
    for name, shape in (("subject_name", dossier.subject), ("object_name", dossier.object)):
        if shape is not None and not shape.is_empty:
            labels.add(str(finding.get(name) or ""), plane.to_plane(shape), avoid)
    for beside in dossier.beside:
        middle = plane.to_plane(shapely.line_interpolate_point(beside.line, 0.5, normalized=True))
        labels.add(f"{beside.metres:.1f} {METRE[lang]}", middle, avoid)


def _svg(figure: Figure) -> bytes:
    stream = io.BytesIO()
    FigureCanvasSVG(figure).print_svg(stream, metadata={"Date": None})
    return stream.getvalue()
