"""Fire lanes of the estates and what stands in them, as a person drew and confirmed it.

The first lane is the one flown over: its obstacles are those planted in the later scene. The others
are drives of other blocks. How wide each remains follows from how it was planted, by subtraction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from demo.frame import to_lonlat
from demo.geojson import Feature, write_areas
from demo.imagery.canvas import rectangle
from demo.imagery.ground import WIDTHS
from demo.imagery.sites import AFTER, sites
from demo.intake import Desk
from demo.reality.said import BORDERLINE, INSIDE, OUTSIDE, UNDECIDED, Record, Truth
from demo.world import World

CHECK = "fire-lane-blocked"
LANE_M, OUTLINE_M = 0.1, 0.15
"""What the edges of lanes and the outlines of obstacles may be off."""
TOLERANCE_M = 0.02
BED_LEAVES_M = WIDTHS["service"] / 2 - 0.9
"""The planted bed reaches 0.9 m beyond the middle of the flown-over drive: this is what is left."""
COLUMNS: dict[str, dict[str, str]] = {
    "fire_lane": {"id": "编号", "name": "名称", "u_source_m": "位置误差", "width_m": "设计宽度", "built": "建成日期", "gates": "出入口"},
    "obstacle": {"id": "编号", "name": "名称", "u_source_m": "位置误差", "kind": "类别", "u_outline_m": "轮廓误差",
                 "day": "影像日期", "detector": "检测方法", "confirmed": "人工确认"},
}  # fmt: skip
KINDS = {"car": "小汽车", "van": "面包车", "bed": "绿化花坛", "board": "公示牌"}
_SHORTEST_M = 30.0
Row = tuple[Feature, BaseGeometry]


@dataclass(frozen=True)
class Drive:
    """One lane: its middle on the plane, width drawn (or none), what a person knows of it.

    `things` are kind, width, how far its nearer side is from the right-hand edge, and whether it
    was confirmed; `left_m` is the width they leave.
    """

    number: str
    name: str
    line: LineString
    width_m: float | None
    built: str | None
    things: tuple[tuple[str, float, float, str | None], ...]
    said: tuple[str, str | None, str]
    left_m: float | None
    gates: int = 2


@dataclass(frozen=True)
class Lanes:
    """All of it, made from the county."""

    world: World

    @cached_property
    def estate(self) -> tuple[LineString, Polygon, list[tuple[str, Polygon]]]:
        """The drive flown over: middle, outline, what is planted in it."""
        site = next(site for site in sites(self.world) if site.name == "estate")
        line, lane = site.lanes[0]
        return line, lane, [(one.kind, one.outline) for one in site.planted]

    @cached_property
    def drives(self) -> tuple[Drive, ...]:
        """The lanes of the other blocks."""
        lines = self._straight()
        return (
            Drive("x2", "锦绣苑消防车道", lines[0], 6.6, "2018-03-01", (("小汽车", 1.9, 0.0, "是"),),
                  (OUTSIDE, "lane_clear", "路边停一辆车，余4.7米"), 4.7),
            Drive("x3", "东门小区消防车道", lines[1], 6.0, "2018-03-01", (("小汽车", 2.0, 0.1, "是"),),
                  (BORDERLINE, "lane_measure", "余3.9米，误差内须实测"), 3.9),
            Drive("x4", "文昌苑消防车道", lines[2], 6.0, "2020-06-01", (("杂物", 4.0, 0.0, None),),
                  (BORDERLINE, "lane_unconfirmed", "障碍物没有人确认"), 2.0),
            Drive("x5", "老厂宿舍消防车道", lines[3], 5.0, None, (("彩钢棚", 5.4, -0.2, "是"),),
                  (INSIDE, "lane_shut", "彩钢棚堵死"), 0.0, gates=1),
            Drive("x6", "粮站家属院消防车道", lines[4], 3.2, None, (("小汽车", 2.0, -8.0, "是"),),
                  (BORDERLINE, "lane_risk", "本身只有3.2米，建成日期不明"), 3.2),
            Drive("x7", "中心街消防车道（仅有中线）", lines[5], None, None, (),
                  (UNDECIDED, None, "中线没有宽度"), None),
        )  # fmt: skip

    def _straight(self) -> list[LineString]:
        """Straight drives apart from each other and from the one flown over."""
        chosen: list[LineString] = [self.estate[0]]
        for street in self.world.streets:
            good = street.kind == "service" and len(street.line.coords) == 2
            if (
                good
                and street.line.length >= _SHORTEST_M
                and street.line.distance(shapely.MultiLineString(chosen)) > 40
            ):
                chosen.append(street.line)
        return chosen[1:]


def write_lanes(folder: Path, lanes: Lanes) -> None:
    """One GeoJSON file per theme into `folder`."""
    write_areas(folder / "fire_lane.geojson", _lanes(lanes), "cgcs2000")
    write_areas(folder / "obstacle.geojson", _obstacles(lanes), "cgcs2000")


def import_lanes(desk: Desk, counts: dict[str, int]) -> dict[str, int]:
    """Import them as an office would; returns `counts` with their rows."""
    found = {theme: len(desk.bring(f"{theme}.geojson", theme, columns=columns))
             for theme, columns in COLUMNS.items()}  # fmt: skip
    return counts | found


def _lanes(lanes: Lanes) -> Iterator[Row]:
    line, lane, _ = lanes.estate
    about = {"位置误差": LANE_M, "设计宽度": None}
    yield about | {"编号": "x1", "名称": "花园小区消防车道", "建成日期": "2019-09-01",
                   "出入口": _gates(line, WIDTHS["service"], 2)}, lane  # fmt: skip
    for one in lanes.drives:
        shape = (
            one.line if one.width_m is None else one.line.buffer(one.width_m / 2, cap_style="flat")
        )
        gates = None if one.width_m is None else _gates(one.line, one.width_m, one.gates)
        yield (
            about | {"编号": one.number, "名称": one.name, "建成日期": one.built, "出入口": gates},
            shape,
        )


def _gates(line: LineString, width_m: float, count: int) -> str:
    """The lane's ends as the text a layer keeps: lines in degrees."""
    xy = shapely.get_coordinates(line)
    ends = [_across(xy[0], xy[1] - xy[0], width_m), _across(xy[-1], xy[-1] - xy[-2], width_m)]
    both = shapely.MultiLineString([shapely.transform(end, to_lonlat) for end in ends[:count]])
    return shapely.to_wkt(both, rounding_precision=9)


