"""Folders and zips of map tiles become one raster in the plane of map tiles."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from imagery.formats.job import Job
from imagery.formats.raster import load
from imagery.formats.remarks import listed, remark
from imagery.formats.sidecars import Item
from imagery.formats.single import Place, scene_of
from imagery.formats.tile_names import TileName, tile_affine
from imagery.formats.where import Affine, in_china
from imagery.guard.child import child
from imagery.guard.header import DRIVER_OF, check_file
from imagery.guard.limits import Limits
from imagery.guard.xml import parse_xml
from imagery.scene import Remark, Scene
from layers.datum.ground import WEB_MERCATOR, GroundCRS, ground_crs
from layers.errors import ImageryError, YichaError

_SECONDS_PER_TILE = 0.1
_MOST_TEXT = 1 << 20
_SPREAD = 400
"""A grid with so many gaps to a tile is no place but several."""
Scheme = Literal["xyz", "tms"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One checked tile of a mosaic: where its upper left pixel goes."""

    item: Item
    driver: str
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Look:
    """What the assembled raster is to be: `tile_size` where all must have one; `name` tells a day."""

    dtype: str
    bands: int
    tile_size: int | None
    name: str


def read_tiles(
    tiles: Mapping[str, TileName], items: Mapping[str, Item], others: Mapping[str, Path], job: Job
) -> Scene:
    """One scene from tiles of one collection; `others` are its metadata files.

    Only the deepest level is used. Raises `ImageryError` where the scheme cannot be told, the
    tiles lie too far apart or none can be read.
    """
    zoom = max(tile.z for tile in tiles.values())
    deepest = {name: tile for name, tile in tiles.items() if tile.z == zoom}
    remarks = []
    if len({tile.z for tile in tiles.values()}) > 1:
        remarks.append(remark("tile_levels", zoom=zoom))
    scheme, note = _scheme(deepest, others, job)
    remarks += note
    placed = {n: (t.x, t.y if scheme == "xyz" else 2**zoom - 1 - t.y) for n, t in deepest.items()}
    west, north = (min(values) for values in zip(*placed.values(), strict=True))
    east, south = (max(values) for values in zip(*placed.values(), strict=True))
    across, down = east - west + 1, south - north + 1
    if across * down > _SPREAD * len(placed):
        raise ImageryError("the tiles lie too far apart to be one picture",
                           remedy="give each place as an archive of its own")  # fmt: skip
    side, first = _first_sound(placed, items, job.limits)
    left_out: list[str] = []
    pieces = [Piece(items[name], driver, (x - west) * side, (y - north) * side)
              for name, (x, y) in placed.items()
              if (driver := _driver(items[name], side, left_out, job.limits)) is not None]  # fmt: skip
    if left_out:
        remarks.append(remark("tiles_left_out", count=len(left_out), names=listed(left_out)))
    if len(pieces) < across * down:
        remarks.append(remark("tiles_missing", of=across * down, there=len(pieces)))
    crs = ground_crs(WEB_MERCATOR)
    place = Place(crs, tile_affine(zoom, west, north, side), "tile_names", remarks=tuple(remarks))
    look = Look(first["dtypes"][0], _colours(first), side, _common(sorted(placed)))
    scene = put_together(pieces, place, (across * side, down * side), look, job)
    return replace(scene, facts={**scene.facts, "zoom": zoom, "tile_scheme": scheme})


def put_together(
    pieces: Sequence[Piece], place: Place, size: tuple[int, int], look: Look, job: Job
) -> Scene:
    """Write the pieces into one GeoTIFF in `work` and read it as any other."""
    if not pieces:
        raise ImageryError("none of the tiles can be read", remedy="export them again")
    limits = job.limits
    if size[0] * size[1] > limits.max_pixels:
        raise ImageryError(
            f"the tiles make a picture of {size[0]:,} × {size[1]:,} pixels, "
            f"more than {limits.max_pixels:,}",
            remedy="give them in several archives, one a part of the area",
        )  # fmt: skip
    out = job.work / f"assembled-{len(list(job.work.glob('assembled-*.tif'))) + 1}.tif"
    arguments = {
        "tiles": [[str(p.item.path), p.driver, p.column, p.row] for p in pieces],
        "out": str(out), "width": size[0], "height": size[1], "bands": look.bands,
        "dtype": look.dtype,
        "size": None if look.tile_size is None else [look.tile_size] * 2,
        "crs": place.crs.text, "transform": list(place.transform),
    }  # fmt: skip
    seconds = limits.seconds + _SECONDS_PER_TILE * len(pieces)
    said = child(limits.memory_bytes).ask("assemble", arguments, seconds, out)
    names = {str(piece.item.path): piece.item.name for piece in pieces}
    left_out = [names[path] for path, _ in said["left_out"]]
    if len(left_out) == len(pieces):
        raise ImageryError(f"none of the tiles can be read: {said['left_out'][0][1]}",
                           remedy="export them again")  # fmt: skip
    notes = list(place.remarks)
    if left_out:
        notes.append(remark("tiles_left_out", count=len(left_out), names=listed(left_out)))
    raster = load(out, limits)
    laid = replace(place, remarks=tuple(notes))
    scene = scene_of(raster, Item(out, look.name), job.stated, laid)
    members = tuple(sorted(piece.item.name for piece in pieces if piece.item.name not in left_out))
    return replace(scene, members=members)


