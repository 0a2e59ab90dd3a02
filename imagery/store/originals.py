"""Originals: a received file becomes read-only bytes named by their hash, in one reading.

The copy streams through the hash into staging, goes down to the disk and is renamed: a kill at
any moment leaves the original absent or whole.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from imagery.store.files import place, protect
from imagery.store.layout import ORIGINALS, safe_suffix, shown_name
from imagery.store.seen import Seen, read_seen
from imagery.store.staging import Run
from layers.errors import Cancelled, ImageryError

SHA256 = "sha256"
ALGORITHMS = (SHA256,)
"""Hash algorithms of every original; an office may add to the list (`sm3`), never take away."""
_BLOCK = 4 << 20
_FREE = 64 << 20
"""Bytes of the disk that copying leaves free, so that items and views can still be written."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is in the store: `path` there, `hashes` by algorithm, `size` in bytes.

    `name` is the name it was received under, `mtime_ns` when it was last changed. `new` says
    that the store did not have these bytes before.
    """

    path: Path
    name: str
    size: int
    mtime_ns: int
    hashes: Mapping[str, str]
    new: bool

    @property
    def sha256(self) -> str:
        """SHA-256 in hexadecimal: the file's identity in the store."""
        return self.hashes[SHA256]


@dataclass
class Keeper:
    """Takes files into the store during one run.

    `advance` is called with the number of bytes read, or known to be there already.
    """

    run: Run
    algorithms: Sequence[str] = ALGORITHMS
    advance: Callable[[int], None] = lambda _bytes: None
    cancelled: Callable[[], bool] = lambda: False
    _seen: Seen = field(init=False)
    _sizes: set[int] = field(init=False)

    def __post_init__(self) -> None:
        self.algorithms = _checked(self.algorithms)
        self._seen = read_seen(self.run)
        self._sizes = {size for _path, size in originals(self.run.root)}

    def keep(self, source: Path) -> Kept:
        """Copy `source` into the store, unless its bytes are there; the source is only read.

        Raises `ImageryError` where it is no plain file, changes while it is read, or the disk
        is full; then the store is as it was.
        """
        try:
            before = _plain_file(source)
            return self._known(source, before) or self._copied(source, before)
        except OSError as error:
            raise cannot_keep(source, error) from None

    def keep_text(self, text: str, suffix: str, name: str) -> Kept:
        """Keep a text made here (the list of a folder's files) like a received file."""
        partial = self.run.partial()
        with partial.open("w+b") as stream:
            stream.write(text.encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
            stream.seek(0)
            hashes = self._stream(stream, None, len(text.encode("utf-8")))
        facts = partial.stat()
        path, new = self._placed(partial, hashes[SHA256], facts.st_size, suffix)
        return Kept(path, name, facts.st_size, facts.st_mtime_ns, hashes, new)

    def _known(self, source: Path, before: os.stat_result) -> Kept | None:
        """The file if its bytes are in the store: by its mark, else by its size and hash."""
        seen = self._seen.sha256(source, before) if self.algorithms == ALGORITHMS else None
        if seen and (path := whole_original(self.run.root, seen, before.st_size)):
            self.advance(before.st_size)
            return _kept(path, source, before, {SHA256: seen}, new=False)
        if before.st_size not in self._sizes:
            return None
        with source.open("rb") as stream:
            hashes = self._stream(stream, None, before.st_size)
        path = whole_original(self.run.root, hashes[SHA256], before.st_size)
        if path is None:
            self.advance(-before.st_size)  # it is read once more, by the copy
            return None
        self._remember(source, before, hashes)
        return _kept(path, source, before, hashes, new=False)

    def _copied(self, source: Path, before: os.stat_result) -> Kept:
        """Stream the file through the hashes into staging, then give it its name."""
        if shutil.disk_usage(self.run.folder).free < before.st_size + _FREE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        partial = self.run.partial()
        try:
            with source.open("rb") as stream, partial.open("wb") as out:
                hashes = self._stream(stream, out, before.st_size)
                out.flush()
                os.fsync(out.fileno())
            _unchanged(source, before, partial.stat().st_size)
            self._remember(source, before, hashes)
            suffix = safe_suffix(source.name)
            path, new = self._placed(partial, hashes[SHA256], before.st_size, suffix)
        finally:
            partial.unlink(missing_ok=True)
        return _kept(path, source, before, hashes, new=new)

    def _stream(self, source: BinaryIO, out: BinaryIO | None, size: int) -> dict[str, str]:
        """Hash (and copy) a file; one byte beyond `size` shows that it grows, no more is read."""
        digests = {name: hashlib.new(name) for name in self.algorithms}
        left = size + 1
        while block := source.read(min(_BLOCK, left)):
            left -= len(block)
            if self.cancelled():
                raise Cancelled
            for digest in digests.values():
                digest.update(block)
            if out is not None:
                out.write(block)
            self.advance(len(block))
        return {name: digest.hexdigest() for name, digest in digests.items()}

    def _placed(self, partial: Path, sha256: str, size: int, suffix: str) -> tuple[Path, bool]:
        """Give the finished file its name; one of the same bytes that is there already stays."""
        if path := whole_original(self.run.root, sha256, size):
            partial.unlink()
            return path, False
        target = self.run.root / ORIGINALS / sha256[:2] / f"{sha256}{suffix}"
        target.parent.mkdir(exist_ok=True)
        protect(partial)
        try:
            place(partial, target)
        except PermissionError:  # Windows: another run was faster
            if whole_original(self.run.root, sha256, size) is None:
                raise
            return target, False
        self._sizes.add(size)
        return target, True

    def _remember(self, source: Path, before: os.stat_result, hashes: Mapping[str, str]) -> None:
        clock = self.run.partial()
        clock.touch()
        self._seen.remember(source, before, hashes[SHA256], clock.stat().st_mtime_ns)
        clock.unlink()


def originals(root: Path) -> Iterator[tuple[Path, int]]:
    """Every file among the originals of a store, with its size in bytes."""
    for folder in sorted((root / ORIGINALS).iterdir()):
        with os.scandir(folder) as entries:
            yield from ((Path(e.path), e.stat().st_size) for e in sorted(entries, key=_by_name))


def whole_original(root: Path, sha256: str, size: int | None = None) -> Path | None:
    """The original of this hash, if it is there (with `size` bytes, where that is known)."""
    for path in (root / ORIGINALS / sha256[:2]).glob(f"{sha256}*"):
        if size is None or path.stat().st_size == size:
            return path
    return None


def cannot_keep(source: Path, error: OSError) -> ImageryError:
    """What went wrong with a file or the disk, and what to do about it."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ImageryError("the store's disk is full; nothing was lost, the file is not in",
                            remedy="make room on the disk and run the same command again: it goes "
                            "on where it stopped", file=source)  # fmt: skip
    if isinstance(error, PermissionError):
        return ImageryError(f"no permission: {error.filename or source}",
                            remedy="check who may read the file and write into the store",
                            file=source)  # fmt: skip
    if isinstance(error, FileNotFoundError):
        return ImageryError("the file does not exist", remedy="check the path", file=source)
    return ImageryError(f"it cannot be read or stored ({error.strerror or type(error).__name__})",
                        remedy="check the medium (card, cable, share) and try again",
                        file=source)  # fmt: skip


def _checked(algorithms: Sequence[str]) -> tuple[str, ...]:
    known = {name for name in hashlib.algorithms_available if not name.startswith("shake")}
    for name in algorithms:
        if name not in known:
            raise ImageryError(f"hash algorithm {name} is not available here", field=name,
                               remedy=f"choose from {', '.join(sorted(known))}")  # fmt: skip
    return (SHA256, *(name for name in algorithms if name != SHA256))


def _plain_file(source: Path) -> os.stat_result:
    facts = source.stat()
    if not stat.S_ISREG(facts.st_mode):
        raise ImageryError("this is no plain file", remedy="hand in files or folders", file=source)
    return facts


def _unchanged(source: Path, before: os.stat_result, copied: int) -> None:
    after = source.stat()
    if (after.st_size, after.st_mtime_ns, copied) != (
        before.st_size, before.st_mtime_ns, before.st_size,
    ):  # fmt: skip
        raise ImageryError("the file was changing while it was read", file=source,
                           remedy="wait until it is written or copied, then run this again")  # fmt: skip


def _kept(
    path: Path, source: Path, facts: os.stat_result, hashes: dict[str, str], *, new: bool
) -> Kept:
    return Kept(path, shown_name(source.name), facts.st_size, facts.st_mtime_ns, hashes, new)


def _by_name(entry: os.DirEntry[str]) -> str:
    return entry.name
