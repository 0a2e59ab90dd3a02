"""Real registrations of Beijing Haidian: tobacco told from the business scope, and said how."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.importing import Imported, import_file

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def path(shared_data: Path) -> Path:
    folder = shared_data / "cn-business-registration-beijing-haidian"
    return folder / "haidian_registrations_2000_2003.csv.gz"


@pytest.fixture(scope="module")
def tobacco(path: Path) -> Imported:
    return import_file(path, "tobacco_retailer")


def test_of_71_scopes_with_the_character_60_sell(tobacco: Imported) -> None:
    """Read by a person: 60 sell, 2 through branches only, 9 mean flue gas, cooker hoods or valves."""
    report = tobacco.report
    assert (report.rows_in, report.rows_out) == (3571, 60)
    assert {code: len(rows) for code, rows in report.set_aside.items()} == {
        "scope_not_mentioned": 3500, "scope_other_meaning": 9, "scope_branch_only": 2,
    }  # fmt: skip
    assert report.balanced


def test_what_is_left_names_tobacco_and_nothing_else_got_in(tobacco: Imported) -> None:
    assert tobacco.layer is not None
    scopes = tobacco.layer.frame["business_scope"]
    assert scopes.str.contains("卷烟|雪茄烟|烟草|烟卷|烟、").all()
    assert not scopes.str.contains("烟气治理|排烟|油烟机|烟花").any()


def test_addresses_without_coordinates_are_unplaced_never_clear(tobacco: Imported) -> None:
    assert tobacco.layer is not None
    assert (tobacco.report.unplaced, len(tobacco.layer.placed)) == (60, 0)
    assert tobacco.report.datum == "none"
    assert set(tobacco.layer.frame["unplaced_reason"]) == {"no_coordinate"}


def test_every_credit_code_of_the_register_passes(path: Path) -> None:
    result = import_file(path, "business_registration")
    assert result.layer is not None
    assert (result.report.rows_out, result.report.fields) == (3571, ())
    assert result.layer.frame["credit_code"].is_unique
    assert result.layer.frame["id"].equals(result.layer.frame["credit_code"])
    assert result.layer.frame["opened"].between("2000-01-01", "2003-12-31").all()


def test_a_word_search_would_have_been_wrong(path: Path, tobacco: Imported) -> None:
    register = import_file(path, "business_registration").layer
    assert register is not None
    assert (
        register.frame["business_scope"].str.contains("烟", na=False).sum()
        == 71
        > tobacco.report.rows_out
    )
