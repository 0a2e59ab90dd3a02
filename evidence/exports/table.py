"""The table of leads in the format that the file's ending names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath

from evidence.dossier import Dossier
from evidence.exports.export import Export
from evidence.exports.kml import as_kml, as_kmz
from evidence.exports.sheets import as_csv, as_xlsx
from evidence.exports.texts import visible
from evidence.exports.vector import as_geojson, as_geopackage, as_shapefiles
from evidence.words import Lang, Words
from layers.errors import YichaError

Writer = Callable[[Sequence[Dossier], Words, str], Export]
_WRITERS: Mapping[str, Writer] = {
    ".csv": as_csv, ".xlsx": as_xlsx, ".geojson": as_geojson, ".json": as_geojson, ".gpkg": as_geopackage,
    ".kml": as_kml, ".kmz": as_kmz, ".shp.zip": as_shapefiles, ".shz": as_shapefiles,
}  # fmt: skip
SUFFIXES = tuple(_WRITERS)


def write_table(
    dossiers: Sequence[Dossier], name: str | PurePath, *, lang: Lang = "zh", watermark: str = ""
) -> Export:
    """The bytes of the file `name` would hold; the same dossiers give the same bytes.

    Raises `YichaError` for an ending that is none of `SUFFIXES`.
    """
    return _writer(PurePath(name).name)(dossiers, Words(lang), visible(watermark))


def _writer(name: str) -> Writer:
    for suffix, writer in _WRITERS.items():
        if name.lower().endswith(suffix):
            return writer
    told = "a shapefile is several files: end the name in .shp.zip" if name.lower().endswith(".shp") else (
        f"end the name in one of {', '.join(SUFFIXES)}")  # fmt: skip
    raise YichaError("the file's ending names no format of tables", file=name, remedy=told)
