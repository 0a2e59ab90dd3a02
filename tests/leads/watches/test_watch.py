"""Standing watches on both stores: what is due and why, what a run changes, whom it tells, alarms."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from shapely.geometry import box
from sqlalchemy import func, select

from checks import catalogue
from layers import LayerFolder, make_layer, read_layer
from layers.errors import Cancelled, ConflictError, LayerError, LeadError, PolicyError, RuleError
from leads.messages.inbox import Message, messages
from leads.steps.handling import assign
from leads.steps.moves import move
from leads.store import Filter, list_leads
from leads.watches.due import ASKED, CALENDAR, DATA, FIRST, LOOK, RULES, due, hashes_of, why_due
from leads.watches.parts import Work
from leads.watches.running import Ran, WatchReport, run_watches
from leads.watches.watch import (
    PAUSED,
    REMOVED,
    Person,
    Watch,
    add_watch,
    set_state,
    watch_named,
    watches,
)
from office import Actor, Database, events
from office.actors import MACHINE
from office.schema import EVENT, RUN
from office.verify import verify
from tests.leads.folders import some_layers
from tests.leads.made import AUDITOR, PROSECUTOR

DAY, NEXT, LATER = "2026-06-30", "2026-07-01", "2026-07-31"
TOBACCO, BAR, WASTE = "tobacco-near-school", "bar-near-school", "waste-near-reservoir"
WANG, LI, REVIEWER = Person("王检", "wang@example.cn"), Person("李检"), Actor("审核", ("reviewer",))
FILES = ("school", "school_gate", "school_gate-named", "tobacco_retailer", "tobacco_licence-1", "tobacco_licence-2", "bar", "water",
         "waste_candidate", "protection_zone", "scene_footprint", "place")  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, demo_layers: Path) -> Path:
    """A small copy of the demo county's layers, to be changed."""
    return some_layers(demo_layers, tmp_path, FILES)


def put(db: Database, folder: Path, *, people: tuple[Person, ...] = (WANG, LI), every: int | None = None,
        checks: tuple[str, ...] = (TOBACCO, BAR)) -> Watch:  # fmt: skip
    return add_watch(db, folder=str(folder), people=people, checks=checks, rules="demo", every_days=every,
                     title="示范县", actor=PROSECUTOR, at=f"{DAY}T00:00:00Z")  # fmt: skip


def go(db: Database, day: str = DAY, *, hour: int = 1, work: Work | None = None,
       actor: Actor = MACHINE, force: bool = False) -> WatchReport:  # fmt: skip
    return run_watches(
        db, actor=actor, at=f"{day}T{hour:02d}:00:00Z", on_date=day, work=work, force=force
    )


def one(report: WatchReport) -> Ran:
    (ran,) = report.ran
    return ran


def told(db: Database, person: str = "王检", kind: str | None = None) -> list[Message]:
    """The messages of a person, oldest first."""
    page = messages(db, person, actor=MACHINE, limit=500)
    return [m for m in reversed(page.messages) if kind in (None, m.kind)]


def keep(folder: Path, name: str, part: slice | None) -> None:
    """The layer with some of its rows only (`None`: without the file)."""
    file = folder / f"{name}.parquet"
    if part is None:
        file.unlink()
        return
    layer = read_layer(file)
    make_layer(layer.theme.name, layer.frame[part].reset_index(drop=True), *layer.provenance).write(
        file
    )


