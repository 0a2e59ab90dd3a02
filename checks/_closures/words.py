"""Words of the look-back: what became of a site, and why the scenes do not tell."""

from __future__ import annotations

from checks._text import Text

CLASSES: dict[str, Text] = {
    "still_there": Text("整改后仍在", "still there"),
    "perhaps_there": Text("疑似仍在", "perhaps still there"),
    "changed_again": Text("整改后又有变化", "changed again since"),
    "unchanged": Text("整改前后未见变化", "no change seen since before"),
    "gone": Text("已不在", "gone"),
}
STRENGTH = {name: rank for rank, name in enumerate(reversed(CLASSES))}

CANNOT: dict[str, Text] = {
    "no_scene_after": Text("整改完成日（{closed}）之后没有覆盖该处的影像", "no scene of the place since it was reported as put right ({closed})"),
    "not_covered": Text("{day} 的影像只覆盖该处的 {share:.0%}，不足 {needed:.0%}", "the scene of {day} shows {share:.0%} of the site, less than {needed:.0%}"),
    "hidden": Text("{day} 的影像中地面被遮挡：{hidden}", "on {day} the ground is hidden: {hidden}"),
    "too_coarse": Text("{day} 的影像每像素 {gsd:g} 米，该处只有 {pixels:.0f} 个像素，少于 {needed:.0f}", "a pixel of {day} is {gsd:g} m: {pixels:.0f} of them on the site, fewer than {needed:.0f}"),
    "misplaced": Text("{day} 的影像位置误差 {u:.1f} 米，相对该处过大", "the scene of {day} lies within {u:.1f} m, too vague for this site"),
    "not_searched": Text("{day} 的影像没有针对此类问题检测过：没有候选不等于已清除", "nobody searched the scene of {day} for this: no candidate is not the same as gone"),
    "season": Text("前后两期影像季节不同（{before} 与 {day}），变化未经人确认", "the two scenes are of different seasons ({before}, {day}) and nobody confirmed the change"),
    "gsd_differs": Text("前后两期影像分辨率相差超过 {times:g} 倍", "the pixels of the two scenes differ by more than {times:g} times"),
}  # fmt: skip
REMEDY = Text(
    "补飞或补充一期无遮挡、覆盖完整的影像并检测，或到现场查看",
    "fly it again or add a clear scene of the whole site and search it, or go and see",
)
SEEN = Text("整改完成日 {closed}；判断所用影像 {day}（覆盖 {share:.0%}）", "reported as put right on {closed}; judged by the scene of {day} ({share:.0%} of the site)")  # fmt: skip
BEFORE = Text("整改前影像 {day}", "the scene before is of {day}")
SURE = Text("人工确认的堆放物仍占该处 {m2:.0f} 平方米（{share:.0%}）", "piled waste that a person confirmed still takes {m2:.0f} m² ({share:.0%}) of the site")  # fmt: skip
PERHAPS = Text("检测到的候选占该处 {m2:.0f} 平方米（{share:.0%}），{why}", "candidates take {m2:.0f} m² ({share:.0%}) of the site; {why}")  # fmt: skip
NOT_CONFIRMED = Text("尚未经人确认", "nobody confirmed them yet")
AT_EDGE = Text("但只在边界误差之内", "but only within the error of the boundary")
AGAIN = Text("整改后的两期影像之间又有变化，须查明是新增还是恢复", "it changed between two scenes since: new trouble or recovery is to be found out")  # fmt: skip
UNCHANGED = Text(
    "与整改前的影像相比没有检测到变化", "no change was found against the scene from before"
)
GONE_SEARCHED = Text("已针对此类问题检测，该处没有候选（或候选经人工否定）", "it was searched for this, and no candidate is left that a person did not refuse")  # fmt: skip
GONE_CONFIRMED = Text("人工确认该处前后发生了变化", "a person confirmed that the place has changed")
LIMIT = Text("影像只能看到地表：掩埋、覆盖和异地堆放看不到", "pictures show the surface only: what was buried, covered or moved elsewhere is not seen")  # fmt: skip
