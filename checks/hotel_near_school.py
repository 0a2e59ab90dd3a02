"""Hotels around schools: a watch list. No text gives a distance, so no lead comes from it."""

from __future__ import annotations

from collections.abc import Iterator

from checks import (
    Check,
    Finding,
    LegalBasis,
    Limits,
    Perimeter,
    Text,
    Undecided,
    look_around_schools,
)
from layers import LayerSet

CHECK = Check(
    id="hotel-near-school",
    title=Text("学校周边旅馆（观察名单）", "Hotels near schools (watch list)"),
    why=Text(
        "旅馆接待未成年人应当询问监护人联系方式；电竞酒店属于不适宜未成年人活动的场所。没有距离规定，本项只列出学校附近的旅馆，供巡查参考。",
        "A hotel that takes in minors must ask for their guardians; e-sports hotels count as "
        "unfit for minors. No distance is set: this is a list for inspection rounds.",
    ),
    legal_basis=(
        LegalBasis(
            Text("中华人民共和国未成年人保护法", "Law on the Protection of Minors"), "57, 122",
            "2021-06-01", source="JL", verified=True,
            says=Text("旅馆接待未成年人入住，应当询问父母或者其他监护人的联系方式等情况",
                      "a hotel that takes in minors must ask how to reach their guardians"),
        ),
        LegalBasis(
            Text("文化和旅游部、公安部关于加强电竞酒店管理中未成年人保护工作的通知",
                 "Notice on the protection of minors in e-sports hotels"),
            "—", "2023-08-09", number="文旅市场发〔2023〕82号", source="mem", verified=False,
            says=Text("电竞房区域不得接待未成年人；每间电竞房床位不超过6张",
                      "no minors in e-sports rooms; at most six beds in each"),
        ),
    ),
    needs=("hotel", "school"),
    uses=("school_gate",),
    limits=(),
    level="watch",
    verify=(
        Text("核对是否为电竞酒店、是否落实未成年人入住询问和登记",
             "see whether it is an e-sports hotel, and whether minors are asked and registered"),
    ),
    pitfalls=(
        Text("名单不是线索：靠近学校本身不违反任何距离规定",
             "the list is no lead: being near a school breaks no distance rule"),
        Text("民宿、网约房往往不在地图资料中", "short-let rooms are often missing from map data"),
    ),
    since="0.1.0",
)  # fmt: skip

SUBJECTS = Perimeter("hotel")


def find(
    layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool = False
) -> Iterator[Finding | Undecided]:
    """Every hotel near a school, nearest school first; never a lead."""
    return look_around_schools(CHECK, SUBJECTS, layers, limits, on_date, all_subjects=all_subjects)
