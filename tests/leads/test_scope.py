"""Every operation on leads, cases and their history, really done: as every role, in and out of scope.

What the policy table gives is done; all else is refused and nothing is written. What should happen
is read from the table's text here, past the program's own reading of it.
"""

from __future__ import annotations

import ast
import shutil
import time
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from layers.errors import LeadError, PolicyError
from leads.cases import add_to_case, case_of, open_case, split_case, take_out
from leads.joining import merge, unmerge
from leads.messages.inbox import Notice, messages, post
from leads.rating import rate
from leads.routing import reroute, route
from leads.runs.ingest import ingest
from leads.scope import sight_of
from leads.steps.due import due_items
from leads.steps.handling import assign, note, recount_provisional, see_to_deadline
from leads.steps.moves import allowed, move
from leads.steps.reinspecting import reinspect
from leads.steps.workflow import Field, load_workflow
from leads.store import Filter, card, count_by, in_window, lead_ids, list_leads
from leads.views.feed import feed, feed_row
from leads.views.handover import hand_over, load_forms
from leads.views.marks import mark_of, marks, recent_runs
from leads.watches.due import due
from leads.watches.watch import Person, add_watch, set_state, watches
from leads.yields import yields
from office import Actor, Database
from office.actors import ROLES
from office.agencies import load_agencies
from office.policy import FILE
from office.schema import DEADLINE, EVENT, LEAD
from office.scope import Grant, Scope
from tests.leads.findings import CHECK, shop, write_run
from tests.leads.made import PROSECUTOR, put_case, put_lead

