"""Round the reservoir: protection zones, parcels, candidates a person looked at, sites reported as put right.

Everything is invented. The outlines of the waste are those planted in the scenes from the air; the
layer of candidates is as it stands after a person went through them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from shapely import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from demo.country import HILLS, dam, reservoir
from demo.geojson import Feature, write_areas
from demo.imagery.sites import AFTER, BEFORE, Planted, Site, sites
from demo.imagery.things import blob
from demo.intake import Desk
from demo.reality.said import BORDERLINE, INSIDE, OUTSIDE, UNDECIDED, Record, Truth
from demo.shapes import biggest
from demo.world import World
from layers.measures import mu_of

NEAR, BACK = "waste-near-reservoir", "change-after-closure"
FIRST_M, SECOND_M, DAM_M = 50.0, 80.0, 100.0
"""The invented zones: so many metres of land round the water; no number of any law."""
OUTLINE_M, EDGE_M = 1.5, 0.3
"""Position error of outlines drawn on the scenes, and of their edges."""
CLOSED = "2025-12-20"
THEMES = ("protection_zone", "land_parcel", "waste_candidate", "closed_site", "scene_footprint")
_OWN = {"id": "编号", "name": "名称", "u_source_m": "位置误差"}
_WITHOUT = {("name", "land_parcel"), ("name", "scene_footprint")}
COLUMNS: dict[str, dict[str, str]] = {
    "protection_zone": {"class": "类别", "official": "是否官方划定", "document": "批准文件"},
    "land_parcel": {"class": "地类"},
    "waste_candidate": {"material": "材料", "area_m2": "面积", "u_area_m2": "面积误差", "area_mu": "面积（亩）",
                        "day": "影像日期", "detector": "检测方法", "confirmed": "人工确认"},
    "closed_site": {"problem": "问题类别", "closed": "整改完成日期", "document": "整改文件"},
    "scene_footprint": {"day": "影像日期", "gsd_m": "地面分辨率", "searched": "已检测内容"},
}  # fmt: skip
"""Which header of the file is which column, as an office says it at import."""
WASTE = {
    "rubble": "建筑垃圾",
    "ash": "炉灰",
    "earth": "弃土",
    "greenhouse": "塑料大棚",
    "bare_field": "裸地",
}
Row = tuple[Feature, BaseGeometry]


@dataclass(frozen=True)
class Zones:
    """All of it, made from the places flown over."""

    world: World

    @cached_property
    def places(self) -> dict[str, Site]:
        """The places flown over, by name."""
        return {site.name: site for site in sites(self.world)}

    @cached_property
    def planted(self) -> dict[str, Planted]:
        """What lies on the shore in the later scene, by kind."""
        return {one.kind: one for one in self.places["shore"].planted}

    @cached_property
    def doubtful(self) -> Polygon:
        """Something light on the ground that nobody has looked at yet."""
        x, y = self.places["shore"].middle
        return blob((x - 110, y - 5), 150.0, 53)

    @cached_property
    def inland(self) -> Polygon:
        """A heap that is none of the reservoir's."""
        x, y = self.places["shore"].middle
        return blob((x - 150, y - 520), 300.0, 59)


def write_zones(folder: Path, zones: Zones) -> None:
    """One GeoJSON file per theme into `folder`."""
    rows = {"protection_zone": _protection(), "land_parcel": _parcels(zones),
            "waste_candidate": _waste(zones), "closed_site": _closed(zones),
            "scene_footprint": _footprints(zones)}  # fmt: skip
    for theme in THEMES:
        write_areas(folder / f"{theme}.geojson", rows[theme], "cgcs2000")


def import_zones(desk: Desk, counts: dict[str, int]) -> dict[str, int]:
    """Import them as an office would; returns `counts` with their rows."""
    found = {}
    for theme in THEMES:
        own = {field: header for field, header in _OWN.items() if (field, theme) not in _WITHOUT}
        layer = desk.bring(f"{theme}.geojson", theme, columns=own | COLUMNS[theme])
        found[theme] = len(layer)
    return counts | found


def _protection() -> Iterator[Row]:
    water = reservoir()
    first, second = water.buffer(FIRST_M), water.buffer(SECOND_M)
    hill, reach = HILLS[2]
    for number, name, kind, shape in (
        ("z1", "石塘水库饮用水水源一级保护区", "饮用水水源一级保护区", first),
        ("z2", "石塘水库饮用水水源二级保护区", "饮用水水源二级保护区", second.difference(first)),
        ("z3", "石塘水库大坝管理范围", "水库管理范围", dam().buffer(DAM_M)),
        ("z4", "西北山地生态保护红线", "生态保护红线", Point(hill).buffer(reach * 0.7)),
    ):
        yield {"编号": number, "名称": name, "类别": kind, "是否官方划定": "是",
               "批准文件": "演政函〔2019〕12号（虚构）", "位置误差": 1.0}, shape  # fmt: skip


