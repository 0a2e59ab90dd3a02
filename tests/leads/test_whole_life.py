"""The whole life of one demo lead of each named check, from finding to relapse, on both stores.

The findings are those of the demo county; the data of later days are the county's own with the
subject gone (rectified) and back (relapse). Nothing is skipped on the way: routing, deadlines,
recommendation, look-back by runs and by a person, closing, relapse, and the history verifies.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from openpyxl import load_workbook

from checks import RunResult, get_check, load_rules, run
from layers.folder import LayerFolder, LayerSet
from leads.routing import route
from leads.runs.ingest import ingest
from leads.steps.due import due_list
from leads.steps.handling import assign, note, see_to_deadline
from leads.steps.look_back import CANNOT_TELL, GONE, STILL_THERE, look_again
from leads.steps.moves import move
from leads.steps.reinspecting import looks_of, reinspect
from leads.views.handover import hand_over
from office import Database
from office.agencies import load_agencies
from office.verify import verify
from tests.leads.made import FIELD, PROSECUTOR, lead_of, told

DAY = "2026-06-30"


@dataclass(frozen=True)
class Life:
    """One named check: its lead, the theme and row that go away, and who must act."""

    check: str
    subject: str
    theme: str
    gone: tuple[str, ...]
    agency: str
    procuratorate: str


LIVES = [
    Life("tobacco-near-school", "", "tobacco_retailer", (), "990123-tobacco", "990123-procuratorate"),
    Life("waste-near-reservoir", "w2", "waste_candidate", ("w2",), "990123-ecology", "990100-procuratorate"),
    Life("fire-lane-blocked", "x1", "obstacle", (), "990123-fire", "990123-procuratorate"),
]  # fmt: skip
each_life = pytest.mark.parametrize("life", LIVES, ids=lambda life: life.check)


@pytest.fixture(scope="module")
def demo(demo_layers: Path) -> LayerFolder:
    return LayerFolder(demo_layers)


Runs = dict[tuple[str, str, bool], RunResult]


@pytest.fixture(scope="module")
def runs() -> Runs:
    """What a check said on a day: run once, ingested into both stores."""
    return {}


def found(
    runs: Runs, life: Life, demo: LayerFolder, day: str, gone: frozenset[str] = frozenset()
) -> RunResult:
    key = (life.check, day, bool(gone))
    if key not in runs:
        layers = without(demo, life, gone) if gone else demo
        runs[key] = run([life.check], layers, load_rules("demo"), day)
    return runs[key]


def without(layers: LayerFolder, life: Life, ids: frozenset[str]) -> LayerSet:
    """The county as a later source has it: another version, some rows are no longer there."""
    check = get_check(life.check).check
    themes = {name: layers[name] for name in check.themes if name in layers}
    layer = layers[life.theme]
    frame = gpd.GeoDataFrame(layer.frame[~layer.frame["id"].isin(ids)].reset_index(drop=True))
    return LayerSet(themes | {life.theme: replace(layer, frame=frame, sha256="f" * 64)},
                    layers.walking, layers.decisions)  # fmt: skip


def subject_of(life: Life, result: RunResult) -> tuple[str, frozenset[str]]:
    """The subject whose life it is, and the rows whose going away rectifies it."""
    inside = [f for f in result.findings if f.verdict == "inside"]
    if life.check == "tobacco-near-school":
        one = next(f for f in inside if f.licence_class == "issued_after_rule")
        return one.subject_id, frozenset({one.subject_id})
    one = next(f for f in inside if f.subject_id == life.subject)
    if life.check == "fire-lane-blocked":
        return one.subject_id, frozenset(str(o["id"]) for o in one.facts["obstacles"])
    return one.subject_id, frozenset(life.gone)


class Office:
    """The people of the case: every act names who, when and on which day."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def ingest(self, result: RunResult) -> None:
        ingest(self.db, result, actor=PROSECUTOR, at=f"{result.on_date}T00:00:00Z")

    def go(self, lead: str, state: str, day: str, **fields: Any) -> None:
        move(self.db, lead, state, fields=fields, actor=PROSECUTOR, at=f"{day}T03:00:00Z", on_date=day,
             version=lead_of(self.db, lead)["version"])  # fmt: skip

    def look(self, lead: str, result: str, day: str, tests: tuple[str, ...] = ()) -> Any:
        return reinspect(self.db, lead, result, actor=PROSECUTOR, at=f"{day}T05:00:00Z", on_date=day,
                         version=None, tests=tests, evidence={"before": "1.tif", "after": "2.tif"})  # fmt: skip

    def says(self, lead: str, since: str) -> str:
        with self.db.read() as connection:
            return look_again(connection, lead, since).verdict


@each_life
def test_the_whole_life(
    database: Database, demo: LayerFolder, runs: Runs, life: Life, tmp_path: Path
) -> None:
    office = Office(database)
    first = found(runs, life, demo, DAY)
    subject, gone = subject_of(life, first)
    office.ingest(first)
    lead = _lead(database, life.check, subject)

    _routed(database, lead, demo, life)
    assign(database, lead, "王检", actor=PROSECUTOR, at="2026-07-01T00:00:00Z", version=None)
    note(database, lead, "现场看过", actor=FIELD, at="2026-07-01T01:00:00Z")
    _to_recommendation(office, lead)
    _handed_over(database, lead, tmp_path)

    office.go(lead, "follow_up", "2026-09-18", reply="done", replied_on="2026-09-17")
    with database.read() as connection:
        planned = looks_of(connection, lead)
        due = due_list(connection, "2026-09-20", within_days=60, assignee="王检")
    assert [one["kind"] for one in planned] == ["first", *["relapse"] * (len(planned) - 1)]
    assert len(planned) >= 4
    assert {one.kind for one in due} >= {"review", "first"}

    _looked(office, lead, life, demo, gone, runs)
    office.go(lead, "closed", "2026-10-16", closure="rectified", approved_by="检察长")
    assert lead_of(database, lead)["data"]["closed"]["closure"] == "rectified"
    office.go(lead, "archived", "2026-10-20", archive_no="2026-017")

    _relapsed(office, lead, life, demo, runs)
    assert verify(database).ok


