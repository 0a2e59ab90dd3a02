"""The policy table: what it lets pass, what it refuses, and what it says then."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.errors import PolicyError
from office import Actor
from office.actors import MACHINE
from office.policy import load_policy, may, require

ADMINS = ("system_admin", "security_admin")


def test_every_operation_has_words_in_both_languages_and_somebody_who_may() -> None:
    for right in load_policy().values():
        assert right.roles, right.operation
        assert right.zh.strip() != right.en.strip()


def test_no_role_keeps_the_store_and_works_the_leads() -> None:
    """The three administrators of the protection scheme stay apart."""
    table = load_policy()
    for right in table.values():
        if right.operation.startswith(("lead.", "case.")):
            assert right.roles.isdisjoint(ADMINS), right.operation
    ours = ("lead.", "case.", "watch.", "store.", "history.")
    audited = {o for o, right in table.items() if "auditor" in right.roles and o.startswith(ours)}
    assert audited == {"lead.read", "history.read", "history.verify"}


@pytest.mark.parametrize("operation", ["lead.dismiss", "lead.file", "lead.sue", "store.restore"])
def test_the_machine_takes_no_decision(operation: str) -> None:
    assert not may(MACHINE, operation)


def test_a_refusal_names_the_person_the_right_and_who_may() -> None:
    with pytest.raises(PolicyError, match="李外勤") as raised:
        require(Actor("李外勤", ("field",)), "lead.dismiss")
    assert raised.value.field == "lead.dismiss"
    assert "prosecutor, reviewer" in str(raised.value)
    assert "排除线索" in str(raised.value)


def test_one_of_several_roles_is_enough() -> None:
    require(Actor("王", ("field", "reviewer")), "lead.dismiss")


def test_an_operation_nobody_wrote_down_is_an_error_not_a_yes() -> None:
    with pytest.raises(PolicyError, match="no operation"):
        may(Actor("王", ("prosecutor",)), "lead.frobnicate")


@pytest.mark.parametrize("text", [
    '[lead.read]\nzh = "看"\nen = "read"\nroles = ["boss"]\n',
    '[lead.read]\nzh = "看"\nen = "read"\nroles = "prosecutor"\n',
    '[lead.read]\nzh = "看"\nroles = ["prosecutor"]\n',
    '[lead.read]\nzh = "看"\nen = "read"\nroles = ["field"]\nunless = "x"\n',
    'lead = "read"\n',
    "[lead.read\n",
])  # fmt: skip
def test_a_wrong_table_is_refused_with_its_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=r"policy\.toml"):
        load_policy(path)
