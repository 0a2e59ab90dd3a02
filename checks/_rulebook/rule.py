"""A rule: one number of law with its method, its document and the days it is in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checks._text import Text

OPEN_END = "9999-12-31"
METRES_PER: dict[str, float] = {"m": 1.0, "ft": 0.3048}
UNITS: dict[str, Text] = {
    "count": Text("个", "in number"),
    "days": Text("天", "days"),
    "percent": Text("%", "%"),
    "yuan": Text("元", "yuan"),
    "yuan/m2": Text("元/平方米", "yuan/m²"),
    "metres": Text("米", "m"),
    "mu": Text("亩", "mu"),
}
"""Units of limits that are no distance from a school; `metres` is a width or a reach of its own."""
COMPARATORS: dict[str, Text] = {
    "<": Text("小于（等于限值不算）", "less than (the limit itself is clear)"),
    "<=": Text("小于或等于（含限值）", "less than or equal (the limit itself counts)"),
    ">": Text("大于（等于限值不算）", "more than (the limit itself is clear)"),
    ">=": Text("大于或等于（含限值）", "more than or equal (the limit itself counts)"),
}
NEARER = ("<", "<=")
"""Comparators of distances: what is too near is found."""
ORIGINS: dict[str, Text] = {
    "any_gate": Text("任一校门", "any gate"),
    "main_gate": Text("正门", "the main gate"),
    "boundary": Text("校园边界", "the boundary of the campus"),
}
ORIGIN_POINTS: dict[str, Text] = {
    "centre": Text("中心点", "its centre"),
    "nearest_edge": Text("最近边缘", "its nearest edge"),
}
TARGET_POINTS: dict[str, Text] = {
    "any_door": Text("经营场所任一门", "any door of the premises"),
    "nearest_door": Text("经营场所最近的门", "the nearest door of the premises"),
    "premises": Text("经营场所", "the premises"),
}
METHODS: dict[str, Text] = {
    "walk_shortest": Text("最短步行路径", "shortest walkable path"),
    "walk_legal_crossings": Text("符合交通规则的步行路径", "walking by the traffic rules"),
    "straight": Text("直线距离", "straight line"),
    "boundary_straight": Text("自校园边界的直线距离", "straight line from the campus boundary"),
}
METHOD_WORDS: dict[str, Text] = {
    **METHODS,
    "screening_distance": Text(
        "到水库岸线的最短大地线距离（筛查）",
        "shortest geodesic to the shore of the reservoir (screening)",
    ),
    "in_zone": Text("与官方划定的范围叠合", "laid over zones drawn by the authority"),
    "look_back": Text("用整改后的影像核对", "looked at again in scenes taken since"),
    "clear_width": Text(
        "从一端到另一端能通过的最大净宽（墙与障碍物间最窄处）",
        "the widest that gets from one end of the lane to the other, by the gaps of walls and obstacles",
    ),
    "register_match": Text(
        "与登记册按名称、地址、编号和位置比对",
        "compared with the register by name, address, number and place",
    ),
    "join_keys": Text("按编号与台账关联", "joined to the ledger by number"),
    "count": Text(
        "按归一化的门牌、楼层、房间清点", "counted by the normalised door, floor and unit"
    ),
}
"""How any finding was reached; a rule pack may ask for one of `METHODS` only."""
WALKING = frozenset({"walk_shortest", "walk_legal_crossings"})
TRANSITIONS: dict[str, Text] = {
    "none": Text("对已有许可证无过渡", "no transition for existing licences"),
    "until_expiry": Text("已有许可证到期后不再延续", "existing licences run to their expiry"),
    "relocate": Text("限期迁移", "existing outlets are to move by a date"),
    "kept": Text("已有许可证可继续延续", "existing licences may go on being renewed"),
    "not_stated": Text("文件未说明过渡办法", "the document states no transition"),
}

SCHOOL_CLASSES: dict[str, tuple[Text, frozenset[str]]] = {
    "primary_middle": (
        Text("中小学", "primary and middle schools"),
        frozenset({"primary", "middle", "primary_middle", "school"}),
    ),
    "school": (
        Text("学校（未成年人保护法第130条）", "schools (Minors Act art. 130)"),
        frozenset(
            {
                "primary",
                "middle",
                "primary_middle",
                "special",
                "vocational",
                "specialised",
                "school",
            }
        ),
    ),
    "kindergarten": (Text("幼儿园", "kindergartens"), frozenset({"kindergarten"})),
    "training": (Text("校外培训机构", "training centres"), frozenset({"training"})),
}
"""Classes of schools by the kinds they hold, the narrower class first: it wins."""


@dataclass(frozen=True, slots=True)
class Document:
    """Where a number stands: title, number, address or source key, and the day it was read."""

    title: str
    number: str = ""
    url: str = ""
    retrieved: str = ""
    verified: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return {"title": self.title, "number": self.number, "url": self.url,
                "retrieved": self.retrieved, "verified": self.verified}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit as a document states it, for one check and one class of schools.

    `value` is in `unit` (`m` or `ft`). A limit that is no distance has one of `UNITS`, neither
    method nor origin, and its name for `school_class`. A shop is found when its distance stands to the
    limit as `comparator` says. `assumed` names the fields which the document leaves open
    and which were filled in; they are printed with every finding.
    """

    id: str
    check: str
    school_class: str
    value: float
    unit: str
    comparator: str
    method: str
    origin: str
    in_force_from: str
    document: Document
    verified: bool
    in_force_to: str = OPEN_END
    origin_point: str = "centre"
    target_point: str = "nearest_door"
    transition: str = "not_stated"
    article: str = ""
    rounding: float | None = None
    min_officers: int | None = None
    assumed: tuple[str, ...] = ()
    note: Text | None = None
    national: bool = False
    draft: bool = False
    """Only a draft is known: never in force, printed as a draft."""

    @property
    def limit_m(self) -> float:
        """The limit in metres."""
        return self.value * METRES_PER[self.unit]

    @property
    def written(self) -> str:
        """The limit as the document writes it, e.g. `500 ft`, `3 count`."""
        return f"{self.value:g} {self.unit}"

    @property
    def is_distance(self) -> bool:
        """Whether the limit is a length; the others have no method, origin or points."""
        return self.unit in METRES_PER

    @property
    def walks(self) -> bool:
        """Whether the rule measures along a walkable way."""
        return self.method in WALKING

    def in_force(self, on_date: str) -> bool:
        """Whether the rule is in force on the ISO date `on_date`."""
        return not self.draft and self.in_force_from <= on_date <= self.in_force_to

    def as_dict(self) -> dict[str, Any]:
        """The rule as it is printed with a finding."""
        return {
            "id": self.id, "value": self.value, "unit": self.unit, "comparator": self.comparator,
            "school_class": self.school_class, "method": self.method, "origin": self.origin,
            "origin_point": self.origin_point, "target_point": self.target_point,
            "transition": self.transition, "rounding": self.rounding,
            "min_officers": self.min_officers, "in_force_from": self.in_force_from,
            "in_force_to": self.in_force_to, "article": self.article,
            "national": self.national, "draft": self.draft, "verified": self.verified, "assumed": list(self.assumed),
            "document": self.document.as_dict(),
            "note": self.note.as_dict() if self.note else None,
        }  # fmt: skip


def classes_of(kind: str) -> tuple[str, ...]:
    """The classes a kind of school belongs to, the narrowest first."""
    return tuple(name for name, (_, kinds) in SCHOOL_CLASSES.items() if kind in kinds)
