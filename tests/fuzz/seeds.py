"""Small valid files of every format, made here: the corpora that the mutations start from.

The same seeds serve the readers and everything that is built on them. `corpus()` gives them by
reader family; real files from beside the project join where they exist.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import struct
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geopandas as gpd
import openpyxl
import pyogrio
import shapely
import xlwt

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"

ROWS = [
    ["1", "甲便利店", "某路1号", "105.4812", "26.2139", "340100123456", "2021-06-01"],
    ["2", "乙烟酒店(南门店)", "某路2号1层", "105.4822", "26.2149", "012345678901", "2022.5.1"],
    ["3", "丙超市", "某街道3号", "105.4832", "26.2159", "91340100MA2TEST123", "长期"],
]
HEADER = ["序号", "名称", "地址", "经度", "纬度", "许可证号", "有效期至"]


@dataclass(frozen=True)
class Seed:
    """One valid file: its name (the suffix matters) and its bytes."""

    name: str
    data: bytes


def csv_text(separator: str = ",") -> str:
    """A register with title, unit line, repeated header and footers."""
    quoted = [["某县名单"], ["单位:某局"], HEADER, *ROWS, HEADER, ['4"x', "丁\n店", "a,b"], ["合计", "4"],
              ["制表人:某某"]]  # fmt: skip
    lines = []
    for row in quoted:
        cells = ['"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\n') else cell
                 for cell in row]  # fmt: skip
        lines.append(separator.join(cells))
    return "\r\n".join(lines) + "\r\n"


def csv_seeds() -> list[Seed]:
    """One text table in every encoding and separator."""
    text = csv_text()
    made = [Seed(f"{name}.csv", text.encode(name)) for name in ("utf-8", "utf-8-sig", "gb18030")]
    made += [Seed(f"{name}.txt", csv_text("\t").encode(name)) for name in ("utf-16", "utf-16-le")]
    made += [Seed("semicolon.csv", csv_text(";").encode("gbk")),
             Seed("packed.csv.gz", gzip.compress(text.encode("gbk"), mtime=0)),
             Seed("amap.csv", amap_csv().encode())]  # fmt: skip
    return made


def amap_csv() -> str:
    """A flat Amap table of invented places."""
    head = "id,name,type,typecode,address,adname,cityname,pname,parent,lon_gcj02,lat_gcj02"
    row = "B0FFTEST{},某某店(南山店),购物服务;专卖店;烟酒专卖店,061210,某路{}号,某区,某市,某省,,113.9{},22.5{}"
    return "\n".join([head, *(row.format(n, n, n, n) for n in range(10, 14))]) + "\n"


def xlsx_bytes() -> bytes:
    """A workbook with titles, merged cells, a two-row header, hidden rows, dates and footers."""
    book = openpyxl.Workbook()
    book.active.append(["填表说明"])
    sheet = book.create_sheet("名单")
    sheet.append(["某县烟草零售许可证一览表"])
    sheet.append(["序号", "名称", "位置", None, "许可证号", "有效期至"])
    sheet.append([None, None, "经度", "纬度"])
    for row in ROWS:
        sheet.append([int(row[0]), row[1], float(row[3]), float(row[4]), row[5], 45012])
    sheet.append(["合计", 3])
    for merged in ("A1:F1", "C2:D2", "A2:A3", "B2:B3", "E2:E3", "F2:F3", "F4:F6"):
        sheet.merge_cells(merged)
    sheet["F4"].number_format = "yyyy-mm-dd"
    sheet.row_dimensions[5].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    return _undated(stream.getvalue())


def _undated(workbook: bytes) -> bytes:
    """A workbook without the moment of saving: seeds are the same in every run."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"
    members[core] = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", b"2024-01-01T00:00:00Z", members[core])
    return zipped(members)


