"""The score that ranks leads: a sum of parts, each of which says what it is made of.

Weights and shares are data (`data/score.toml`). A score is a working order, never a judgement.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from checks import (
    CLOSURE_CLASSES,
    LANE_CLASSES,
    LICENCE_CLASSES,
    REGISTER_CLASSES,
    UNITS,
    VERDICT_WORDS,
    WASTE_CLASSES,
    Text,
)
from layers.errors import LeadError

FILE = Path(__file__).resolve().parent.parent / "data" / "score.toml"
PARTS = ("certainty", "margin", "harm", "licence", "repeat", "evidence", "age", "yield")
Table = Mapping[str, Any]
_CLASSES: tuple[Mapping[str, Text], ...] = (LICENCE_CLASSES, REGISTER_CLASSES, LANE_CLASSES, WASTE_CLASSES,
                                            CLOSURE_CLASSES)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """What a score needs besides the finding: how often the lead was found again (`again`), how
    many other leads there are about its subject (`others`), the day of the newest data, and the
    share of this check's decided leads that were right, with their number.
    """

    again: int = 0
    others: int = 0
    data_of: str | None = None
    right: float = 0.5
    decided: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: `points` = `weight` × `share`; `why` says what the share is made of."""

    key: str
    share: float
    weight: float
    why: Text

    @property
    def points(self) -> float:
        """What it adds to the score."""
        return round(self.weight * self.share, 2)

    @property
    def words(self) -> Text:
        """Its name, as the table has it now."""
        entry = load_table()["parts"].get(self.key) or {"zh": self.key, "en": self.key}
        return Text(entry["zh"], entry["en"])


@cache
def load_table(path: Path = FILE) -> Table:
    """The weights; `LeadError` where the table cannot be read or lacks a part."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for name in PARTS:
            float(table["parts"][name]["weight"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LeadError(f"the weights of the score cannot be read: {error!r}", file=path,
                        remedy="put the file back as it came, or mend it") from error  # fmt: skip
    return table


def score(
    finding: Mapping[str, Any], beside: Beside, table: Table | None = None
) -> tuple[Part, ...]:
    """The parts of the score of one finding (its properties), in the order of `PARTS`."""
    parts = (load_table() if table is None else table)["parts"]
    harm = (load_table() if table is None else table).get("harm", {})
    made = {
        "certainty": _certainty(finding, parts["certainty"]),
        "margin": _margin(finding, parts["margin"]),
        "harm": _harm(finding, parts["harm"], harm),
        "licence": _licence(finding, parts["licence"]),
        "repeat": _repeat(beside, parts["repeat"]),
        "evidence": _evidence(finding, parts["evidence"]),
        "age": _age(finding, beside, parts["age"]),
        "yield": _yield(beside),
    }
    return tuple(Part(name, round(min(max(made[name][0], 0.0), 1.0), 4), float(parts[name]["weight"]),
                      made[name][1]) for name in PARTS)  # fmt: skip


def total(parts: tuple[Part, ...]) -> float:
    """The score: the sum of the points."""
    return round(sum(part.points for part in parts), 2)


def as_stored(parts: tuple[Part, ...]) -> list[list[Any]]:
    """The parts as JSON: key, share, weight, why in Chinese and English."""
    return [[part.key, part.share, part.weight, part.why.zh, part.why.en] for part in parts]


def from_stored(text: str) -> tuple[Part, ...]:
    """The parts as `as_stored` gave them."""
    return tuple(
        Part(key, share, weight, Text(zh, en)) for key, share, weight, zh, en in json.loads(text)
    )


def data_day(finding: Mapping[str, Any], layers: Mapping[str, str]) -> str | None:
    """The newest day that is known of the finding's own data; `layers`: theme → day of the layer."""
    facts = finding.get("facts") or {}
    seen = facts.get("seen_on")
    days = [facts.get("day"), *(seen if isinstance(seen, list) else [seen])]
    days += [layers.get(one.get("theme")) for one in (finding.get("layers") or ())[:1]]
    return max((str(day)[:10] for day in days if day), default=None)


def layer_days(layers: list[Mapping[str, Any]]) -> dict[str, str]:
    """Theme → the newest day its sources tell: the state they show, else when they were fetched."""
    found: dict[str, str] = {}
    for layer in layers:
        days = [str(source.get("state_of") or source.get("retrieved") or "")[:10]
                for source in layer.get("sources") or ()]  # fmt: skip
        if any(days):
            found[str(layer.get("theme"))] = max(days)
    return found


