"""GeoJSON, GeoPackage and shapefiles: leads as points, what was measured as lines and areas."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from evidence.dossier import Dossier
from evidence.exports.export import Export
from evidence.exports.rows import FIELDS, Cell, headings, place_of, shape_of, table
from evidence.exports.texts import cut
from evidence.exports.zipped import zipped
from evidence.words import Words
from layers.datum.ground import DEGREES

_DBF = 254
"""Bytes of a text in a shapefile."""
_DIGITS = 7
_MEASURED = {"measured_lines": ("LineString", "LinearRing"), "measured_areas": ("Polygon",)}
_README = "README.txt"


def as_geojson(dossiers: Sequence[Dossier], words: Words, watermark: str) -> Export:
    """RFC 7946: a feature per lead, its shape what was measured, else its place, else none."""
    features = [
        {"type": "Feature", "id": str(row["number"]), "geometry": _rounded(shape_of(dossier)),
         "properties": row}
        for dossier, row in zip(dossiers, table(dossiers, words, watermark), strict=True)
    ]  # fmt: skip
    told = {"type": "FeatureCollection", "name": words("table.leads"), "crs_note": words("table.crs"),
            "watermark": watermark, "headings": headings(words), "features": features}  # fmt: skip
    return Export((json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))


def as_geopackage(dossiers: Sequence[Dossier], words: Words, watermark: str) -> Export:
    """A layer of the leads (also those without a place) and layers of what was measured."""
    rows = table(dossiers, words, watermark)
    about = {
        "title": words("table.leads"),
        "watermark": watermark,
        "note": words("table.crs"),
    }
    with tempfile.TemporaryDirectory(prefix="yicha-gpkg-") as folder, _dated(dossiers):
        file = Path(folder) / "leads.gpkg"
        for name, frame in _frames(dossiers, rows).items():
            kind = "Point" if name == "leads" else _KIND[name]
            pyogrio.write_dataframe(
                frame, file, layer=name, driver="GPKG", geometry_type=kind, append=file.exists(),
                promote_to_multi=name != "leads", layer_metadata=about,
            )  # fmt: skip
        return Export(file.read_bytes())


def as_shapefiles(dossiers: Sequence[Dossier], words: Words, watermark: str) -> Export:
    """A zip of shapefiles with their encoding written beside them, and what they could not hold."""
    rows, notes = _short(table(dossiers, words, watermark), words)
    with tempfile.TemporaryDirectory(prefix="yicha-shp-") as folder:
        for name, frame in _frames(dossiers, rows).items():
            placed = frame[frame.geometry.notna()]
            if name == "leads":
                notes += [words("table.omitted", number=number)
                          for number in frame["number"][frame.geometry.isna()]]  # fmt: skip
            if placed.empty:
                continue
            pyogrio.write_dataframe(placed, Path(folder) / f"{name}.shp", driver="ESRI Shapefile", encoding="UTF-8",
                                    layer_options={"DBF_DATE_LAST_UPDATE": _day(dossiers)})  # fmt: skip
        parts = [(file.name, file.read_bytes()) for file in sorted(Path(folder).iterdir())]
    about = [words("table.crs"), watermark, *dict.fromkeys(str(r["notice"]) for r in rows), "",
             words("table.renamed"), *(f"{key}: {title}" for key, title in headings(words).items()), "", *notes]  # fmt: skip
    parts.append((_README, "\r\n".join(about).encode("utf-8-sig")))
    return Export(zipped(parts), tuple(notes))


_KIND = {"measured_lines": "MultiLineString", "measured_areas": "MultiPolygon"}


def _frames(
    dossiers: Sequence[Dossier], rows: Sequence[dict[str, Cell]]
) -> dict[str, gpd.GeoDataFrame]:
    frames = {"leads": _frame(rows, [place_of(one) for one in dossiers])}
    for name, kinds in _MEASURED.items():
        shapes = [_parts(shape_of(one), kinds) for one in dossiers]
        drawn = [at for at, shape in enumerate(shapes) if shape is not None]
        if drawn:
            frames[name] = _frame([rows[at] for at in drawn], [shapes[at] for at in drawn])
    return frames


def _frame(
    rows: Sequence[Mapping[str, Cell]], shapes: Sequence[BaseGeometry | None]
) -> gpd.GeoDataFrame:
    columns: dict[str, list[Any]] = {one.key: [row[one.key] for row in rows] for one in FIELDS}
    frame = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(list(shapes), crs=DEGREES))
    for one in FIELDS:
        frame[one.key] = frame[one.key].astype("float64" if one.number else "object")
    return frame


def _parts(shape: BaseGeometry | None, kinds: Sequence[str]) -> BaseGeometry | None:
    """The parts of a shape that are lines, or that are areas, as one."""
    if shape is None:
        return None
    kept = [one for one in shapely.get_parts(shape) if one.geom_type in kinds]
    if not kept:
        return None
    return shapely.MultiPolygon(kept) if "Polygon" in kinds else shapely.MultiLineString(kept)


def _short(
    rows: Sequence[dict[str, Cell]], words: Words
) -> tuple[list[dict[str, Cell]], list[str]]:
    """Texts cut to what a shapefile holds, and every cut told."""
    made, notes = [], []
    for row in rows:
        short = {
            key: cut(value, _DBF) if isinstance(value, str) else value for key, value in row.items()
        }
        notes += [words("table.cut", number=row["number"], field=key, bytes=len(value.encode("utf-8")), most=_DBF)
                  for key, value in row.items() if isinstance(value, str) and short[key] != value]  # fmt: skip
        made.append(short)
    return made, notes


def _rounded(shape: BaseGeometry | None) -> dict[str, Any] | None:
    if shape is None:
        return None
    told = mapping(shapely.transform(shape, lambda xy: xy.round(_DIGITS)))
    made: dict[str, Any] = json.loads(json.dumps(told))
    return made


def _day(dossiers: Sequence[Dossier]) -> str:
    return dossiers[0].made_at[:10] if dossiers else "1980-01-01"


@contextmanager
def _dated(dossiers: Sequence[Dossier]) -> Iterator[None]:
    """The day of the dossiers instead of the clock's, so that the same leads give the same bytes."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{_day(dossiers)}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


__all__ = ["as_geojson", "as_geopackage", "as_shapefiles"]
