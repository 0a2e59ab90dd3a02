"""The county's map service export: flat rows as Amap answers them, places in GCJ-02."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from demo.frame import to_lonlat
from demo.licences import COUNTY_CODE
from demo.shapes import Array
from demo.shops import KINDS, Shop
from demo.world import Campus
from layers.datum import from_wgs84

COLUMNS = ("id", "name", "type", "typecode", "address", "adname", "cityname", "pname", "parent",
           "lon_gcj02", "lat_gcj02", "query_adcode", "query_typecode", "query_page", "是否在营")  # fmt: skip
_PLACE = ("云溪县", "青澜市", "云岭省")
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SCHOOLS = {"primary": ("141203", "小学"), "kindergarten": ("141204", "幼儿园"),
            "vocational": ("141206", "职业技术学校"), "special": ("141200", "学校")}  # fmt: skip
_EXTRA_WORDS = {"060400": "购物服务;超级市场;超市", "050000": "餐饮服务;餐饮相关场所;餐饮相关", "050500": "餐饮服务;咖啡厅;咖啡厅",
                "050118": "餐饮服务;中餐厅;特色/地方风味餐厅"}  # fmt: skip
_LANDMARKS = ("县政务中心对面", "农贸市场旁", "汽车站附近", "人民医院斜对面", "虹桥桥头")
Row = dict[str, str]


def gcj(plane: Array) -> Array:
    """Plane metres (n, 2) → GCJ-02 degrees (n, 2) with the six decimals of an export."""
    lonlat = to_lonlat(plane)
    lon, lat = from_wgs84(lonlat[:, 0], lonlat[:, 1], "gcj02")
    return np.round(np.column_stack([lon, lat]), 6)


def poi_ids(count: int, random: Random) -> list[str]:
    """Ids in the form of the service: 10 characters, unique."""
    ids: dict[str, None] = {}
    while len(ids) < count:
        front = random.choices(("B0F", "B0G", "B02"), (0.75, 0.18, 0.07))[0]
        ids[front + "".join(random.choice(_SIGNS) for _ in range(7))] = None
    return list(ids)


@dataclass(frozen=True)
class Poi:
    """A place as the service knows it; `place` in GCJ-02 degrees, missing where it has none."""

    name: str
    code: str
    words: str
    address: str
    place: Array | None
    trading: str = ""


def shop_rows(shops: list[Shop], doors: Array, ids: list[str], random: Random) -> list[Row]:
    """One row per shop, in the order of `shops`."""
    places = gcj(doors)
    pois = [
        Poi(shop.name, shop.typecode, _words(shop), _address(shop, random),
            None if shop.door < 0 else places[shop.door], "否" if shop.licence == "not_trading" else "")
        for shop in shops
    ]  # fmt: skip
    return [_row(number, poi, random) for number, poi in zip(ids, pois, strict=True)]


def school_rows(campuses: tuple[Campus, ...], ids: list[str], random: Random) -> list[Row]:
    """Schools, the gates that the service names, and a facility inside a school."""
    pois = []
    for campus in campuses:
        code, word = _SCHOOLS.get(campus.kind, ("141202", "中学"))
        middle = gcj(np.array([campus.outline.centroid.coords[0]]))[0]
        pois.append(Poi(campus.name, code, f"科教文化服务;学校;{word}", "[]", middle))
        for gate in campus.gates:
            if gate.source == "poi":
                place = gcj(np.array([gate.point]))[0]
                name = f"{campus.name}({gate.label})"
                pois.append(Poi(name, "991000", "通行设施;建筑物门;建筑物门", "[]", place))
    inside = gcj(np.array([campuses[1].outline.centroid.coords[0]]) + 40)[0]
    name = f"{campuses[1].name}-操场"
    pois.append(Poi(name, "141207", "科教文化服务;学校;学校内部设施", "[]", inside))
    return [_row(number, poi, random) for number, poi in zip(ids, pois, strict=False)]


def write_export(path: Path, rows: list[Row], random: Random) -> None:
    """The rows in the order of an answer that came page by page, UTF-8 without BOM."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(random.sample(rows, len(rows)))


def _row(number: str, poi: Poi, random: Random) -> Row:
    degrees = ("[]", "[]") if poi.place is None else tuple(str(float(d)) for d in poi.place)
    parent = "[]" if random.random() < 0.78 else poi_ids(1, random)[0]
    asked = poi.code.split("|", maxsplit=1)[0][:4] + "00"
    cells = (number, poi.name, poi.words, poi.code, poi.address, *_PLACE, parent, *degrees,
             COUNTY_CODE, asked, str(random.randint(1, 12)), poi.trading)  # fmt: skip
    return dict(zip(COLUMNS, cells, strict=True))


def _words(shop: Shop) -> str:
    first, *more = shop.typecode.split("|")
    words = _EXTRA_WORDS.get(first, KINDS[shop.kind].words)
    return "|".join([words, *(_EXTRA_WORDS[code] for code in more)])


def _address(shop: Shop, random: Random) -> str:
    plain = f"{shop.street}{shop.number}号"
    if shop.door < 0:
        return "[]"
    if shop.licence != "any":
        return plain
    forms = (
        (0.55, plain), (0.13, f"{shop.street}{shop.number}-{random.randint(1, 9)}号1层"),
        (0.08, f"{shop.street}{shop.number}号附{random.randint(1, 6)}号"),
        (0.08, f"{shop.street}{shop.number}号北{random.choice((20, 30, 50))}米"),
        (0.07, random.choice(_LANDMARKS)), (0.06, f"{shop.street}与人和大道交叉口附近"), (0.03, "[]"),
    )  # fmt: skip
    return random.choices([text for _, text in forms], [share for share, _ in forms])[0]
