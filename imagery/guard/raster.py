"""The one guarded way to open a raster: explicit driver, no neighbours, no network."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import rasterio
from rasterio._err import CPLE_BaseError
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from imagery.guard.vrt import check_own_vrt
from layers.errors import ImageryError

DRIVERS = ("GTiff", "JPEG", "PNG", "JP2OpenJPEG", "MBTiles", "VRT")
"""VRT only as `imagery.guard.vrt` writes it: a stack of files beside it."""
CACHE_BYTES = 64 << 20
"""In bytes: rasterio hands a small number on as it is, and 128 bytes are no cache."""
UNREADABLE = (RasterioError, CPLE_BaseError, OSError, ValueError)
"""What opening or decoding a damaged file raises; GDAL's own errors are no `RasterioError`."""
OPTIONS: dict[str, Any] = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_GEOREF_SOURCES": "INTERNAL",
    "GDAL_CACHEMAX": CACHE_BYTES,
    "GDAL_MAX_DATASET_POOL_SIZE": 64,
    "GDAL_HTTP_MAX_RETRY": 0,
    "GDAL_HTTP_TIMEOUT": 1,
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "VRT_VIRTUAL_OVERVIEWS": "NO",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "GDAL_VRT_ENABLE_RAWRASTERBAND": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    "PROJ_NETWORK": "OFF",
}
"""What GDAL may not do while a file of somebody else is open."""


@contextmanager
def open_raster(path: Path, driver: str) -> Iterator[Any]:
    """The raster as `rasterio.DatasetReader`, read only.

    `driver` is one of `DRIVERS`, as `Scene.driver` names it; `path` a regular file on a disk.
    Files beside it (world files, `.aux.xml`, overviews, masks) are not looked at, nothing is
    fetched. Raises `ImageryError` where the file does not open.
    """
    resolved = Path(path).resolve()
    if driver not in DRIVERS:
        raise ImageryError(f"the format {driver!r} is not read", file=path,
                           remedy="convert the picture to GeoTIFF, JPEG or PNG")  # fmt: skip
    if not resolved.is_file() or resolved.as_posix().startswith("/vsi"):
        raise ImageryError("this is no file on a disk", remedy="check the path", file=path)
    if driver == "VRT":
        check_own_vrt(resolved)
    with rasterio.Env(**OPTIONS), _opened(resolved, driver, path) as dataset:
        yield dataset


def _opened(resolved: Path, driver: str, path: Path) -> Any:  # noqa: ANN401 - a rasterio dataset
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            dataset = rasterio.open(resolved, driver=driver, sharing=False)
    except UNREADABLE as error:
        raise damaged(path, error) from error
    # A damaged EXIF or XMP block makes the first question fail, whatever it is, and no later one.
    with suppress(CPLE_BaseError):
        _ = dataset.colorinterp
    return dataset


def damaged(path: Path, error: Exception | None = None, what: str = "") -> ImageryError:
    """What to say about a file whose pixels or header cannot be read."""
    if isinstance(error, MemoryError):
        return ImageryError("reading the picture needs more memory than it may have", file=path,
                            remedy="export it as a tiled GeoTIFF (COG) or cut it into parts")  # fmt: skip
    why = what or (str(error).strip().splitlines() or [""])[0].replace(str(path), path.name)[:160]
    return ImageryError(
        "the picture is damaged or cut off" + (f" ({why})" if why else ""),
        remedy="copy it again from the card or disk, or export it again, and compare the sizes "
        "(请从存储卡重新复制或重新导出, 并核对文件大小)",
        file=path,
    )
