"""The inbox on both stores: whose it is, read and unread, and reminders that come once."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from layers.errors import PolicyError
from leads.cases import open_case
from leads.messages.inbox import Notice, mark_read, messages, post, unread
from leads.messages.notices import CHANGES, DUE, KIND_WORDS, KINDS
from leads.steps.deadlines import of_lead
from leads.steps.handling import assign
from leads.steps.moves import move
from leads.watches.running import remind
from leads.watches.watch import Person, add_watch
from office import Actor, Database
from office.actors import MACHINE
from office.schema import DEADLINE
from office.verify import verify
from tests.leads.made import AT, AUDITOR, PROSECUTOR, put_lead, told

WANG, LI = Actor("王检", ("prosecutor",)), Actor("李检", ("prosecutor",))
CHIEF = Actor("审核", ("reviewer",))


def notice(person: str, said: str, kind: str = "new", count: int = 1) -> Notice:
    leads = [
        {"id": f"L{n}", "number": f"YC-2026-{n:06d}", "name": "甲店", "what": []}
        for n in range(count)
    ]
    return Notice(person, kind, "bar-near-school", {"check": "bar-near-school", "count": count,
                                                    "leads": leads}, [said])  # fmt: skip


def put(db: Database, *notices: Notice, at: str = AT) -> list[str]:
    with db.write() as connection:
        return post(connection, notices, at=at)


def test_the_same_thing_is_said_once_to_each(database: Database) -> None:
    assert len(put(database, notice("王检", "R1"), notice("王检", "R1"), notice("李检", "R1"))) == 2
    assert put(database, notice("王检", "R1")) == []
    assert len(put(database, notice("王检", "R2"), notice(" ", "R2"))) == 1
    assert unread(database, "王检", actor=WANG) == 2
    assert unread(database, "李检", actor=LI) == 1


def test_pages_newest_first_and_marked_read(database: Database) -> None:
    for day in range(1, 6):
        put(database, notice("王检", f"R{day}", count=day), at=f"2026-07-0{day}T01:00:00Z")
    page = messages(database, "王检", actor=WANG, limit=2, offset=1)
    assert [one.at[:10] for one in page.messages] == ["2026-07-04", "2026-07-03"]
    assert (page.total, page.unread) == (5, 5)
    first = page.messages[0]
    assert (first.title.zh, first.more, first.urgent) == ("学校周边酒吧：新出现 4 条", 0, False)
    assert (first.lines[0].lead_id, first.lines[0].name) == ("L0", "甲店")
    ids = [one.id for one in page.messages]
    assert mark_read(database, [*ids, "M0"], actor=WANG, at=AT) == 2
    assert mark_read(database, ids, actor=WANG, at="2026-08-01T00:00:00Z") == 0
    assert messages(database, "王检", actor=WANG, unread_only=True).total == 3
    (read,) = {
        one.read_at for one in messages(database, "王检", actor=WANG).messages if one.read_at
    }
    assert read == AT
    assert told(database, "王检") == [("message.read", {"messages": sorted(ids)})]
    assert verify(database).ok


def test_of_one_run_the_most_urgent_comes_first(database: Database) -> None:
    put(database, *(notice("王检", "R1", kind) for kind in ("vanished", "changed", "new", "asked_again")),
        Notice("王检", "alarm", "W1", {"title": "县", "why": "silent", "checks": ["bar-near-school"]}, ["R1"]))  # fmt: skip
    found = messages(database, "王检", actor=WANG).messages
    assert [one.kind for one in found] == ["alarm", "asked_again", "new", "changed", "vanished"]
    assert [one.urgent for one in found] == [True, True, False, False, False]


def test_an_inbox_is_ones_own(database: Database) -> None:
    (mine,) = put(database, notice("王检", "R1"))
    with pytest.raises(PolicyError, match="other people's messages"):
        messages(database, "王检", actor=LI)
    with pytest.raises(PolicyError):
        unread(database, "王检", actor=AUDITOR)
    assert mark_read(database, [mine], actor=LI, at=AT) == 0
    assert messages(database, "王检", actor=CHIEF).unread == 1
    assert (
        mark_read(database, [mine], actor=CHIEF, at=AT) == 0
    )  # who looks for another reads nothing for him


def test_every_kind_has_words_in_both_languages() -> None:
    assert set(KINDS) == set(KIND_WORDS)
    assert {*CHANGES, *DUE} <= set(KINDS)
    for words in KIND_WORDS.values():
        assert words.zh != words.en


def filed(db: Database, number: int, **values: str) -> str:
    """A case that was filed: the decision must be served within days."""
    lead = put_lead(db, number, state="screening", agency="990123-tobacco", **values)
    fields = {"case_cause": "校园周边售烟", "handler": "王检", "approved_by": "检察长"}
    move(db, lead, "filed", actor=PROSECUTOR, at=AT, on_date="2026-07-01", version=1, fields=fields)
    return lead


def due_of(db: Database, person: str) -> list[tuple[str, str]]:
    page = messages(db, person, actor=MACHINE, limit=200)
    return sorted((one.kind, one.body["due_on"]) for one in page.messages)


def test_a_deadline_is_told_once_as_soon_and_once_as_overdue(
    database: Database,
) -> None:
    lead = filed(database, 1)
    assign(database, lead, "王检", actor=PROSECUTOR, at=AT, version=None)
    with database.read() as connection:
        (deadline,) = of_lead(connection, lead, "open")
    end, far = deadline.due_on, "2026-12-01"
    assert remind(database, "2026-07-01", actor=MACHINE, at=AT, within_days=2) == 0
    assert remind(database, "2026-07-01", actor=MACHINE, at=AT) == 1
    assert remind(database, end, actor=MACHINE, at=AT) == 0
    assert due_of(database, "王检") == [("deadline_soon", end)]
    assert remind(database, far, actor=MACHINE, at="2026-12-01T01:00:00Z") == 1
    assert remind(database, "2026-12-02", actor=MACHINE, at=AT) == 0
    late, soon = messages(database, "王检", actor=WANG).messages
    assert [late.kind, soon.kind] == ["deadline_overdue", "deadline_soon"]
    assert (late.urgent, soon.urgent) == (True, False)
    assert soon.lines[0].words.zh.startswith(end)
    with database.write() as connection:  # another day, as after an extension
        connection.execute(update(DEADLINE).values(due_on="2026-12-04"))
    assert remind(database, far, actor=MACHINE, at=AT) == 1


def test_reminders_of_nobodys_leads_go_to_the_watch_that_covers_them(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "layers").mkdir()
    for name, check in (("王检", "tobacco-near-school"), ("李检", "bar-near-school")):
        add_watch(database, folder=str(tmp_path / "layers"), checks=[check], people=[Person(name)],
                  actor=PROSECUTOR, at=AT, title=name)  # fmt: skip
    lead, theirs = filed(database, 1), filed(database, 2)
    assign(database, theirs, "张检", actor=PROSECUTOR, at=AT, version=None)
    assert remind(database, "2026-12-01", actor=MACHINE, at=AT) == 2
    (mine,) = messages(database, "王检", actor=WANG).messages
    assert [line.lead_id for line in mine.lines] == [lead]
    assert unread(database, "李检", actor=LI) == 0
    assert unread(database, "张检", actor=MACHINE) == 1


def test_the_leads_of_a_case_are_reminded_of_together(database: Database) -> None:
    leads = [filed(database, number, assignee="王检") for number in (1, 2, 3)]
    open_case(database, leads, actor=PROSECUTOR, at=AT, title="案")
    assert remind(database, "2026-12-01", actor=MACHINE, at=AT) == 1
    (one,) = messages(database, "王检", actor=WANG).messages
    assert [line.lead_id for line in one.lines] == leads


def test_only_who_may_reminds(database: Database) -> None:
    with pytest.raises(PolicyError):
        remind(database, "2026-12-01", actor=AUDITOR, at=AT)
