"""What a person must know about an OpenStreetMap extract, with numbers, in two languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from layers.themes import THEMES

Lang = Literal["zh", "en"]
_LISTED = 5

_TEXTS: dict[str, tuple[str, str]] = {
    "sorted_first": (
        "文件未按编号排序，已排序后读取",
        "the file was not sorted by id; it was sorted before reading",
    ),
    "ways_cut": (
        "{n} 条路线引用了文件中没有的节点：在缺口处断开，未移动任何几何{list}",
        "{n} ways refer to nodes that the file lacks: cut there, nothing was moved{list}",
    ),
    "nowhere": (
        "{n} 个对象没有有效位置（坐标越界或路线不足两点），未采用{list}",
        "{n} objects have no place (off the globe, or a way of one node) and were left out{list}",
    ),
    "area_left_out": (
        "{n} 个面不完整（缺少成员或节点），未采用{list}",
        "{n} areas are incomplete (members or nodes are missing) and were left out{list}",
    ),
    "area_as_point": (
        "{n} 个面不完整，按已知轮廓的中心以点保留，误差加大{list}",
        "{n} areas are incomplete: kept as the middle of what is known, with a larger error{list}",
    ),
    "area_as_shore": (
        "{n} 个水面不完整：只保留已知岸线，不作为面{list}",
        "{n} water areas are incomplete: their known shore is kept as lines, not as areas{list}",
    ),
    "area_mended": (
        "{n} 个面自相交，已修复{list}",
        "{n} areas crossed themselves and were mended{list}",
    ),
    "schools_merged": (
        "{n} 所学校在图上出现两次，已合并（保留校园）{list}",
        "{n} schools were mapped twice and were merged (the campus is kept){list}",
    ),
    "schools_unnamed": (
        "{n} 所学校没有名称，已保留{list}",
        "{n} schools have no name and were kept{list}",
    ),
    "schools_as_points": (
        "{n} 所学校只有点位，没有校园边界{list}",
        "{n} schools are points without a campus{list}",
    ),
    "building_schools": (
        "{n} 个建筑标为 building=school，但没有 amenity=school：是建筑，不作为学校",
        "{n} buildings are tagged building=school without amenity=school: no schools of their own",
    ),
    "gates_elsewhere": (
        "{n} 个大门或出入口不在任何校园边界上，未采用",
        "{n} gates and entrances lie on no campus outline and were left out",
    ),
    "gates_closed": (
        "{n} 个校门不供行人使用或上锁，标为未启用{list}",
        "{n} school gates are locked or not for feet and are marked as not in use{list}",
    ),
    "proxy_tobacco": (
        "{n} 家便利店、报刊亭、超市可能售烟，仅为候选",
        "{n} shops may sell tobacco (convenience, kiosk, supermarket): candidates only",
    ),
    "proxy_left_out": (
        "另有 {n} 家便利店、报刊亭、超市可能售烟：用 --proxy-tobacco 作为候选读取",
        "{n} more shops may sell tobacco (convenience, kiosk, supermarket): see --proxy-tobacco",
    ),
    "absent": (
        "本提取中没有 {name}（{theme}）：不等于实地没有",
        "no {theme} in this extract: not the same as none on the ground",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """One remark: `code`, the theme it concerns (`None`: the whole file), how many, and text."""

    code: str
    theme: str | None
    count: int
    zh: str
    en: str

    def text(self, lang: Lang) -> str:
        """The remark in one language."""
        return self.zh if lang == "zh" else self.en


def note(code: str, theme: str | None, which: Sequence[object] | int) -> Note:
    """A remark about the things named by `which` (the first few are listed), or just their count."""
    things = [] if isinstance(which, int) else [str(thing) for thing in which]
    count = which if isinstance(which, int) else len(things)
    listed = ", ".join(things[:_LISTED]) + (", …" if count > _LISTED else "")
    values = {
        "n": count,
        "list": f" ({listed})" if things else "",
        "theme": theme or "",
        "name": THEMES[theme].zh if theme else "",
    }
    zh, en = _TEXTS[code]
    return Note(code, theme, count, zh.format(**values), en.format(**values))
