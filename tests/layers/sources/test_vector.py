from __future__ import annotations

import sqlite3
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from layers.errors import SourceError
from layers.sources import Limits, RawTable, read_source
from tests.fuzz.seeds import (
    bare_shapefile,
    frame,
    gpkg_bytes,
    kml_text,
    parquet_bytes,
    plain_parquet_bytes,
    shapefile_parts,
    shapefile_zip,
    zipped,
)
from tests.layers.sources.conftest import Save


def check_frame(table: RawTable) -> None:
    """The content of `frame()`, whatever the format."""
    assert table.frame["名称"].tolist() == ["甲店", "乙店", None]
    assert table.frame["code"].tolist() == ["913401001234567890", "2", "3"]
    assert table.frame["x"].tolist() == ["1.5", None, "3"]
    assert table.geometry is not None
    assert list(table.geometry)[:2] == [shapely.Point(105.1, 26.1), shapely.Point(105.2, 26.2)]
    assert table.geometry.isna().tolist() == [False, False, True]
    assert table.geometry.crs is None
    assert table.rows.tolist() == [1, 2, 3]
    assert table.datum == "epsg:4490"


def test_geopackage(save: Save) -> None:
    path = save("a.gpkg", gpkg_bytes())
    table = read_source(path)
    check_frame(table)
    assert (table.format, table.sheet) == ("gpkg", "shops")
    assert [file.name for file in path.parent.iterdir()] == ["a.gpkg"]