def test_a_watch_is_set_up_listed_paused_and_removed(database: Database, folder: Path) -> None:
    made = put(database, folder, every=30)
    assert put(database, folder, every=30) == made  # a second press of the button
    assert watches(database, actor=AUDITOR) == (made,)
    assert made.people == (WANG, LI)
    paused = set_state(
        database, "示范县", PAUSED, actor=PROSECUTOR, at=f"{DAY}T02:00:00Z", version=1
    )
    assert (paused.state, paused.version) == (PAUSED, 2)
    assert go(database).ran == ()
    with pytest.raises(ConflictError, match="it is paused"):
        set_state(database, made.id, REMOVED, actor=PROSECUTOR, at=f"{DAY}T03:00:00Z", version=1)
    set_state(database, made.id, REMOVED, actor=PROSECUTOR, at=f"{DAY}T03:00:00Z")
    assert watches(database, actor=PROSECUTOR) == ()
    assert len(watches(database, actor=PROSECUTOR, removed=True)) == 1
    with database.read() as connection:
        kinds = [e.kind for e in events(connection, made.id)]
    assert kinds == ["watch.added", "watch.paused", "watch.removed"]


def test_what_is_wrong_is_refused_by_name(database: Database, folder: Path) -> None:
    with pytest.raises(RuleError, match="no check"):
        put(database, folder, checks=("tobacco",))
    with pytest.raises(LayerError, match="does not exist"):
        put(database, folder / "none")
    with pytest.raises(LeadError, match="whom it tells"):
        put(database, folder, people=())
    for address in ("wang", "王@example.cn", "a@b\nBcc: c@d", "王检 <a@b>", "a b@c"):
        with pytest.raises(LeadError, match="no mail address"):
            put(database, folder, people=(Person("王检", address),))
    with pytest.raises(LeadError, match="no calendar"):
        put(database, folder, every=0)
    with pytest.raises(PolicyError):
        add_watch(database, folder=str(folder), people=(WANG,), actor=AUDITOR, at=DAY)
    with pytest.raises(PolicyError):
        go(database, actor=AUDITOR)
    assert watches(database, actor=PROSECUTOR) == ()


def test_what_is_due_and_why(folder: Path) -> None:
    watch = Watch("W1", "县", str(folder), (WANG,), (TOBACCO, WASTE), "demo", every_days=30)
    now = hashes_of(watch)
    assert {"school", "tobacco_retailer", "walking", "rules", f"check:{TOBACCO}"} <= now.keys()
    assert why_due(watch, now, DAY, {}) == {TOBACCO: FIRST, WASTE: FIRST}
    ran = replace(watch, last={"hashes": now, "checked": {TOBACCO: DAY, WASTE: DAY}})
    assert why_due(ran, now, "2026-07-29", {}) == {}
    assert why_due(ran, now, "2026-07-30", {}) == {TOBACCO: CALENDAR, WASTE: CALENDAR}
    assert why_due(ran, {**now, "waste_candidate": "x"}, NEXT, {}) == {WASTE: DATA}
    assert why_due(ran, {**now, "hotel": "x"}, NEXT, {}) == {}
    assert why_due(ran, {**now, "decisions": "x"}, NEXT, {}) == {TOBACCO: DATA, WASTE: DATA}
    assert why_due(ran, {**now, "rules": "x"}, NEXT, {}) == {TOBACCO: RULES, WASTE: RULES}
    assert why_due(ran, {**now, f"check:{WASTE}": "x"}, NEXT, {}) == {WASTE: RULES}
    assert why_due(ran, now, NEXT, {TOBACCO: NEXT}) == {TOBACCO: LOOK}
    assert why_due(ran, now, NEXT, {TOBACCO: DAY}) == {}  # it ran on that day


def test_hashes_are_those_the_layers_name(folder: Path) -> None:
    found = LayerFolder(folder).hashes()
    layers = LayerFolder(folder)
    assert {name: found[name] for name in layers} == {name: layers[name].sha256 for name in layers}