def xls_bytes() -> bytes:
    """An old workbook with a title, dates and codes with leading zeros."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("名单")
    sheet.write_merge(0, 0, 0, 6, "某县名单")
    zeros = xlwt.easyxf(num_format_str="000000000000")
    for n, cells in enumerate([HEADER, *ROWS], 1):
        for column, cell in enumerate(cells):
            sheet.write(n, column, cell)
    sheet.write(5, 1, 61210, zeros)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def html_text() -> str:
    """A table as systems export it under the name .xls."""
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in ROWS)
    head = "".join(f"<th>{cell}</th>" for cell in HEADER)
    return (
        '<html><head><meta charset="gb2312"><style>td{mso-number-format:"\\@"}</style></head><body>'
        f"<table border=1><tr><td colspan=7>名单</td></tr><tr>{head}</tr>{body}"
        "<tr><td rowspan=2>4<td>a&amp;b<br>c</tr><tr><td>d</tr></table></body></html>"
    )


def excel_xml_text() -> str:
    """An XML spreadsheet of Excel 2003."""
    rows = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{c}</Data></Cell>' for c in row) + "</Row>"
        for row in (HEADER, *ROWS)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="名单"><Table>'
        '<Row><Cell ss:MergeAcross="6"><Data ss:Type="String">名单</Data></Cell></Row>'
        f'{rows}<Row ss:Index="8"><Cell ss:Index="2"><Data ss:Type="String">丁</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>"
    )


def geojson_text() -> str:
    """Points, a line, a polygon with a hole and a null geometry."""
    ring = [[105.0, 26.0], [105.1, 26.0], [105.1, 26.1], [105.0, 26.0]]
    geometries = [
        {"type": "Point", "coordinates": [105.4812, 26.2139]},
        {"type": "LineString", "coordinates": [[105, 26], [105.1, 26.1]]},
        {"type": "Polygon", "coordinates": [ring, [[105.06, 26.02], [105.08, 26.02], [105.08, 26.04],
                                                   [105.06, 26.02]]]},
        None,
    ]  # fmt: skip
    features = [
        {"type": "Feature", "id": n, "geometry": geometry,
         "properties": {"名称": f"店{n}", "code": 913401001234567890 + n, "tags": {"a": [1, None]}}}
        for n, geometry in enumerate(geometries)
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def amap_text() -> str:
    """An Amap answer of invented places; empty values are empty lists."""
    pois = [{"id": f"B0FFTEST{n}", "name": f"某店{n}", "type": "购物服务;专卖店;烟酒专卖店",
             "typecode": "061210|060200", "address": [] if n else "某路1号", "tel": [],
             "location": f"113.9{n},22.5{n}", "pname": "某省", "cityname": "某市", "adname": "某区",
             "biz_ext": {"rating": "4.5", "cost": []}} for n in range(3)]  # fmt: skip
    answer = {"status": "1", "info": "OK", "infocode": "10000", "count": "3", "pois": pois}
    return json.dumps(answer, ensure_ascii=False)


def baidu_text() -> str:
    """A Baidu answer of invented places."""
    results = [{"uid": f"abc{n}", "name": f"某店{n}", "address": "某路1号", "province": "某省",
                "location": {"lat": 22.5 + n / 100, "lng": 113.9}, "detail_info": {"tag": "购物;商铺"}}
               for n in range(3)]  # fmt: skip
    return json.dumps({"status": 0, "message": "ok", "results": results}, ensure_ascii=False)


def kml_text() -> str:
    """Placemarks with data, a polygon with a hole and a link that nobody may follow."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        "<Folder><name>学校</name><Placemark id='p1'><name>某小学</name><description>说明</description>"
        "<ExtendedData><Data name='编号'><value>001</value></Data></ExtendedData>"
        "<Point><coordinates>105.4812,26.2139,0</coordinates></Point></Placemark></Folder>"
        "<Placemark><name>校园</name><MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>"
        "105,26 105.1,26 105.1,26.1 105,26</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        "</MultiGeometry></Placemark><Placemark><name>无</name></Placemark>"
        "<NetworkLink><Link><href>http://example.invalid/x.kml</href></Link></NetworkLink>"
        "</Document></kml>"
    )


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip archive of the members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


@cache
def frame() -> gpd.GeoDataFrame:
    """Places of several shapes in CGCS2000."""
    shapes = [shapely.Point(105.1, 26.1), shapely.Point(105.2, 26.2), None]
    data = {"名称": ["甲店", "乙店", None], "code": [913401001234567890, 2, 3], "x": [1.5, None, 3]}
    return gpd.GeoDataFrame(data, geometry=shapes, crs=4490)


def written(name: str, write: Callable[[Path], object]) -> dict[str, bytes]:
    """The files, by name, that `write` makes when given a path called `name`."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        write(Path(folder) / name)
        return {file.name: file.read_bytes() for file in sorted(Path(folder).iterdir())}


def gpkg_bytes() -> bytes:
    """A GeoPackage with one layer."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2024-01-01T00:00:00.000Z"})
    try:
        made = written("a.gpkg", lambda path: frame().to_file(path, layer="shops"))
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return made["a.gpkg"]


