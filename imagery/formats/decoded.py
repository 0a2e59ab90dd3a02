"""Photos in a format that GDAL does not read (HEIC): decoded once, apart, into a working file."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from imagery.formats.job import Job
from imagery.formats.raster import Raster, load
from imagery.formats.sidecars import Item
from imagery.guard.child import decode_apart
from imagery.guard.header import check_file
from imagery.guard.limits import DEFAULT_LIMITS, Limits
from imagery.guard.magic import identify
from imagery.guard.raster import damaged
from imagery.scene import Stated


def load_item(item: Item, job: Job) -> Raster:
    """The checked raster of a file; where it has to be decoded first, that of the working file."""
    if identify(item.path, job.limits).format != "heif":
        return load(item.path, job.limits)
    kind, shape = check_file(item.path, job.limits)
    name = hashlib.sha256(item.name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    out = job.work / f"decoded-{name}.tif"
    decoded = decode_apart(item.path, out, job.limits)
    raster = load(out, job.limits)
    if shape is not None and (raster.width, raster.height) != (shape.width, shape.height):
        raise damaged(item.path, what="its header says two different sizes")
    return replace(raster, format="heif", misnamed=kind.misnamed, decoded=decoded)


def plain_picture(path: Path, work: Path, limits: Limits = DEFAULT_LIMITS) -> Path:
    """The file itself, or, for one that only we can decode, its pixels as a TIFF in `work`."""
    if identify(path, limits).format != "heif":
        return path
    return load_item(Item(path, path.name), Job(work, Stated(), limits)).path
