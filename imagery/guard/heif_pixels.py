"""A HEIC/HEIF photo's pixels as a GeoTIFF without a place. Runs in a process of its own."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning

from imagery.guard.raster import damaged

_BLOCK = 512


def decode_heif(path: Path, out: Path) -> dict[str, str]:
    """Write the first picture, upright, 8 bits a colour, to `out`; what decoded it.

    Raises `ImageryError` where it does not decode.
    """
    import pi_heif  # type: ignore[import-untyped,unused-ignore]
    from pi_heif import options  # type: ignore[import-untyped,unused-ignore]

    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    options.DECODE_THREADS = 1
    try:
        found = pi_heif.open_heif(path)
        pixels = np.asarray(found[found.primary_index])
    except (ValueError, EOFError, SyntaxError, RuntimeError, OSError, IndexError) as error:
        raise damaged(path, error) from error
    _write(pixels[:, :, None] if pixels.ndim == 2 else pixels, out)
    return {"media_type": "image/heic", "decoder": f"pi-heif {pi_heif.__version__}",
            "libheif": pi_heif.libheif_version(), "turned": "as its properties say"}  # fmt: skip


def _write(pixels: np.ndarray, out: Path) -> None:
    height, width, bands = pixels.shape
    profile = {"driver": "GTiff", "width": width, "height": height, "count": bands,
               "dtype": pixels.dtype.name, "tiled": True, "blockxsize": _BLOCK, "blockysize": _BLOCK,
               "compress": "deflate", "zlevel": 1, "predictor": 2, "interleave": "pixel",
               "photometric": "rgb" if bands >= 3 else "minisblack"}  # fmt: skip
    if bands in (2, 4):
        profile["alpha"] = "yes"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(out, "w", **profile) as made:
            made.write(pixels.transpose(2, 0, 1))