def _certainty(finding: Mapping[str, Any], entry: Table) -> tuple[float, Text]:
    verdict = str(finding.get("verdict"))
    words = {str(name): text for name, text in VERDICT_WORDS.items()}
    return float(entry.get(verdict, 0.0)), words.get(verdict, Text(verdict, verdict))


def _margin(finding: Mapping[str, Any], entry: Table) -> tuple[float, Text]:
    measured, limit = finding.get("measured"), finding.get("limit")
    if measured is None or not limit:
        return float(entry["unmeasured"]), Text("没有可比的数值", "nothing to compare with a limit")
    more = str(finding.get("comparator") or "").startswith(">")
    share = (measured - limit) / limit if more else (limit - measured) / limit
    unit = UNITS.get(str(finding.get("unit")), Text("米", "m"))
    return share, Text(f"实测 {measured:.4g} {unit.zh}，限值 {limit:.4g} {unit.zh}",
                       f"measured {measured:.4g} {unit.en}, the limit is {limit:.4g} {unit.en}")  # fmt: skip


def _harm(finding: Mapping[str, Any], entry: Table, groups: Table) -> tuple[float, Text]:
    for group in groups.values():
        if finding.get("check") in group["checks"]:
            return float(group["share"]), Text(group["zh"], group["en"])
    return float(entry["other"]), Text("未归类", "in no group")


def _licence(finding: Mapping[str, Any], entry: Table) -> tuple[float, Text]:
    name = str(finding.get("licence_class") or "not_checked")
    words = next((table[name] for table in _CLASSES
                  if name in table), Text(name, name))  # fmt: skip
    return float(entry["classes"].get(name, entry["other"])), words


def _repeat(beside: Beside, entry: Table) -> tuple[float, Text]:
    share = beside.again * float(entry["again"]) + beside.others * float(entry["others"])
    return share, Text(f"消失后又出现 {beside.again} 次，同一对象另有线索 {beside.others} 条",
                       f"found again {beside.again} times, {beside.others} other leads about the subject")  # fmt: skip


def _evidence(finding: Mapping[str, Any], entry: Table) -> tuple[float, Text]:
    subject, facts = finding.get("subject") or {}, finding.get("facts") or {}
    rule = finding.get("rule_text") or {}
    there = {
        "place": bool(subject.get("point")),
        "measured": finding.get("error_band") is not None,
        "named": bool(subject.get("credit_code") or subject.get("licence_no") or facts.get("licence_no")),
        "rule": bool(rule.get("verified")),
        "seen": bool(facts.get("confirmed") or facts.get("seen_on") or facts.get("day")),
    }  # fmt: skip
    held = [name for name, yes in there.items() if yes]
    return sum(float(entry[name]) for name in held), Text(
        "、".join(_EVIDENCE[name].zh for name in held) or "无",
        ", ".join(_EVIDENCE[name].en for name in held) or "none",
    )


_EVIDENCE: Mapping[str, Text] = {
    "place": Text("有位置", "a place"),
    "measured": Text("有测量与误差", "a measurement with its error"),
    "named": Text("有证照编号", "a code or licence number"),
    "rule": Text("规定原文已核实", "the rule's text was read"),
    "seen": Text("有影像或人工确认", "a picture or a person's word"),
}


def _age(finding: Mapping[str, Any], beside: Beside, entry: Table) -> tuple[float, Text]:
    try:
        days = (
            date.fromisoformat(str(finding.get("on_date")))
            - date.fromisoformat(str(beside.data_of))
        ).days
    except ValueError:
        return float(entry["unknown"]), Text("数据日期不详", "the day of the data is not known")
    fresh, stale = float(entry["fresh_days"]), float(entry["stale_days"])
    share = 1.0 if days <= fresh else (stale - days) / (stale - fresh)
    return share, Text(f"数据截至 {beside.data_of}，{max(days, 0)} 天前",
                       f"data of {beside.data_of}, {max(days, 0)} days old")  # fmt: skip


def _yield(beside: Beside) -> tuple[float, Text]:
    return beside.right, Text(
        f"该检查已有结论的线索 {beside.decided} 条，按此估计属实比例 {beside.right:.0%}",
        f"{beside.decided} leads of this check were decided; estimated share that was right {beside.right:.0%}")  # fmt: skip
