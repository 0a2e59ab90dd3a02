"""Bars around schools and kindergartens; forbidden nationally without a number."""

from __future__ import annotations

from collections.abc import Iterator

from checks import (
    MINORS_58,
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
    id="bar-near-school",
    title=Text("学校周边酒吧", "Bars near schools"),
    why=Text(
        "学校、幼儿园周边不得设置酒吧。国家层面没有规定距离，少数地方条例规定为200米。",
        "No bar may be set up around schools and kindergartens. There is no national distance; "
        "a few local regulations give 200 m.",
    ),
    legal_basis=(MINORS_58, MINORS_123),
    needs=("bar", "school"),
    uses=("school_gate",),
    limits=(Limit("primary_middle", covered=False), Limit("school"), Limit("kindergarten")),
    level="lead",
    verify=(
        Text("到现场确认经营内容和时间，是否以提供酒类和夜间娱乐为主",
             "see on site what is offered and when: mainly drinks and night life, or not"),
        Text("查看营业执照经营范围", "see the scope of business on the licence"),
    ),
    pitfalls=(
        Text("名称含“吧”的水吧、书吧、咖啡吧不是酒吧",
             "juice, book and coffee “bars” carry the word in their name only"),
        Text("酒店大堂吧、餐厅附设吧台不一定独立经营",
             "a hotel's or restaurant's bar may be no business of its own"),
        Text("没有“酒吧”的专门许可，登记的类别不可靠",
             "there is no licence for bars as such: registered categories are unreliable"),
    ),
    since="0.1.0",
)  # fmt: skip

SUBJECTS = Perimeter("bar")


def find(
    layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool = False
) -> Iterator[Finding | Undecided]:
    """Every bar near a school, with the school that decides."""
    return look_around_schools(CHECK, SUBJECTS, layers, limits, on_date, all_subjects=all_subjects)
