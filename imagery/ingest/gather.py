"""What was handed in: single files with the files that belong to them, folders that are one scene.

Folders are walked in sorted order. Nothing is read but names and, where a name says nothing, the
first bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from imagery.guard import DEFAULT_LIMITS, Limits
from imagery.guard.magic import identify
from imagery.ingest.units import is_one_scene
from layers.errors import ImageryError

WORLD_SUFFIXES = (".tfw", ".tifw", ".tiffw", ".jgw", ".jpgw", ".jpegw", ".pgw", ".pngw", ".j2w",
                  ".jp2w", ".wld")  # fmt: skip
BESIDE_SUFFIXES = (*WORLD_SUFFIXES, ".prj", ".aux.xml", ".ovr", ".msk", ".xml", ".tab", ".rpb",
                   ".imd")  # fmt: skip
"""Suffixes of files that belong to the image of the same name and are kept with it."""
IMAGE_SUFFIXES = (".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jp2", ".j2k", ".heic", ".heif",
                  ".hif")  # fmt: skip
OTHER_SUFFIXES = (".zip", ".mbtiles", ".webp", ".gif", ".bmp", ".img", ".ecw",
                  ".sid", ".dng", ".cr2", ".nef", ".arw", ".rar", ".7z", ".tar", ".gz", ".vrt",
                  ".nc", ".hdf", ".h5")  # fmt: skip
"""Names that say imagery or an archive: taken up, and refused with the remedy where not read."""
_CLUTTER = {"__macosx", "$recycle.bin", "system volume information", "@eadir", "thumbs.db",
            "desktop.ini"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Handed:
    """One thing to take in: a file with those beside it (`sidecars`), or a folder (`files`).

    `shown` is its path below what was handed in; `size` its bytes, sidecars included.
    """

    path: Path
    shown: str
    size: int
    sidecars: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()

    @property
    def is_folder(self) -> bool:
        """Whether the folder as a whole is one scene."""
        return bool(self.files)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What will be taken in, and the paths of files that are no imagery."""

    handed: tuple[Handed, ...]
    aside: tuple[str, ...]


def gather(paths: Iterable[Path], store: Path, limits: Limits = DEFAULT_LIMITS) -> Gathered:
    """Everything below `paths`; the store's own folder is left out.

    Raises `ImageryError` for a path that does not exist.
    """
    handed: list[Handed] = []
    aside: list[str] = []
    named = [Path(path) for path in paths]
    claimed = {_key(beside) for path in named if path.is_file() for beside in beside_of(path)}
    for path in named:
        if not os.path.lexists(path):
            raise ImageryError("there is no such file or folder", file=path,
                               remedy="check the path")  # fmt: skip
        if path.is_dir():
            for one in _walk(path, path, store.resolve(), limits):
                handed.append(one) if isinstance(one, Handed) else aside.append(one)
        elif _key(path) not in claimed or is_image(path):
            handed.append(_file(path, path.name))
    return Gathered(tuple(_once(handed)), tuple(aside))


def beside_of(path: Path, names: Sequence[Path] | None = None) -> tuple[Path, ...]:
    """The files beside an image that belong to it (world file, .prj, .aux.xml …), sorted."""
    if not is_image(path):
        return ()
    try:
        around = list(path.parent.iterdir()) if names is None else names
    except OSError:
        return ()
    stem, name = path.stem.lower(), path.name.lower()
    wanted = {f"{start}{suffix}" for start in (stem, name) for suffix in BESIDE_SUFFIXES}
    return tuple(sorted(p for p in around if p.name.lower() in wanted and p.is_file()))


def is_image(path: Path) -> bool:
    """Whether the name says that this is a single picture."""
    return path.suffix.lower() in IMAGE_SUFFIXES


def _walk(folder: Path, top: Path, store: Path, limits: Limits) -> Iterator[Handed | str]:
    """Things to take in (and names of files set aside) below `folder`, sorted, links left out."""
    if folder.resolve() == store:
        return
    try:
        entries = sorted(path for path in folder.iterdir() if not _is_clutter(path))
    except OSError:  # taken up, and refused with what hinders
        yield Handed(folder, _shown(folder, top), 0)
        return
    if is_one_scene(folder, entries, limits):
        yield _folder(folder, top)
        return
    files = [path for path in entries if path.is_file()]
    beside = {image: beside_of(image, files) for image in files if is_image(image)}
    claimed = {one for several in beside.values() for one in several}
    for path in entries:
        shown = _shown(path, top)
        if path.is_symlink():
            yield shown
        elif path.is_dir():
            yield from _walk(path, top, store, limits)
        elif path in claimed:
            continue
        elif _may_be_imagery(path, limits):
            yield _file(path, shown, beside.get(path))
        else:
            yield shown


def _file(path: Path, shown: str, beside: tuple[Path, ...] | None = None) -> Handed:
    beside = beside_of(path) if beside is None else beside
    return Handed(path, shown, sum(_size(one) for one in (path, *beside)), beside)


def _folder(folder: Path, top: Path) -> Handed:
    found = []
    for root, names, files in os.walk(folder):
        names.sort()
        inside = (Path(root) / name for name in sorted(files))
        found += [path for path in inside if not _is_clutter(path) and not path.is_symlink()]
    return Handed(folder, _shown(folder, top), sum(map(_size, found)), (), tuple(found))


def _may_be_imagery(path: Path, limits: Limits) -> bool:
    if path.suffix.lower() in (*IMAGE_SUFFIXES, *OTHER_SUFFIXES):
        return True
    try:
        identify(path, limits)
    except ImageryError:
        return False
    return True


def _once(handed: Iterable[Handed]) -> Iterator[Handed]:
    """Each path once, even where a folder and a file in it were both handed in."""
    met: set[str] = set()
    for one in handed:
        if (key := _key(one.path)) not in met:
            met.add(key)
            yield one


def _shown(path: Path, top: Path) -> str:
    return path.name if path == top else f"{top.name}/{path.relative_to(top).as_posix()}"


def _is_clutter(path: Path) -> bool:
    return path.name.startswith(".") or path.name.lower() in _CLUTTER


def _key(path: Path) -> str:
    return os.path.normcase(path.absolute())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
