"""All leads as one table: the highest score first, since when, and only what the person may read."""

from __future__ import annotations

import pytest

from leads.store import Filter
from leads.views.on_map import COLUMNS, lead_table
from office import Actor, Database
from office.scope import Grant, Scope
from tests.leads.made import PROSECUTOR, put_lead


def test_the_table_of_leads(database: Database) -> None:
    put_lead(database, 1, score=10.0, point=(109.3, 27.6))
    second = put_lead(database, 2, score=50.0, run="run-2", township="城关镇")
    found = lead_table(database, actor=PROSECUTOR)
    assert [*COLUMNS, "since"] == list(found.columns)
    assert found["id"].iloc[0] == second
    assert found["since"].tolist() == ["2026-06-30", "2026-06-30"]
    assert (found["west"].iloc[1], found["north"].iloc[1]) == pytest.approx((109.3, 27.6))
    assert lead_table(database, Filter(township="城关镇"), actor=PROSECUTOR)["id"].tolist() == [
        second
    ]


def test_only_what_the_person_may_read(database: Database) -> None:
    mine = put_lead(database, 1, admin_code="990123")
    put_lead(database, 2, admin_code="990199")
    here = Actor("王检", ("prosecutor",), Scope((Grant("prosecutor", area="990123"),)))
    assert lead_table(database, actor=here)["id"].tolist() == [mine]
    assert len(lead_table(database, actor=PROSECUTOR)) == 2