def test_a_first_run_makes_leads_and_tells_everybody_once(database: Database, folder: Path) -> None:
    watch = put(database, folder)
    ran = one(go(database))
    assert ran.report is not None
    assert ran.reasons == {TOBACCO: FIRST, BAR: FIRST}
    assert ran.alarms == {}
    assert ran.report.count("new") == list_leads(database, actor=MACHINE).total > 20
    for person in ("王检", "李检"):
        assert {(m.kind, m.subject) for m in told(database, person)} == {
            ("new", TOBACCO), ("new", BAR)}  # fmt: skip
    (shops,) = [m for m in told(database) if m.subject == TOBACCO]
    assert len(shops.lines) == 20
    assert len(shops.lines) + shops.more == list_leads(
        database, Filter(checks=[TOBACCO]), actor=MACHINE).total  # fmt: skip
    assert shops.title.en.endswith(f"new: {shops.body['count']}")
    assert go(database, NEXT).ran == ()
    assert one(go(database, NEXT, hour=2, force=True)).reasons == {TOBACCO: ASKED, BAR: ASKED}
    assert len(told(database)) == 2  # the same findings again: nothing to say
    with database.read() as connection:
        kinds = [e.kind for e in events(connection, watch.id)]
    assert kinds == ["watch.added", "watch.ran", "watch.ran"]
    assert verify(database).ok


def test_new_data_run_the_checks_concerned_and_tell_the_person_responsible(
    database: Database, folder: Path
) -> None:
    put(database, folder)
    go(database)
    top = list_leads(database, Filter(checks=[TOBACCO]), actor=MACHINE, limit=400)
    mine = {row["id"] for row in top.rows[:5]}
    for lead in mine:
        assign(database, lead, "张检", actor=PROSECUTOR, at=f"{DAY}T05:00:00Z", version=None)
    keep(folder, "tobacco_retailer", slice(0, 200))
    ran = one(go(database, NEXT))
    assert ran.report is not None
    assert ran.reasons == {TOBACCO: DATA}
    assert ran.alarms == {}
    gone = set(ran.report.leads["vanished"])
    assert gone
    assert gone - mine
    (message,) = told(database, kind="vanished")
    named = {line.lead_id for line in message.lines}
    assert named <= gone - mine
    assert message.body["count"] == len(gone - mine)
    for message in told(database, "张检"):
        assert {line.lead_id for line in message.lines} == gone & mine


def test_new_rules_ask_again_about_what_was_laid_aside(
    database: Database, folder: Path, tmp_path: Path, root: Path
) -> None:
    text = (root / "data" / "rules" / "demo.toml").read_text(encoding="utf-8")
    head, bars = text.split(f'check = "{BAR}"')
    rules = tmp_path / "demo.toml"
    rules.write_text(text, encoding="utf-8")
    add_watch(database, folder=str(folder), people=(WANG,), checks=(BAR,), rules=str(rules),
              actor=PROSECUTOR, at=f"{DAY}T00:00:00Z")  # fmt: skip
    go(database)
    rows = list_leads(database, actor=MACHINE, limit=100).rows
    aside = rows[0]["id"]
    move(database, aside, "dismissed", reason="measured", actor=PROSECUTOR, at=f"{DAY}T03:00:00Z",
         on_date=DAY, version=1)  # fmt: skip
    rules.write_text(
        f'{head}check = "{BAR}"{bars.replace("value = 200", "value = 260", 1)}', encoding="utf-8"
    )
    assert one(go(database, NEXT)).reasons == {BAR: RULES}
    (again,) = told(database, kind="asked_again")
    assert [line.lead_id for line in again.lines] == [aside]
    assert again.urgent
    assert "limit" in again.lines[0].words.en
    (changed,) = told(database, kind="changed")
    assert {line.lead_id for line in changed.lines} == {row["id"] for row in rows} - {aside}


def test_by_calendar_and_only_then(database: Database, folder: Path) -> None:
    put(database, folder, every=30, checks=(BAR,))
    go(database)
    assert go(database, "2026-07-29").ran == ()
    assert one(go(database, "2026-07-30")).reasons == {BAR: CALENDAR}
    assert go(database, LATER).ran == ()


