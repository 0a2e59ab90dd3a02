"""Findings become leads and are known again; what a person laid aside stays so."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import box
from sqlalchemy import func, select

from layers.errors import LeadError, PolicyError
from leads.joining import merge, unmerge
from leads.runs.ingest import ingest
from leads.runs.report import IngestReport
from leads.steps.moves import move
from leads.store import Filter, card, list_leads
from office import Database
from office.schema import EVENT, LEAD, SIGHTING
from office.verify import verify
from tests.leads.findings import CHECK, WASTE, dump, place, shop, square, write_run
from tests.leads.made import AUDITOR, PROSECUTOR, lead_of, told

Runs = Callable[..., IngestReport]


@pytest.fixture
def runs(database: Database, tmp_path: Path) -> Runs:
    """Takes in one run after the other, each a day later."""
    day = iter(range(1, 1000))

    def take(rows: Sequence[dict[str, Any]], **more: Any) -> IngestReport:
        number = next(day)
        area = more.pop("area", None)
        file = write_run(tmp_path / f"{number}.geojson", rows, **more)
        return ingest(
            database, file, actor=PROSECUTOR, at=f"2026-07-01T00:{number:02d}:00Z", area=area
        )

    return take


def only(report: IngestReport, **counts: int) -> None:
    names = ("new", "changed", "unchanged", "vanished", "back", "asked_again", "merged", "split")
    assert {name: report.count(name) for name in names} == dict.fromkeys(names, 0) | counts


def numbers(database: Database) -> dict[str, str]:
    """Subject id → lead id."""
    with database.read() as connection:
        return {row[0]: row[1] for row in connection.execute(select(LEAD.c.subject_id, LEAD.c.id))}


def dismiss(database: Database, lead_id: str, reason: str = "licensed") -> None:
    move(database, lead_id, "dismissed", actor=PROSECUTOR, at="2026-07-02T00:00:00Z",
         on_date="2026-07-02", version=None, fields={"dismissal": reason})  # fmt: skip


def test_the_first_run_opens_leads_with_number_score_and_event(
    database: Database, runs: Runs
) -> None:
    only(
        runs([shop(1), shop(2, verdict="borderline"), shop(3, verdict="undecided", measured=None)]),
        new=2,
    )
    page = list_leads(database, actor=PROSECUTOR, sort="number", ascending=True)
    assert [row["number"] for row in page.rows] == ["YC-2026-000001", "YC-2026-000002"]
    assert all(row["score"] > 0 and row["state"] == "registered" for row in page.rows)
    ((kind, body),) = told(database, str(page.rows[0]["id"]))
    assert kind == "lead.found"
    assert (body["version"], body["state"], body["check"]) == (1, "registered", CHECK)
    assert verify(database).ok


def test_nothing_new_writes_no_event_of_a_lead(database: Database, runs: Runs) -> None:
    runs([shop(1), shop(2)])
    with database.read() as connection:
        before = connection.execute(select(func.count()).select_from(EVENT)).scalar_one()
    only(runs([shop(2), shop(1)], on_date="2026-07-09"), unchanged=2)
    with database.read() as connection:
        assert (
            connection.execute(select(func.count()).select_from(EVENT)).scalar_one() == before + 1
        )
        assert set(connection.scalars(select(LEAD.c.version))) == {1}
        assert set(connection.scalars(select(LEAD.c.on_date))) == {"2026-07-09"}


def test_the_same_run_at_the_same_moment_is_taken_in_once(
    database: Database, tmp_path: Path
) -> None:
    file = write_run(tmp_path / "f.geojson", [shop(1)])
    first = ingest(database, file, actor=PROSECUTOR, at="2026-07-01T00:00:00Z")
    second = ingest(database, file, actor=PROSECUTOR, at="2026-07-01T00:00:00Z")
    assert (first.repeated, second.repeated, second.run_id) == (False, True, first.run_id)
    assert second.counts == first.counts


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"verdict": "borderline"}, {"verdict"}),
        ({"measured": 75.0}, {"measured"}),
        ({"rule": "demo:r2"}, {"rule"}),
        ({"limit": 80.0}, {"limit"}),
        ({"licence_class": "expired_but_trading"}, {"licence_class"}),
        ({"valid_to": "2034-01-01"}, {"facts.valid_to"}),
        ({"object_id": "s2", "object_name": "乙小学"}, {"object"}),
        ({"subject_name": "新字号商行"}, {"name"}),
        ({"address": "中心街9号"}, {"address"}),
        ({"at": place(240, 0)}, {"place"}),
    ],
)
def test_a_change_of_weight_is_told(
    database: Database, runs: Runs, change: dict[str, Any], what: set[str]
) -> None:
    runs([shop(1), shop(2)])
    only(runs([shop(1, **change), shop(2)]), changed=1, unchanged=1)
    lead_id = numbers(database)["B00001"]
    kind, body = told(database, lead_id)[-1]
    assert kind == "lead.changed"
    assert set(body["what"]) == what
    assert body["version"] == lead_of(database, lead_id)["version"] == 2
    assert verify(database).ok


@pytest.mark.parametrize(
    "change",
    [
        {"measured": 66.0},
        {"at": place(203, 2), "measured": 57.5},
        {"source_row": 99},
        {"walk_m": 61.0},
        {"subject_name": "福顺１烟酒店 "},
        {"object_name": "甲小学（新名）"},
        {"layers": [{"theme": "tobacco_retailer", "sha256": "c" * 64, "rows": 10}]},
        {"title": "别的标题", "reasons": ["别的说法"]},
    ],
)
def test_what_only_looks_different_is_no_change(runs: Runs, change: dict[str, Any]) -> None:
    runs([shop(1)])
    only(runs([shop(1, **change)]), unchanged=1)


def test_small_steps_do_not_creep_past_the_band(database: Database, runs: Runs) -> None:
    runs([shop(1)])
    reports = [runs([shop(1, measured=60.0 + 3 * step)]) for step in range(1, 6)]
    assert [one.count("changed") for one in reports] == [0, 0, 0, 1, 0]
    assert told(database, numbers(database)["B00001"])[-1][1]["what"] == {"measured": [60.0, 72.0]}


def test_gone_and_back(database: Database, runs: Runs) -> None:
    runs([shop(1), shop(2)])
    only(runs([shop(2)]), vanished=1, unchanged=1)
    lead_id = numbers(database)["B00001"]
    assert lead_of(database, lead_id)["presence"] == "vanished"
    report = runs([shop(2)])
    only(report, unchanged=1)
    assert report.count("still_gone") == 1
    assert lead_of(database, lead_id)["last_run"] == report.run_id, "it was looked for again"
    only(runs([shop(1), shop(2)]), back=1, unchanged=1)
    assert [kind for kind, _ in told(database, lead_id)] == [
        "lead.found",
        "lead.vanished",
        "lead.back",
    ]
    assert lead_of(database, lead_id)["presence"] == "seen"
    assert len(card(database, lead_id, actor=PROSECUTOR).sightings) == 3


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"no_data": [CHECK]}, "no_data"),
        ({"failures": [{"check": CHECK, "message": "boom"}]}, "failed"),
        ({"undecided": [{"check": CHECK, "code": "no_network"}]}, "undecided"),
    ],
)
def test_missing_data_is_never_clear(
    database: Database, runs: Runs, more: dict[str, Any], why: str
) -> None:
    runs([shop(1)])
    report = runs([], **more)
    only(report)
    assert report.uncovered == {CHECK: why}
    assert lead_of(database, numbers(database)["B00001"])["presence"] == "seen"
    assert CHECK in report.text("zh")
    assert CHECK in report.text("en")


def test_a_run_of_other_checks_or_of_another_place_says_nothing(runs: Runs) -> None:
    runs([shop(1)])
    only(runs([], checks=["bar-near-school"]))
    only(runs([], rules="elsewhere"))
    report = runs([])
    only(report, vanished=1)
    assert report.silent == (CHECK,)


def test_an_area_is_all_that_was_looked_at(runs: Runs) -> None:
    runs([shop(1), shop(4)])
    west, south = place(0, -50)
    east, north = place(500, 50)
    only(runs([], area=box(west, south, east, north)), vanished=1)


def test_undecided_is_told_once_and_measured_stays(database: Database, runs: Runs) -> None:
    runs([shop(1)])
    unknown = shop(1, verdict="undecided", measured=None, error_band=None, limit=None, rule=None)
    only(runs([unknown]), changed=1)
    only(runs([unknown]), unchanged=1)
    lead = lead_of(database, numbers(database)["B00001"])
    assert (lead["verdict"], lead["measured"], lead["presence"]) == ("undecided", 60.0, "seen")
    only(runs([shop(1)]), changed=1)
    assert verify(database).ok


def test_measured_outside_is_gone_with_its_reason(database: Database, runs: Runs) -> None:
    runs([shop(1)])
    only(runs([shop(1, verdict="outside", measured=140.0)]), vanished=1)
    lead_id = numbers(database)["B00001"]
    assert told(database, lead_id)[-1][1]["what"] == {"verdict": ["inside", "outside"]}
    only(runs([shop(1)]), back=1)


def test_a_dismissed_lead_stays_dismissed_until_its_facts_change(
    database: Database, runs: Runs
) -> None:
    runs([shop(1)])
    lead_id = numbers(database)["B00001"]
    dismiss(database, lead_id)
    only(runs([shop(1, at=place(203, 0), measured=62.0)]), unchanged=1)
    only(runs([shop(1, subject_name="福顺超市")]), changed=1)
    only(runs([]), vanished=1)
    only(runs([shop(1, subject_name="福顺超市")]), back=1)
    lead = lead_of(database, lead_id)
    assert (lead["state"], lead["asked_again"]) == ("dismissed", False)
    only(runs([shop(1, subject_name="福顺超市", licence_class="cancelled_or_revoked_but_trading")]),
         changed=1, asked_again=1)  # fmt: skip
    lead = lead_of(database, lead_id)
    assert (lead["state"], lead["asked_again"]) == ("dismissed", True), (
        "a person decides, nobody else"
    )
    assert told(database, lead_id)[-1][0] == "lead.asked_again"
    assert [
        row["id"] for row in list_leads(database, Filter(asked_again=True), actor=PROSECUTOR).rows
    ] == [lead_id]
    only(runs([shop(1, subject_name="福顺超市", licence_class="unlicensed")]), changed=1)
    assert verify(database).ok


@pytest.mark.parametrize("change", [{"rule": "demo:r2"}, {"limit": 80.0}, {"measured": 30.0}])
def test_it_is_asked_again_when_rule_or_measure_changes(
    database: Database, runs: Runs, change: dict[str, Any]
) -> None:
    runs([shop(1)])
    dismiss(database, numbers(database)["B00001"], "measured")
    only(runs([shop(1, **change)]), changed=1, asked_again=1)


def test_undecided_for_a_while_does_not_ask_again(database: Database, runs: Runs) -> None:
    runs([shop(1)])
    dismiss(database, numbers(database)["B00001"])
    only(runs([shop(1, verdict="undecided", measured=None)]), changed=1)
    only(runs([shop(1)]), changed=1)
    assert not lead_of(database, numbers(database)["B00001"])["asked_again"]


@pytest.mark.parametrize("new_name", [True, False])
def test_a_closed_shop_that_is_there_again_is_asked_about(
    database: Database, runs: Runs, new_name: bool
) -> None:
    runs([shop(1)])
    dismiss(database, numbers(database)["B00001"], "closed")
    if new_name:
        only(runs([shop(1, subject_name="来福烟酒")]), changed=1, asked_again=1)
    else:
        runs([])
        only(runs([shop(1)]), back=1, asked_again=1)


def test_a_shop_is_known_by_name_and_place_when_every_id_is_new(
    database: Database, runs: Runs
) -> None:
    runs([shop(n) for n in range(1, 20)])
    known = numbers(database)
    again = [shop(n, subject_id=f"X{n}", at=place(200 * n + 9, -8)) for n in range(19, 0, -1)]
    only(runs(again), unchanged=19)
    assert numbers(database) == known


def test_a_renamed_shop_is_known_by_its_licence(runs: Runs) -> None:
    runs([shop(1, licence_no="990123000001")])
    only(runs([shop(1, licence_no="990123000001", subject_id="new", subject_name="全新商行",
                    at=place(220, 0))]), changed=1)  # fmt: skip


def test_an_id_given_to_another_shop_is_no_identity(database: Database, runs: Runs) -> None:
    runs([shop(1)])
    other = shop(7, subject_id="B00001", subject_name="不相干的店")
    only(runs([other]), new=1, vanished=1)
    with database.read() as connection:
        assert len(set(connection.scalars(select(LEAD.c.id)))) == 2


def test_another_shop_in_the_same_place_is_new_and_linked(database: Database, runs: Runs) -> None:
    runs([shop(1)])
    old = numbers(database)["B00001"]
    only(
        runs([shop(1, subject_id="Z1", subject_name="喜洋洋", address="桥头路3号")]),
        new=1,
        vanished=1,
    )
    new = numbers(database)["Z1"]
    ((link),) = card(database, new, actor=PROSECUTOR).links
    assert (link["kind"], link["lead_id"], link["other_id"]) == ("same_place", new, old)


def test_outlines_that_overlap_are_one_dump_whatever_they_are_called(
    database: Database, runs: Runs
) -> None:
    runs([dump(1, *square(0, 0)), dump(2, *square(300, 0))], checks=[WASTE])
    known = numbers(database)
    report = runs([dump(2, *square(3, 2)), dump(1, *square(298, 3))], checks=[WASTE])
    only(report, unchanged=2)
    assert numbers(database) == known


def test_a_dump_that_falls_apart_and_grows_together(database: Database, runs: Runs) -> None:
    runs([dump(1, *square(0, 0, 40))], checks=[WASTE])
    first = numbers(database)["w1"]
    left, right = (
        dump(1, (0, 0), (22, 0), (22, 40), (0, 40)),
        dump(2, (26, 0), (40, 0), (40, 40), (26, 40)),
    )
    report = runs([left, right], checks=[WASTE])
    assert (report.count("new"), report.count("split"), report.count("vanished")) == (1, 1, 0)
    second = numbers(database)["w2"]
    assert [one["kind"] for one in card(database, second, actor=PROSECUTOR).links] == ["split_from"]
    report = runs([dump(1, *square(0, 0, 40))], checks=[WASTE])
    assert (report.leads["merged"], report.count("new")) == ((second,), 0)
    assert "lead.merged" in [kind for kind, _ in told(database, second)]
    assert first in [one["other_id"] for one in card(database, second, actor=PROSECUTOR).links]
    only(runs([dump(1, *square(0, 0, 40))], checks=[WASTE]), unchanged=1)
    assert verify(database).ok


def test_merged_leads_share_what_is_found_and_may_be_parted(database: Database, runs: Runs) -> None:
    both = [
        shop(1),
        shop(1, subject_id="twin", at=place(210, 0), subject_name="福顺1烟酒店（总店）"),
    ]
    runs(both)
    one, twin = numbers(database)["B00001"], numbers(database)["twin"]
    merge(database, twin, one, actor=PROSECUTOR, at="2026-07-03T00:00:00Z", reason="同一家店")
    only(runs(both), unchanged=1)
    only(runs(both[1:]), unchanged=1)
    assert [row["id"] for row in list_leads(database, actor=PROSECUTOR).rows] == [one]
    assert lead_of(database, twin)["state"] == "dismissed"
    unmerge(database, twin, actor=PROSECUTOR, at="2026-07-04T00:00:00Z", reason="不是同一家")
    assert lead_of(database, twin)["state"] == "registered"
    only(runs(both), unchanged=2)
    assert verify(database).ok


def test_what_cannot_be_merged_is_refused(database: Database, runs: Runs) -> None:
    runs([shop(1), shop(2), dump(3, *square(0, 500))], checks=[CHECK, WASTE])
    ids = numbers(database)
    at, why = "2026-07-03T00:00:00Z", "?"
    for other in ("w3", "B00001"):
        with pytest.raises(LeadError):
            merge(database, ids["B00001"], ids[other], actor=PROSECUTOR, at=at, reason=why)
    with pytest.raises(PolicyError):
        merge(database, ids["B00001"], ids["B00002"], actor=AUDITOR, at=at, reason=why)
    merge(database, ids["B00001"], ids["B00002"], actor=PROSECUTOR, at=at, reason=why)
    for pair in (("B00001", "B00002"), ("B00002", "B00001")):
        with pytest.raises(LeadError):
            merge(database, ids[pair[0]], ids[pair[1]], actor=PROSECUTOR, at=at, reason=why)
    with pytest.raises(LeadError):
        unmerge(database, ids["B00002"], actor=PROSECUTOR, at=at, reason=why)


def test_every_finding_of_the_past_is_kept(database: Database, runs: Runs) -> None:
    for measured in (60.0, 80.0, 40.0):
        runs([shop(1, measured=measured)])
    found = card(database, numbers(database)["B00001"], actor=PROSECUTOR)
    kept = [one["finding"]["measured"] for one in found.sightings]
    assert kept == [60.0, 80.0, 40.0]
    assert found.finding["measured"] == 40.0
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(SIGHTING)).scalar_one() == 3


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", '{"type": "FeatureCollection", "features": []}',
     '{"yicha": {"checks": ["a"], "on_date": "2026-01-01", "version": "0"}, "features": [{"properties": {}}]}',
     '{"yicha": {"checks": ["a"], "on_date": "2026-01-01", "version": "0"}, "features": [null]}'],
)  # fmt: skip
def test_a_file_of_something_else_is_refused(
    database: Database, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "f.geojson"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(LeadError, match="Remedy"):
        ingest(database, file, actor=PROSECUTOR, at="2026-07-01T00:00:00Z")
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(EVENT)).scalar_one() == 0


def test_only_who_may_takes_findings_in(database: Database, tmp_path: Path) -> None:
    with pytest.raises(PolicyError):
        ingest(
            database,
            write_run(tmp_path / "f.geojson", [shop(1)]),
            actor=AUDITOR,
            at="2026-07-01T00:00:00Z",
        )


def test_the_report_reads_in_both_languages(runs: Runs) -> None:
    report = runs([shop(1)])
    assert "新出现 1" in report.text("zh")
    assert "new 1" in report.text("en")
    assert json.loads(json.dumps(report.as_dict()))["leads"]["new"]
