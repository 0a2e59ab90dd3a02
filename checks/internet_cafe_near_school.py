"""Internet cafés around schools: 200 m around primary and middle schools, nationally.

The number stands in the regulations. How to measure it does not: the State Council's
legislative office answered in 2003 that it is a straight line outward from any point of
the campus wall; since 2014 pilot areas measure the shortest walk between the doors. The
default follows the first; an area of the second kind uses its rule pack.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks import (
    KINDERGARTEN_NOTICE,
    MINORS_36_OLD,
    MINORS_58,
    MINORS_123,
    Check,
    Document,
    Finding,
    LegalBasis,
    Limit,
    Limits,
    Perimeter,
    Rule,
    Text,
    Undecided,
    look_around_schools,
)
from layers import LayerSet

REGULATIONS = Text("互联网上网服务营业场所管理条例", "Regulations on Internet Cafés")
NATIONAL = Rule(
    id="national:internet-cafe-near-school:primary_middle:2002-11-15",
    check="internet-cafe-near-school",
    school_class="primary_middle",
    value=200, unit="m", comparator="<=",
    method="boundary_straight", origin="boundary", target_point="premises",
    in_force_from="2002-11-15", article="9",
    document=Document(
        "互联网上网服务营业场所管理条例", "国务院令第363号（2022-03-29修订）",
        "LawRefBook/Laws 行政法规", "2026-11-22", verified=True,
    ),
    verified=True, national=True,
    assumed=("method", "origin", "target_point"),
    note=Text(
        "条例只规定200米；自围墙或校园边界任意一点沿直线量起，见国务院法制办对文市函〔2003〕560号的答复（未核实原文）",
        "the regulations give the 200 m only; the straight line from any point of the wall or "
        "boundary follows an answer of the State Council's legislative office of 2003 (text not "
        "verified)",
    ),
)  # fmt: skip

CHECK = Check(
    id="internet-cafe-near-school",
    title=Text("学校周边网吧", "Internet cafés near schools"),
    why=Text(
        "中学、小学校园周围200米范围内不得设立互联网上网服务营业场所；其他学校和幼儿园周边的距离由省级规定。",
        "No internet café may be set up within 200 m around primary and middle schools; for "
        "other schools and kindergartens the province sets the distance.",
    ),
    legal_basis=(
        LegalBasis(REGULATIONS, "9", "2002-11-15", source="LRB", verified=True,
                   says=Text("中学、小学校园周围200米范围内和居民住宅楼（院）内不得设立互联网上网服务营业场所",
                             "none within 200 m around primary and middle schools, none in "
                             "residential buildings or compounds")),
        MINORS_58,
        MINORS_36_OLD,
        MINORS_123,
        KINDERGARTEN_NOTICE,
        LegalBasis(
            Text("关于加强执法监督完善管理政策促进互联网上网服务行业健康有序发展的通知",
                 "Notice on supervision and policy for internet cafés"),
            "—", "2014-11-24", number="文市发〔2014〕41号", source="mem", verified=False,
            says=Text("试点地区：距中小学校园出入口最低交通行走距离不低于200米",
                      "pilot areas: at least 200 m of the shortest walk from the gates of "
                      "primary and middle schools"),
        ),
    ),
    needs=("internet_cafe", "school"),
    uses=("school_gate",),
    limits=(
        Limit("primary_middle", (NATIONAL,)),
        Limit("school"),
        Limit("kindergarten"),
    ),
    level="lead",
    verify=(
        Text("先查明本省采用围墙直线还是校门步行距离，再现场实测",
             "find out first whether the province measures straight from the wall or along the "
             "walk from the gate, then measure on site"),
        Text("查看《网络文化经营许可证》的地址和发证日期",
             "see the licence for online culture: address and date of issue"),
        Text("保存测量路径：同一网吧曾有官方200米以上、私人测量164.8米的争议",
             "keep the path that was measured: for one and the same café an official figure of "
             "over 200 m and a private one of 164.8 m were once in dispute"),
    ),
    pitfalls=(
        Text("电竞酒店、电竞馆不是网吧，审批依据不同",
             "e-sports hotels and arenas are no internet cafés; other approvals apply"),
        Text("学校的围墙范围不等于地图上的面：操场、宿舍区可能另成一块",
             "the wall of a school is not the polygon on the map: fields and dormitories may lie apart"),
        Text("学校晚于网吧设立的，处理方式不同",
             "a school younger than the café is another case"),
        Text("资料只写“学校”而未写类别时，可能是职业学校",
             "where the data say only “school” it may be a vocational one"),
    ),
    since="0.1.0",
)  # fmt: skip

SUBJECTS = Perimeter("internet_cafe")


def find(
    layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool = False
) -> Iterator[Finding | Undecided]:
    """Every internet café near a school, with the school that decides."""
    return look_around_schools(CHECK, SUBJECTS, layers, limits, on_date, all_subjects=all_subjects)
