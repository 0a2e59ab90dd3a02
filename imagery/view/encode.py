"""Blocks of pixels to bytes: JPEG for what people look at, DEFLATE for what is measured."""

from __future__ import annotations

import zlib

import cv2
import numpy as np

from imagery.view.cog import JPEG, Pixels
from layers.errors import ImageryError

QUALITY = 90
_LEVEL = 4


def encode_planes(block: np.ndarray, mask: np.ndarray, pixels: Pixels) -> list[bytes]:
    """The stored planes of a block (512, 512, bands); three bands in the order blue, green, red."""
    if pixels.compression == JPEG:
        return [_jpeg(block, mask)]
    predict = _float_rows if pixels.kind == "f" else _differences
    return [zlib.compress(predict(np.ascontiguousarray(block[:, :, band])), _LEVEL)
            for band in range(pixels.bands)]  # fmt: skip


def encode_mask(mask: np.ndarray) -> bytes:
    """A mask (512, 512) of 0 and 255 as one bit a pixel."""
    if mask.all():
        return _ALL_VALID
    return zlib.compress(np.packbits(mask != 0, axis=1).tobytes(), 6)


_ALL_VALID = zlib.compress(b"\xff" * (512 * 64), 9)


def _jpeg(block: np.ndarray, mask: np.ndarray) -> bytes:
    if not mask.all():  # a flat colour outside costs fewer bytes and rings less than black
        block = block.copy()
        block[mask == 0] = np.array(cv2.mean(block, mask)[:3]).round().astype(np.uint8)
    done, data = cv2.imencode(".jpg", block, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise ImageryError("a block cannot be compressed", remedy="check the picture")
    return bytes(data)


def _differences(plane: np.ndarray) -> bytes:
    """TIFF's predictor 2: each sample less its left neighbour, wrapping around."""
    out = plane.copy()
    out[:, 1:] = plane[:, 1:] - plane[:, :-1]
    return out.tobytes()


def _float_rows(plane: np.ndarray) -> bytes:
    """TIFF's predictor 3: the bytes of a row by significance, each less its left neighbour."""
    rows, columns = plane.shape
    size = plane.dtype.itemsize
    table = plane.astype(plane.dtype.newbyteorder(">")).view(np.uint8).reshape(rows, columns, size)
    row = np.ascontiguousarray(table.transpose(0, 2, 1)).reshape(rows, columns * size)
    out = row.copy()
    out[:, 1:] = row[:, 1:] - row[:, :-1]
    return out.tobytes()
