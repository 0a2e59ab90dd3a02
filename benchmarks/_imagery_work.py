"""Work for the imagery benchmarks: a made-up orthophoto of any size, and the work done on windows.

The picture is smooth coloured patches of 3 m under fine noise: it compresses about as an
orthophoto does (3 bits a pixel) and shows nothing real.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import rasterio
from rasterio.transform import from_origin

from imagery.windows import Window

PATCH, STRIP, PIXEL_M = 64, 1024, 0.05


def orthophoto(path: Path, side: int, compress: str = "JPEG") -> Path:
    """A tiled GeoTIFF of `side`² pixels of 5 cm in UTM 50 N, made once."""
    if path.exists():
        return path
    profile = {"driver": "GTiff", "width": side, "height": side, "count": 3, "dtype": "uint8",
               "crs": "EPSG:32650", "transform": from_origin(400_000, 3_400_000, PIXEL_M, PIXEL_M),
               "tiled": True, "blockxsize": 512, "blockysize": 512, "BIGTIFF": "IF_SAFER",
               "NUM_THREADS": "2", "compress": compress}  # fmt: skip
    if compress == "JPEG":
        profile |= {"photometric": "YCBCR", "JPEG_QUALITY": 90}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.tif")
    strip = _strip(side)
    with rasterio.open(partial, "w", **profile) as file:
        for number, top in enumerate(range(0, side, STRIP)):
            high = min(STRIP, side - top)
            rolled = np.roll(strip, number * 977, axis=2)[:, :high]
            file.write(rolled, window=((top, top + high), (0, side)))
    partial.replace(path)
    return path


def _strip(side: int) -> np.ndarray:
    """The picture's upper rows (3, STRIP, side); those below are the same, moved sideways."""
    rng = np.random.default_rng(20260815)
    patches = rng.integers(0, 256, (STRIP // PATCH, side // PATCH + 1, 3), dtype=np.uint8)
    noise = rng.integers(0, 48, (STRIP, 2048, 3), dtype=np.uint8)
    out = np.empty((3, STRIP, side), np.uint8)
    for left in range(0, side, 2048):
        wide = min(2048, side - left)
        part = patches[:, left // PATCH : left // PATCH + 33]
        big = cv2.resize(part, None, fx=PATCH, fy=PATCH, interpolation=cv2.INTER_LINEAR)[:, :wide]
        out[:, :, left : left + wide] = cv2.add(big // 2, noise[:, :wide]).transpose(2, 0, 1)
    return out


def light(window: Window) -> tuple[int, float]:
    """A light index: share of the pixels that are greener than red; and the process's peak memory."""
    red, green = window.array[0], window.array[1]
    return int(np.count_nonzero(cv2.compare(green, red, cv2.CMP_GT))), peak_mib()


def heavy(window: Window) -> tuple[int, float]:
    """Texture work that costs many times the decoding."""
    seen = [int(cv2.bilateralFilter(plane, 9, 30, 30).max()) for plane in window.array]
    return max(seen), peak_mib()


def peak_mib() -> float:
    """Peak resident memory of this process."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024.0
    return 0.0
