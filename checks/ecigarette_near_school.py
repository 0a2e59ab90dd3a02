"""E-cigarette outlets around schools and kindergartens.

Treated like cigarettes by the national regulations; distance and method are local.
"""

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
    id="ecigarette-near-school",
    title=Text("学校周边电子烟零售点", "E-cigarette retailers near schools"),
    why=Text(
        "电子烟参照卷烟管理，学校、幼儿园周边不得设置电子烟销售网点。距离由地方电子烟零售点布局规划确定。",
        "E-cigarettes follow the rules for cigarettes: none may be sold around schools and "
        "kindergartens. The distance stands in the local layout plan.",
    ),
    legal_basis=(
        MINORS_59,
        MINORS_123,
        LegalBasis(
            Text("中华人民共和国烟草专卖法实施条例", "Regulations on the Tobacco Monopoly Law"),
            "65", "2021-11-10", source="LRB", verified=True,
            says=Text("电子烟等新型烟草制品参照本条例卷烟的有关规定执行",
                      "e-cigarettes and other new tobacco products follow the rules for cigarettes"),
        ),
        LegalBasis(
            Text("电子烟管理办法", "Administrative Measures for E-cigarettes"), "—",
            "2022-05-01", source="web", verified=False,
            says=Text("学校、幼儿园周边不得设置电子烟产品销售网点",
                      "no outlets for e-cigarettes around schools and kindergartens"),
        ),
    ),
    needs=("ecig_retailer", "school"),
    uses=("school_gate",),
    limits=(
        Limit("primary_middle", covered=False),
        Limit("school"),
        Limit("kindergarten"),
        Limit("training", covered=False),
    ),
    level="lead",
    verify=(
        Text("到现场按当地规定实测，并查看许可证的许可范围是否包括电子烟",
             "measure on site as the local rule says, and see whether the licence covers e-cigarettes"),
        Text("向烟草专卖局核对电子烟零售许可和布局规划",
             "check the licence and the layout plan with the tobacco bureau"),
    ),
    pitfalls=(
        Text("电子烟零售点多开在商场内，点位在商场中心，实际店门可能相距数十米",
             "many outlets are inside malls: the pin is the mall's, the door may be tens of metres off"),
        Text("2022年以后大量网点关停，地图资料更新慢",
             "many outlets closed after 2022 and maps are slow to follow"),
        Text("便利店兼营与专营店的许可类别不同",
             "a convenience store selling them as well has another kind of licence"),
        Text("大学不属于法律所称的学校", "universities are not schools in the sense of the law"),
    ),
    since="0.1.0",
)  # fmt: skip

SUBJECTS = Perimeter("ecig_retailer")


def find(
    layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool = False
) -> Iterator[Finding | Undecided]:
    """Every e-cigarette retailer near a school, with the school that decides."""
    return look_around_schools(CHECK, SUBJECTS, layers, limits, on_date, all_subjects=all_subjects)
