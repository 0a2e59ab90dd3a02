"""A small faithful Sentinel-2 product: the folders, names and metadata of the real ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rasterio.transform import Affine

from tests.imagery.formats.made import pixels, write

NAME = "S2A_MSIL2A_20240612T033541_N0510_R061_T48RXU_20240612T072512.SAFE"
TILE = "T48RXU_20240612T033541"
_SIDE = 240
"""Pixels at 10 m; the real ones have 10 980."""
CORNER = (600_000.0, 2_900_040.0)
OFFSETS = "".join(f'<BOA_ADD_OFFSET band_id="{n}">-1000</BOA_ADD_OFFSET>' for n in range(13))
L2A = {
    10: ("B02", "B03", "B04", "B08", "TCI", "AOT", "WVP"),
    20: ("B02", "B03", "B04", "B05", "B06", "B07", "B8A", "B11", "B12", "SCL"),
    60: ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B8A", "B09", "B11", "B12"),
}


def main_xml(baseline: str = "05.10", offsets: str = OFFSETS, files: tuple[str, ...] = ()) -> str:
    """The product's metadata, shortened."""
    listed = "".join(f"<IMAGE_FILE>{name}</IMAGE_FILE>" for name in files)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<n1:Level-2A_User_Product xmlns:n1="https://psd-14.sentinel2.eo.esa.int/PSD/User_Product_Level-2A.xsd">
<n1:General_Info><Product_Info>
<PRODUCT_START_TIME>2024-06-12T03:35:41.024Z</PRODUCT_START_TIME>
<PRODUCT_STOP_TIME>2024-06-12T03:35:41.024Z</PRODUCT_STOP_TIME>
<PRODUCT_URI>{NAME}</PRODUCT_URI><PROCESSING_LEVEL>Level-2A</PROCESSING_LEVEL>
<PROCESSING_BASELINE>{baseline}</PROCESSING_BASELINE>
<Datatake datatakeIdentifier="GS2A"><SPACECRAFT_NAME>Sentinel-2A</SPACECRAFT_NAME></Datatake>
<Product_Organisation><Granule_List><Granule>{listed}</Granule></Granule_List></Product_Organisation>
</Product_Info><Product_Image_Characteristics>
<Special_Values><SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT><SPECIAL_VALUE_INDEX>0</SPECIAL_VALUE_INDEX></Special_Values>
<QUANTIFICATION_VALUES_LIST><BOA_QUANTIFICATION_VALUE unit="none">10000</BOA_QUANTIFICATION_VALUE></QUANTIFICATION_VALUES_LIST>
<BOA_ADD_OFFSET_VALUES_LIST>{offsets}</BOA_ADD_OFFSET_VALUES_LIST>
</Product_Image_Characteristics></n1:General_Info>
<n1:Quality_Indicators_Info><Cloud_Coverage_Assessment>12.5</Cloud_Coverage_Assessment></n1:Quality_Indicators_Info>
</n1:Level-2A_User_Product>"""


GRANULE_XML = """<?xml version="1.0" encoding="UTF-8"?>
<n1:Level-2A_Tile_ID xmlns:n1="https://psd-14.sentinel2.eo.esa.int/PSD/S2_PDI_Level-2A_Tile_Metadata.xsd">
<n1:General_Info><SENSING_TIME metadataLevel="Standard">2024-06-12T03:44:07.118Z</SENSING_TIME></n1:General_Info>
<n1:Geometric_Info><Tile_Geocoding><HORIZONTAL_CS_CODE>EPSG:32648</HORIZONTAL_CS_CODE></Tile_Geocoding>
<Tile_Angles><Mean_Sun_Angle><ZENITH_ANGLE unit="deg">18.9</ZENITH_ANGLE>
<AZIMUTH_ANGLE unit="deg">97.2</AZIMUTH_ANGLE></Mean_Sun_Angle></Tile_Angles></n1:Geometric_Info>
</n1:Level-2A_Tile_ID>"""


def band(path: Path, metres: int, value: int = 0, driver: str = "JP2OpenJPEG") -> Path:
    """One band of digital numbers, lossless."""
    side = _SIDE * 10 // metres
    data = (pixels(1, (side, side), "uint16") * 10 + value).astype(np.uint16)
    more = {"QUALITY": "100", "REVERSIBLE": "YES"} if driver == "JP2OpenJPEG" else {}
    transform = Affine(metres, 0, CORNER[0], 0, -metres, CORNER[1])
    return write(path, data, driver=driver, transform=transform, **more)


def product(folder: Path, xml: str | None = None, granule: str = GRANULE_XML) -> Path:
    """The SAFE folder below `folder`."""
    root = folder / NAME
    inner = root / "GRANULE" / "L2A_T48RXU_A046872_20240612T034407"
    names = []
    for metres, bands in L2A.items():
        images = inner / "IMG_DATA" / f"R{metres}m"
        images.mkdir(parents=True)
        for number, name in enumerate(bands):
            band(images / f"{TILE}_{name}_{metres}m.jp2", metres, number)
            names.append(f"GRANULE/x/IMG_DATA/R{metres}m/{TILE}_{name}_{metres}m")
    (root / "MTD_MSIL2A.xml").write_text(xml or main_xml(files=tuple(names)), encoding="utf-8")
    (inner / "MTD_TL.xml").write_text(granule, encoding="utf-8")
    (root / "manifest.safe").write_text("<xfdu/>", encoding="utf-8")
    return root
