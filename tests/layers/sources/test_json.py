from __future__ import annotations

import json
from typing import Any

import pytest
import shapely

from layers.errors import SourceError
from layers.sources import Limits, RawTable, read_source
from tests.fuzz.seeds import amap_csv, amap_text, baidu_text, geojson_text
from tests.layers.sources.conftest import Save


def collection(*features: Any, **members: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features, **members})


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


POINT = {"type": "Point", "coordinates": [105.4812, 26.2139]}


def shapes(table: RawTable) -> list[Any]:
    assert table.geometry is not None
    return list(table.geometry)


def test_features_with_every_kind_of_geometry(save: Save) -> None:
    table = read_source(save("a.geojson", geojson_text()))
    kinds = [shape.geom_type if shape is not None else None for shape in shapes(table)]
    assert kinds == ["Point", "LineString", "Polygon", None]
    assert len(shapes(table)[2].interiors) == 1
    assert table.frame["code"].tolist()[0] == "913401001234567890"
    assert table.frame["tags.a"].tolist()[0] == "[1, null]"
    assert table.rows.tolist() == [1, 2, 3, 4]


def test_without_crs_it_is_wgs84_with_a_warning(save: Save) -> None:
    table = read_source(save("a.json", collection(feature(POINT), bbox=[105, 26, 106, 27])))
    assert table.datum == "wgs84"
    assert any("gcj02" in note for note in table.notes)


@pytest.mark.parametrize(
    ("name", "datum"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "wgs84"),
        ("urn:ogc:def:crs:EPSG::4490", "epsg:4490"),
        ("EPSG:4544", "epsg:4544"),
        ("urn:ogc:def:crs:EPSG::4610", "epsg:4610"),
    ],
)
def test_the_crs_member_is_kept(save: Save, name: str, datum: str) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    assert read_source(save("a.json", collection(feature(POINT), crs=crs))).datum == datum


def test_an_unknown_crs_is_no_datum(save: Save) -> None:
    crs = {"type": "name", "properties": {"name": "某地独立坐标系"}}
    table = read_source(save("a.json", collection(feature(POINT), crs=crs)))
    assert table.datum is None
    assert "unknown" in table.notes[0]


def test_one_feature_one_geometry_and_lines(save: Save) -> None:
    one = json.dumps(feature(POINT, name="甲"), ensure_ascii=False)
    assert len(read_source(save("a.json", one))) == 1
    assert shapes(read_source(save("b.json", json.dumps(POINT))))[0] == shapely.Point(
        105.4812, 26.2139
    )
    lines = "\n".join([one, "", one.replace("甲", "乙")])
    assert read_source(save("c.geojsonl", lines)).frame["name"].tolist() == ["甲", "乙"]
    separated = "".join(f"\x1e{line}\n" for line in (one, one))
    assert len(read_source(save("d.geojsons", separated))) == 2


def test_height_is_left_out(save: Save) -> None:
    raised = {"type": "LineString", "coordinates": [[105, 26, 3], [106, 27, 4]]}
    high = {"type": "Point", "coordinates": [105, 26, 7]}
    table = read_source(save("a.json", collection(feature(raised), feature(high))))
    assert [shape.has_z for shape in shapes(table)] == [False, False]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Point", "coordinates": ["x", "y"]},
        {"type": "Point", "coordinates": [1e999, 1]},
        {"type": "LineString", "coordinates": [[0, 0]]},
        {"type": "Circle", "coordinates": [0, 0]},
        {"type": "MultiPolygon", "coordinates": 7},
        "POINT (1 2)",
    ],
)
def test_a_geometry_that_cannot_be_read_costs_its_row_only(save: Save, geometry: Any) -> None:
    text = collection(feature(geometry, n=1), feature(POINT, n=2)).replace("Infinity", "1e999")
    table = read_source(save("a.json", text))
    assert table.frame["n"].tolist() == ["1", "2"]
    assert shapes(table)[0] is None
    (problem,) = table.problems
    assert (problem.row, problem.field) == (1, "geometry")


def test_something_else_among_the_features_is_reported(save: Save) -> None:
    table = read_source(save("a.json", collection(feature(POINT, n=1), 5)))
    assert len(table) == 2
    assert [problem.row for problem in table.problems] == [2]