def test_a_source_that_falls_silent_raises_an_alarm_once(database: Database, folder: Path) -> None:
    watch = put(database, folder, checks=(BAR,))
    go(database)
    keep(folder, "bar", slice(0, 0))
    ran = one(go(database, NEXT))
    keep(folder, "bar", None)
    lost = one(go(database, NEXT, hour=2))
    assert ran.alarms[BAR] in ("silent", "no_data")
    assert lost.alarms in ({BAR: "no_data"}, {})
    bars = Filter(checks=[BAR], presence="seen")
    if ran.alarms[BAR] == "no_data":  # missing data is never clear
        assert list_leads(database, bars, actor=MACHINE).total > 0
    alarms = told(database, kind="alarm")
    assert alarms
    assert alarms[0].urgent
    assert "bar" in alarms[0].body["checks"][0]
    assert one(go(database, NEXT, hour=3, force=True)).alarms == {}  # said before
    assert len(told(database, kind="alarm")) == len(alarms)
    with database.read() as connection:
        found = [e for e in events(connection, watch.id) if e.kind == "watch.alarm"]
    assert len(found) == len(alarms)


def test_all_shops_moved_away_is_silence(database: Database, folder: Path) -> None:
    """Data are there, the check runs whole, and nothing is found where something was."""
    put(database, folder, checks=(BAR,))
    go(database)
    file = folder / "bar.parquet"
    layer = read_layer(file)
    frame = layer.frame.copy()
    frame["geometry"] = frame.geometry.translate(0.0, 0.4)
    make_layer("bar", frame, *layer.provenance).write(file)
    ran = one(go(database, NEXT))
    assert ran.alarms == {BAR: "silent"}
    assert "nothing now" in told(database, kind="alarm")[0].lines[0].words.en


