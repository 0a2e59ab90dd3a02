"""Every kind of event that the program appends has words, and every word belongs to a kind."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from leads.steps.event_words import event_kinds, event_line, event_words
from office import FIRST, Event
from office.policy import load_policy

FOLDERS = ("office", "leads", "evidence")
KIND = re.compile(r"[a-z]+\.[a-z_]+")
APPENDING = {"NewEvent", "tell", "_tell", "_told", "told", "_done"}
FORMED = {"lead.": {"lead.changed", "lead.back", "lead.vanished"}}
"""Kinds put together from a part and a name, by the part."""


def _trees(root: Path) -> Iterator[ast.Module]:
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*.py")):
            yield ast.parse(file.read_text(encoding="utf-8"))


def appended(root: Path) -> tuple[set[str], set[str]]:
    """Kinds named in the code (all texts that look like one of a known group, and all that are
    handed to what appends), and the first parts of those put together.
    """
    groups = {kind.split(".")[0] for kind in event_kinds()}
    operations = set(load_policy())
    found: set[str] = set()
    formed: set[str] = set()
    for tree in _trees(root):
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and KIND.fullmatch(node.value)
            ):
                group, name = node.value.split(".")
                if (
                    group in groups
                    and node.value not in operations
                    and name not in ("toml", "json", "id")
                ):
                    found.add(node.value)
            elif isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                kind = node.args[0]
                if (
                    name in APPENDING
                    and isinstance(kind, ast.Constant)
                    and isinstance(kind.value, str)
                    and KIND.fullmatch(kind.value)
                ):
                    found.add(kind.value)
                elif name == "NewEvent" and isinstance(kind, ast.JoinedStr):
                    first = kind.values[0]
                    formed.add(str(first.value) if isinstance(first, ast.Constant) else "")
    return found, formed


def test_every_kind_appended_anywhere_has_words(root: Path) -> None:
    found, formed = appended(root)
    assert len(found) > 40
    assert formed == set(FORMED)
    every = found | {kind for kinds in FORMED.values() for kind in kinds}
    missing = sorted(every - event_kinds().keys())
    assert not missing, f"write words for {missing} into data/words/events.toml"


def test_no_word_is_left_over(root: Path) -> None:
    found, _ = appended(root)
    operations = set(load_policy())  # such as store.backup, which is both
    left = event_kinds().keys() - found - FORMED["lead."] - operations
    assert not left, f"nothing appends {sorted(left)}"


def test_words_are_there_in_both_languages() -> None:
    for kind, words in event_kinds().items():
        assert re.search(r"[\u4e00-\u9fff]", words.zh), kind
        assert not re.search(r"[\u4e00-\u9fff]", words.en), kind
        assert words.en != kind


@pytest.mark.parametrize(("kind", "body", "zh", "en"), [
    ("lead.moved", {"before": "screening", "to": "filed"}, "办理状态变更：初步调查 → 立案", "moved: screening → filed"),
    ("lead.noted", {"text": "门朝北"}, "记录：门朝北", "noted: 门朝北"),
    ("lead.assigned", {"to": None, "before": "王检"}, "分派", "assigned"),
    ("lead.assigned", {"to": "李检", "reason": "休假"}, "分派：李检 · 休假", "assigned: 李检 · 休假"),
    ("lead.deadline", {"deadline": "reply", "did": "started", "due_on": "2026-09-01"},
     "期限：行政机关履职并书面回复 · 开始 · 2026-09-01", "deadline: the agency acts and replies in writing · started · 2026-09-01"),
    ("lead.reinspected", {"result": "gone", "note": ""}, "回头看：已消除", "looked at again: gone"),
    ("lead.look_back", {"did": "planned", "days": [{"due_on": "2026-09-07"}]},
     "回头看计划：已安排 · 2026-09-07", "look-backs: planned · 2026-09-07"),
    ("lead.unheard_of", {}, "lead.unheard_of", "lead.unheard_of"),
])  # fmt: skip
def test_an_event_says_what_it_did(kind: str, body: dict[str, object], zh: str, en: str) -> None:
    event = Event(
        1, "2026-07-01T00:00:00Z", "王检", "prosecutor", kind, "L1", json.dumps(body), FIRST, ""
    )
    assert (event_line(event).zh, event_line(event).en) == (zh, en)
    assert event_words(kind).zh in event_line(event).zh