def _across(spot: np.ndarray, ahead: np.ndarray, width_m: float) -> LineString:
    ahead = ahead / np.hypot(*ahead)
    side = width_m / 2 * np.array([-ahead[1], ahead[0]])
    return LineString([spot - side, spot + side])


def _obstacles(lanes: Lanes) -> Iterator[Row]:
    number = 0
    planted: Sequence[tuple[str, BaseGeometry, str | None]] = [
        *((KINDS[kind], shape, "是") for kind, shape in lanes.estate[2]),
        *(thing for one in lanes.drives for thing in _things(one)),
    ]
    for number, (kind, shape, confirmed) in enumerate(planted, 1):
        yield {"编号": f"o{number}", "名称": kind, "位置误差": LANE_M, "类别": kind, "轮廓误差": OUTLINE_M,
               "影像日期": AFTER, "检测方法": "人工勾画 / drawn by hand", "人工确认": confirmed}, shape  # fmt: skip


def _things(one: Drive) -> Iterator[tuple[str, BaseGeometry, str | None]]:
    xy = shapely.get_coordinates(one.line)
    ahead = (xy[-1] - xy[0]) / one.line.length
    bearing = float(np.degrees(np.arctan2(ahead[0], ahead[1])))
    for kind, wide, off, confirmed in one.things:
        aside = (one.width_m or 0.0) / 2 - off - wide / 2
        spot = xy.mean(axis=0) + aside * np.array([ahead[1], -ahead[0]])
        yield kind, rectangle((float(spot[0]), float(spot[1])), 4.5, wide, bearing), confirmed


def lanes_truth(lanes: Lanes) -> dict[str, Record]:
    """What the check must say, from how it was planted."""
    truth = Truth("fire_lane")
    truth.say("x1", "花园小区消防车道", INSIDE, "lane_narrowed", "绿化花坛只留1.9米")
    truth.subjects["x1"] |= {"measured_m": BED_LEAVES_M, "tolerance_m": TOLERANCE_M}
    for one in lanes.drives:
        truth.say(one.number, one.name, *one.said)
        if one.left_m is not None:
            truth.subjects[one.number] |= {"measured_m": one.left_m, "tolerance_m": TOLERANCE_M}
    return {CHECK: truth.as_dict()}
