"""The form of a visit, as data: `data/words/visit.toml`, the results, and what an entry may hold."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from checks import Text
from leads.steps.look_back import RESULT_WORDS, article_82

FILE = Path(__file__).resolve().parents[2] / "data" / "words" / "visit.toml"
KINDS = ("text", "long", "choice", "people")
STEPS = {"yes": Text("已核实", "checked"), "no": Text("未核实", "not checked"),
         "cannot": Text("无法核实", "could not be checked")}  # fmt: skip
"""What became of a step that the check asks for on site."""
FOUND_WORDS = {"still_there": Text("现场存在", "found"), "gone": Text("现场没有", "not found"),
               "cannot_tell": Text("看不出来", "cannot tell")}  # fmt: skip
"""What a visit found, by the codes of a look-back's results."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of the form; `choices` of a choice: code → words."""

    name: str
    kind: str
    words: Text
    choices: Mapping[str, Text]

    def as_dict(self) -> dict[str, Any]:
        """As the page on the phone takes it."""
        return {"name": self.name, "kind": self.kind, **self.words.as_dict(),
                "choices": {code: one.as_dict() for code, one in self.choices.items()}}  # fmt: skip


@cache
def entries(file: Path = FILE) -> Mapping[str, Entry]:
    """The fields by name, in the order of the form."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: Entry(name, told["kind"], Text(told["zh"], told["en"]),
                        {one["code"]: Text(one["zh"], one["en"]) for one in told.get("choices", ())})
            for name, told in table.items()}  # fmt: skip


def form() -> dict[str, Any]:
    """The whole form as plain JSON: fields, results, steps, the tests a look-back may name."""
    assert FOUND_WORDS.keys() == RESULT_WORDS.keys()
    return {"fields": [one.as_dict() for one in entries().values()], "results": _told(FOUND_WORDS),
            "steps": _told(STEPS), "tests": _told(article_82())}  # fmt: skip


def _told(words: Mapping[str, Text]) -> dict[str, dict[str, str]]:
    return {code: one.as_dict() for code, one in words.items()}
