"""Many files handed in as one (a zip, a folder): which of them are what, and which scenes they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from imagery.formats.decoded import load_item
from imagery.formats.job import Job
from imagery.formats.mbtiles import mbtiles_scene
from imagery.formats.mosaic import Laid, lay, pieces_of_one, read_mosaic
from imagery.formats.raster import Raster, load
from imagery.formats.remarks import listed, remark
from imagery.formats.sentinel2 import products, read_bands, read_safe
from imagery.formats.sentinel2_words import band_file
from imagery.formats.sidecars import SUFFIXES, Item
from imagery.formats.single import read_single
from imagery.formats.tile_names import tile_names
from imagery.formats.tiles import read_tiles
from imagery.scene import Scene
from layers.errors import ImageryError, YichaError

PICTURES = frozenset({".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jp2", ".j2k",
                      ".heic", ".heif", ".hif", ".mbtiles"})  # fmt: skip
_REFUSED_BY_NAME = frozenset({".webp", ".gif", ".bmp", ".vrt", ".ecw",
                              ".img", ".sid", ".dng", ".raw", ".avif", ".pdf"})  # fmt: skip
METADATA = frozenset({".xml", ".json", ".prj"}) | SUFFIXES
_ALONE = ("mbtiles", "heif")
_MOST_ARE_TILES = 0.8
_LOOKED_AT = 5


def wanted(name: str) -> bool:
    """Whether a member is worth unpacking: a picture, or what places one."""
    suffix = Path(name).suffix.lower()
    return suffix in PICTURES | METADATA | _REFUSED_BY_NAME


def read_collection(
    files: Mapping[str, Path], job: Job, left: Sequence[str] = ()
) -> tuple[Scene, ...]:
    """The scenes of a collection; `files` by name, `/` parting folders, `left` names not unpacked.

    Raises `ImageryError` where not one scene can be read.
    """
    scenes: list[Scene] = []
    refused: list[tuple[str, YichaError]] = []
    mains = products(list(files))
    for main in mains:
        try:
            scenes += read_safe(main, files, job)
        except YichaError as error:
            refused.append((main, error))
    if not mains:
        scenes, refused = _pictures(files, job)
    if not scenes:
        raise _nothing(refused)
    return _with_account(scenes, refused, [*left, *_of_no_use(files)])


def _pictures(
    files: Mapping[str, Path], job: Job
) -> tuple[list[Scene], list[tuple[str, YichaError]]]:
    beside = _neighbours(files)
    items = {
        name: Item(path, name, name, beside[name.rpartition("/")[0]])
        for name, path in sorted(files.items())
        if Path(name).suffix.lower() in PICTURES | _REFUSED_BY_NAME
    }
    tiles = tile_names(items)
    if len(tiles) >= max(2, _MOST_ARE_TILES * len(items)) and _look_like_tiles(tiles, items, job):
        others = {name: path for name, path in files.items() if name not in items}
        return [read_tiles(tiles, items, others, job)], []
    found = {name: file for name in items if (file := band_file(name)) is not None}
    scenes, refused = [], []
    if found:
        try:
            scenes += read_bands(found, items, job)
        except YichaError as error:
            refused.append((next(iter(found)), error))
    more, also = _singles({n: item for n, item in items.items() if n not in found}, job)
    return scenes + more, refused + also


def _look_like_tiles(tiles: Mapping[str, object], items: Mapping[str, Item], job: Job) -> bool:
    """Whether the first sound ones are square and not placed by themselves."""
    for name in list(tiles)[:_LOOKED_AT]:
        try:
            raster = load(items[name].path, job.limits)
        except YichaError:
            continue
        placed = raster.has_transform and raster.facts["crs"] is not None
        return raster.width == raster.height and not placed
    return True


def _singles(
    items: Mapping[str, Item], job: Job
) -> tuple[list[Scene], list[tuple[str, YichaError]]]:
    """Pictures by themselves; those that are pieces of one grid are put together."""
    refused: list[tuple[str, YichaError]] = []
    rasters: dict[str, Raster] = {}
    laid: list[Laid] = []
    for name, item in items.items():
        try:
            rasters[name] = load_item(item, job)
            one = lay(item, rasters[name], job.stated, job.limits)
        except YichaError as error:
            rasters.pop(name, None)
            refused.append((name, error))
        else:
            laid += [one] if one is not None and rasters[name].format not in _ALONE else []
    scenes: list[Scene] = []
    for group in pieces_of_one(laid, job.stated):
        scenes.append(_named(read_mosaic(group, job), group, len(items)))
        for one in group:
            rasters.pop(one.item.name)
    for name, raster in rasters.items():
        try:
            scenes.append(_single(items[name], raster, job))
        except YichaError as error:
            refused.append((name, error))
    return scenes, refused


def _single(item: Item, raster: Raster, job: Job) -> Scene:
    if raster.format == "mbtiles":
        return mbtiles_scene(raster, item, job)
    return read_single(raster, item, job)


def _named(scene: Scene, group: list[Laid], of: int) -> Scene:
    """A mosaic that is not the whole collection is called after its first member."""
    return scene if len(group) == of else replace(scene, member=group[0].item.name)


def _neighbours(files: Mapping[str, Path]) -> dict[str, dict[str, Path]]:
    found: dict[str, dict[str, Path]] = {}
    for name, path in files.items():
        folder, _, short = name.rpartition("/")
        found.setdefault(folder, {})[short.lower()] = path
    return found


def _of_no_use(files: Mapping[str, Path]) -> list[str]:
    return [name for name in files if not wanted(name)]


def _with_account(
    scenes: list[Scene], refused: list[tuple[str, YichaError]], ignored: list[str]
) -> tuple[Scene, ...]:
    """The first scene carries what was refused and what was not read."""
    notes, facts = [], {}
    if refused:
        names = [name for name, _ in refused]
        notes.append(remark("members_refused", count=len(names), names=listed(names)))
        facts["refused"] = tuple((name, str(error)) for name, error in refused)
    if ignored:
        notes.append(remark("members_ignored", count=len(ignored), names=listed(ignored)))
    first = scenes[0]
    first = replace(first, remarks=(*first.remarks, *notes), facts={**first.facts, **facts})
    return (first, *scenes[1:])


def _nothing(refused: list[tuple[str, YichaError]]) -> YichaError:
    if not refused:
        return ImageryError("it holds no picture that is known",
                            remedy="give GeoTIFF, JPEG, PNG, MBTiles, or a zip of them")  # fmt: skip
    if len(refused) == 1:
        return refused[0][1]
    told = "; ".join(f"{name}: {error.problem}" for name, error in refused[:5])
    return ImageryError(f"none of its {len(refused)} pictures can be read ({told})",
                        remedy=refused[0][1].remedy)  # fmt: skip
