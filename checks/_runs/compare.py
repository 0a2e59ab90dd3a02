"""Two runs laid side by side: what is new, what is gone, what changed, and what cannot be compared.

A subject is known again by the rules by which leads are; what differs is told by the same rules too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from shapely import wkt
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from checks._changes import changes
from checks._identity import match, subject_of
from checks._runs.area import within_points
from checks._runs.what_if import OPENING
from checks._seen import Seen, UnfitError, opened, seen_of
from checks._text import Text
from layers.errors import RuleError

DIFFERENCES: Mapping[str, Text] = {
    "new": Text("新增", "new"),
    "gone": Text("消失", "gone"),
    "changed": Text("变化", "changed"),
}
WHY_NOT: Mapping[str, Text] = {
    "not_run": Text("其中一次没有运行该检查", "one of the two did not run it"),
    "silent": Text("其中一次没有数据或运行出错", "one of the two had no data, or failed"),
}


@dataclass(frozen=True, slots=True)
class SeenRun:
    """One run as it was written: its facts, everything seen, and the ground it covered."""

    facts: Mapping[str, Any]
    seen: tuple[Seen, ...]
    area: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One subject that differs: `kind` of `DIFFERENCES`, the verdict before and after (`None`: not
    found), and what changed, name → [before, after]. `unit` tells what was judged (`verdict_words`).
    Longitude and latitude in degrees.
    """

    kind: str
    check: str
    subject_id: str
    name: str | None
    before: str | None
    after: str | None
    what: Mapping[str, Sequence[Any]]
    unit: str | None
    lon: float | None
    lat: float | None

    def as_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return {"kind": self.kind, "check": self.check, "subject_id": self.subject_id, "name": self.name,
                "before": self.before, "after": self.after,
                "what": {name: list(pair) for name, pair in self.what.items()}, "unit": self.unit,
                "lon": self.lon, "lat": self.lat}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two runs say differently; `same` findings stand in both unchanged, `uncompared` names the
    checks from which nothing follows, with why (`WHY_NOT`).
    """

    differences: tuple[Difference, ...]
    same: int
    uncompared: Mapping[str, str]

    def counts(self, check: str | None = None) -> dict[str, int]:
        """How many are new, gone, changed."""
        count = Counter(one.kind for one in self.differences if check in (None, one.check))
        return {kind: count[kind] for kind in DIFFERENCES}

    def brief(self, check: str, most: int) -> dict[str, Any]:
        """What is said of one check: why not, the counts, and the first `most` differences."""
        mine = (one.as_dict() for one in self.differences if one.check == check)
        return {"why_not": self.uncompared.get(check), "counts": self.counts(check),
                "differences": list(islice(mine, most))}  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return {"counts": self.counts(), "same": self.same, "uncompared": dict(self.uncompared),
                "differences": [one.as_dict() for one in self.differences]}  # fmt: skip


def read_run(path: str | Path) -> SeenRun:
    """Read what `write_findings` wrote; raises `RuleError` for any other file."""
    remedy = "give the GeoJSON that `python -m checks run … --out` wrote"
    try:
        with Path(path).open(encoding="utf-8") as stream:
            facts, features = opened(stream)
            if not isinstance(facts, dict) or not {"checks", "on_date", "version"} <= facts.keys():
                raise RuleError("the file holds no findings of a run", file=path, field="yicha", remedy=remedy)  # fmt: skip
            seen = tuple(seen_of(one, str(facts["on_date"])) for one in features)
            area = wkt.loads(facts["area"]) if facts.get("area") else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, UnfitError, ShapelyError) as error:  # fmt: skip
        raise RuleError(
            f"the findings cannot be read: {error}", file=path, remedy=remedy
        ) from error
    return SeenRun(facts, seen, area)


def compare(before: SeenRun, after: SeenRun) -> Comparison:
    """What is new, gone and changed from one run to the other, on the ground that both looked at."""
    checks = list(dict.fromkeys([*before.facts["checks"], *after.facts["checks"]]))
    uncompared = {check: why for check in checks if (why := _why_not(check, before, after))}
    grounds = [one.area for one in (before, after) if one.area is not None]
    old, new = (_by_check(run, grounds) for run in (before, after))
    found: list[Difference] = []
    same = 0
    for check in checks:
        if check not in uncompared:
            told, stayed = _one_check(old[check], new[check])
            found += told
            same += stayed
    return Comparison(tuple(sorted(found, key=_order)), same, uncompared)


def _why_not(check: str, before: SeenRun, after: SeenRun) -> str | None:
    for run in (before, after):
        if check not in run.facts["checks"]:
            return "not_run"
        failed = {str(one.get("check")) for one in run.facts.get("failures") or ()}
        if check in failed or check in (run.facts.get("no_data") or ()):
            return "silent"
    return None


def _by_check(run: SeenRun, grounds: Sequence[BaseGeometry]) -> defaultdict[str, list[Seen]]:
    """What was seen on the common ground; what has no place stays."""
    lonlat = np.array([(one.lon, one.lat) for one in run.seen], dtype=float).reshape(-1, 2)
    kept = np.ones(len(run.seen), dtype=bool)
    for ground in grounds:
        kept &= within_points(np.nan_to_num(lonlat, nan=1e9), ground) | np.isnan(lonlat[:, 0])
    found: defaultdict[str, list[Seen]] = defaultdict(list)
    for one, inside in zip(run.seen, kept, strict=True):
        if inside:
            found[one.check].append(one)
    return found


def _one_check(old: Sequence[Seen], new: Sequence[Seen]) -> tuple[list[Difference], int]:
    pairs = match([subject_of(one) for one in new], [subject_of(one) for one in old]).pairs
    found: list[Difference] = []
    same = 0
    for number, one in enumerate(new):
        was = old[pairs[number]] if number in pairs else None
        told = _told(was, one)
        same += told is None and one.verdict in OPENING
        found += [told] if told else []
    matched = set(pairs.values())
    lost = [
        one for number, one in enumerate(old) if number not in matched and one.verdict in OPENING
    ]
    return found + [_difference("gone", one, one, None) for one in lost], same


def _told(was: Seen | None, one: Seen) -> Difference | None:
    stood, stands = was is not None and was.verdict in OPENING, one.verdict in OPENING
    if stands and not stood:
        return _difference("new", was, one, one.verdict)
    if was is None or not stood:
        return None
    if one.verdict == "outside":
        return _difference("gone", was, one, one.verdict)
    what = changes(was.facts, one.facts)
    return _difference("changed", was, one, one.verdict, what) if what else None


def _difference(
    kind: str, was: Seen | None, one: Seen, after: str | None,
    what: Mapping[str, Sequence[Any]] | None = None,
) -> Difference:  # fmt: skip
    units = [seen.facts["unit"] for seen in (one, was) if seen is not None]
    unit = next((one for one in units if one is not None), None)  # what is undecided may have none
    before = was.verdict if was else None
    return Difference(kind, one.check, one.subject_id, one.name, before, after, what or {}, unit, one.lon, one.lat)  # fmt: skip


def _order(one: Difference) -> tuple[int, str, str]:
    return list(DIFFERENCES).index(one.kind), one.check, one.subject_id
