"""Tobacco outlets around schools and kindergartens.

The national law forbids them in the "perimeter" and gives no number: the distance and the
way of measuring it stand in the layout plan of the local tobacco bureau.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks import (
    MINORS_59,
    MINORS_123,
    TOBACCO_LAYOUT,
    Check,
    Finding,
    LegalBasis,
    Limit,
    Limits,
    Perimeter,
    Text,
    Undecided,
    look_around_schools,
)
from layers import LayerSet

CHECK = Check(
    id="tobacco-near-school",
    title=Text("学校周边烟草零售点", "Tobacco retailers near schools"),
    why=Text(
        "学校、幼儿园周边不得设置烟草销售网点。国家层面没有规定距离，距离和测量方法由地方烟草专卖局的合理布局规定确定。",
        "Tobacco may not be sold around schools and kindergartens. No national text gives a "
        "distance; distance and method stand in the layout plan of the local tobacco bureau.",
    ),
    legal_basis=(
        MINORS_59,
        MINORS_123,
        LegalBasis(
            Text("中华人民共和国烟草专卖法实施条例", "Regulations on the Tobacco Monopoly Law"),
            "9(3)", "1997-07-03", source="LRB", verified=True,
            says=Text("零售许可证的申领应当符合合理布局要求",
                      "a retail licence must fit the layout of outlets"),
        ),
        TOBACCO_LAYOUT,
    ),
    needs=("tobacco_retailer", "school"),
    uses=("school_gate", "tobacco_licence"),
    limits=(
        Limit("primary_middle", covered=False),
        Limit("school"),
        Limit("kindergarten"),
        Limit("training", covered=False),
    ),
    level="lead",
    verify=(
        Text("两名以上人员到现场，按当地规定的起止点（校门中心、门框中心等）实测并拍照",
             "measure on site with two officers between the points the local rule names (centre "
             "of the gate, centre of the door) and take photographs"),
        Text("查看烟草专卖零售许可证原件：证号、经营地址、首次发证、延续和到期日期",
             "see the licence itself: number, address, first issue, renewals and expiry"),
        Text("向烟草专卖局调取许可档案和现行合理布局规定文本",
             "ask the tobacco bureau for the file and for the layout plan in force"),
        Text("向学校核实各校门是否日常启用、何时启用",
             "ask the school which gates are in daily use, and since when"),
    ),
    pitfalls=(
        Text("电子地图把烟和酒归为一类，标为“烟酒”的店可能只卖酒",
             "map providers class tobacco with alcohol: a shop so labelled may sell alcohol only"),
        Text("点位常标在楼栋或商场中心，店门可能开在另一条街",
             "the pin often sits in the middle of a building or mall; the door may be on another street"),
        Text("店铺已停业或迁走而地图未更新",
             "the shop has closed or moved and the map does not know"),
        Text("许可证早于规定，依过渡办法在有效期内合法",
             "the licence is older than the rule and lawful until it runs out"),
        Text("校门为消防通道或已封闭，不是师生日常出入口",
             "a gate is a fire exit or closed for good, not one pupils use"),
        Text("大学、校外培训机构不属于法律所称的学校（地方另有规定的除外）",
             "universities and training centres are not schools in the sense of the law, unless "
             "a local rule says so"),
        Text("一店多证或迁址换证，登记册中会出现旧证",
             "one shop with several licences, or an old one after a move, appears twice"),
    ),
    since="0.1.0",
)  # fmt: skip

SUBJECTS = Perimeter(
    "tobacco_retailer", register="tobacco_licence", candidate="tobacco-capable proxy"
)


def find(
    layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool = False
) -> Iterator[Finding | Undecided]:
    """Every tobacco retailer near a school, with the school that decides."""
    return look_around_schools(CHECK, SUBJECTS, layers, limits, on_date, all_subjects=all_subjects)
