"""What an attacker would send: bombs, ways out of archives, links, wrong names."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from layers.errors import SourceError
from layers.sources import Limits, read_source
from layers.sources.bounded import read_bytes
from tests.fuzz.seeds import shapefile_parts, zipped
from tests.layers.sources.conftest import Save


def test_a_gzip_bomb_is_refused_while_it_unpacks(save: Save) -> None:
    bomb = gzip.compress(b"0" * (40 << 20))
    with pytest.raises(SourceError, match="bomb"):
        read_source(save("a.csv.gz", bomb))


def test_a_gzip_of_many_members_is_bounded(save: Save) -> None:
    path = save("a.csv.gz", gzip.compress(b"a,b\n") * 50)
    assert len(read_bytes(path, Limits())) == 200
    assert len(read_bytes(path, Limits(max_members=10))) == 40


def test_gzip_cut_off_and_empty(save: Save) -> None:
    packed = gzip.compress(b"name,address\na,b\n" * 100)
    for data in (packed[:-12], packed[:11], gzip.compress(b"")):
        with pytest.raises(SourceError, match="gzip"):
            read_source(save("a.csv.gz", data))


def test_a_large_file_is_refused_by_its_size(save: Save) -> None:
    path = save("a.csv", "name,address\n" * 100)
    with pytest.raises(SourceError, match="bytes, more than"):
        read_source(path, limits=Limits(max_bytes=100))


@pytest.mark.parametrize("name", ["../a.shp", "/a.shp", "..\\a.shp", "C:/a.shp", "x/../../a.shp"])
def test_names_that_lead_out_of_an_archive(save: Save, name: str) -> None:
    parts = shapefile_parts()
    path = save("a.zip", zipped({name: parts[".shp"], "a.dbf": parts[".dbf"]}))
    with pytest.raises(SourceError, match="leads out"):
        read_source(path)
    assert [file.name for file in path.parent.iterdir()] == ["a.zip"]


def test_links_in_an_archive(save: Save) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo("a.shp")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(SourceError, match="leads out"):
        read_source(save("a.zip", stream.getvalue()))


def test_archives_with_too_many_members(save: Save) -> None:
    path = save("a.zip", zipped({f"{n}.shp": b"x" for n in range(30)}))
    with pytest.raises(SourceError, match="30 members"):
        read_source(path, limits=Limits(max_members=20))


def test_an_archive_with_a_password(save: Save) -> None:
    data = bytearray(zipped({"a.shp": b"x"}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(SourceError, match="password"):
        read_source(save("a.zip", bytes(data)))


def test_an_archive_without_anything_known(save: Save) -> None:
    with pytest.raises(SourceError, match="no table or map"):
        read_source(save("a.zip", zipped({"readme.txt": b"x"})))
    with pytest.raises(SourceError, match="xlsb"):
        read_source(save("a.xlsx", zipped({"xl/workbook.bin": b"x"})))


@pytest.mark.parametrize(
    "text",
    [
        "<OGRVRTDataSource><SrcDataSource>/vsicurl/http://x.invalid/a</SrcDataSource>",
        "<GDALTileIndexDataset/>",
    ],
)
@pytest.mark.parametrize("name", ["a.shp", "a.gpkg", "a.geojson", "a.vrt"])
def test_driver_tricks_never_reach_gdal(save: Save, text: str, name: str) -> None:
    with pytest.raises(SourceError):
        read_source(save(name, text))


@pytest.mark.parametrize("path", ["/vsicurl/http://example.invalid/a.gpkg", "http://example.invalid/a",
                                  "GPKG:a.gpkg", "zip://a.zip!a.shp"])  # fmt: skip
def test_virtual_paths_are_just_missing_files(path: str) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        read_source(path)


def test_the_name_does_not_decide(save: Save) -> None:
    assert read_source(save("a.xlsx", "名称,地址\n甲店,x\n")).format == "csv"
    assert read_source(save("a.csv", '[{"name": "a"}]')).format == "json"


def test_an_osm_extract_names_its_own_command(save: Save) -> None:
    for name, data in (("a.osm", b"<?xml version='1.0'?><osm version='0.6'/>"),
                       ("a.osm.pbf", b"\0\0\0\x0d\x0a\x09OSMHeader\x18\x7b")):  # fmt: skip
        with pytest.raises(SourceError, match="OpenStreetMap") as caught:
            read_source(save(name, data))
        assert "layers osm" in caught.value.remedy


def test_no_reader_writes_beside_the_source(save: Save) -> None:
    parts = shapefile_parts()
    paths: list[Path] = [save(f"a{suffix}", data) for suffix, data in parts.items()]
    before = sorted(file.name for file in paths[0].parent.iterdir())
    read_source(paths[0].with_suffix(".shp"))
    assert sorted(file.name for file in paths[0].parent.iterdir()) == before
