"""The record types: what a check is, and what it says about one object on one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from shapely.geometry.base import BaseGeometry

from checks._rulebook.rule import METRES_PER, SCHOOL_CLASSES, Rule
from checks._subject import Subject
from checks._text import Text
from layers.measures import ErrorBand

Verdict = Literal["inside", "borderline", "outside", "undecided"]
VERDICTS: tuple[Verdict, ...] = ("inside", "borderline", "undecided", "outside")
"""Worst first: this order decides between several schools and sorts every output."""

VERDICT_WORDS: Mapping[str, Text] = {
    "inside": Text("明显在内", "clearly inside the limit"),
    "borderline": Text("临界，需实测", "borderline: a survey decides"),
    "undecided": Text("无法判定", "undecided"),
    "outside": Text("在外", "outside the limit"),
}

RECORD_VERDICT_WORDS: Mapping[str, Text] = {
    "inside": Text("明显不符", "clearly not in order"),
    "borderline": Text("疑似，需人工确认", "a person decides"),
    "undecided": Text("无法判定", "undecided"),
    "outside": Text("相符或无需", "in order"),
}
"""The same verdicts where records are compared and no limit of distance is meant."""


def verdict_words(verdict: str, unit: str | None) -> Text:
    """A verdict in words; `unit` is the finding's and tells whether a distance was judged."""
    return (VERDICT_WORDS if unit == "m" else RECORD_VERDICT_WORDS)[verdict]


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """One article a check rests on, with the days it is in force (ISO, both inclusive).

    `verified` is true where the text of the article itself was read; anything else is
    printed as unverified. `source` says where the text comes from.
    """

    title: Text
    article: str
    effective_from: str
    effective_to: str = "9999-12-31"
    number: str = ""
    source: str = ""
    verified: bool = False
    says: Text = field(default_factory=lambda: Text("", ""))

    def in_force(self, on_date: str) -> bool:
        """Whether the article is in force on the ISO date `on_date`."""
        return self.effective_from <= on_date <= self.effective_to


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that a check declares and a rule pack may override, for one class of schools.

    `national` holds the national default in its versions, empty where the law gives no
    number. `covered=False` marks schools that only a local rule brings into the check. A limit
    that is no distance has a unit of `checks.UNITS`, its name for `school_class`, and a `title`.
    """

    school_class: str
    national: tuple[Rule, ...] = ()
    covered: bool = True
    unit: str = "m"
    title: Text | None = None

    @property
    def is_distance(self) -> bool:
        """Whether it is about a distance from a class of schools."""
        return self.unit in METRES_PER

    @property
    def words(self) -> Text:
        """What it is about: the class of schools, or its title."""
        if self.school_class in SCHOOL_CLASSES:
            return SCHOOL_CLASSES[self.school_class][0]
        return self.title or Text(self.school_class, self.school_class)


@dataclass(frozen=True, slots=True)
class Check:
    """A check's manifest: identity, reason, law, data, limits and how a person confirms it.

    `needs` names the themes without which nothing can be said, `uses` those that make the
    answer better. `level` is `lead` or `watch` (a list to know, from which no lead comes).
    """

    id: str
    title: Text
    why: Text
    legal_basis: tuple[LegalBasis, ...]
    needs: tuple[str, ...]
    limits: tuple[Limit, ...]
    level: Literal["lead", "watch"]
    verify: tuple[Text, ...]
    pitfalls: tuple[Text, ...]
    since: str
    uses: tuple[str, ...] = ()

    @property
    def themes(self) -> tuple[str, ...]:
        """Every theme it looks at."""
        return (*self.needs, *self.uses)

    def basis_on(self, on_date: str) -> tuple[LegalBasis, ...]:
        """The articles in force on the ISO date `on_date`."""
        return tuple(basis for basis in self.legal_basis if basis.in_force(on_date))

    def limit(self, school_class: str) -> Limit | None:
        """The declared limit for `school_class`, or `None`."""
        return next((one for one in self.limits if one.school_class == school_class), None)


@dataclass(frozen=True, slots=True)
class LayerRef:
    """Which version of which layer a run used."""

    theme: str
    sha256: str | None
    rows: int
    sources: tuple[Mapping[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """All that is known, for the run as a whole."""
        return {"theme": self.theme, "sha256": self.sha256, "rows": self.rows,
                "sources": [dict(source) for source in self.sources]}  # fmt: skip

    def brief(self) -> dict[str, Any]:
        """What every finding carries: version, source and datum as received."""
        return {"theme": self.theme, "sha256": self.sha256, "rows": self.rows,
                "source": self._all("source"), "datum": self._all("datum"),
                "state_of": self._all("state_of")}  # fmt: skip

    def _all(self, key: str) -> str:
        return "; ".join(dict.fromkeys(str(s[key]) for s in self.sources if s.get(key)))


@dataclass(frozen=True, slots=True)
class Also:
    """Another object within reach of the same subject (`measured` and `limit` in metres)."""

    id: str
    name: str | None
    measured: float | None
    limit: float | None
    verdict: Verdict

    def as_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return {"id": self.id, "name": self.name, "measured": self.measured,
                "limit": self.limit, "verdict": self.verdict}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """What one run of one check says about one object; written by the machine, never edited.

    `measured`, `limit` and the error band are in `unit` (`m` or `count`; empty where a register
    was looked into and nothing measured); `measured` is `None` where no way was found within
    the reach or nothing is near. `geometry` is the measured line in WGS 84 (a point where there
    is none, `None` for a subject without a place). `strength` orders findings of one verdict by the
    licence's state, strongest first. `subject` is what its row says of it (the runner adds it).
    """

    check: str
    title: Text
    rule: str | None
    verdict: Verdict
    measured: float | None
    limit: float | None
    unit: str
    comparator: str | None
    method: str
    error_band: ErrorBand | None
    subject_id: str
    subject_name: str | None
    subject_theme: str
    object_id: str | None
    object_name: str | None
    object_theme: str
    on_date: str
    reasons: tuple[Text, ...]
    layers: tuple[LayerRef, ...]
    geometry: BaseGeometry | None
    also: tuple[Also, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    licence_class: str = "not_checked"
    strength: int = 0
    in_force: Rule | None = None
    subject: Subject | None = None

    @property
    def is_distance(self) -> bool:
        """Whether a distance is judged; else records were compared or counted."""
        return self.unit == "m"

    @property
    def verdict_words(self) -> Text:
        """The verdict in words."""
        return verdict_words(self.verdict, self.unit)

    @property
    def measured_low(self) -> float | None:
        """Lower end of the measured interval, m; never below zero."""
        if self.measured is None or self.error_band is None:
            return None
        return self.error_band.interval(self.measured)[0]

    @property
    def measured_high(self) -> float | None:
        """Upper end of the measured interval, m."""
        if self.measured is None or self.error_band is None:
            return None
        return self.error_band.interval(self.measured)[1]


@dataclass(frozen=True, slots=True)
class Undecided:
    """What a check could not say, why, and what would help; neither clear nor guilty.

    `code` is one of `UNDECIDED_WORDS`; `theme` names the missing data; `subject_id` is set
    where one object is meant and missing where the whole check is.
    """

    check: str
    code: str
    reason: Text
    remedy: Text
    on_date: str
    theme: str | None = None
    subject_id: str | None = None
    subject_name: str | None = None
    subject_theme: str | None = None
    geometry: BaseGeometry | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    subject: Subject | None = None


UNDECIDED_WORDS: Mapping[str, Text] = {
    "theme_missing": Text("缺少数据", "data are missing"),
    "no_data": Text("没有数据", "no data"),
    "no_schools": Text("没有该类学校的数据", "no schools of the class"),
    "no_network": Text("没有步行路网", "no walking network"),
    "not_connected": Text("未能接到步行路网", "not connected to the walking network"),
    "no_position": Text("没有位置", "no position"),
    "position_too_vague": Text("位置误差过大", "the position is too vague"),
    "no_rule": Text("没有现行的地方规定", "no local rule in force"),
    "kind_unknown": Text("学校类别不明", "the kind of school is unknown"),
    "register_missing": Text("缺少登记册", "a register is missing"),
    "too_little": Text("信息不足，无法与登记册比对", "too little to look it up in a register"),
    "value_missing": Text("缺少判断所需的内容", "what is needed to judge is missing"),
    "no_key": Text("没有可对照的编号或名称", "no key to look it up by"),
    "column_missing": Text("表中缺少所需的列", "a column is missing"),
    "part_missing": Text("部分数据缺少", "a part of the data is missing"),
    "as_written": Text("按模型所列情形无法判定", "undecided as the model says"),
    "no_address": Text("没有可归并的地址", "no address that could be told apart"),
    "no_reservoir": Text("水系图层中没有水库", "no reservoir in the layer of waters"),
    "cannot_tell": Text("影像不足以判断", "the scenes do not tell"),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that crashed: never a finding. `trace` is the traceback's text."""

    check: str
    message: str
    trace: str