def _common(names: list[str]) -> str:
    """The folder all names share; only that may carry the date of the whole."""
    first, last = names[0], names[-1]
    length = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b),
                  min(len(first), len(last)))  # fmt: skip
    return first[:length].rpartition("/")[0]


def _driver(item: Item, side: int, left_out: list[str], limits: Limits) -> str | None:
    """GDAL's driver of a sound tile; a bad one is noted in `left_out`."""
    try:
        kind, shape = check_file(item.path, limits)
    except ImageryError:
        shape = None
    if shape is None or kind.format not in DRIVER_OF or (shape.width, shape.height) != (side, side):
        if item.name not in left_out:
            left_out.append(item.name)
        return None
    return DRIVER_OF[kind.format]


def _first_sound(
    placed: Mapping[str, tuple[int, int]], items: Mapping[str, Item], limits: Limits
) -> tuple[int, dict[str, Any]]:
    """The usual side of a tile and the facts of the first such; raises where none can be read."""
    sides: Counter[tuple[int, int]] = Counter()
    problem: ImageryError | None = None
    for name in placed:
        try:
            _, shape = check_file(items[name].path, limits)
        except ImageryError as error:
            problem = problem or error
        else:
            sides[(shape.width, shape.height) if shape else (0, 0)] += 1
    usual = sides.most_common(1)[0][0] if sides else (0, 0)
    if usual[0] != usual[1] or usual[0] == 0:
        raise problem or ImageryError("the tiles are not square", remedy="export them again")
    for name in placed:
        try:
            found = load(items[name].path, limits)
        except YichaError as error:
            problem = problem or ImageryError(str(error), remedy="export them again")
            continue
        if found.width == found.height == usual[0]:
            return usual[0], dict(found.facts)
    raise problem or ImageryError("none of the tiles can be read", remedy="export them again")


def _colours(facts: Mapping[str, Any]) -> int:
    """Colour bands of the whole: three for eight bits, whatever the first tile is."""
    return 3 if facts["dtypes"][0] == "uint8" else min(3, int(facts["count"]))


def _scheme(
    tiles: Mapping[str, TileName], others: Mapping[str, Path], job: Job
) -> tuple[Scheme, list[Remark]]:
    """How rows count: by the metadata, by the person, else XYZ unless only TMS makes sense."""
    told = _by_metadata(others, job.limits) or job.stated.tile_scheme
    if told is not None:
        return told, []
    crs = ground_crs(WEB_MERCATOR)
    one = next(iter(tiles.values()))
    if not _lies_in_china(crs, tile_affine(one.z, one.x, one.y, 1)) and _lies_in_china(
        crs, tile_affine(one.z, one.x, 2**one.z - 1 - one.y, 1)
    ):
        raise ImageryError(
            "the tiles lie in China only if their rows count from the south (TMS)", field="tile_scheme",
            remedy="state whether the tiles are XYZ or TMS (请说明瓦片行号方案: XYZ或TMS)",
        )  # fmt: skip
    return "xyz", [remark("tile_scheme_assumed")]


def _lies_in_china(crs: GroundCRS, affine: Affine) -> bool:
    lon, lat = crs.to_wgs84(np.array([affine[2]]), np.array([affine[5]]))
    return in_china(float(lon[0]), float(lat[0]))


def _by_metadata(others: Mapping[str, Path], limits: Limits) -> Scheme | None:
    """The scheme by tilemapresource.xml (always TMS) or metadata.json of the collection."""
    for name, path in others.items():
        short = name.rpartition("/")[2].lower()
        if short == "tilemapresource.xml":
            profile = parse_xml(path, limits).find("TileSets")
            found = "" if profile is None else profile.get("profile", "")
            if "geodetic" in found or "raster" in found:
                raise ImageryError("the tiles are not in the web map's plane", file=name,
                                   remedy="export them as web Mercator tiles or as GeoTIFF")  # fmt: skip
            return "tms"
        if short in ("metadata.json", "tilejson.json", "tiles.json"):
            scheme = _json_scheme(path)
            if scheme is not None:
                return scheme
    return None


def _json_scheme(path: Path) -> Scheme | None:
    try:
        with path.open("rb") as stream:
            told = json.loads(stream.read(_MOST_TEXT))
    except (ValueError, RecursionError):
        return None
    scheme = told.get("scheme") if isinstance(told, dict) else None
    return scheme if scheme in ("xyz", "tms") else None
