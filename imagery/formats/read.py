"""One door for every format: a file or a folder becomes scenes, or a clear refusal."""

from __future__ import annotations

from pathlib import Path

from imagery.guard import DEFAULT_LIMITS, Limits
from imagery.scene import Scene, Stated


def read_scenes(
    path: Path,
    work: Path,
    stated: Stated = Stated(),  # noqa: B008 - frozen
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[Scene, ...]:
    """The scenes of a file, an archive, or a folder (of tiles, photos, a Sentinel-2 SAFE).

    `work` is an existing empty folder for unpacked members and assembled rasters; nothing is
    written elsewhere. `stated` is what the person says; the file's own word comes first.
    Raises `ImageryError` (or its sibling `DatumError`) with a remedy. Where some members of an
    archive or folder are refused and others are not, the first scene's `facts["refused"]`
    lists them as `(member, text)`.
    """
    raise NotImplementedError(path, work, stated, limits)