def _lead(db: Database, check: str, subject: str) -> str:
    from sqlalchemy import select

    from office.schema import LEAD

    with db.read() as connection:
        return str(connection.execute(select(LEAD.c.id).where(
            LEAD.c.check_id == check, LEAD.c.subject_id == subject)).scalar_one())  # fmt: skip


def _routed(db: Database, lead: str, demo: LayerFolder, life: Life) -> None:
    route(db, None, table=load_agencies("demo"), areas=demo["township"], actor=PROSECUTOR,
          at="2026-06-30T01:00:00Z", on_date=DAY)  # fmt: skip
    row = lead_of(db, lead)
    assert (row["agency"], row["procuratorate"]) == (life.agency, life.procuratorate)
    assert row["admin_code"] == "990123"
    assert row["township"]


def _to_recommendation(office: Office, lead: str) -> None:
    office.go(lead, "screening", "2026-07-01")
    office.go(
        lead, "filed", "2026-07-02", case_cause="公益诉讼", handler="王检", approved_by="检察长"
    )
    see_to_deadline(office.db, lead, "serve_filing", "met", actor=PROSECUTOR, at="2026-07-03T00:00:00Z",
                    on_date="2026-07-03", version=None)  # fmt: skip
    office.go(lead, "consultation", "2026-07-06", form="meeting", held_on="2026-07-06")
    office.go(lead, "investigation", "2026-07-07", handler="王检", second_person="赵检")
    office.go(
        lead, "recommendation", "2026-07-16", facts="属实", advice="依法履职", approved_by="检察长"
    )
    office.go(lead, "rectification", "2026-07-17", served_on="2026-07-17", served_by="announced")
    row = lead_of(office.db, lead)
    assert row["next_due"] == "2026-07-22"  # filed with the superior within five days
    see_to_deadline(office.db, lead, "file_recommendation", "met", actor=PROSECUTOR,
                    at="2026-07-20T00:00:00Z", on_date="2026-07-20", version=None)  # fmt: skip
    assert lead_of(office.db, lead)["next_due"] == "2026-09-17"


def _handed_over(db: Database, lead: str, folder: Path) -> None:
    done = hand_over(db, [lead], folder / "移交.xlsx", form="standard", receiver="主管机关", reason="移送",
                     actor=PROSECUTOR, at="2026-07-20T01:00:00Z")  # fmt: skip
    sheet = load_workbook(done.path).active
    assert sheet.max_row == 2
    assert sheet["A2"].value == lead_of(db, lead)["number"]


def _looked(
    office: Office, lead: str, life: Life, demo: LayerFolder, gone: frozenset[str], runs: Runs
) -> None:
    """First the very same data (tell nothing), then new ones that no longer show it."""
    office.ingest(found(runs, life, demo, "2026-09-19"))
    assert office.says(lead, "2026-09-18") == CANNOT_TELL
    done = office.look(lead, CANNOT_TELL, "2026-09-21")
    assert not done.relapse
    office.ingest(found(runs, life, demo, "2026-09-28", gone))
    assert lead_of(office.db, lead)["presence"] == "vanished"
    assert office.says(lead, "2026-09-21") == GONE
    assert not office.look(lead, GONE, "2026-09-29").relapse
    with office.db.read() as connection:
        states = [one["state"] for one in looks_of(connection, lead)]
    assert states.count("done") == 2
    assert states.count("planned") >= 3  # the relapse checks stand


def _relapsed(office: Office, lead: str, life: Life, demo: LayerFolder, runs: Runs) -> None:
    """Months later it is there again: a run finds it, a person says so, the lead is taken up again."""
    before = len(told(office.db, lead))
    office.ingest(found(runs, life, demo, "2026-12-21"))
    row = lead_of(office.db, lead)
    assert (row["presence"], row["state"]) == ("seen", "archived")
    assert office.says(lead, "2026-09-29") == STILL_THERE
    done = office.look(lead, STILL_THERE, "2026-12-22", ("partial",))
    assert (done.relapse, done.reopened) == (True, "screening")
    row = lead_of(office.db, lead)
    assert (row["state"], row["asked_again"], row["data"]["looks"]["relapses"]) == (
        "screening",
        False,
        1,
    )
    history = told(office.db, lead)
    kinds = [kind for kind, _ in history]
    assert kinds[0] == "lead.found"
    assert len(history) > before > 25  # nothing of its life was lost
    assert {"lead.routed", "lead.assigned", "lead.noted", "lead.moved", "lead.deadline", "lead.handed_over",
            "lead.look_back", "lead.reinspected", "lead.vanished", "lead.back"} <= set(kinds)  # fmt: skip
    assert all(body["state"] and body["version"] for _, body in history)
    assert json.dumps(history[-1][1], ensure_ascii=False)
