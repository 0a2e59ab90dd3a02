"""Entertainment venues around schools and kindergartens: KTV, dance halls, arcades, billiards.

National law names no distance; provinces do.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks import (
    KINDERGARTEN_NOTICE,
    MINORS_36_OLD,
    MINORS_58,
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
    id="entertainment-near-school",
    title=Text("学校周边娱乐场所", "Entertainment venues near schools"),
    why=Text(
        "学校、幼儿园周边不得设置营业性娱乐场所（歌舞、游艺等）。距离和测量方法由省级文化和旅游部门规定。",
        "No commercial entertainment venue (song and dance, arcades and the like) may be set "
        "up around schools and kindergartens. Distance and method are set by the province.",
    ),
    legal_basis=(
        MINORS_58,
        MINORS_36_OLD,
        MINORS_123,
        LegalBasis(
            Text("娱乐场所管理条例", "Regulations on Entertainment Venues"), "7", "2006-03-01",
            source="LRB", verified=True,
            says=Text("娱乐场所不得设在居民楼和学校、医院、机关周围等地点",
                      "not in residential buildings, nor around schools, hospitals and offices"),
        ),
        KINDERGARTEN_NOTICE,
    ),
    needs=("entertainment_venue", "school"),
    uses=("school_gate",),
    limits=(Limit("primary_middle", covered=False), Limit("school"), Limit("kindergarten")),
    level="lead",
    verify=(
        Text("查看《娱乐经营许可证》：类别、地址、发证日期",
             "see the entertainment licence: kind, address, date of issue"),
        Text("到现场按省级规定的起止点实测",
             "measure on site between the points the province names"),
    ),
    pitfalls=(
        Text("台球厅、棋牌室是否属于“娱乐场所”有不同规定，需由人判断",
             "whether billiards and chess rooms count as entertainment venues differs; a person decides"),
        Text("儿童乐园、娃娃机常被归为游戏厅",
             "children's playgrounds and claw machines are often typed as arcades"),
        Text("商场内的场所，点位在商场中心",
             "inside a mall the pin is the mall's"),
        Text("量贩式KTV与夜总会的管理要求不同",
             "family karaoke and night clubs are regulated differently"),
    ),
    since="0.1.0",
)  # fmt: skip

SUBJECTS = Perimeter("entertainment_venue")


def find(
    layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool = False
) -> Iterator[Finding | Undecided]:
    """Every entertainment venue near a school, with the school that decides."""
    return look_around_schools(CHECK, SUBJECTS, layers, limits, on_date, all_subjects=all_subjects)
