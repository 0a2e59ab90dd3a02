"""The table of states: it holds together, it follows the dates, what is wrong in it is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from layers.errors import LeadError
from leads.states import AWAY, STATE_WORDS
from leads.steps.entries import read_entries
from leads.steps.workflow import FOLDER, PROCEDURES, load_workflow
from office import Actor
from office.policy import may

DAY = "2026-07-01"
TABLE = load_workflow()


def test_every_state_of_the_program_stands_in_the_table_with_the_same_words() -> None:
    words = {state.id: state.words for state in TABLE.states}
    assert words == STATE_WORDS


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_every_state_can_be_reached_and_every_one_left(procedure: str) -> None:
    seen, frontier = {"registered"}, ["registered"]
    while frontier:
        for step in TABLE.steps_from(frontier.pop(), procedure, DAY):
            if step.to != "back" and step.to not in seen:
                seen.add(step.to)
                frontier.append(step.to)
    # the two states of a hand-over are entered and left by `leads.exchange` alone
    assert seen == {state.id for state in TABLE.states if procedure in state.procedures} - AWAY
    ends = [state for state in seen if not TABLE.steps_from(state, procedure, DAY)]
    assert ends == []  # even an archived lead is taken up again where it comes back


def test_every_right_of_the_table_is_one_of_the_policy() -> None:
    anybody = Actor("x", ("prosecutor",))
    assert all(may(anybody, step.operation) for step in TABLE.steps)


def test_what_was_not_read_in_the_law_says_so() -> None:
    bases = [row.basis for rows in (TABLE.states, TABLE.steps, TABLE.deadlines) for row in rows]
    for basis in bases:
        assert basis.verified is ("未核实" not in basis.words.zh)
        assert basis.verified is ("unverified" not in basis.words.en)
        assert not basis.verified or basis.article
    assert any(not step.basis.verified for step in TABLE.steps)


def test_before_the_rules_were_in_force_there_is_no_step() -> None:
    with pytest.raises(LeadError, match="no state of a lead on 2017-01-01"):
        TABLE.step("registered", "screening", "administrative", "2017-01-01")


def test_a_step_that_is_not_allowed_tells_where_one_may_go() -> None:
    with pytest.raises(LeadError, match=r"线索登记 → 起诉.*screening"):
        TABLE.step("registered", "sued", "administrative", DAY)


def test_a_changed_law_is_a_new_row_and_no_code(tmp_path: Path) -> None:
    """A recommendation called an opinion, a longer period, from a day on."""
    folder = Path(shutil.copytree(FOLDER, tmp_path / "workflow"))
    _swap(folder / "deadlines.toml", "[reply]\nzh =", "[[reply]]\neffective_to = 2026-12-31\nzh =")
    with (folder / "deadlines.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[[reply]]\neffective_from = 2027-01-01\nzh = "回复"\nen = "reply"\n'
                     'period = "3 months"\nwhose = "agency"\nlaw = "interpretation"\narticle = "?"\n'
                     "verified = false\n")  # fmt: skip
    table = load_workflow(folder)
    assert str(table.deadline("reply", "2026-12-31").period) == "2 months"
    after = table.deadline("reply", "2027-01-01")
    assert (str(after.period), after.basis.verified) == ("3 months", False)


@pytest.mark.parametrize(("file", "old", "new", "told"), [
    ("transitions.toml", 'to = "screening"', 'to = "nowhere"', "nowhere"),
    ("transitions.toml", 'fields = ["dismissal"]', 'fields = ["why"]', "why"),
    ("transitions.toml", 'operation = "lead.screen"', 'operasion = "lead.screen"', "operasion"),
    ("transitions.toml", 'from = "served_on"', 'from = "served_by"', "served_by"),
    ("transitions.toml", 'from = ["dismissed"]', 'from = ["screening"]', None),
    ("transitions.toml", 'from = ["screening"]\nto = "not_filed"', 'from = ["registered"]\nto = "screening"', "overlap"),
    ("deadlines.toml", 'period = "7 days"', 'period = "a week"', "serve_filing.period"),
    ("deadlines.toml", 'whose = "agency"', 'whose = "nobody"', "reply.whose"),
    ("states.toml", 'law = "rules"', 'law = "rule"', "registered.law"),
    ("states.toml", '[follow_up]', '[follow-up]', "follow_up"),
    ("fields.toml", 'type = "date"', 'type = "day"', "type"),
    ("laws.toml", "effective_from = 2021-07-01", 'effective_from = "2021"', "effective_from"),
    ("laws.toml", "[rules]", "[rules", "laws.toml"),
])  # fmt: skip
def test_a_wrong_table_is_refused_with_file_and_key(
    tmp_path: Path, file: str, old: str, new: str, told: str | None
) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "workflow"))
    _swap(folder / file, old, new)
    if told is None:
        assert load_workflow(folder) != TABLE
        return
    with pytest.raises(LeadError, match=told):
        load_workflow(folder)


def _swap(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_entries_come_as_text_and_are_kept_as_what_they_are() -> None:
    found = read_entries({"urgent": "是", "served_on": " 2026-06-30 ", "served_by": "direct", "receipt": " "},
                         ["served_on", "served_by"], ["urgent", "receipt"], TABLE, DAY)  # fmt: skip
    assert found == {"urgent": True, "served_on": "2026-06-30", "served_by": "direct"}


@pytest.mark.parametrize(("entered", "told"), [
    ({}, "served_on.*送达日期.*served_by=direct|announced"),
    ({"served_on": "2026-07-02", "served_by": "direct"}, "lies after the day of the step"),
    ({"served_on": "30.6.2026", "served_by": "direct"}, "is not a day"),
    ({"served_on": DAY, "served_by": "pigeon"}, "none of the choices"),
    ({"served_on": DAY, "served_by": "direct", "urgent": "perhaps"}, "neither yes nor no"),
    ({"served_on": DAY, "served_by": "direct", "colour": "red"}, "takes no 'colour'"),
    ({"served_on": DAY, "served_by": "direct", "receipt": "x" * 5000}, "5000 characters"),
])  # fmt: skip
def test_wrong_entries_are_told_by_field(entered: dict[str, str], told: str) -> None:
    with pytest.raises(Exception, match=told):
        read_entries(entered, ["served_on", "served_by"], ["urgent", "receipt"], TABLE, DAY)
