"""The score: a sum anybody can follow, from weights that stand in data."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from checks import catalogue
from layers.errors import LeadError
from leads.rating import rate
from leads.runs.ingest import ingest
from leads.score import (
    FILE,
    PARTS,
    Beside,
    Part,
    as_stored,
    data_day,
    from_stored,
    layer_days,
    load_table,
    score,
    total,
)
from leads.steps.moves import move
from leads.store import card, list_leads
from leads.yields import reason_words, yields
from office import Database
from office.schema import LEAD
from tests.leads.findings import shop, write_run
from tests.leads.made import PROSECUTOR


def part(finding: dict[str, Any], key: str, beside: Beside | None = None) -> Part:
    return next(one for one in score(finding, beside or Beside()) if one.key == key)


def test_it_is_the_sum_of_its_parts_and_every_part_says_why() -> None:
    parts = score(shop(1), Beside(1, 2, "2026-06-01", 0.8, 10))
    assert tuple(one.key for one in parts) == PARTS
    assert total(parts) == pytest.approx(sum(one.share * one.weight for one in parts), abs=0.05)
    assert 0 < total(parts) <= sum(one.weight for one in parts) == 100
    assert all(one.words.zh and one.words.en and one.why.zh and one.why.en for one in parts)
    assert from_stored(json.dumps(as_stored(parts))) == parts


@pytest.mark.parametrize(
    ("key", "less", "more"),
    [
        ("certainty", {"verdict": "borderline"}, {"verdict": "inside"}),
        ("margin", {"measured": 95.0}, {"measured": 20.0}),
        ("margin", {"measured": 4.0, "limit": 3.0, "comparator": ">"}, {"measured": 6.0, "limit": 3.0, "comparator": ">"}),
        ("harm", {"check": "tobacco-licence"}, {"check": "fire-lane-blocked"}),
        ("licence", {"licence_class": "within_old_term"}, {"licence_class": "issued_after_rule"}),
        ("evidence", {"error_band": None}, {"error_band": 10.0}),
    ],
)  # fmt: skip
def test_what_weighs_more_ranks_higher(
    key: str, less: dict[str, Any], more: dict[str, Any]
) -> None:
    low, high = part(shop(1, **less), key), part(shop(1, **more), key)
    assert low.points < high.points
    assert total(score(shop(1, **less), Beside())) < total(score(shop(1, **more), Beside()))


def test_repeats_company_age_and_yield_count() -> None:
    one = shop(1)
    assert part(one, "repeat").points == 0
    assert (
        part(one, "repeat", Beside(again=1)).points
        < part(one, "repeat", Beside(again=1, others=2)).points
    )
    assert part(one, "age", Beside(data_of="2026-06-20")).share == 1.0
    assert 0 < part(one, "age", Beside(data_of="2025-12-01")).share < 1
    assert part(one, "age", Beside(data_of="2024-01-01")).share == 0.0
    assert (
        part(one, "yield", Beside(right=0.2)).points < part(one, "yield", Beside(right=0.9)).points
    )


def test_the_day_of_the_data_is_the_newest_that_is_known() -> None:
    days = layer_days([{"theme": "tobacco_retailer", "sources": [{"retrieved": "2026-05-01"}, {"state_of": "2026-06-02"}]},
                       {"theme": "school", "sources": [{"retrieved": "2026-06-29"}]}])  # fmt: skip
    assert days == {"tobacco_retailer": "2026-06-02", "school": "2026-06-29"}
    assert data_day(shop(1), days) == "2026-06-02", "the subject's own layer, not the schools'"
    assert data_day({"facts": {"seen_on": ["2026-05-21"]}}, {}) == "2026-05-21"
    assert data_day({}, {}) is None


def test_the_weights_are_data() -> None:
    table = copy.deepcopy(dict(load_table()))
    before = total(score(shop(1), Beside(), table))
    table["parts"]["margin"]["weight"] = 0
    assert total(score(shop(1), Beside(), table)) < before
    assert FILE.is_file()


def test_every_check_has_its_kind_of_harm() -> None:
    named = [check for group in load_table()["harm"].values() for check in group["checks"]]
    assert len(named) == len(set(named))
    assert set(catalogue()) <= set(named)


def test_a_table_without_a_part_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "score.toml"
    file.write_text("[parts.margin]\nweight = 1\n", encoding="utf-8")
    with pytest.raises(LeadError, match=r"score\.toml"):
        load_table(file)


def dismiss(db: Database, lead_id: str, reason: str, at: str = "2026-07-02T00:00:00Z") -> None:
    move(db, lead_id, "dismissed", actor=PROSECUTOR, at=at, on_date="2026-07-02", version=None,
         fields={"dismissal": reason})  # fmt: skip


def test_what_became_of_the_leads_is_counted_and_goes_into_the_score(
    database: Database, tmp_path: Path
) -> None:
    rows = [shop(n) for n in range(1, 13)]
    ingest(
        database,
        write_run(tmp_path / "a.geojson", rows),
        actor=PROSECUTOR,
        at="2026-07-01T00:00:00Z",
    )
    ids = [
        str(row["id"])
        for row in list_leads(database, actor=PROSECUTOR, sort="number", ascending=True).rows
    ]
    (before,) = yields(database, actor=PROSECUTOR)
    assert (before.findings, before.leads, before.cases, before.right) == (12, 12, 0, 0.5)
    for lead_id in ids[:4]:
        dismiss(database, lead_id, "licensed")
    dismiss(database, ids[4], "duplicate")
    with database.write() as connection:  # the filing asks for an agency; routing is not meant here
        connection.execute(
            LEAD.update().where(LEAD.c.id == ids[5]).values(agency="tobacco", procuratorate="p")
        )
    move(database, ids[5], "screening", actor=PROSECUTOR, at="2026-07-02T00:00:00Z",
         on_date="2026-07-02", version=None)  # fmt: skip
    move(database, ids[5], "filed", actor=PROSECUTOR, at="2026-07-03T00:00:00Z", on_date="2026-07-03", version=None,
         fields={"case_cause": "未成年人保护", "handler": "王检", "approved_by": "检察长"})  # fmt: skip
    (after,) = yields(database, actor=PROSECUTOR)
    assert (after.cases, after.dismissed, after.decided) == (1, 5, 5)
    assert after.reasons == {"licensed": 4, "duplicate": 1}
    assert after.right == pytest.approx(2 / 7, abs=1e-3)
    assert set(after.reasons) <= set(reason_words())

    points = {row["id"]: row["score"] for row in list_leads(database, actor=PROSECUTOR).rows}
    ingest(
        database,
        write_run(tmp_path / "b.geojson", rows),
        actor=PROSECUTOR,
        at="2026-07-05T00:00:00Z",
    )
    found = card(database, ids[11], actor=PROSECUTOR)
    assert found.lead["score"] < points[ids[11]], "a check that cries wolf sinks"
    assert next(one for one in found.score if one.key == "yield").share == pytest.approx(
        2 / 7, abs=1e-3
    )
    assert found.lead["version"] == 1, "a score is no change of the lead"
    assert rate(database, actor=PROSECUTOR) == 0


def test_other_leads_about_the_subject_are_counted(database: Database, tmp_path: Path) -> None:
    code = "92990123MA00000001"
    ingest(database, write_run(tmp_path / "a.geojson", [shop(1, credit_code=code)]), actor=PROSECUTOR,
           at="2026-07-01T00:00:00Z")  # fmt: skip
    other = {**shop(1, credit_code=code), "check": "tobacco-licence"}
    ingest(database, write_run(tmp_path / "b.geojson", [other], checks=["tobacco-licence"]), actor=PROSECUTOR,
           at="2026-07-02T00:00:00Z")  # fmt: skip
    for row in list_leads(database, actor=PROSECUTOR).rows:
        found = card(database, str(row["id"]), actor=PROSECUTOR)
        assert len(found.others) == 1
        assert next(one for one in found.score if one.key == "repeat").share > 0