def test_geopackage_with_several_layers(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    frame().to_file(path, layer="shops")
    frame().to_file(path, layer="学校")
    with pytest.raises(SourceError, match="several layers") as caught:
        read_source(path)
    assert "学校" in str(caught.value)
    assert read_source(path, table="学校").sheet == "学校"
    with pytest.raises(SourceError, match="no layer 'x'"):
        read_source(path, table="x")


def test_geopackage_with_only_a_table_beside_the_layer(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    frame().to_file(path, layer="shops")
    gpd.pd.DataFrame({"a": ["1"]}).pipe(gpd.GeoDataFrame).to_file(path, layer="notes")
    assert read_source(path).sheet == "shops"
    table = read_source(path, table="notes")
    assert (table.geometry, table.datum) == (None, None)


def test_other_sqlite_files_and_empty_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    connection = sqlite3.connect(path)
    connection.execute("create table t (a)")
    connection.commit()
    connection.close()
    with pytest.raises(SourceError, match="no GeoPackage"):
        read_source(path)


def test_the_index_of_a_data_frame_is_no_column(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pd.DataFrame({"a": ["1", "2"]}, index=[5, 7]).to_parquet(path)
    assert read_source(path).frame.columns.tolist() == ["a"]


def test_a_view_is_not_run(save: Save) -> None:
    path = save("a.gpkg", gpkg_bytes())
    connection = sqlite3.connect(path)
    endless = "with recursive t(n) as (select 1 union all select n + 1 from t)"
    connection.execute(f"create view v as {endless} select n as fid, null as geom from t")
    connection.execute("insert into gpkg_contents(table_name, data_type, identifier, srs_id) "
                       "values ('v', 'features', 'v', 4326)")  # fmt: skip
    connection.execute("insert into gpkg_geometry_columns values ('v','geom','POINT',4326,0,0)")
    connection.commit()
    connection.close()
    with pytest.raises(SourceError, match="is a view"):
        read_source(path, table="v")
    assert len(read_source(path, table="shops")) == 3


def test_a_geopackage_that_another_program_is_writing(save: Save) -> None:
    path = save("a.gpkg", gpkg_bytes())
    save("a.gpkg-wal", b"x")
    with pytest.raises(SourceError, match="open in another program"):
        read_source(path)


def test_geoparquet(save: Save) -> None:
    table = read_source(save("a.parquet", parquet_bytes()))
    check_frame(table)
    assert table.format == "geoparquet"


def test_plain_parquet(save: Save) -> None:
    table = read_source(save("a.parquet", plain_parquet_bytes()))
    assert (table.format, table.geometry, table.datum) == ("parquet", None, None)
    assert table.frame["code"].tolist()[0] == "913401001234567890"


def test_typed_parquet_columns_become_text(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pd.DataFrame({
        "day": pd.Series([pd.Timestamp("2023-05-01"), None]),
        "moment": pd.Series([pd.Timestamp("2023-05-01 08:30:00.5"), None]),
        "flag": pd.array([True, None], dtype="boolean"),
        "kind": pd.Categorical(["a", None]),
        "big": [1e17, 1.25],
        "nested": [[1, 2], None],
        "raw": [b"abc", None],
    }).to_parquet(path)  # fmt: skip
    table = read_source(path)
    assert table.frame.iloc[0].tolist() == [
        "2023-05-01", "2023-05-01 08:30:00.5", "true", "a", "100000000000000000", "[1, 2]",
        "(3 bytes)",
    ]  # fmt: skip
    assert table.frame.iloc[1].tolist() == [None, None, None, None, "1.25", None, None]
    assert [(problem.row, problem.field) for problem in table.problems] == [(1, "big")]


def test_parquet_limits(save: Save) -> None:
    path = save("a.parquet", plain_parquet_bytes())
    with pytest.raises(SourceError, match="rows"):
        read_source(path, limits=Limits(max_rows=1))
    with pytest.raises(SourceError, match="unpacks"):
        read_source(path, limits=Limits(max_unpacked_bytes=10))


# Shapefiles


def save_parts(save: Save, parts: dict[str, bytes], stem: str = "店") -> Path:
    for suffix, data in parts.items():
        save(f"{stem}{suffix}", data)
    return save(f"{stem}.shp", parts[".shp"])


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
@pytest.mark.parametrize("page", [True, False])
def test_shapefile_with_and_without_a_code_page(save: Save, encoding: str, page: bool) -> None:
    parts = shapefile_parts(encoding)
    if not page:
        parts.pop(".cpg")
    table = read_source(save_parts(save, parts))
    check_frame(table)
    assert table.encoding == {"gbk": "gb18030", "utf-8": "utf-8"}[encoding]


def test_a_wrong_code_page_is_not_believed(save: Save) -> None:
    parts = shapefile_parts("gbk") | {".cpg": b"ISO-8859-1"}
    assert read_source(save_parts(save, parts)).encoding == "gb18030"


def test_without_projection_the_datum_is_unknown(save: Save) -> None:
    parts = shapefile_parts()
    parts.pop(".prj")
    table = read_source(save_parts(save, parts))
    assert table.datum is None
    assert any(".prj" in note for note in table.notes)


def test_a_zone_of_cgcs2000_is_told_from_its_projection(tmp_path: Path) -> None:
    frame().to_crs(4544).to_file(tmp_path / "a.shp")
    assert read_source(tmp_path / "a.shp").datum == "epsg:4544"


def test_an_esri_projection_text(save: Save) -> None:
    wkt = (
        'PROJCS["CGCS2000_3_Degree_GK_CM_105E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
        'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
        'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
        'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
        'PARAMETER["Central_Meridian",105.0],PARAMETER["Scale_Factor",1.0],'
        'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )
    table = read_source(save_parts(save, shapefile_parts() | {".prj": wkt.encode()}))
    assert table.datum == "epsg:4544"


def test_a_local_grid_is_unknown_and_said(save: Save) -> None:
    wkt = b'LOCAL_CS["some city grid",LOCAL_DATUM["x",0],UNIT["metre",1],AXIS["E",EAST]]'
    table = read_source(save_parts(save, shapefile_parts() | {".prj": wkt}))
    assert table.datum is None
    assert any("no known code" in note or "unknown" in note for note in table.notes)


def test_a_missing_index_does_not_matter_but_a_missing_table_does(save: Save) -> None:
    parts = shapefile_parts()
    parts.pop(".shx")
    check_frame(read_source(save_parts(save, parts)))
    parts.pop(".dbf")
    with pytest.raises(SourceError, match=r"lacks its \.dbf") as caught:
        read_source(save_parts(save, parts, "b"))
    assert "all files" in caught.value.remedy


def test_giving_another_part_names_the_remedy(save: Save) -> None:
    parts = shapefile_parts()
    save_parts(save, parts)
    with pytest.raises(SourceError, match="one part of a shapefile") as caught:
        read_source(save("店.dbf", parts[".dbf"]))
    assert ".shp" in caught.value.remedy


def test_capital_suffixes(save: Save) -> None:
    parts = shapefile_parts()
    save("A.DBF", parts[".dbf"])
    save("A.PRJ", parts[".prj"])
    check_frame(read_source(save("A.SHP", parts[".shp"])))


def test_a_zipped_shapefile(save: Save) -> None:
    table = read_source(save("a.zip", shapefile_zip()))
    check_frame(table)
    assert (table.format, table.sheet) == ("shp-zip", "shops")


def test_several_shapefiles_in_a_zip(save: Save) -> None:
    parts = shapefile_parts()
    members = {f"{stem}{suffix}": data for stem in ("a", "dir/b") for suffix, data in parts.items()}
    path = save("a.zip", zipped(members))
    with pytest.raises(SourceError, match="several shapefiles"):
        read_source(path)
    assert read_source(path, table="b").sheet == "b"
    with pytest.raises(SourceError, match="no shapefile 'c'"):
        read_source(path, table="c")


def test_polygons_with_holes_and_several_parts(save: Save) -> None:
    table = read_source(save("a.zip", shapefile_zip(polygons=True)))
    assert table.geometry is not None
    holed, two = table.geometry
    expected = shapely.box(105, 26, 106, 27).difference(shapely.box(105.2, 26.2, 105.3, 26.3))
    assert holed.equals(expected)
    assert two.geom_type == "MultiPolygon"
    assert two.area == pytest.approx(1.01)


def test_a_hole_goes_to_the_polygon_around_it(tmp_path: Path) -> None:
    outer = shapely.box(0, 0, 10, 10).difference(shapely.box(2, 2, 8, 8))
    island = shapely.box(4, 4, 6, 6).difference(shapely.box(4.5, 4.5, 5, 5))
    shape = shapely.union(outer, island)
    data = gpd.GeoDataFrame({"名称": ["环"]}, geometry=[shape], crs=4326)
    data.to_file(tmp_path / "a.shp", encoding="utf-8")
    table = read_source(tmp_path / "a.shp")
    assert table.geometry is not None
    assert table.geometry.iloc[0].equals(shape)


@pytest.mark.parametrize("kind", ["LineString", "MultiPoint", "Point Z", "MultiLineString"])
def test_other_shapes_agree_with_gdal(tmp_path: Path, kind: str) -> None:
    shapes = {
        "LineString": shapely.LineString([(0, 0), (1, 1), (2, 0)]),
        "MultiPoint": shapely.MultiPoint([(0, 0), (1, 1)]),
        "Point Z": shapely.Point(1, 2, 3),
        "MultiLineString": shapely.MultiLineString([[(0, 0), (1, 1)], [(5, 5), (6, 6), (7, 5)]]),
    }
    path = tmp_path / "a.shp"
    gpd.GeoDataFrame({"a": ["1"]}, geometry=[shapes[kind]], crs=4326).to_file(path)
    table = read_source(path)
    assert table.geometry is not None
    assert table.geometry.iloc[0] == shapely.force_2d(gpd.read_file(path).geometry.iloc[0])


def test_geometries_and_rows_must_be_as_many(save: Save) -> None:
    parts = shapefile_parts() | {".shp": bare_shapefile([(1.0, 2.0)])}
    with pytest.raises(SourceError, match="1 geometries and 3 table rows"):
        read_source(save_parts(save, parts))


def test_a_cut_off_shapefile(save: Save) -> None:
    parts = shapefile_parts()
    for suffix in (".shp", ".dbf"):
        cut = parts | {suffix: parts[suffix][:-20]}
        with pytest.raises(SourceError, match="cut off"):
            read_source(save_parts(save, cut))


def test_deleted_rows_are_left_out(save: Save) -> None:
    parts = shapefile_parts()
    table = bytearray(parts[".dbf"])
    header = int.from_bytes(table[8:10], "little")
    table[header] = ord("*")
    found = read_source(save_parts(save, parts | {".dbf": bytes(table)}))
    assert found.rows.tolist() == [2, 3]
    assert found.frame["名称"].tolist() == ["乙店", None]
    assert any("deleted" in note for note in found.notes)


def test_a_name_cut_inside_a_character_is_reported(save: Save) -> None:
    parts = shapefile_parts("utf-8")
    cut = parts[".dbf"].replace("乙店".encode(), "乙店".encode()[:-1] + b" ")
    table = read_source(save_parts(save, parts | {".dbf": cut}))
    assert [(problem.row, problem.field) for problem in table.problems] == [(2, "名称")]


# KML


def test_kml(save: Save) -> None:
    table = read_source(save("a.kml", kml_text()))
    assert (table.format, table.datum) == ("kml", "wgs84")
    assert table.frame["name"].tolist() == ["某小学", "校园", "无"]
    assert table.frame["编号"].tolist() == ["001", None, None]
    assert table.frame["folder"].tolist() == ["学校", None, None]
    assert table.geometry is not None
    assert table.geometry.iloc[0] == shapely.Point(105.4812, 26.2139)
    assert table.geometry.iloc[1].geom_type == "Polygon"
    assert table.geometry.iloc[2] is None
    assert any("not fetched" in note for note in table.notes)


def test_kmz(save: Save) -> None:
    path = save("a.kmz", zipped({"x/other.kml": b"<kml/>", "doc.kml": kml_text().encode()}))
    assert len(read_source(path)) == 3
    assert len(read_source(path, table="x/other.kml")) == 0
    with pytest.raises(SourceError, match="has no y"):
        read_source(path, table="y")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(save: Save, encoding: str) -> None:
    text = kml_text().replace('<?xml version="1.0" encoding="UTF-8"?>', "")
    bomb = f"<?xml version='1.0'?><!-- {' ' * 70000} --><!DOCTYPE kml [<!ENTITY a 'b'>]>{text}"
    kmz = zipped({"doc.kml": bomb.encode(encoding)})
    with pytest.raises(SourceError, match="XML entities"):
        read_source(save("a.kmz", kmz))


def test_bad_coordinates_cost_their_row_only(save: Save) -> None:
    text = kml_text().replace("105.4812,26.2139,0", "105.4812;26.2139")
    table = read_source(save("a.kml", text))
    assert [(problem.row, problem.field) for problem in table.problems] == [(1, "geometry")]
    assert len(table) == 3


def test_blanks_after_commas_in_coordinates(save: Save) -> None:
    table = read_source(
        save("a.kml", kml_text().replace("105.4812,26.2139,0", "105.4812, 26.2139"))
    )
    assert table.geometry is not None
    assert table.geometry.iloc[0] == shapely.Point(105.4812, 26.2139)