def _parcels(zones: Zones) -> Iterator[Row]:
    """Ordinary farmland under the rubble, basic farmland under the earth, a shoal under the ash."""
    taken: BaseGeometry = Polygon()
    for number, (kind, land, wide) in enumerate((("rubble", "旱地", 22.0), ("earth", "永久基本农田", 18.0),
                                                 ("ash", "内陆滩涂", 12.0)), 1):  # fmt: skip
        shape = biggest(zones.planted[kind].outline.buffer(wide).difference(taken))
        taken = taken.union(shape)
        yield {"编号": f"p{number}", "地类": land, "位置误差": 1.0}, shape


def _waste(zones: Zones) -> Iterator[Row]:
    for number, (kind, one) in enumerate(zones.planted.items(), 1):
        yield _candidate(f"w{number}", WASTE[kind], one.outline, "否" if one.decoy else "是")
    yield _candidate("w6", "不明", zones.doubtful, None)
    yield _candidate("w7", "生活垃圾", zones.inland, "是")


def _candidate(number: str, material: str, shape: Polygon, confirmed: str | None) -> Row:
    return {"编号": number, "名称": f"石塘水库{number}号点", "材料": material,
            "面积": round(shape.area, 1), "面积误差": round(shape.length * EDGE_M, 1),
            "面积（亩）": round(mu_of(shape.area), 3), "影像日期": AFTER, "检测方法": "人工核对 / by hand",
            "人工确认": confirmed, "位置误差": OUTLINE_M}, shape  # fmt: skip


def _closed(zones: Zones) -> Iterator[Row]:
    x, y = zones.places["shore"].middle
    bank = zones.places["bank"].middle
    for number, name, kind, shape in (
        ("c1", "石塘水库弃土点", "弃土", biggest(zones.planted["earth"].outline.buffer(4))),
        ("c2", "石塘水库南侧垃圾点", "生活垃圾", box(x + 25, y - 120, x + 55, y - 95)),
        ("c3", "石塘水库西侧堆放点", "固体废物堆放", biggest(zones.doubtful.buffer(6))),
        ("c4", "石塘大棚旁堆放点", "固体废物堆放", biggest(zones.planted["greenhouse"].outline.buffer(3))),
        ("c5", "云溪河岸垃圾点", "生活垃圾", box(bank[0] - 100, bank[1] + 20, bank[0] - 60, bank[1] + 50)),
        ("c6", "麻溪垃圾点", "生活垃圾", box(-800, -3900, -760, -3870)),
    ):  # fmt: skip
        yield {"编号": number, "名称": name, "问题类别": kind, "整改完成日期": CLOSED,
               "整改文件": "整改报告（虚构）", "位置误差": OUTLINE_M}, shape  # fmt: skip


def _footprints(zones: Zones) -> Iterator[Row]:
    """What the flights show; only the shore was searched for waste."""
    for name, pixel in (("shore", 0.125), ("bank", 0.25)):
        site = zones.places[name]
        (x, y), (wide, high) = site.middle, site.size_m
        for day in (BEFORE, AFTER):
            shape = box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
            searched = "固体废物 waste" if name == "shore" else None
            yield {"编号": f"{name}-{day}", "影像日期": day, "地面分辨率": pixel,
                   "已检测内容": searched, "位置误差": OUTLINE_M}, shape  # fmt: skip


def zones_truth(zones: Zones) -> dict[str, Record]:
    """What the two checks must say, from how it was planted."""
    near, back = Truth("waste_candidate"), Truth("closed_site")
    water = reservoir()
    near_said = {
        "w1": (INSIDE, "near_shore", "建筑垃圾，保护区外，距岸100米"), "w2": (INSIDE, "zone_1", "一级保护区内的炉灰"),
        "w3": (INSIDE, "zone_2", "二级保护区内的弃土"), "w4": (OUTSIDE, "refuted", "大棚"),
        "w5": (OUTSIDE, "refuted", "裸地"), "w6": (BORDERLINE, "near_shore", "没有人看过"),
        "w7": (OUTSIDE, "away", "离水库远"),
    }  # fmt: skip
    shapes = [one.outline for one in zones.planted.values()] + [zones.doubtful, zones.inland]
    for shape, (number, said) in zip(shapes, near_said.items(), strict=True):
        near.say(number, f"石塘水库{number}号点", *said)
        near.subjects[number] |= {"measured_m": round(shape.distance(water), 2), "tolerance_m": 1.0}
    for number, name, *told in (
        ("c1", "石塘水库弃土点", INSIDE, "still_there", "弃土还在"),
        ("c2", "石塘水库南侧垃圾点", OUTSIDE, "gone", "检测过，没有东西"),
        ("c3", "石塘水库西侧堆放点", BORDERLINE, "perhaps_there", "候选没有人看过"),
        ("c4", "石塘大棚旁堆放点", OUTSIDE, "gone", "只有大棚"),
        ("c5", "云溪河岸垃圾点", UNDECIDED, None, "影像没有检测过"),
        ("c6", "麻溪垃圾点", UNDECIDED, None, "没有影像"),
    ):
        back.say(str(number), name, *told)
    return {NEAR: near.as_dict(), BACK: back.as_dict()}
