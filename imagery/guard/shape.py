"""What a header promises, held against the limits before any library decodes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from imagery.guard.limits import Limits
from layers.errors import ImageryError


@dataclass(frozen=True, slots=True)
class Shape:
    """A header's promise: size in pixels, `bands`, `bits` a sample, and what is to be decoded.

    `block_bytes` is the most one block decodes to at once, `decoded_bytes` all blocks that
    are in the file, `encoded_bytes` what they take up; `pages` counts full pictures.
    """

    width: int
    height: int
    bands: int
    bits: int
    block_bytes: int
    decoded_bytes: int
    encoded_bytes: int
    pages: int = 1


def check_shape(shape: Shape, path: Path, limits: Limits) -> Shape:
    """The shape itself; raises `ImageryError` where it asks for more than the limits."""
    if shape.width < 1 or shape.height < 1 or shape.bands < 1:
        raise ImageryError("the picture has no pixels", remedy="export it again", file=path)
    pixels = shape.width * shape.height
    if pixels > limits.max_pixels or max(shape.width, shape.height) > limits.max_side:
        raise ImageryError(
            f"the picture says it has {shape.width:,} × {shape.height:,} pixels, "
            f"more than {limits.max_pixels:,}",
            remedy="cut it into parts, or raise Limits.max_pixels if it is real", file=path,
        )  # fmt: skip
    if shape.bands > limits.max_bands:
        raise ImageryError(
            f"the picture has {shape.bands} bands, more than {limits.max_bands}",
            remedy="export the bands that are needed, or raise Limits.max_bands", file=path,
        )  # fmt: skip
    bomb = shape.decoded_bytes > limits.ratio_floor and (
        shape.decoded_bytes > limits.max_ratio * max(shape.encoded_bytes, 1)
    )
    if bomb or shape.block_bytes > limits.max_block_bytes:
        raise ImageryError(
            "the picture unpacks to far more than its size or in one huge piece "
            "(a decompression bomb, or written without tiles)",
            remedy="export it as a tiled GeoTIFF (COG); do not use it if you do not know its sender",
            file=path,
        )
    return shape
