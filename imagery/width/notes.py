"""What is said beside a width: in what way it was found, and what it does not say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """A remark with its code, in Chinese and English."""

    code: str
    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The text in `lang`."""
        return self.zh if lang == "zh" else self.en


GATES_DERIVED = Note("gates_derived", "未画出入口：按车道最长中线的两端推定，请人工确认",
                     "no gates drawn: taken at the ends of the longest way along the lane's middle; a person confirms")  # fmt: skip
FAR_END = Note("far_end", "只画了一个出入口：另一端为尽头，按通到尽头计算",
               "one gate drawn: a dead end, computed as far as its end")  # fmt: skip
MANY_GATES = Note("many_gates", "有两个以上出入口：净宽取各出入口之间的最小值",
                  "more than two gates: the width is the least between any two")  # fmt: skip
LANE_REPAIRED = Note("lane_repaired", "车道轮廓有误，已修复", "the outline of the lane was mended")
OBSTACLE_REPAIRED = Note(
    "obstacle_repaired", "部分障碍物轮廓有误，已修复", "outlines of obstacles were mended"
)
ISLANDS = Note("islands", "车道中的岛按障碍物计", "islands in the lane count as obstacles")
FROM_CENTRELINE = Note("from_centreline", "宽度取自图纸：车道面由中线加所载宽度生成（两端平直），边线误差计入区间",
                       "width from plan: the lane was drawn from a centreline and the width stated for it, its ends cut straight; the error of its edges is in the interval")  # fmt: skip
NOT_SWEPT = Note("not_swept", "净宽是圆盘能通过的最大直径，不等于长车能转过弯",
                 "the width is that of the widest disc; a long vehicle may still fail in a bend")  # fmt: skip
NO_HEIGHT = Note(
    "no_height", "没有高度资料：净高未评定", "no heights given: clear height not assessed"
)
NO_ERROR = Note("no_error", "未给轮廓误差：区间只含0，结论须实测",
                "no error of the outlines was given: the interval is bare, measure on the ground")  # fmt: skip
BLOCKED = Note("blocked", "车道被完全堵死", "the lane is shut")
PASSED_UNDER = Note(
    "passed_under",
    "高处的物体按可从下方通过计",
    "things overhead with room beneath were passed under",
)
