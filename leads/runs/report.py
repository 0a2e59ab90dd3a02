"""What an ingest did, in numbers and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checks import Text

CHANGES = ("new", "changed", "unchanged", "vanished", "back")
CHANGE_WORDS: Mapping[str, Text] = {
    "new": Text("新出现", "new"),
    "changed": Text("有变化", "changed"),
    "unchanged": Text("无变化", "unchanged"),
    "vanished": Text("不再出现", "no longer found"),
    "back": Text("再次出现", "found again"),
    "asked_again": Text("需重新研判", "asked again"),
    "merged": Text("并入其他线索", "merged into another"),
    "split": Text("由其他线索分出", "split from another"),
}
"""Words of what a run changed in a lead."""
WHY_NOT: Mapping[str, Text] = {
    "failed": Text("检查出错", "the check failed"),
    "no_data": Text("没有数据", "it had no data"),
    "undecided": Text("整项检查有无法判定之处", "a part of it could not be decided"),
}
"""Why a check's leads that were not found again are not said to have vanished."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one ingest did.

    `leads` names the leads by change (`new`, `changed`, `vanished`, `back`, `asked_again`,
    `merged`, `split`); `unchanged` is only counted. `counts` is per check. `uncovered` names the
    checks whose absent leads stay as they are, with why (`WHY_NOT`); `silent` those that found
    something the last time and nothing now. `repeated`: this very run was taken in before.
    """

    run_id: str
    on_date: str
    counts: Mapping[str, Mapping[str, int]]
    leads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    uncovered: Mapping[str, str] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    repeated: bool = False

    def count(self, change: str) -> int:
        """How many leads over all checks."""
        return sum(one.get(change, 0) for one in self.counts.values())

    def as_dict(self) -> dict[str, Any]:
        """All of it, as JSON takes it."""
        return {"run": self.run_id, "on_date": self.on_date,
                "counts": {check: dict(one) for check, one in self.counts.items()},
                "leads": {change: list(ids) for change, ids in self.leads.items()},
                "uncovered": dict(self.uncovered), "silent": list(self.silent),
                "repeated": self.repeated}  # fmt: skip

    def text(self, lang: str = "zh") -> str:
        """A few lines for a person."""
        told = [f"{CHANGE_WORDS[name].of(lang)} {self.count(name)}" for name in CHANGES]
        told += [f"{CHANGE_WORDS[name].of(lang)} {self.count(name)}"
                 for name in ("asked_again", "merged", "split") if self.count(name)]  # fmt: skip
        lines = [("、" if lang == "zh" else ", ").join(told)]
        if self.repeated:
            lines.append(_REPEATED.of(lang))
        lines += [_UNCOVERED.fill(check=check, why=WHY_NOT[why]).of(lang)
                  for check, why in self.uncovered.items()]  # fmt: skip
        lines += [_SILENT.fill(check=check).of(lang) for check in self.silent]
        return "\n".join(lines)


_REPEATED = Text(
    "该批结果此前已登记，未作改动", "this very run was taken in before: nothing was written"
)
_UNCOVERED = Text("{check}：{why}，未再出现的线索保持原状",
                  "{check}: {why}; its leads that were not found again stay as they are")  # fmt: skip
_SILENT = Text("注意：{check} 上次有结果，这次一条也没有",
               "take note: {check} found something the last time and nothing now")  # fmt: skip
