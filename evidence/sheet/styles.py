"""How each theme is drawn on a sheet, told apart without colour: hatch, dash and width differ too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["area", "line", "point"]


@dataclass(frozen=True, slots=True)
class Style:
    """Widths in points, `size` of a point in points; `order` from the ground up."""

    zh: str
    en: str
    kind: Kind
    face: str = "none"
    edge: str = "none"
    width: float = 0.4
    dash: str = "solid"
    hatch: str = ""
    size: float = 4.0
    marker: str = "o"
    order: int = 1


STYLES: Mapping[str, Style] = {
    "green": Style("绿地", "green", "area", face="#e3ecd9", order=1),
    "water": Style("水域", "water", "area", face="#cfe3ee", edge="#6a9bb5", width=0.5, order=2),
    "land_parcel": Style("地块（官方）", "land parcel (official)", "area", edge="#9a8f4a", width=0.6,
                         dash="dotted", order=3),
    "school": Style("学校用地", "school grounds", "area", face="#f6e7c8", edge="#a9772b", width=0.7, order=4),
    "building": Style("建筑", "building", "area", face="#dedbd6", edge="#b3aea6", width=0.25, order=5),
    "road": Style("道路", "road", "line", edge="#a39d94", width=1.1, order=6),
    "barrier": Style("围墙、围栏", "wall or fence", "line", edge="#6e675e", width=0.5, dash="dashdot", order=7),
    "protection_zone": Style("保护区（官方划定）", "protection zone (official)", "area", edge="#1f5f8b",
                             width=1.1, hatch="////", order=8),
    "fire_lane": Style("消防车道", "fire lane", "area", face="#fbe9e4", edge="#b5482d", width=0.7, order=9),
    "obstacle": Style("障碍物", "obstacle", "area", face="#8a8378", edge="#3d3a36", width=0.6,
                      hatch="xxxx", order=10),
    "waste_candidate": Style("疑似堆放处（人已确认的标注）", "suspected heap", "area", face="#e7d6e4",
                             edge="#6d3a63", width=0.7, order=10),
    "school_gate": Style("校门", "school gate", "point", face="#a9772b", edge="#ffffff", size=5.0,
                         marker="s", order=12),
}  # fmt: skip
"""Reference features by theme; a theme that is not here is not drawn."""

BUFFER = Style("筛查缓冲区（非法定界线）", "screening buffer (not a legal line)", "area", edge="#777777",
               width=0.8, dash="dashed", order=8)  # fmt: skip
MEASURED = Style("测得路径", "measured line", "line", edge="#b3261e", width=1.8, order=20)
BESIDE = Style("到水边的最短线", "shortest line to the water", "line", edge="#b3261e", width=1.2, dash="dashed",
               order=19)  # fmt: skip
OUTLINE = Style(
    "测得范围", "measured outline", "area", face="#b3261e22", edge="#b3261e", width=1.6, order=20
)
SUBJECT = Style(
    "线索对象", "subject", "point", face="#b3261e", edge="#ffffff", size=8.0, marker="o", order=22
)
START = Style("量算起点", "start of the measurement", "point", face="#ffffff", edge="#b3261e", size=6.5,
              marker="D", order=21)  # fmt: skip
COARSE = Style("线索所在的概略方格", "cell the lead lies in", "area", face="#b3261e12", edge="#b3261e", width=1.4,
               dash="dashed", order=20)  # fmt: skip


def as_point(style: Style) -> Style:
    """How a thing is drawn whose source gives a point where others give an outline."""
    if style.kind == "point":
        return style
    return replace(style, zh=f"{style.zh}（仅有点位）", en=f"{style.en} (a point only)", kind="point",
                   face=style.face if style.face != "none" else "#ffffff", size=6.0, marker="s", order=12)  # fmt: skip
