"""Small rasters, archives and products, made as real software writes them."""

from __future__ import annotations

import io
import sqlite3
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine

from imagery.formats import read_scenes
from imagery.guard import DEFAULT_LIMITS, Limits
from imagery.scene import Scene, Stated

UTM_48N = "EPSG:32648"
LIUZHI = (105.48, 26.21)
AT_LIUZHI = Affine(0.1, 0, 747_900.0, 0, -0.1, 2_901_500.0)
"""A pixel of ten centimetres in UTM 48N near Liuzhi."""


def pixels(bands: int = 3, size: tuple[int, int] = (64, 48), dtype: str = "uint8") -> np.ndarray:
    """(bands, height, width) of a smooth picture that is never 0; `size` is (width, height)."""
    width, height = size
    ramp = np.add.outer(np.arange(height), np.arange(width)) % 200 + 20
    return np.stack([ramp + 7 * band for band in range(bands)]).astype(dtype)


def write(path: Path, data: np.ndarray | None = None, **profile: Any) -> Path:
    """Write a raster; by default a GeoTIFF near Liuzhi."""
    data = pixels() if data is None else data
    known = {
        "driver": "GTiff", "crs": UTM_48N, "transform": AT_LIUZHI, "dtype": data.dtype.name,
        "count": data.shape[0], "height": data.shape[1], "width": data.shape[2],
    }  # fmt: skip
    tags = profile.pop("tags", {})
    names = profile.pop("names", ())
    colormap = profile.pop("colormap", None)
    known = {key: value for key, value in {**known, **profile}.items() if value is not None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", **known) as made:
            made.write(data)
            made.update_tags(**tags)
            if colormap is not None:
                made.write_colormap(1, colormap)
            for number, name in enumerate(names, 1):
                made.set_band_description(number, name)
    for aux in path.parent.glob(path.name + ".aux.xml"):
        aux.unlink()
    return path


def bare(path: Path, data: np.ndarray | None = None, **profile: Any) -> Path:
    """A picture that nothing places; the driver follows the suffix."""
    drivers = {".jpg": "JPEG", ".png": "PNG", ".tif": "GTiff", ".jp2": "JP2OpenJPEG"}
    return write(path, data, driver=drivers[path.suffix.lower()], crs=None, transform=None,
                 **profile)  # fmt: skip


def content(suffix: str, folder: Path, **profile: Any) -> bytes:
    """The bytes of a bare picture."""
    path = bare(folder / f"content{suffix}", **profile)
    data = path.read_bytes()
    path.unlink()
    return data


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    """A zip archive of the members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 6, 12, 0, 0, 0)), data)
    return path


def mbtiles(path: Path) -> Path:
    """MBTiles of a raster in the plane of map tiles."""
    source = write(path.with_suffix(".tif"), pixels(size=(512, 512)), crs="EPSG:3857",
                   transform=Affine(0.3, 0, 11_742_000.0, 0, -0.3, 3_025_000.0))  # fmt: skip
    rasterio.shutil.copy(source, path, driver="MBTiles")
    source.unlink()
    return path


def database(path: Path, *statements: str) -> Path:
    """An SQLite file made by statements."""
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return path


def read_one(path: Path, work: Path, stated: Stated | None = None,
             limits: Limits = DEFAULT_LIMITS) -> Scene:  # fmt: skip
    """The only scene of a file."""
    (scene,) = read_scenes(path, work, stated or Stated(), limits)
    return scene


def codes(scene: Scene) -> set[str]:
    """The codes of a scene's remarks."""
    return {note.code for note in scene.remarks}


def zip_bytes(members: dict[str, bytes]) -> bytes:
    """A zip archive in memory."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()