TABLE = load_workflow()
AT, DAY = "2026-07-02T01:00:00Z", "2026-07-02"
RAW = {
    f"{group}.{name}": entry["roles"]
    for group, entries in tomllib.loads(FILE.read_text(encoding="utf-8")).items()
    for name, entry in entries.items()
}
AREA, ELSEWHERE, OTHER = "990123", "990199", "bar-near-school"
AIMS = {"own": (AREA, CHECK), "other area": (ELSEWHERE, CHECK), "other check": (AREA, OTHER)}
"""By name: area and check of the three leads (and one more) that an operation is about."""
BOX = (100.0, 20.0, 120.0, 40.0)
Do = Callable[[Database, Actor, list[str], Path], Any]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with three leads of each kind, a case of each, something due, something merged."""
    file = tmp_path_factory.mktemp("scope") / "leads.sqlite"
    db = Database.open(file)
    fill(db)
    db.close()
    return file


def fill(db: Database) -> None:
    for number, (name, (area, check)) in enumerate(AIMS.items()):
        for n in range(5):
            put_lead(db, 10 * number + n, admin_code=area, check_id=check, township="城关镇",
                     run=f"run-{check}", agency=f"{area}-tobacco", subject_name=f"{name}{n}店")  # fmt: skip
        put_case(db, f"C{number}", *ids(name)[3:])
    for name in AIMS:
        for aim in ("screening", "filed"):
            to, step = next(one for one in _allowed(db, ids(name)[0]) if one[0] == aim)
            move(db, ids(name)[0], to, fields=_entries(step), actor=PROSECUTOR, at=AT, on_date=DAY,
                 version=None)  # fmt: skip
        merge(db, ids(name)[2], ids(name)[1], actor=PROSECUTOR, at=AT, reason="同一家")


def ids(name: str) -> list[str]:
    number = list(AIMS).index(name)
    return [f"L{10 * number + n:016x}" for n in range(5)]


def _allowed(db: Database, lead: str) -> list[tuple[str, Any]]:
    found = card(db, lead, actor=PROSECUTOR)
    return allowed(found.lead, found.data, DAY)


def _entry(field: Field) -> Any:
    if field.kind == "date":
        return date.fromisoformat(DAY).isoformat()
    if field.kind == "flag":
        return True
    return next(iter(field.choices)) if field.choices else "某某"


def _entries(step: Any) -> dict[str, Any]:
    return {name: _entry(TABLE.fields[name]) for name in step.fields}


def _step(operation: str) -> Do:
    """Any step of the table that asks for this operation, from the state it begins in."""
    step = next(one for one in TABLE.steps if one.operation == operation and one.to != "back"
                and one.basis.on(DAY))  # fmt: skip

    def act(db: Database, who: Actor, leads: list[str], _: Path) -> None:
        with db.write() as connection:
            connection.execute(LEAD.update().where(LEAD.c.id == leads[0])
                               .values(state=step.origins[0], procuratorate="p"))  # fmt: skip
        move(
            db,
            leads[0],
            step.to,
            fields=_entries(step),
            actor=who,
            at=AT,
            on_date=DAY,
            version=None,
        )

    return act


def _deadline(db: Database, who: Actor, leads: list[str], _: Path) -> None:
    with db.read() as connection:
        query = select(DEADLINE.c.kind).where(DEADLINE.c.lead_id == leads[0])
        kind = connection.scalars(query).first() or "review"
    see_to_deadline(db, leads[0], kind, "met", actor=who, at=AT, on_date=DAY, version=None)


def _ingest(db: Database, who: Actor, leads: list[str], folder: Path) -> None:
    found = card(db, leads[0], actor=PROSECUTOR).lead
    row = {**shop(77, admin_code=found["admin_code"]), "check": found["check_id"]}
    file = write_run(folder / "run.geojson", [row], checks=[found["check_id"]], rules="elsewhere")
    ingest(db, file, actor=who, at=AT)


def _sheet(db: Database, who: Actor, leads: list[str], folder: Path) -> None:
    hand_over(db, leads[:2], folder / "sheet.csv", form=next(iter(load_forms())), receiver="市场监管局",
              reason="移送", actor=who, at=AT)  # fmt: skip


WRITES: dict[str, list[Do]] = {
    "lead.assign": [lambda db, who, leads, _: assign(db, leads[0], "刘检", actor=who, at=AT, version=None)],
    "lead.note": [lambda db, who, leads, _: note(db, leads[0], "看过", actor=who, at=AT)],
    "lead.deadline": [_deadline],
    "lead.ingest": [_ingest],
    "lead.route": [
        lambda db, who, leads, _: reroute(
            db, leads[0], "990123-market", reason="分工", table=load_agencies("demo"), actor=who,
            at=AT, on_date=DAY, version=None)],
    "lead.reinspect": [lambda db, who, leads, _: reinspect(
        db, leads[0], "cannot_tell", actor=who, at=AT, on_date=DAY, version=None)],
    "lead.merge": [lambda db, who, leads, _: merge(db, leads[1], leads[0], actor=who, at=AT, reason="同一家")],
    "lead.split": [lambda db, who, leads, _: unmerge(db, leads[2], actor=who, at=AT, reason="两家")],
    "lead.handover": [_sheet],
    "case.open": [
        lambda db, who, leads, _: open_case(db, leads[:2], actor=who, at=AT),
        lambda db, who, leads, _: add_to_case(db, case_id(leads), leads[:1], actor=who, at=AT)],
    "case.split": [
        lambda db, who, leads, _: take_out(db, leads[3:], actor=who, at=AT),
        lambda db, who, leads, _: split_case(db, case_id(leads), {"a": [leads[3]], "b": [leads[4]]},
                                             actor=who, at=AT)],
    **{op: [_step(op)] for op in sorted({step.operation for step in TABLE.steps})
       if any(one.operation == op and one.to != "back" and one.basis.on(DAY)
              for one in TABLE.steps)},
}  # fmt: skip


def case_id(leads: list[str]) -> str:
    return f"C{next(n for n, name in enumerate(AIMS) if ids(name) == leads)}"


def narrow(role: str) -> Actor:
    return Actor("王", (role,), Scope((Grant(role, AREA, CHECK),)))


def count(db: Database) -> tuple[int, int]:
    with db.read() as connection:
        return tuple(connection.scalar(select(func.count()).select_from(table)) or 0
                     for table in (EVENT, LEAD))  # type: ignore[return-value]  # fmt: skip


def outcome(db: Database, act: Do, who: Actor, leads: list[str], folder: Path) -> str:
    """done, or why not; what was not done has left no trace."""
    before = count(db)
    try:
        act(db, who, leads, folder)
    except PolicyError:
        assert count(db) == before
        return "refused"
    except LeadError as error:
        assert count(db) == before
        hidden = error.problem.startswith(("there is no lead", "there is no case"))
        return "hidden" if hidden else str(error)
    assert count(db) > before
    return "done"


@pytest.mark.parametrize("operation", WRITES)
def test_an_operation_as_every_role_in_and_out_of_scope(
    operation: str, filled: Path, tmp_path: Path
) -> None:
    number = 0
    for act in WRITES[operation]:
        for role in ROLES:
            for aim in AIMS:
                for who in (Actor("王", (role,)), narrow(role)):
                    number += 1
                    file = tmp_path / f"{number}.sqlite"
                    shutil.copyfile(filled, file)
                    db = Database.open(file)
                    told = outcome(db, act, who, ids(aim), tmp_path)
                    db.close()
                    written = role in RAW[operation]
                    inside = who.scope is None or aim == "own"
                    if written and inside:
                        assert told == "done", (role, aim, who.scope)
                    else:
                        assert told in ("refused", "hidden"), (role, aim, who.scope)
                    if written and not inside and operation != "lead.ingest":
                        assert told == "hidden", (role, aim)


READS: dict[str, Callable[[Database, Actor], set[str]]] = {
    "list": lambda db, who: {one["id"] for one in list_leads(db, Filter(with_merged=True), actor=who).rows},
    "ids": lambda db, who: set(lead_ids(db, Filter(with_merged=True), actor=who)),
    "window": lambda db, who: {one["id"] for one in in_window(db, BOX, Filter(with_merged=True), actor=who).rows},
    "feed": lambda db, who: {one.columns["id"] for one in feed(db, Filter(with_merged=True), actor=who, limit=99).rows},
    "due": lambda db, who: {lead for one in due_items(db, DAY, actor=who, within_days=4000) for lead in one.leads},
    "marks": lambda db, who: {one.id for one in marks(db, actor=who).values()},
}  # fmt: skip


def test_who_reads_a_scope_reads_nothing_else_and_counts_nothing_else(database: Database) -> None:
    fill(database)
    own = set(ids("own"))
    every = {one for name in AIMS for one in ids(name)}
    for role in ROLES:
        for name, read in READS.items():
            if role not in RAW["lead.read"]:
                for who in (Actor("王", (role,)), narrow(role)):
                    with pytest.raises(PolicyError):
                        read(database, who)
                continue
            seen, all_of_it = read(database, narrow(role)), read(database, Actor("王", (role,)))
            assert seen == all_of_it & own, name
            assert seen < all_of_it <= every
    who = narrow("reviewer")
    assert list_leads(database, actor=who, limit=1).total == 4
    assert count_by(database, "admin_code", actor=who) == {AREA: 4}
    assert count_by(database, "check_id", actor=who) == {CHECK: 4}
    assert sum(count_by(database, "state", actor=PROSECUTOR).values()) == 12
    assert [(one.check, one.leads, one.findings) for one in yields(database, actor=who)] == [
        (CHECK, 5, 5)
    ]
    assert recent_runs(database, actor=who) == ()
    assert len(recent_runs(database, actor=PROSECUTOR)) == 2
    assert sight_of(who) != sight_of(PROSECUTOR) == sight_of(Actor("刘", ("field",)))
    assert rate(database, actor=who) == 5
    assert (
        route(
            database, None, table=load_agencies("demo"), areas=None, actor=who, at=AT, on_date=DAY
        )
        == []
    )
    assert recount_provisional(database, actor=who, at=AT) == []


def test_a_guessed_id_of_another_office_answers_like_one_that_is_not_there(
    database: Database,
) -> None:
    fill(database)
    who = narrow("prosecutor")

    def told(lead: str, case: str = "C9") -> list[str]:
        return [_error(act) for act in (
            lambda: card(database, lead, actor=who), lambda: feed_row(database, lead, actor=who),
            lambda: case_of(database, case, actor=who), lambda: note(database, lead, "x", actor=who, at=AT),
            lambda: assign(database, lead, "x", actor=who, at=AT, version=99),
            lambda: move(database, lead, "sued", actor=who, at=AT, on_date=DAY, version=99),
            lambda: reinspect(database, lead, "gone", actor=who, at=AT, on_date=DAY, version=99),
            lambda: merge(database, ids("own")[0], lead, actor=who, at=AT, reason="x"),
            lambda: unmerge(database, lead, actor=who, at=AT, reason="x", version=99),
            lambda: open_case(database, [ids("own")[0], lead], actor=who, at=AT),
            lambda: add_to_case(database, case, [lead], actor=who, at=AT, version=99),
            lambda: split_case(database, case, actor=who, at=AT, version=99),
            lambda: take_out(database, [lead], actor=who, at=AT),
            lambda: route(database, [lead], table=load_agencies("demo"), areas=None, actor=who, at=AT, on_date=DAY),
            lambda: hand_over(database, [lead], "x.csv", form=next(iter(load_forms())), receiver="x",
                              reason="x", actor=who, at=AT))]  # fmt: skip

    missing = told("L99", "C9")
    before = count(database)
    for name in ("other area", "other check"):
        for lead in (ids(name)[0], ids(name)[3]):
            case = case_id(ids(name))
            assert [
                one.replace(lead, "L99").replace(case, "C9") for one in told(lead, case)
            ] == missing
            assert [
                one.replace("YC-2026-000010", "L99") for one in told("YC-2026-000010")
            ] == missing
    assert count(database) == before
    assert mark_of(database, CHECK, "s10", actor=who) is None
    assert mark_of(database, CHECK, "s10", actor=PROSECUTOR) is not None


def _error(act: Callable[[], object]) -> str:
    with pytest.raises(LeadError) as caught:
        act()
    return f"{type(caught.value).__name__} {caught.value}"


def test_ten_thousand_guesses_tell_nothing_and_end_soon(filled: Path) -> None:
    db = Database.open(filled)
    who = narrow("auditor")
    begun = time.monotonic()
    with db.read():
        for n in range(10_000):
            guess = f"L{10 + n % 20:016x}" if n % 2 else f"YC-2026-{10 + n % 20:06d}"
            with pytest.raises(LeadError, match=f"there is no lead {guess}"):
                card(db, guess, actor=who)
    assert time.monotonic() - begun < 60
    db.close()


def test_a_card_and_a_case_name_no_lead_beyond_the_scope(database: Database) -> None:
    fill(database)
    mine, theirs = ids("own")[3], ids("other area")[3]
    with database.write() as connection:
        connection.execute(LEAD.update().where(LEAD.c.id == theirs).values(case_id="C0"))
    who = narrow("prosecutor")
    found = card(database, mine, actor=who)
    assert found.case is not None
    assert found.case["title"] == ""
    assert card(database, mine, actor=PROSECUTOR).case["title"] == "C0"  # type: ignore[index]
    assert case_of(database, "C0", actor=who).leads == tuple(ids("own")[3:])
    for act in (lambda: split_case(database, "C0", {"a": [mine], "b": [ids("own")[4]]}, actor=who, at=AT),
                lambda: add_to_case(database, "C0", ids("own")[:1], actor=who, at=AT)):  # fmt: skip
        with pytest.raises(PolicyError, match="outside the scope"):
            act()
    text = repr(card(database, ids("own")[1], actor=who))
    assert not any(
        one in text for name in ("other area", "other check") for one in (name, *ids(name))
    )


def test_a_step_of_a_whole_case_needs_the_right_on_every_lead_of_it(database: Database) -> None:
    fill(database)
    step = next(
        one for one in TABLE.steps if one.together and one.basis.on(DAY) and one.to != "back"
    )
    both = [ids("own")[3], ids("other check")[3]]
    with database.write() as connection:
        connection.execute(LEAD.update().where(LEAD.c.id.in_(both)).values(
            case_id="C0", state=step.origins[0], procuratorate="p"))  # fmt: skip
        connection.execute(LEAD.update().where(LEAD.c.id == ids("own")[4]).values(case_id=None))
    before = count(database)
    with pytest.raises(PolicyError):
        move(database, both[0], step.to, fields=_entries(step), actor=narrow("prosecutor"), at=AT,
             on_date=DAY, version=None)  # fmt: skip
    assert count(database) == before
    move(
        database,
        both[0],
        step.to,
        fields=_entries(step),
        actor=PROSECUTOR,
        at=AT,
        on_date=DAY,
        version=None,
    )


def test_messages_name_no_lead_that_their_reader_may_not_read(database: Database) -> None:
    fill(database)
    leads = [
        {"id": one, "number": one, "name": f"店{one}"}
        for one in (ids("own")[0], ids("other area")[0])
    ]
    with database.write() as connection:
        post(connection, [Notice("王", "new", CHECK, {"check": CHECK, "count": 2, "leads": leads}, [1]),
                          Notice("王", "relapse", leads[1]["id"], {
                              "check": CHECK, "result": "gone", "leads": leads[1:]}, [2])], at=AT)  # fmt: skip
    narrowed = messages(database, "王", actor=narrow("prosecutor"))
    assert leads[1]["id"] not in repr(narrowed)
    assert leads[0]["id"] in repr(narrowed)
    assert [one.more for one in sorted(narrowed.messages, key=lambda one: one.kind)] == [1, 1]
    assert leads[1]["id"] in repr(messages(database, "王", actor=Actor("王", ("prosecutor",))))
    with pytest.raises(PolicyError):
        messages(database, "刘", actor=narrow("reviewer"))


def test_watches_are_seen_and_set_up_by_who_may_about_all_their_checks(
    database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "layers"
    folder.mkdir()
    who = Actor("王", ("prosecutor",), Scope((Grant("prosecutor", None, CHECK),)))
    ways: dict[str, Any] = {"folder": str(folder), "people": [Person("王")], "at": AT}
    own = add_watch(database, checks=[CHECK], actor=who, **ways)
    with pytest.raises(PolicyError):
        add_watch(database, checks=[CHECK, OTHER], actor=who, **ways)
    with pytest.raises(PolicyError):
        add_watch(database, actor=narrow("prosecutor"), checks=[CHECK], **ways)
    every = add_watch(database, actor=PROSECUTOR, **ways)
    assert [one.id for one in watches(database, actor=who)] == [own.id]
    assert len(watches(database, actor=PROSECUTOR)) == 2
    assert watches(database, actor=narrow("prosecutor")) == ()
    with pytest.raises(LeadError, match="there is no watch"):
        set_state(database, every.id, "paused", actor=who, at=AT)
    assert set_state(database, own.id, "paused", actor=who, at=AT).state == "paused"
    assert {one.watch.id for one in due(database, DAY, actor=PROSECUTOR)} == {every.id}
    assert due(database, DAY, actor=who) == []


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (one for one in ast.walk(tree) if isinstance(one, ast.Call))


def test_every_lead_that_is_locked_is_weighed_or_was_before() -> None:
    """Only these go on with leads that were weighed before, or belong to the program itself."""
    known = {
        "cases.py": 1,
        "joining.py": 1,
        "handling.py": 1,
        "watch_looks.py": 2,
        "changing.py": 1,
    }
    root = Path(__file__).resolve().parent.parent.parent / "leads"
    for file in sorted(root.glob("*.py")):
        bare = [call for call in _calls(ast.parse(file.read_text(encoding="utf-8")))
                if getattr(call.func, "id", "") in ("lock", "lock_many")
                and not any(word.arg == "actor" for word in call.keywords)]  # fmt: skip
        assert len(bare) == known.get(file.name, 0), file.name


def test_no_operation_on_leads_is_left_out() -> None:
    ours = {one for one in RAW if one.startswith(("lead.", "case."))}
    # Reading is tried above; the hand-over between offices has tests of its own.
    assert ours - set(WRITES) == {"lead.read", "lead.send", "lead.receive"}