def parquet_bytes() -> bytes:
    """A GeoParquet file."""
    return written("a.parquet", lambda path: frame().to_parquet(path))["a.parquet"]


def plain_parquet_bytes() -> bytes:
    """A Parquet table without geometry."""
    table = frame().drop(columns="geometry")
    return written("a.parquet", table.to_parquet)["a.parquet"]


def _squares() -> gpd.GeoSeries:
    """A square with a hole, and two squares as one."""
    hole = shapely.box(105.2, 26.2, 105.3, 26.3)
    holed = shapely.box(105, 26, 106, 27).difference(hole)
    two = shapely.MultiPolygon([hole, shapely.box(107, 26, 108, 27)])
    return gpd.GeoSeries([holed, two], crs=4490)


_UNDATED = {"DBF_DATE_LAST_UPDATE": "2024-01-01"}


def shapefile_parts(encoding: str = "gbk", polygons: bool = False) -> dict[str, bytes]:
    """The parts of a shapefile by suffix."""
    table = frame().iloc[:2].set_geometry(_squares()) if polygons else frame()
    made = written("a.shp", lambda path: table.to_file(path, encoding=encoding, **_UNDATED))
    return {Path(name).suffix: data for name, data in made.items()}


def shapefile_zip(encoding: str = "gbk", polygons: bool = False) -> bytes:
    """A zipped shapefile without its code page."""
    parts = shapefile_parts(encoding, polygons)
    return zipped({f"shops{suffix}": data for suffix, data in parts.items() if suffix != ".cpg"})


def bare_shapefile(points: list[tuple[float, float]]) -> bytes:
    """The .shp of some points, written by hand."""
    records = b"".join(
        struct.pack(">ii", n, 10) + struct.pack("<idd", 1, *point)
        for n, point in enumerate(points, 1)
    )
    size = (100 + len(records)) // 2
    head = struct.pack(">i20xi", 9994, size) + struct.pack("<ii8d", 1000, 1, *[0.0] * 8)
    return head + records


def _real(pattern: str, limit: int = 1 << 20) -> list[Seed]:
    found = sorted(SHARED.glob(pattern)) if SHARED.is_dir() else []
    return [Seed(file.name, file.read_bytes()) for file in found if file.stat().st_size <= limit]


def _real_csv() -> list[Seed]:
    """The first lines of real tables, packed as they were."""
    made = []
    for seed in _real("*/*.csv.gz"):
        head = b"\n".join(gzip.decompress(seed.data).split(b"\n")[:12]) + b"\n"
        made.append(Seed(seed.name, gzip.compress(head, mtime=0)))
    return made


def _packed_kml() -> Seed:
    return Seed("a.kmz", zipped({"doc.kml": kml_text().encode(), "files/x.png": b"\x89PNG"}))


FAMILIES: dict[str, Callable[[], list[Seed]]] = {
    "csv": lambda: csv_seeds() + _real_csv(),
    "xlsx": lambda: [Seed("a.xlsx", xlsx_bytes())],
    "xls": lambda: [Seed("a.xls", xls_bytes())],
    "html": lambda: [Seed("a.xls", html_text().encode("gbk")), Seed("b.xls", html_text().encode())],
    "excel-xml": lambda: [Seed("a.xls", excel_xml_text().encode())],
    "json": lambda: [
        Seed("a.geojson", geojson_text().encode()),
        Seed("amap.json", amap_text().encode()),
        Seed("baidu.json", baidu_text().encode()),
        Seed("lines.geojsonl", (amap_text() + "\n" + amap_text()).encode()),
    ],
    "kml": lambda: [Seed("a.kml", kml_text().encode()), _packed_kml()],
    "gpkg": lambda: [Seed("a.gpkg", gpkg_bytes()), *_real("*/*.gpkg", limit=1 << 18)],
    "shp": lambda: [
        Seed("a.zip", shapefile_zip()),
        Seed("b.zip", shapefile_zip("utf-8", polygons=True)),
    ],
    "parquet": lambda: [
        Seed("a.parquet", parquet_bytes()),
        Seed("b.parquet", plain_parquet_bytes()),
    ],
}


def corpus(family: str) -> list[Seed]:
    """The seeds of one reader family."""
    return FAMILIES[family]()
