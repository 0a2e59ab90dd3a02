"""Originals kept byte for byte: what a layer was made from can be looked at again."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

from layers.atomic import written_whole
from layers.errors import SourceError
from layers.provenance import sha256_of

_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx")


def parts_of(path: str | Path) -> tuple[Path, ...]:
    """The files a source consists of: a shapefile has companions of the same name."""
    file = Path(path)
    if file.suffix.lower() != ".shp":
        return (file,)
    beside = (p for p in file.parent.iterdir() if p.stem == file.stem and p != file)
    return (file, *sorted(p for p in beside if p.suffix.lower() in _SHAPEFILE_PARTS))


def keep_original(path: str | Path, folder: str | Path) -> Path:
    """Copy a source to `folder/<sha256>/<name>`, read-only; one already there is left alone.

    The copy is written beside its place, compared by hash and renamed, so a kill at any moment
    leaves a whole copy or none. Returns the path of the copy; raises `SourceError` when the
    file changes while it is copied or the folder cannot be written.
    """
    file = Path(path)
    try:
        target = Path(folder) / sha256_of(file)
        target.mkdir(parents=True, exist_ok=True)
        for part in parts_of(file):
            _copy(part, target / part.name)
    except OSError as error:
        raise SourceError(
            f"the original could not be kept ({type(error).__name__})",
            remedy="choose another folder with --keep, or --no-keep", file=file,
        ) from error  # fmt: skip
    return target / file.name


def _copy(source: Path, target: Path) -> None:
    digest = sha256_of(source)
    if target.exists() and sha256_of(target) == digest:
        return
    with written_whole(target) as partial:
        shutil.copyfile(source, partial)
        if sha256_of(partial) != digest:
            raise SourceError(
                "the file changed while it was copied", remedy="import it again", file=source
            )
        if target.exists():
            target.chmod(stat.S_IREAD | stat.S_IWRITE)
    target.chmod(stat.S_IREAD | stat.S_IRGRP | stat.S_IROTH)
