"""Small table models for tests: a complete one as text, tables as layers, and running them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checks import Finding, Undecided, limits_in_force
from checks._rulebook.pack import RulePack
from checks._tables.find import find_rows
from checks._tables.read import parse_model
from checks._tables.terms import Model
from layers import LayerSet
from tests.cases import layer_of

DAY = "2026-06-30"
FILE = Path("paid-twice.toml")
HEAD = """
id = "paid-twice"
title = { zh = "标题", en = "Title" }
why = { zh = "原因", en = "Reason" }
law = [{ title = { zh = "法", en = "Law" }, article = "1", from = 2020-01-01, source = "mem", verified = false, says = { zh = "说", en = "says" } }]
verify = [{ zh = "核实", en = "ask" }]
pitfalls = [{ zh = "误报", en = "false alarm" }]
"""
SIDES = """
[subject]
theme = "project"
[register]
theme = "fee_ledger"
keys = [["project_no", "project_no"]]
"""
VERDICT = """
[[verdicts]]
verdict = "inside"
class = "none"
when = { register = "none" }
says = { zh = "没有", en = "none of {name}" }
"""
Rows = list[dict[str, Any]]


def model(text: str) -> Model:
    """The model written in `text`."""
    return parse_model(text.encode("utf-8"), FILE)


def rule(when: str, more: str = "", sides: str = SIDES, verdict: str = "inside") -> Model:
    """A model with one line, whose condition is `when`."""
    line = (
        f'[[verdicts]]\nverdict = "{verdict}"\nwhen = {when}\nsays = {{ zh = "是", en = "yes" }}\n'
    )
    return model(HEAD + sides + more + line)


def layers_of(tables: Mapping[str, Rows]) -> LayerSet:
    """Layers of rows without a place."""
    return LayerSet({theme: layer_of(theme, rows) for theme, rows in tables.items()})


def found(
    one: Model, tables: Mapping[str, Rows], pack: RulePack | None = None
) -> list[Finding | Undecided]:
    """All that a model says of some tables."""
    limits = limits_in_force(one.check, pack, DAY)
    return list(find_rows(one, layers_of(tables), limits, DAY, all_subjects=True))


def verdicts(
    one: Model, tables: Mapping[str, Rows], pack: RulePack | None = None
) -> dict[str | None, str]:
    """Verdict by subject; the code of what is undecided."""
    return {
        record.subject_id: record.verdict if isinstance(record, Finding) else record.code
        for record in found(one, tables, pack)
    }
