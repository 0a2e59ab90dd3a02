"""The page of the workflow is what the table says."""

from __future__ import annotations

import pytest

from leads.__main__ import main
from leads._docs import PAGE, page
from leads.steps.workflow import load_workflow


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m leads docs`"


def test_the_command_says_whether_it_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", "--check"]) == 0
    assert "current" in capsys.readouterr().out


def test_every_row_of_the_table_stands_on_the_page() -> None:
    text, table = page(), load_workflow()
    words = [one.words for one in table.states]
    words += [one.words for one in table.deadlines] + [one.words for one in table.fields.values()]
    for one in words:
        assert one.zh in text
        assert one.en in text
    rows = [line for line in text.splitlines() if line.startswith("| `registered`")]
    assert len(rows) == 1 + sum(step.origins[0] == "registered" for step in table.steps)
    bases = [one.basis for one in table.states] + [one.basis for one in table.steps]
    bases += [one.basis for one in table.deadlines]
    assert text.count("**no**") == sum(not basis.verified for basis in bases)
