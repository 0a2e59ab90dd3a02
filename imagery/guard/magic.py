"""What a file is, told by its first bytes; its name only warns."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from imagery.guard.limits import Limits
from layers.errors import ImageryError

Format = Literal["tiff", "jpeg", "png", "jp2", "mbtiles", "zip", "heif"]
_HEAD = 512
_AGAIN = "copy it again from the card or disk (请从存储卡重新复制)"
_CONVERT = "export it as GeoTIFF, JPEG or PNG (请导出为GeoTIFF、JPEG或PNG)"
_UNPACK = "unpack it and pack the pictures as a plain .zip, or give the folder (请解压后以.zip提交)"
_STARTS: tuple[tuple[bytes, Format], ...] = (
    (b"II*\0", "tiff"), (b"MM\0*", "tiff"), (b"II+\0", "tiff"), (b"MM\0+", "tiff"),
    (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "jp2"), (b"\xff\x4f\xff\x51", "jp2"),
    (b"SQLite format 3\0", "mbtiles"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"),
)  # fmt: skip
_KNOWN_BUT_NOT_READ = (
    (b"%PDF", "a PDF", _CONVERT),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"7z\xbc\xaf", "a 7-Zip archive", _UNPACK),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ", "an xz archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", _UNPACK),
    (b"GIF8", "a GIF picture", _CONVERT),
    (b"BM", "a BMP picture", _CONVERT),
    (b"8BPS", "a Photoshop picture", _CONVERT),
    (b"\x89HDF", "an HDF5 file", _CONVERT),
    (b"CDF", "a NetCDF file", _CONVERT),
    (b"EHFA_HEADER_TAG", "an Erdas Imagine file (.img)", _CONVERT),
    (b"ECW", "an ECW picture", _CONVERT),
    (b"msid", "a MrSID picture", _CONVERT),
    (b"NITF", "a NITF file", _CONVERT),
    (b"FUJIFILM", "a raw camera picture", _CONVERT),
)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}
_AVIF_BRANDS = {b"avif", b"avis"}
_SUFFIXES: dict[str, Format] = {
    ".tif": "tiff", ".tiff": "tiff", ".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png",
    ".jp2": "jp2", ".j2k": "jp2", ".mbtiles": "mbtiles", ".zip": "zip",
    ".heic": "heif", ".heif": "heif", ".hif": "heif",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileKind:
    """`format` by content, `size` in bytes, `misnamed` where the suffix says another format."""

    format: Format
    size: int
    misnamed: bool


def identify(path: Path, limits: Limits) -> FileKind:
    """What the file is; raises `ImageryError` for no file, an empty, huge or unread one."""
    size = _size(path, limits)
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise _unreadable(path, error) from error
    suffix = _SUFFIXES.get(path.suffix.lower())
    for start, found in _STARTS:
        if head.startswith(start):
            return FileKind(found, size, misnamed=suffix is not None and suffix != found)
    brands = _brands(head)
    if brands & _HEIF_BRANDS and not brands & _AVIF_BRANDS:
        return FileKind("heif", size, misnamed=suffix is not None and suffix != "heif")
    raise _not_read(path, head)


def _brands(head: bytes) -> set[bytes]:
    """The brands an ISO media file names (HEIF, AVIF, videos); nothing for any other file."""
    if head[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return {head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))}


def _size(path: Path, limits: Limits) -> int:
    try:
        info = path.stat()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(info.st_mode):
        raise ImageryError("this is not a file", remedy="give the path of a file", file=path)
    if info.st_size == 0:
        raise ImageryError("the file is empty", remedy=_AGAIN, file=path)
    if info.st_size > limits.max_bytes:
        raise ImageryError(
            f"the file has {info.st_size:,} bytes, more than {limits.max_bytes:,}",
            remedy="cut it into parts, or raise Limits.max_bytes", file=path,
        )  # fmt: skip
    return info.st_size


def _unreadable(path: Path, error: Exception) -> ImageryError:
    if isinstance(error, FileNotFoundError):
        return ImageryError("the file does not exist", remedy="check the path", file=path)
    return ImageryError(
        f"the file cannot be opened ({type(error).__name__})",
        remedy="close it in other programs and check that you may read it", file=path,
    )  # fmt: skip


def _not_read(path: Path, head: bytes) -> ImageryError:
    if _brands(head) & _AVIF_BRANDS:
        return ImageryError(
            "this is an AVIF picture, which is not read", remedy=_CONVERT, file=path
        )
    if head[4:8] == b"ftyp":
        return ImageryError("this is a video", remedy="give photos or an orthophoto", file=path)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ImageryError("this is a WebP picture", remedy=_CONVERT, file=path)
    if head[257:262] == b"ustar":
        return ImageryError("this is a tar archive", remedy=_UNPACK, file=path)
    for start, what, remedy in _KNOWN_BUT_NOT_READ:
        if head.startswith(start):
            return ImageryError(f"this is {what}, which is not read", remedy=remedy, file=path)
    return _text_or_unknown(path, head)


def _text_or_unknown(path: Path, head: bytes) -> ImageryError:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200]
    if start.startswith(b"<VRTDataset"):
        return ImageryError(
            "a VRT is a list of other files and is not accepted",
            remedy="give the GeoTIFF files it names, or one GeoTIFF made from it (gdal_translate)",
            file=path,
        )
    if start.startswith((b"<", b"{", b"[")):
        return ImageryError("this is a text file, not a picture", file=path,
                            remedy="give the picture; map files belong to `python -m layers`")  # fmt: skip
    if not head.strip(b"\0"):
        return ImageryError("the file begins with zeros: it was not copied to the end",
                            remedy=_AGAIN, file=path)  # fmt: skip
    return ImageryError("this is no picture that is known (its first bytes say nothing)",
                        remedy=_AGAIN + "; " + _CONVERT, file=path)  # fmt: skip
