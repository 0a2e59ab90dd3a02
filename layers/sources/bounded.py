"""Files and archives read within `Limits`: no bomb, no path out of an archive, no surprise."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from layers.errors import SourceError
from layers.sources.raw import MEBIBYTE, Limits

_BLOCK = MEBIBYTE
_RATIO_FLOOR = 16 * MEBIBYTE
_ENCRYPTED = 0x1
GZIP = b"\x1f\x8b"


def read_bytes(path: Path, limits: Limits) -> bytes:
    """The whole file, unpacked if it is gzip; raises `SourceError` beyond the limits."""
    check_size(path, limits)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    return _gunzip(data, path, limits) if data.startswith(GZIP) else data


def check_size(path: Path, limits: Limits) -> int:
    """The size of a regular file in bytes; raises `SourceError` for anything else."""
    try:
        info = path.stat()
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if not stat.S_ISREG(info.st_mode):
        raise SourceError("this is not a file", remedy="give the path of one file", file=path)
    if info.st_size == 0:
        raise SourceError("the file is empty", remedy="export or copy it again", file=path)
    if info.st_size > limits.max_bytes:
        raise SourceError(
            f"the file has {info.st_size:,} bytes, more than {limits.max_bytes:,}",
            remedy="split it by district or year, or raise Limits.max_bytes",
            file=path,
        )
    return info.st_size


def unreadable(path: Path, error: Exception) -> SourceError:
    """What to say about a file that the system does not give us."""
    if isinstance(error, FileNotFoundError):
        return SourceError("the file does not exist", remedy="check the path", file=path)
    return SourceError(
        f"the file cannot be opened ({type(error).__name__})",
        remedy="close it in other programs and check that you may read it",
        file=path,
    )


def too_big_unpacked(path: Path) -> SourceError:
    """What to say about a decompression bomb."""
    return SourceError(
        "the file unpacks to far more than its size (a decompression bomb, or a very large table)",
        remedy="unpack it yourself and look at it; split it, or raise Limits.max_unpacked_bytes",
        file=path,
    )


def check_unpacked(unpacked: int, packed: int, path: Path, limits: Limits) -> None:
    """Raise `SourceError` when an unpacked size is out of proportion."""
    ratio_bad = unpacked > _RATIO_FLOOR and unpacked > limits.max_ratio * max(packed, 1)
    if unpacked > limits.max_unpacked_bytes or ratio_bad:
        raise too_big_unpacked(path)


def _gunzip(data: bytes, path: Path, limits: Limits) -> bytes:
    """Unpack gzip members in blocks; padding after the last one is allowed, as gzip does."""
    blocks: list[bytes] = []
    total, members, rest = 0, 0, data
    try:
        while rest.startswith(GZIP) and members < limits.max_members:
            members += 1
            unpacker = zlib.decompressobj(wbits=31)
            while not unpacker.eof:
                block = unpacker.decompress(rest, _BLOCK)
                rest = unpacker.unconsumed_tail
                total += len(block)
                check_unpacked(total, len(data), path, limits)
                blocks.append(block)
                if not block and not rest and not unpacker.eof:
                    raise zlib.error("incomplete")
            rest = unpacker.unused_data.lstrip(b"\0")
    except zlib.error as error:
        raise SourceError(
            "the gzip file is damaged or cut off", remedy="copy or download it again", file=path
        ) from error
    if total == 0:
        raise SourceError("the gzip file is empty", remedy="export it again", file=path)
    return b"".join(blocks)


class CellBudget:
    """Counts cells as they come: a few bytes can ask for thousands of empty ones."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        self.spent = 0

    def spend(self, cells: int, row: int | None = None) -> None:
        """Take cells out of the budget; raises `SourceError` when there are none left."""
        self.spent += cells
        if self.spent > self.limits.max_cells:
            raise SourceError(
                f"the table is wider and longer than {self.limits.max_cells:,} cells",
                remedy="delete stray cells far to the right or below, or split it",
                file=self.path,
                row=row,
            )


def check_archive(path: Path, limits: Limits) -> list[zipfile.ZipInfo]:
    """The members of a zip archive after every check that needs no unpacking.

    Raises `SourceError` for damage, too many members, bombs by declared size, encryption,
    links and names that lead out of the archive.
    """
    packed = check_size(path, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise damaged_archive(path) from error
    if len(members) > limits.max_members:
        raise SourceError(
            f"the archive has {len(members):,} members, more than {limits.max_members:,}",
            remedy="unpack it and give the one file that is meant",
            file=path,
        )
    check_unpacked(sum(member.file_size for member in members), packed, path, limits)
    for member in members:
        _check_member(member, path)
    return members


def damaged_archive(path: Path) -> SourceError:
    """What to say about a broken zip, workbook or KMZ."""
    return SourceError(
        "the archive is damaged or cut off", remedy="copy, download or export it again", file=path
    )


def _check_member(member: zipfile.ZipInfo, path: Path) -> None:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    escapes = name.is_absolute() or ".." in name.parts or ":" in (name.parts or ("",))[0]
    if escapes or stat.S_ISLNK(member.external_attr >> 16):
        raise SourceError(
            f"the archive holds a name or link that leads out of it ({member.filename[:60]!r})",
            remedy="do not use this file; ask its sender for a plain export",
            file=path,
        )
    if member.flag_bits & _ENCRYPTED:
        raise SourceError(
            "the archive is protected by a password",
            remedy="unpack it with the password and give the file inside",
            file=path,
        )


def read_member(path: Path, name: str, limits: Limits) -> bytes:
    """One member of a checked archive, bounded whatever its header declares."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as stream:
            return _bounded(stream, path, limits)
    except KeyError:
        raise SourceError(
            f"the archive lacks {name}", remedy="export it again, completely", file=path
        ) from None
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError,
            NotImplementedError, RuntimeError) as error:  # fmt: skip
        raise damaged_archive(path) from error


def _bounded(stream: IO[bytes], path: Path, limits: Limits) -> bytes:
    blocks: list[bytes] = []
    total = 0
    while block := stream.read(_BLOCK):
        total += len(block)
        if total > limits.max_unpacked_bytes:
            raise too_big_unpacked(path)
        blocks.append(block)
    return b"".join(blocks)
