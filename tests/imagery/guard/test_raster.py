"""The one door to pixels: nothing beside the file, nothing outside it, no other format."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasterio.env import get_gdal_config

from imagery.guard.raster import CACHE_BYTES, open_raster
from imagery.guard.vrt import Layer, check_own_vrt, write_stack
from layers.errors import ImageryError
from tests.imagery.formats.made import bare, write


def opened(path: Path, driver: str) -> None:
    with open_raster(path, driver):
        pass


def test_files_beside_are_not_looked_at(tmp_path: Path) -> None:
    path = bare(tmp_path / "a.png")
    (tmp_path / "a.pgw").write_text("1\n0\n0\n-1\n0\n0\n", encoding="utf-8")
    (tmp_path / "a.wld").write_text("1\n0\n0\n-1\n0\n0\n", encoding="utf-8")
    (tmp_path / "a.png.aux.xml").write_text(
        "<PAMDataset><SRS>EPSG:4326</SRS><GeoTransform>5,1,0,5,0,-1</GeoTransform></PAMDataset>",
        encoding="utf-8",
    )
    write(tmp_path / "a.png.msk")
    with open_raster(path, "PNG") as dataset:
        assert dataset.crs is None
        assert tuple(dataset.transform)[:6] == (1, 0, 0, 0, 1, 0)
        assert dataset.files == [str(path)]


def test_nothing_is_written_beside(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif")
    with open_raster(path, "GTiff") as dataset:
        dataset.stats(indexes=[1])
    assert [p.name for p in tmp_path.iterdir()] == ["a.tif"]


@pytest.mark.parametrize("driver", ["HDF5", "netCDF", "WMS", "HTTP", "PDF", "vrt", "", "GTiff,VRT"])
def test_other_drivers_are_refused(driver: str, tmp_path: Path) -> None:
    with pytest.raises(ImageryError, match="not read"):
        opened(write(tmp_path / "a.tif"), driver)


def test_the_driver_is_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(ImageryError):
        opened(bare(tmp_path / "a.png"), "GTiff")


@pytest.mark.parametrize(
    "path", ["/vsicurl/http://127.0.0.1:9/a.tif", "/vsizip/a.zip/a.tif", "http://127.0.0.1:9/a.tif", "zip://a.zip!a.tif",
             "s3://a/b.tif", "GTIFF_DIR:1:a.tif", "missing.tif", "."],
)  # fmt: skip
def test_only_files_on_a_disk(path: str) -> None:
    with pytest.raises(ImageryError, match="no file"):
        opened(Path(path), "GTiff")


OWN = {
    "size": (64, 48),
    "dtype": "Byte",
    "crs": "EPSG:32648",
    "transform": (0.1, 0.0, 5.0, 0.0, -0.1, 7.0),
}


def stack(folder: Path) -> Path:
    first = write(folder / "B02.tif")
    return write_stack(folder / "a.vrt", [Layer(first, "B02 <&>", 0.0)], **OWN)  # type: ignore[arg-type]


def test_our_own_stack_opens(tmp_path: Path) -> None:
    with open_raster(stack(tmp_path), "VRT") as dataset:
        assert dataset.count == 1
        assert dataset.read(1).max() > 0
        assert dataset.descriptions == ("B02 <&>",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("B02.tif", "/etc/passwd"), ("B02.tif", "../B02.tif"), ("B02.tif", "http://127.0.0.1/a.tif"),
        ("B02.tif", "/vsicurl/http://127.0.0.1/a.tif"), ("B02.tif", "missing.tif"), ("B02.tif", "GTIFF_DIR:1:B02.tif"),
        ('relativeToVRT="1"', 'relativeToVRT="0"'), ("SimpleSource", "ComplexSource"), ("<VRTRasterBand ", '<VRTRasterBand subClass="VRTDerivedRasterBand" '),
        ("</VRTDataset>", "<PixelFunctionType>x</PixelFunctionType></VRTDataset>"), ("<SRS>", "<!DOCTYPE a><SRS>"),
        ("</VRTDataset>", "<OpenOptions><OOI key='a'>b</OOI></OpenOptions></VRTDataset>"), ("</VRTDataset>", "</VRTDataset>" + " " * (1 << 20)),
    ],
)  # fmt: skip
def test_any_other_vrt_does_not(old: str, new: str, tmp_path: Path) -> None:
    path = stack(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ImageryError, match="VRT"):
        check_own_vrt(path)
    with pytest.raises(ImageryError, match="VRT"):
        opened(path, "VRT")


def test_blocks_are_kept_between_two_reads(tmp_path: Path) -> None:
    """Without a cache every row of a reduced picture decodes its blocks anew: minutes for seconds."""
    path = write(tmp_path / "a.tif")
    with open_raster(path, "GTiff"):
        assert get_gdal_config("GDAL_CACHEMAX") == CACHE_BYTES > 16 << 20
