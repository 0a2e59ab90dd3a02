"""A stack of single-band files as one raster: the only VRT this house writes, and opens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from layers.atomic import write_text
from layers.errors import ImageryError

_NAME = r"[\w.\-]{1,160}(?:/[\w.\-]{1,160}){0,8}"
_SOURCE = re.compile(
    r'<SimpleSource><SourceFilename relativeToVRT="1">(' + _NAME + r")</SourceFilename>"
    r"<SourceBand>\d{1,3}</SourceBand></SimpleSource>"
)
_ELEMENTS = re.compile(
    r'<VRTDataset rasterXSize="\d+" rasterYSize="\d+">|</VRTDataset>'
    r"|<SRS>[^<]*</SRS>|<GeoTransform>[-+0-9.e, ]+</GeoTransform>"
    r'|<VRTRasterBand dataType="\w+" band="\d+">|</VRTRasterBand>'
    r"|<Description>[^<]*</Description>|<NoDataValue>[-+0-9.e]+</NoDataValue>|\s+"
)
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Layer:
    """One band of the stack: a file below the VRT's folder, its first band."""

    file: Path
    name: str
    nodata: float | None = None


def write_stack(
    path: Path,
    layers: Sequence[Layer],
    *,
    size: tuple[int, int],
    dtype: str,
    crs: str,
    transform: tuple[float, float, float, float, float, float],
) -> Path:
    """Write a VRT of equally large files; `size` is (width, height), `dtype` GDAL's name."""
    a, b, c, d, e, f = transform
    bands = "\n".join(_band(n, layer, dtype, path.parent) for n, layer in enumerate(layers, 1))
    return write_text(
        path,
        f'<VRTDataset rasterXSize="{size[0]}" rasterYSize="{size[1]}">\n<SRS>{escape(crs)}</SRS>\n'
        f"<GeoTransform>{c!r}, {a!r}, {b!r}, {f!r}, {d!r}, {e!r}</GeoTransform>\n"
        f"{bands}\n</VRTDataset>\n",
    )


def _band(number: int, layer: Layer, dtype: str, folder: Path) -> str:
    nodata = "" if layer.nodata is None else f"<NoDataValue>{layer.nodata!r}</NoDataValue>"
    inside = layer.file.relative_to(folder).as_posix()
    return (
        f'<VRTRasterBand dataType="{dtype}" band="{number}">'
        f"<Description>{escape(layer.name)}</Description>{nodata}"
        f'<SimpleSource><SourceFilename relativeToVRT="1">{inside}</SourceFilename>'
        "<SourceBand>1</SourceBand></SimpleSource></VRTRasterBand>"
    )


def check_own_vrt(path: Path) -> None:
    """Raise `ImageryError` unless the VRT is exactly of the form `write_stack` writes.

    Everything else a VRT can do (other files, addresses, code) is thereby ruled out,
    whoever wrote it.
    """
    text = path.read_bytes()[: _MOST_BYTES + 1].decode("utf-8", errors="replace")
    for name in _SOURCE.findall(text):
        if ".." in name.split("/") or not (path.parent / name).is_file():
            raise _foreign(path)
    if len(text) > _MOST_BYTES or _ELEMENTS.sub("", _SOURCE.sub("", text)):
        raise _foreign(path)


def _foreign(path: Path) -> ImageryError:
    return ImageryError(
        "a VRT is a list of other files and is not accepted",
        remedy="give the GeoTIFF files it names, or one GeoTIFF made from it (gdal_translate)",
        file=path,
    )
