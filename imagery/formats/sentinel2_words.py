"""Sentinel-2: what its file names and its metadata say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from imagery.guard.limits import Limits
from imagery.guard.xml import parse_xml
from layers.errors import ImageryError

BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
"""In the order of the metadata's `band_id`."""
COMMON = {
    "B01": "coastal", "B02": "blue", "B03": "green", "B04": "red", "B05": "rededge",
    "B06": "rededge", "B07": "rededge", "B08": "nir", "B8A": "nir08", "B09": "nir09",
    "B10": "cirrus", "B11": "swir16", "B12": "swir22",
}  # fmt: skip
"""STAC common names."""
_BAND_FILE = re.compile(
    r"(?:^|[/_])(B(?:0[1-9]|1[0-2]|8A))(?:_(10|20|60)m)?\.(?:jp2|j2k|tiff?)$", re.IGNORECASE
)
_TILE_TIME = re.compile(r"(?<![A-Z0-9])T?(\d{2}[A-Z]{3})_(\d{8}T\d{6})(?!\d)")
_PRODUCT = re.compile(r"S2([A-D])_(?:MSIL[12][AC]_(\d{8}T\d{6})|(\d{2}[A-Z]{3})_(\d{8})_)")
MAIN = re.compile(r"(?:^|/)MTD_MSI(L1C|L2A)\.xml$", re.IGNORECASE)
GRANULE = re.compile(r"(?:^|/)MTD_TL\.xml$", re.IGNORECASE)
_OFFSETS_SINCE = 4.0


@dataclass(frozen=True, slots=True)
class BandFile:
    """One band's file by its name; `seen` is the sensing time as the name writes it (UTC)."""

    band: str
    metres: int | None
    tile: str | None
    seen: str | None
    platform: str | None


@dataclass(frozen=True)
class Product:
    """What a product's metadata say; `offsets` in digital numbers by band."""

    level: str
    platform: str | None
    sensed: str | None
    baseline: str | None
    quantification: float
    offsets: Mapping[str, float] = field(default_factory=dict)
    cloud_percent: float | None = None
    sun_zenith: float | None = None
    sun_azimuth: float | None = None
    files: tuple[str, ...] = ()

    def scaling(self, band: str) -> tuple[float, float]:
        """Reflectance = value × scale + offset of a band."""
        return 1.0 / self.quantification, self.offsets.get(band, 0.0) / self.quantification


def band_file(name: str) -> BandFile | None:
    """What the name of a single-band file says; None for other files."""
    match = _BAND_FILE.search(name)
    place, product = _TILE_TIME.search(name), _PRODUCT.search(name)
    if match is None or (place is None and product is None):
        return None
    tile = place[1] if place else (product[3] if product else None)
    seen = place[2] if place else (product[2] or product[4] if product else None)
    return BandFile(match[1].upper(), int(match[2]) if match[2] else None, tile, seen,
                    f"Sentinel-2{product[1]}" if product else None)  # fmt: skip


def iso_of(seen: str) -> str:
    """`20240612T033541` or `20240612` as ISO text."""
    day = f"{seen[:4]}-{seen[4:6]}-{seen[6:8]}"
    return day if len(seen) == 8 else f"{day}T{seen[9:11]}:{seen[11:13]}:{seen[13:15]}Z"


def read_product(main: Path, granule: Path | None, limits: Limits) -> Product:
    """The product's and the granule's metadata.

    Raises `ImageryError` where the XML is damaged, hostile or lacks how values become
    reflectance: a product since baseline 04.00 without its offsets would be 0.1 too bright.
    """
    root = parse_xml(main, limits)
    level = "L2A" if "L2A" in main.name.upper() else "L1C"
    quantification = _number(root, ("BOA_QUANTIFICATION_VALUE", "QUANTIFICATION_VALUE"))
    baseline = _text(root, "PROCESSING_BASELINE")
    if quantification is None or quantification <= 0:
        raise ImageryError("the product's metadata lack the quantification value", file=main,
                           remedy="download the product again")  # fmt: skip
    offsets = _offsets(root)
    if not offsets and _version(baseline) >= _OFFSETS_SINCE:
        raise ImageryError(f"a product of baseline {baseline} without radiometric offsets", file=main,
                           remedy="download the product again")  # fmt: skip
    sun = None if granule is None else parse_xml(granule, limits)
    sensed = _text(root, "PRODUCT_START_TIME") if sun is None else _text(sun, "SENSING_TIME")
    return Product(
        level=level, platform=_text(root, "SPACECRAFT_NAME"),
        sensed=sensed or _text(root, "PRODUCT_START_TIME"), baseline=baseline,
        quantification=quantification, offsets=offsets,
        cloud_percent=_number(root, ("Cloud_Coverage_Assessment",)),
        sun_zenith=_sun(sun, "ZENITH_ANGLE"), sun_azimuth=_sun(sun, "AZIMUTH_ANGLE"),
        files=tuple(one.text.strip() for one in root.iter() if _tag(one) == "IMAGE_FILE" and one.text),
    )  # fmt: skip


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(root: Element, tag: str) -> str | None:
    return next((one.text.strip() for one in root.iter() if _tag(one) == tag and one.text), None)


def _number(root: Element, tags: tuple[str, ...]) -> float | None:
    for tag in tags:
        text = _text(root, tag)
        if text is not None:
            return _float(text)
    return None


def _float(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None


def _version(baseline: str | None) -> float:
    return _float(baseline or "") or 0.0


def _offsets(root: Element) -> dict[str, float]:
    found = {}
    for one in root.iter():
        if _tag(one) in ("BOA_ADD_OFFSET", "RADIO_ADD_OFFSET"):
            band, value = one.get("band_id", ""), _float(one.text or "")
            if band.isdigit() and int(band) < len(BANDS) and value is not None:
                found[BANDS[int(band)]] = value
    return found


def _sun(root: Element | None, angle: str) -> float | None:
    if root is None:
        return None
    mean = next((one for one in root.iter() if _tag(one) == "Mean_Sun_Angle"), None)
    return None if mean is None else _number(mean, (angle,))
