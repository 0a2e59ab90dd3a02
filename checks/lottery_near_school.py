"""Lottery outlets around schools and kindergartens; distance and method are local."""

from __future__ import annotations

from collections.abc import Iterator

from checks import (
    MINORS_59,
    MINORS_123,
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
    id="lottery-near-school",
    title=Text("学校周边彩票销售网点", "Lottery outlets near schools"),
    why=Text(
        "学校、幼儿园周边不得设置彩票销售网点。距离由地方民政、体育部门规定，许多地方尚未规定。",
        "Lottery tickets may not be sold around schools and kindergartens. The distance is set "
        "by the local civil-affairs and sports authorities; many have not set one.",
    ),
    legal_basis=(
        MINORS_59,
        MINORS_123,
        LegalBasis(
            Text("彩票管理条例", "Regulations on Lotteries"), "15, 18", "2009-07-01",
            source="LRB", verified=True,
            says=Text("不得向未成年人销售彩票；销售场所的设置要求",
                      "no sale to minors; requirements for the place of sale"),
        ),
    ),
    needs=("lottery_outlet", "school"),
    uses=("school_gate",),
    limits=(Limit("primary_middle", covered=False), Limit("school"), Limit("kindergarten")),
    level="lead",
    verify=(
        Text("向福彩、体彩中心核对代销合同和设点时间",
             "check the contract and the date of the outlet with the lottery centre"),
        Text("到现场按当地规定实测，拍摄门头和销售终端",
             "measure on site as the local rule says; photograph front and terminal"),
    ),
    pitfalls=(
        Text("网点设在超市或便利店内，点位是整个店的",
             "the outlet is a counter inside a shop and the pin is the shop's"),
        Text("临时网点、流动销售车没有固定位置",
             "temporary stalls and vans have no fixed place"),
        Text("福利彩票与体育彩票由不同部门主管，规定可能不同",
             "welfare and sports lotteries answer to different authorities with different rules"),
        Text("网点已撤而地图未更新", "the outlet is gone and the map does not know"),
    ),
    since="0.1.0",
)  # fmt: skip

SUBJECTS = Perimeter("lottery_outlet")


def find(
    layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool = False
) -> Iterator[Finding | Undecided]:
    """Every lottery outlet near a school, with the school that decides."""
    return look_around_schools(CHECK, SUBJECTS, layers, limits, on_date, all_subjects=all_subjects)