def test_ids_of_features(save: Save) -> None:
    first = feature(POINT, id="own") | {"id": 7}
    table = read_source(save("a.json", collection(first)))
    assert table.frame.iloc[0].to_dict() == {"id": "own", "feature_id": "7"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"type":"FeatureCollection","features":[', "cannot be read"),
        ('{"type":"FeatureCollection"}', "no list of features"),
        ("[" * 100_000, "cannot be read"),
        ('{"type":"Topology","objects":{},"arcs":[]}', "neither GeoJSON"),
        ('{"a":1}\n{"b":\n', "cannot be read"),
        ("[1,2,3]", "neither GeoJSON"),
        ("[]", "neither GeoJSON"),
        ('{"geometryType":"esriGeometryPoint","features":[{"attributes":{}}]}', "neither GeoJSON"),
    ],
)  # fmt: skip
def test_what_is_no_geojson_is_refused(save: Save, text: str, words: str) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        read_source(save("a.json", text))
    assert caught.value.remedy


def test_a_broken_line_is_named(save: Save) -> None:
    one = json.dumps(feature(POINT))
    with pytest.raises(SourceError) as caught:
        read_source(save("a.geojsonl", f"{one}\n{one[:-3]}\n"))
    assert caught.value.row == 2


def test_limits(save: Save) -> None:
    path = save("a.json", geojson_text())
    for limits in (Limits(max_rows=2), Limits(max_columns=1), Limits(max_vertices=3),
                   Limits(max_cell_chars=1)):  # fmt: skip
        with pytest.raises(SourceError):
            read_source(path, limits=limits)


# Answers of map services


def test_an_amap_answer(save: Save) -> None:
    table = read_source(save("a.json", amap_text()))
    assert (table.format, table.datum, table.geometry) == ("amap", "gcj02", None)
    assert table.frame["location"].tolist()[1] == "113.91,22.51"
    assert table.frame["typecode"].tolist()[0] == "061210|060200"
    assert table.frame["address"].tolist() == ["某路1号", None, None]
    assert table.frame["tel"].tolist() == [None] * 3
    assert table.frame["biz_ext.rating"].tolist()[0] == "4.5"


def test_amap_pages_in_a_list_and_line_by_line(save: Save) -> None:
    pages = [json.loads(amap_text())] * 2 + [{"status": "1", "count": "0", "pois": []}]
    assert len(read_source(save("a.json", json.dumps(pages)))) == 6
    lines = "\n".join(json.dumps(page) for page in pages)
    assert len(read_source(save("b.txt", lines))) == 6
    bare = json.dumps(pages[0]["pois"])
    assert read_source(save("c.json", bare)).datum == "gcj02"


def test_an_amap_answer_without_places_or_with_an_error(save: Save) -> None:
    empty = {"status": "1", "info": "OK", "count": "0", "pois": []}
    with pytest.raises(SourceError, match="found no places"):
        read_source(save("a.json", json.dumps(empty)))
    refused = {"status": "0", "info": "INVALID_USER_KEY", "infocode": "10001"}
    with pytest.raises(SourceError, match="INVALID_USER_KEY"):
        read_source(save("b.json", json.dumps(refused)))


def test_a_flat_amap_table(save: Save) -> None:
    table = read_source(save("a.csv", amap_csv()))
    assert (table.format, table.datum) == ("csv", "gcj02")
    assert table.frame["typecode"].tolist()[0] == "061210"


def test_a_baidu_answer(save: Save) -> None:
    table = read_source(save("a.json", baidu_text()))
    assert (table.format, table.datum) == ("baidu", "bd09")
    assert table.frame[["lng", "lat"]].iloc[0].tolist() == ["113.9", "22.5"]
    assert table.frame["detail_info.tag"].tolist()[0] == "购物;商铺"
    assert any("ret_coordtype" in note for note in table.notes)


def test_a_baidu_error(save: Save) -> None:
    with pytest.raises(SourceError, match="APP不存在"):
        read_source(save("a.json", json.dumps({"status": 200, "message": "APP不存在"})))


def test_a_flat_baidu_table(save: Save) -> None:
    text = "uid,name,address,lat,lng\nabc,某店,某路1号,22.5,113.9\n"
    assert read_source(save("a.csv", text)).datum == "bd09"


def test_plain_records(save: Save) -> None:
    rows = [{"名称": "甲店", "经度_wgs84": 105.1}, {"名称": "乙店", "地址": None}]
    for text in (json.dumps(rows), json.dumps({"total": 2, "rows": rows})):
        table = read_source(save("a.json", text))
        assert table.frame["名称"].tolist() == ["甲店", "乙店"]
        assert table.frame["地址"].tolist() == [None, None]
        assert (table.format, table.datum) == ("json", "wgs84")
