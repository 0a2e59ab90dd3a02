"""What the commands of this folder share: their common arguments, areas, tables of scenes."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from imagery.catalogue.index import footprints
from imagery.catalogue.search import Bounds, checked_box
from imagery.store import Store
from layers.commands.import_ import language
from layers.errors import ImageryError
from layers.layer import read_layer

KINDS = {
    "orthophoto": ("正射影像", "orthophoto"), "satellite": ("卫星影像", "satellite"),
    "photo": ("照片", "photo"), "tiles": ("瓦片", "tiles"), "picture": ("未定位图片", "picture"),
}  # fmt: skip
"""Kinds of scenes in Chinese and English."""


def add_store(parser: argparse.ArgumentParser) -> None:
    """The store every command works on."""
    parser.add_argument("--store", type=Path, required=True, metavar="DIR", help="imagery store")


def add_language(parser: argparse.ArgumentParser) -> None:
    """The language of what is printed."""
    parser.add_argument("--lang", choices=["zh", "en"], help="language of the report")


def language_of(arguments: argparse.Namespace) -> str:
    """`zh` or `en`: as asked for, else as the system speaks."""
    return "zh" if (arguments.lang or language()) == "zh" else "en"


def bounds_of(text: str | None) -> Bounds | None:
    """West, south, east, north out of `W,S,E,N`; raises `ImageryError` for anything else."""
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise ImageryError("this is no rectangle", field=text[:60],
                           remedy="write west,south,east,north in degrees") from None  # fmt: skip
    checked_box((west, south, east, north))
    return west, south, east, north


def area_of(text: str | None) -> BaseGeometry | None:
    """A polygon out of `W,S,E,N`, a GeoJSON file or a layer file (all its polygons together)."""
    if text is None:
        return None
    path = Path(text)
    if not path.is_file():
        bounds = bounds_of(text)
        return None if bounds is None else checked_box(bounds)
    if path.suffix.lower() == ".parquet":
        return shapely.union_all(read_layer(path).placed.geometry.array)
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        features = document.get("features", [document])
        shapes = [shape(feature.get("geometry", feature)) for feature in features]
        return shapely.union_all([shapely.make_valid(one) for one in shapes])
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError):
        raise ImageryError("no area can be read from this file", file=path,
                           remedy="give GeoJSON polygons in degrees (WGS 84)") from None  # fmt: skip


def scene_named(store: Store, text: str) -> str:
    """The id of a scene given by its id, or by the name its file had where only one scene has it.

    Raises `ImageryError` where none or several do.
    """
    if text in store.scenes():
        return text
    scenes = footprints(store)
    found = scenes.loc[scenes.title == text, "id"].tolist()
    if len(found) == 1:
        return str(found[0])
    several = (
        f"{len(found)} scenes came from files of this name"
        if found
        else "the store has no such scene"
    )
    raise ImageryError(several, field=text[:60],
                       remedy="take an id from `python -m imagery list`")  # fmt: skip


def scene_lines(scenes: gpd.GeoDataFrame, lang: str) -> Iterator[str]:
    """One line per scene: id, day, kind, ground size, position error, title, doubts."""
    for row in scenes.itertuples():
        kind = KINDS.get(row.kind, (row.kind, row.kind))[lang == "en"]
        gsd = "-" if row.gsd_m != row.gsd_m else f"{row.gsd_m:.3g} m"
        error = "-" if row.u_m != row.u_m else f"±{row.u_m:.3g} m"
        doubts = f"  ({row.warnings}!)" if row.warnings else ""
        undated = "-" if row.taken_how == "missing" else f"{row.start[:10]}~"
        day = row.day if isinstance(row.day, str) else undated
        yield f"{row.id:<25} {day:<11} {kind:<10} {gsd:>9} {error:>9}  {row.title}{doubts}"
