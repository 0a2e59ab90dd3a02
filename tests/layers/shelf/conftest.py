"""A folder of layers of an invented town: twelve schools on a grid, two streets, one township."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
from shapely.geometry import LineString, Point, box

from layers import Layer, Provenance, make_layer
from layers.datum import from_wgs84

NAMES = (
    "东山",
    "西河",
    "南关",
    "北桥",
    "青石",
    "白马",
    "红旗",
    "石榴",
    "梧桐",
    "锦屏",
    "望溪",
    "凤鸣",
)
LON, LAT = 109.30, 27.60


def provenance(sha256: str, **more: object) -> Provenance:
    told = {"source": "测绘", "file": "map.geojson", "sha256": sha256, "datum": "wgs84", "transform": "",
            "rows_in": 1, "rows_out": 1, "state_of": "2026-06-30", **more}  # fmt: skip
    return Provenance(**told)  # type: ignore[arg-type]


def points() -> list[Point]:
    return [Point(LON + 0.006 * (n % 4), LAT + 0.006 * (n // 4)) for n in range(len(NAMES))]


def layer(theme: str, rows: list[dict[str, object]], sha256: str = "a" * 64) -> Layer:
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")
    frame["id"] = [f"{theme}-{n}" for n in range(len(frame))]
    return make_layer(theme, frame, provenance(sha256))


def schools(sha256: str = "a" * 64) -> Layer:
    rows = [{"name": f"{name}小学", "kind": "primary", "address": f"{name}路1号", "geometry": point}
            for name, point in zip(NAMES, points(), strict=True)]  # fmt: skip
    return layer("school", [dict(row) for row in rows], sha256)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The town's layers on the disk."""
    town = tmp_path / "layers"
    schools().write(town / "school.parquet")
    street = LineString([(LON - 0.01, LAT), (LON + 0.03, LAT)])
    layer("road", [{"name": "长安大街", "class": "primary", "geometry": street}]).write(
        town / "road.parquet"
    )
    area = box(LON - 0.05, LAT - 0.05, LON + 0.05, LAT + 0.05)
    layer("township", [{"name": "城关镇", "geometry": area}]).write(town / "township.parquet")
    return town


def rows_in(datum: str) -> list[list[str]]:
    """The schools as a register lists them, in a datum; the third row has no longitude."""
    places = points()
    lon, lat = from_wgs84(np.array([p.x for p in places]), np.array([p.y for p in places]), datum)
    rows = [["学校名称", "办学类型", "学校地址", "经度", "纬度", "校长", "联系电话"]]
    rows += [[f"{name}小学", "小学", f"{name}路1号", f"{x:.6f}", f"{y:.6f}", "王小明", "13800138000"]
             for name, x, y in zip(NAMES, lon, lat, strict=True)]  # fmt: skip
    rows[3][3] = ""
    return rows


def gbk_csv(path: Path, datum: str) -> Path:
    text = "\r\n".join(",".join(row) for row in [["城关镇学校名录"], *rows_in(datum)])
    path.write_bytes(text.encode("gb18030"))
    return path


def workbook(path: Path, datum: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "名录"
    for row in [["城关镇学校名录"], *rows_in(datum)]:
        sheet.append(row)
    book.create_sheet("说明").append(["填报说明"])
    book.save(path)
    return path
