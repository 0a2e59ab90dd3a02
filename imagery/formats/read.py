"""One door for every format: a file or a folder becomes scenes, or a clear refusal."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator
from pathlib import Path

from imagery.formats.collection import read_collection, wanted
from imagery.formats.decoded import load_item
from imagery.formats.job import Job
from imagery.formats.mbtiles import mbtiles_scene
from imagery.formats.raster import load
from imagery.formats.sentinel2 import read_bands
from imagery.formats.sentinel2_words import band_file
from imagery.formats.sidecars import item_of
from imagery.formats.single import read_single
from imagery.guard import DEFAULT_LIMITS, Limits
from imagery.guard.archive import list_members, unpack
from imagery.guard.magic import identify
from imagery.guard.names import is_clutter
from imagery.scene import Scene, Stated
from layers.errors import ImageryError, YichaError

_ZONE = re.compile(r"[+-](0\d|1[0-4]):[0-5]\d$")


def read_scenes(
    path: Path,
    work: Path,
    stated: Stated = Stated(),  # noqa: B008 - frozen
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[Scene, ...]:
    """The scenes of a file, an archive, or a folder (of tiles, photos, a Sentinel-2 SAFE).

    `work` is an existing empty folder for unpacked members and assembled rasters; nothing is
    written elsewhere. `stated` is what the person says; the file's own word comes first.
    The file must carry the name it was given under: names hold dates and tile numbers. Raises
    `ImageryError` with a remedy. Where some members of an archive or folder are refused and
    others are not, the first scene's `facts["refused"]` lists them as `(member, text)`.
    """
    path, work = path.absolute(), work.absolute()  # they are opened in another process
    job = Job(work, stated, limits)
    try:
        _check_stated(stated)
        if path.is_dir():
            return read_collection(dict(_walk(path, limits)), job)
        kind = identify(path, limits)
        if kind.format == "zip":
            return _archive(path, job)
        item = item_of(path)
        if kind.format == "mbtiles":
            return (mbtiles_scene(load(path, limits), item, job),)
        band = band_file(item.name) if kind.format in ("jp2", "tiff") else None
        if band is not None:
            return tuple(read_bands({item.name: band}, {item.name: item}, job))
        return (read_single(load_item(item, job), item, job),)
    except YichaError as error:
        raise _named(error, path) from error


def _archive(path: Path, job: Job) -> tuple[Scene, ...]:
    members = list_members(path, job.limits)
    files = unpack(path, [one for one in members if wanted(one.name)], job.work, job.limits)
    return read_collection(files, job, [one.name for one in members if not wanted(one.name)])


def _walk(folder: Path, limits: Limits) -> Iterator[tuple[str, Path]]:
    """The files below a folder by name; links are not followed."""
    count = 0
    for root, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(names):
            path = Path(root) / name
            inside = path.relative_to(folder).as_posix()
            if path.is_symlink() or not path.is_file() or is_clutter(inside):
                continue
            count += 1
            if count > limits.max_members:
                raise ImageryError(f"the folder holds more than {limits.max_members:,} files",
                                   remedy="give it in parts", file=folder)  # fmt: skip
            yield inside, path


def _check_stated(stated: Stated) -> None:
    """Refuse statements that no scene can use."""
    if stated.zone is not None and not _ZONE.match(stated.zone):
        raise ImageryError(f"the zone {stated.zone[:20]!r} is none", remedy="write it as +08:00",
                           field="zone")  # fmt: skip
    for field, value in (("u_m", stated.u_m), ("height_m", stated.height_m)):
        if value is not None and not (math.isfinite(value) and value > 0):
            raise ImageryError(f"the stated {field} of {value} is no length",
                               remedy="state it in metres, more than zero", field=field)  # fmt: skip


def _named(error: YichaError, path: Path) -> ImageryError:
    """The same refusal, naming the file as the person knows it, and the member inside it."""
    whole = str(path)
    inner = error.file
    if inner is None or Path(inner) == path:
        file = whole
    else:
        file = f"{whole} ▸ {Path(inner).name if Path(inner).is_absolute() else inner}"
    return ImageryError(error.problem, remedy=error.remedy, file=file, row=error.row,
                        field=error.field)  # fmt: skip
