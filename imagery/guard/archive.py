"""Zip archives: every member checked before one is unpacked, and unpacked with running limits."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from imagery.guard.limits import MEBIBYTE, Limits
from imagery.guard.names import folded, is_clutter, is_nested_archive, name_problem, repaired_name
from layers.errors import ImageryError

_END, _END64, _LOCATOR64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_TAIL = 22 + 65535
_DIRECTORY_PER_MEMBER = 1024
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF8 = 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UNSAFE = "do not use this file; ask its sender for a plain .zip (请勿使用, 请对方重新打包)"
_AGAIN = "copy or pack it again (请重新复制或打包)"
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError,
           RuntimeError, OverflowError, struct.error, KeyError)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: `name` with `/`, safe to write; `size` as declared."""

    name: str
    size: int
    info: zipfile.ZipInfo


def list_members(path: Path, limits: Limits) -> tuple[Member, ...]:
    """The files of a zip archive after every check that needs no unpacking.

    Raises `ImageryError` for damage, too many or overlapping members, bombs by declared size,
    encryption, links, archives in the archive, and names that lead out, collide or deceive.
    """
    try:
        _check_directory(path, limits)
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except _BROKEN as error:
        raise _damaged(path) from error
    if len(infos) > limits.max_members:
        raise _too_many(path, len(infos), limits)
    _check_overlap(infos, path)
    named = [(repaired_name(_raw_name(i), utf8=bool(i.flag_bits & _UTF8)), i) for i in infos]
    for name, info in named:
        _check_member(name, info, path, limits)
    files = tuple(Member(name, info.file_size, info) for name, info in named
                  if not info.is_dir() and not is_clutter(name))  # fmt: skip
    _check_collisions(files, path)
    _check_total(sum(member.size for member in files), path, limits)
    if not files:
        raise ImageryError("the archive holds no file", remedy=_AGAIN, file=path)
    return files


def unpack(path: Path, members: Iterable[Member], work: Path, limits: Limits) -> dict[str, Path]:
    """Write members below `work`; the paths by name. What a header declares is not believed.

    Raises `ImageryError` for damage, a bomb, an archive in disguise; the caller cleans `work`.
    """
    root = work.resolve()
    written: dict[str, Path] = {}
    budget = _budget(path, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            for member in members:
                target = (root / member.name).resolve()
                if not target.is_relative_to(root):
                    raise _unsafe(path, member.name, "leads out of the archive")
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member.info) as stream:
                    budget -= _write(stream, target, budget, path, member.name)
                written[member.name] = target
    except _BROKEN as error:
        raise _damaged(path) from error
    return written


def _write(stream: IO[bytes], target: Path, budget: int, path: Path, name: str) -> int:
    total = 0
    with target.open("xb") as out:
        while block := stream.read(MEBIBYTE):
            if total == 0 and block.startswith(
                (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
            ):
                raise _nested(path, name)
            total += len(block)
            if total > budget:
                raise _bomb(path)
            out.write(block)
    return total


def _budget(path: Path, limits: Limits) -> int:
    by_ratio = max(limits.ratio_floor, limits.max_unpacked_ratio * path.stat().st_size)
    return min(limits.max_unpacked_bytes, by_ratio)


def _check_total(total: int, path: Path, limits: Limits) -> None:
    if total > _budget(path, limits):
        raise _bomb(path)


def _check_directory(path: Path, limits: Limits) -> None:
    """The table of contents is read whole by the library, so its stated size is held first."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - _TAIL))
        tail = stream.read(_TAIL)
        at = tail.rfind(_END)
        if at < 0 or len(tail) < at + 22:
            raise _damaged(path)
        _, entries, length = struct.unpack("<HHI", tail[at + 8 : at + 16])
        locator = tail[max(0, at - 20) : at]
        if locator.startswith(_LOCATOR64):
            stream.seek(min(struct.unpack("<Q", locator[8:16])[0], size))
            record = stream.read(56)
            if not record.startswith(_END64) or len(record) < 56:
                raise _damaged(path)
            _, entries, length = struct.unpack("<QQQ", record[24:48])
    if entries > limits.max_members:
        raise _too_many(path, entries, limits)
    if length > min(size, _DIRECTORY_PER_MEMBER * limits.max_members):
        raise _damaged(path)


def _check_overlap(infos: list[zipfile.ZipInfo], path: Path) -> None:
    """Members that share bytes unpack to more than there is: a bomb without nesting."""
    spans = sorted((info.header_offset, info.compress_size) for info in infos)
    end = 0
    for start, length in spans:
        if start < end:
            raise _bomb(path)
        end = start + 30 + length


def _raw_name(info: zipfile.ZipInfo) -> str:
    """The name before the library cuts it at a zero byte."""
    return info.orig_filename


def _check_member(name: str, info: zipfile.ZipInfo, path: Path, limits: Limits) -> None:
    problem = name_problem(name, limits)
    if problem:
        raise _unsafe(path, name, problem)
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _unsafe(path, name, "is a link or device, not a file")
    if info.flag_bits & _ENCRYPTED:
        raise ImageryError(
            "the archive is protected by a password", file=path,
            remedy="unpack it with the password and pack the pictures without (请去除密码后重新打包)",
        )  # fmt: skip
    if info.compress_type not in _METHODS:
        raise ImageryError("the archive is packed in a way that is not read", file=path,
                           remedy="pack it as an ordinary .zip (Deflate)")  # fmt: skip
    if is_nested_archive(name) and not is_clutter(name):
        raise _nested(path, name)


def _check_collisions(files: tuple[Member, ...], path: Path) -> None:
    """Two names for one file, or a file where another needs a folder."""
    seen: dict[str, str] = {}
    for member in files:
        key = folded(member.name)
        if key in seen:
            raise _unsafe(path, member.name, f"collides with {seen[key][:60]!r}")
        seen[key] = member.name
    for key, name in seen.items():
        parents = key.split("/")[:-1]
        if any("/".join(parents[:n]) in seen for n in range(1, len(parents) + 1)):
            raise _unsafe(path, name, "lies inside a file")


def _unsafe(path: Path, name: str, why: str) -> ImageryError:
    return ImageryError(f"the archive's member {name[:60]!r} {why}", remedy=_UNSAFE, file=path)


def _nested(path: Path, name: str) -> ImageryError:
    return ImageryError(
        f"the archive holds another archive ({name[:60]!r})", file=path,
        remedy="unpack the inner archive and give it by itself (请解压内层压缩包后单独提交)",
    )  # fmt: skip


def _bomb(path: Path) -> ImageryError:
    return ImageryError(
        "the archive unpacks to far more than its size (a decompression bomb)", file=path,
        remedy="unpack it yourself and look at it; or raise Limits.max_unpacked_bytes",
    )  # fmt: skip


def _too_many(path: Path, count: int, limits: Limits) -> ImageryError:
    return ImageryError(
        f"the archive has {count:,} members, more than {limits.max_members:,}", file=path,
        remedy="pack fewer files into one archive",
    )  # fmt: skip


def _damaged(path: Path) -> ImageryError:
    return ImageryError("the archive is damaged or cut off", remedy=_AGAIN, file=path)