def test_a_watch_that_cannot_run_says_so_once_and_the_next_one_runs(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    put(database, folder, checks=(BAR,))
    go(database)
    away = tmp_path / "away"
    folder.rename(away)
    put(database, away, checks=(BAR,))
    report = go(database, NEXT)
    broken = [ran for ran in report.ran if ran.problem]
    assert len(report.ran) == 2
    assert report.has_alarm
    assert "does not exist" in str(broken[0].problem)
    assert "layer folder does not exist" in told(database, kind="alarm")[0].lines[0].words.zh
    assert not [ran for ran in go(database, NEXT, hour=2).ran if ran.alarms]
    assert len(told(database, kind="alarm")) == 1
    away.rename(folder)
    go(database, NEXT, hour=3, force=True)
    assert all(
        "*" not in w.last["alarms"]
        for w in watches(database, actor=MACHINE)
        if w.folder == str(folder)
    )


def stop_after(count: int) -> Callable[[], bool]:
    asked = iter(range(10_000))
    return lambda: next(asked) >= count


def test_a_cancelled_run_writes_nothing_and_goes_on_where_it_was(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    put(database, folder, checks=(BAR, TOBACCO))
    parts = tmp_path / "work"
    seen: list[str] = []

    def progress(done: int, total: int, check: str) -> None:
        seen.append(f"{done}/{total} {check}")

    with pytest.raises(Cancelled):
        go(database, work=Work(parts, progress, cancelled=lambda: len(seen) == 2))
    assert seen == [f"0/2 {BAR}", f"1/2 {TOBACCO}"]
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(RUN)).scalar_one() == 0
    assert [file.name.split("-near")[0] for file in parts.iterdir()] == ["bar"]
    (kept,) = parts.iterdir()
    marked = kept.read_text(encoding="utf-8").replace('"subject_name": "', '"subject_name": "留')
    kept.write_text(marked, encoding="utf-8")
    ran = one(go(database, work=Work(parts)))
    assert ran.report is not None
    assert list(parts.iterdir()) == []
    bars = list_leads(database, Filter(checks=[BAR]), actor=MACHINE)
    assert bars.total == ran.report.counts[BAR]["new"] > 0
    assert all(
        row["subject_name"].startswith("留") for row in bars.rows
    )  # taken from what was kept
    with database.read() as connection:
        count = select(func.count()).select_from(EVENT).where(EVENT.c.kind == "run.ingested")
        assert connection.execute(count).scalar_one() == 1


def test_a_run_that_is_killed_goes_on_where_it_was(
    database: Database, store_url: str, folder: Path, tmp_path: Path, root: Path
) -> None:
    put(database, folder, checks=(BAR, TOBACCO, WASTE))
    parts = tmp_path / "work"
    command = [
        sys.executable,
        "-m",
        "leads",
        "watch",
        "run",
        "--on",
        DAY,
        "--work",
        str(parts),
        "--store",
        store_url,
    ]
    with subprocess.Popen(
        command, cwd=root, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if line.startswith("  3/3"):
                running.kill()
                break
    assert watches(database, actor=MACHINE)[0].last.get("checked") is None
    assert told(database) == []
    if not list(parts.glob(f"{WASTE}-*")):  # it may have been quicker with the last one
        assert {file.name.rsplit("-", 1)[0] for file in parts.iterdir()} == {BAR, TOBACCO}
    seen: list[str] = []
    ran = one(go(database, work=Work(parts, lambda _done, _total, check: seen.append(check))))
    assert ran.report is not None
    assert seen == [BAR, TOBACCO, WASTE, ""]
    assert {m.subject for m in told(database)} == {BAR, TOBACCO, WASTE}
    assert verify(database).ok


def test_two_programs_at_once_write_it_once(database: Database, folder: Path) -> None:
    put(database, folder, checks=(BAR,))

    def meanwhile(done: int, _total: int, _check: str) -> None:
        if done == 0 and not told(database):
            go(database)

    ran = one(go(database, hour=2, work=Work(progress=meanwhile)))
    assert ran.report is None
    assert ran.problem is None
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(RUN)).scalar_one() == 1
    assert len(told(database)) == 1


def test_an_area_narrows_the_ground(database: Database, folder: Path) -> None:
    whole = LayerFolder(folder)["school"].frame.total_bounds
    west, south, east, north = whole
    half = box(west, south, (west + east) / 2, north)
    add_watch(database, folder=str(folder), people=(WANG,), checks=(TOBACCO,), rules="demo", area=half,
              actor=PROSECUTOR, at=f"{DAY}T00:00:00Z")  # fmt: skip
    go(database)
    rows = list_leads(database, actor=MACHINE, limit=500).rows
    assert rows
    assert all(row["west"] <= (west + east) / 2 for row in rows)


def test_a_check_that_is_gone_raises_an_alarm_and_the_others_run(
    database: Database, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(__file__).parents[3] / "data" / "models" / "online-pharmacy.toml"
    models = tmp_path / "models"
    models.mkdir()
    file = models / "our-pharmacy.toml"
    text = source.read_text(encoding="utf-8").replace("online-pharmacy", "our-pharmacy")
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("YICHA_MODELS", str(models))
    model = "our-pharmacy"
    assert model in catalogue()
    put(database, folder, checks=(BAR, model))
    first = one(go(database))
    file.write_text("[[[", encoding="utf-8")
    ran = one(go(database, NEXT))
    assert first.reasons == {BAR: FIRST, model: FIRST}
    assert ran.reasons == {model: RULES}
    assert ran.alarms == {model: "failed"}
    assert go(database, NEXT, hour=2).ran == ()
    file.write_text(text, encoding="utf-8")
    assert one(go(database, NEXT, hour=3)).reasons == {model: RULES}


def test_named_watches_and_those_due(database: Database, folder: Path) -> None:
    watch = put(database, folder)
    assert [d.watch.id for d in due(database, DAY, actor=MACHINE, only=[watch.title])] == [watch.id]
    with pytest.raises(LeadError, match="no watch"):
        due(database, DAY, actor=MACHINE, only=["W0"])
    with database.read() as connection:
        assert watch_named(connection, watch.id) == watch
