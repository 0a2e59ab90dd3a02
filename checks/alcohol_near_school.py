"""Alcohol outlets around schools and kindergartens.

Forbidden nationally without a number; few places have one, so most runs can only give the
distance.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks import (
    MINORS_59,
    MINORS_123,
    Check,
    Finding,
    Limit,
    Limits,
    Perimeter,
    Text,
    Undecided,
    look_around_schools,
)
from layers import LayerSet

CHECK = Check(
    id="alcohol-near-school",
    title=Text("学校周边酒类销售网点", "Alcohol outlets near schools"),
    why=Text(
        "学校、幼儿园周边不得设置酒销售网点。国家层面没有规定距离，多数地方也没有；没有地方规定时只给出距离，不作结论。",
        "Alcohol may not be sold around schools and kindergartens. There is no national "
        "distance and few local ones; without one the check gives the distance and no verdict.",
    ),
    legal_basis=(MINORS_59, MINORS_123),
    needs=("alcohol_retailer", "school"),
    uses=("school_gate",),
    limits=(Limit("primary_middle", covered=False), Limit("school"), Limit("kindergarten")),
    level="lead",
    verify=(
        Text("查明当地（商务、市场监管部门）是否有距离规定及其适用范围",
             "find out whether the local commerce or market authority has set a distance, and for whom"),
        Text("到现场确认是否实际销售酒类、是否为餐饮堂食",
             "see on site whether alcohol is really sold, and whether it is served with meals only"),
    ),
    pitfalls=(
        Text("超市、便利店几乎都卖酒：类别不等于专营",
             "nearly every supermarket sells alcohol: the category does not mean a liquor shop"),
        Text("餐饮堂食供酒往往不在地方规定范围内",
             "local rules often leave out restaurants that serve it with meals"),
        Text("地方规定可能只适用于新设网点",
             "a local rule may bind new outlets only"),
        Text("电子地图把烟和酒归为一类", "map providers class alcohol with tobacco"),
    ),
    since="0.1.0",
)  # fmt: skip

SUBJECTS = Perimeter("alcohol_retailer")


def find(
    layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool = False
) -> Iterator[Finding | Undecided]:
    """Every alcohol outlet near a school, with the school that decides."""
    return look_around_schools(CHECK, SUBJECTS, layers, limits, on_date, all_subjects=all_subjects)
