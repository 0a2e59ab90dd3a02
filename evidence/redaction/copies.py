"""A redacted copy of a picture file: JPEG, PNG or GeoTIFF, encoded anew from its pixels alone.

Nothing of the file but pixels is carried over (a GeoTIFF keeps its place): EXIF with its thumbnail,
XMP, colour profile, comments, second pictures behind the first and overviews stay in the original.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from shapely.geometry import Polygon

from evidence.redaction.cover import Treatment, cover
from evidence.redaction.watermark import stamp
from imagery.copying import Patch, painted_copy
from layers.errors import ImageryError

_QUALITY = 92
_MARKS = {
    ".tif": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    ".jpg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG",),
}
_MODES = {
    "L": "L",
    "RGB": "RGB",
    "RGBA": "RGBA",
    "P": "RGBA",
    "LA": "RGBA",
    "1": "L",
    "CMYK": "RGB",
    "I;16": "I;16",
}


def suffix_of(source: Path) -> str:
    """The suffix of a copy of `source`: `.jpg`, `.png` or `.tif`; `ImageryError` for another kind."""
    with source.open("rb") as stream:
        head = stream.read(8)
    for suffix, marks in _MARKS.items():
        if head.startswith(marks):
            return suffix
    raise _no_picture(source)


def redacted_copy(
    source: Path, out: Path, areas: Sequence[Polygon], treatments: Sequence[Treatment], *, text: str = ""
) -> None:  # fmt: skip
    """Write the copy to `out`; `areas` in pixels of the upright picture, `text` its watermark.

    Raises `ImageryError` for a file of another kind.
    """
    if suffix_of(source) == ".tif":
        _tiff(source, out, areas, treatments, text)
        return
    out.write_bytes(
        redacted_picture(source.read_bytes(), areas, treatments, text=text, name=source)
    )


def redacted_picture(
    data: bytes, areas: Sequence[Polygon], treatments: Sequence[Treatment], *, text: str = "",
    name: str | Path = "picture",
) -> bytes:  # fmt: skip
    """The same for a JPEG or PNG held in memory."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "MPO")) as opened:
            kind = "PNG" if opened.format == "PNG" else "JPEG"
            upright = ImageOps.exif_transpose(opened)
            mode = _MODES.get(upright.mode)
            if mode is None:
                raise ImageryError(f"pictures of kind {upright.mode} are not copied", file=name,
                                   remedy="convert it to RGB")  # fmt: skip
            pixels = np.array(upright if upright.mode == mode else upright.convert(mode))
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise _no_picture(name) from error
    flat = pixels[:, :, None] if pixels.ndim == 2 else pixels
    made, _ = cover(flat, areas, treatments)
    _stamped(made, text)
    return _encoded(made, kind)


def _stamped(pixels: np.ndarray, text: str) -> None:
    if not text or pixels.dtype != np.uint8:
        return
    strip = stamp(text, pixels.shape[1], pixels.shape[0])
    tall, bands = len(strip), min(pixels.shape[2], 3)
    pixels[:tall, :, :bands] = strip[:, :, :bands]
    pixels[:tall, :, 3:] = 255


def _encoded(pixels: np.ndarray, kind: str) -> bytes:
    # a picture made from the array has no `info`: nothing of the old file can come along
    image = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    out = io.BytesIO()
    if kind == "JPEG":
        image.save(out, "JPEG", quality=_QUALITY)
    else:
        image.save(out, "PNG")
    return out.getvalue()


def _tiff(
    source: Path, out: Path, areas: Sequence[Polygon], treatments: Sequence[Treatment], text: str
) -> None:
    def paint(pixels: np.ndarray, moved: Sequence[Polygon]) -> tuple[np.ndarray, np.ndarray]:
        return cover(pixels, moved, treatments)

    def more(width: int, height: int) -> list[Patch]:
        if not text:
            return []
        strip = stamp(text, width, height)
        return [Patch(0, 0, strip, np.ones(strip.shape[:2], bool))]

    painted_copy(source, out, areas, paint, more=more)


def _no_picture(name: str | Path) -> ImageryError:
    return ImageryError("this is no whole JPEG, PNG or GeoTIFF", file=name,
                        remedy="convert the picture, or copy it again from the card")  # fmt: skip
