"""A lead goes to another office by disk and comes to rest in exactly one of the two."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from layers.errors import ConflictError, LeadError, PolicyError
from leads.cases import open_case
from leads.exchange.answers import make_answer
from leads.exchange.attachments import keep
from leads.exchange.carrier import read_papers, write_papers
from leads.exchange.desk import receive_file, route_new, wishes, write_again, write_offered
from leads.exchange.foreign import altered, foreign_histories, foreign_lines
from leads.exchange.listing import transfers
from leads.exchange.receiving import TakenIn, answer_to, give_up
from leads.exchange.sending import call_back, offer, settle
from leads.exchange.signed import ANSWER
from leads.runs.ingest import ingest
from leads.steps.handling import assign, note
from leads.steps.moves import move
from leads.store import Filter, card, list_leads
from office import Actor, Database
from office.backup import backup as make_backup
from office.policy import load_policy
from office.restore import restore
from office.scope import Grant, Scope
from office.verify import verify
from tests.leads.exchange.two import (
    AT,
    HERE,
    LATER,
    OTHER,
    PROSECUTOR,
    THERE,
    Side,
    fill,
    two_sides,
)
from tests.leads.findings import shop, write_run

Sides = tuple[Side, Side]
AUDITOR = Actor("审计", ("auditor",))


def sent(here: Side, folder: Path, ids: list[str], name: str = "out.zip", to: str = THERE) -> Path:
    """Offer leads and write them to a file."""
    done = offer(
        here.db, ids, to, offices=here.offices, reason="属青澜市院管辖", actor=PROSECUTOR, at=AT
    )
    out = folder / name
    write_offered(here.db, out, to, offices=here.offices, actor=PROSECUTOR,
                  transfers=[one.transfer for one in done])  # fmt: skip
    return out


def received(there: Side, file: Path, refusal: str = "") -> list[TakenIn]:
    return receive_file(
        there.db, file, offices=there.offices, actor=OTHER, at=LATER, refusal=refusal
    )


def settled(here: Side, done: list[TakenIn]) -> None:
    for one in done:
        settle(here.db, one.answer, offices=here.offices, actor=PROSECUTOR, at=LATER)


def whole(*sides: Side) -> None:
    for side in sides:
        assert verify(side.db).problems == ()
        assert altered(side.db, actor=AUDITOR) == []


def test_a_lead_goes_over_with_its_whole_history(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    note(here.db, lead, "门朝北", actor=PROSECUTOR, at=AT)
    assign(here.db, lead, "王检", actor=PROSECUTOR, at=AT, version=None)
    before = card(here.db, lead, actor=PROSECUTOR)
    file = sent(here, tmp_path, [lead])
    assert here.states() == {lead: "sent"}
    (one,) = received(there, file)
    assert one.verdict == "accepted"
    assert one.lead_id == lead
    settled(here, [one])
    assert (here.states(), there.states()) == ({lead: "handed_over"}, {lead: "registered"})

    after = card(there.db, lead, actor=OTHER)
    assert {k: v for k, v in after.finding.items() if k != "layers"} == {
        k: v for k, v in before.finding.items() if k != "layers"}  # fmt: skip
    same = (
        "check_id",
        "subject_name",
        "address",
        "verdict",
        "measured",
        "limit",
        "admin_code",
        "west",
        "north",
    )
    assert [after.lead[name] for name in same] == [before.lead[name] for name in same]
    assert after.lead["score"] > 0
    assert after.lead["assignee"] is None
    with there.db.read() as connection:
        (foreign,) = foreign_histories(connection, lead)
    assert foreign.whole
    assert foreign.events == before.history
    assert foreign.number == before.lead["number"]
    assert [line.en for _, line in foreign_lines(foreign)][-2:] == [
        "noted: 门朝北",
        "assigned: 王检",
    ]
    assert [line.zh for _, line in foreign_lines(foreign)][-2:] == ["记录：门朝北", "分派：王检"]
    whole(here, there)


def test_the_histories_read_well_on_both_sides(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    settled(here, received(there, sent(here, tmp_path, [lead])))
    from leads.steps.event_words import event_line

    told = [event_line(one) for one in card(here.db, lead, actor=PROSECUTOR).history[-2:]]
    assert [one.zh for one in told] == ["移送他院：青澜市人民检察院 · 属青澜市院管辖",
                                        "他院已接收：青澜市人民检察院 · 对方编号 YC-2026-000001"]  # fmt: skip
    assert (
        told[1].en
        == "taken over by the other office: Qinglan City People's Procuratorate · their number YC-2026-000001"
    )
    (came,) = [event_line(one) for one in card(there.db, lead, actor=OTHER).history]
    assert came.zh == "接收他院移送：云溪县人民检察院 · 对方编号 YC-2026-000001 · 属青澜市院管辖"


def test_what_is_on_its_way_is_worked_on_by_nobody(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    file = sent(here, tmp_path, [lead])
    for _ in range(2):
        with pytest.raises(LeadError, match=r"is on its way|is taken over"):
            note(here.db, lead, "x", actor=PROSECUTOR, at=LATER)
        with pytest.raises(LeadError, match=r"is on its way|is taken over"):
            move(
                here.db,
                lead,
                "screening",
                actor=PROSECUTOR,
                at=LATER,
                on_date="2026-07-02",
                version=None,
            )
        with pytest.raises(LeadError, match=r"is on its way|is taken over"):
            offer(
                here.db, [lead], THERE, offices=here.offices, reason="x", actor=PROSECUTOR, at=LATER
            )
        settled(here, received(there, file))


def test_the_same_file_twice_gives_the_same_receipt_and_one_lead(
    sides: Sides, tmp_path: Path
) -> None:
    here, there = sides
    ids = fill(here.db, tmp_path / "runs", 3)
    file = sent(here, tmp_path, ids)
    first = received(there, file)
    again = received(there, file)
    assert [one.answer for one in first] == [one.answer for one in again]
    assert all(one.repeated for one in again)
    head = verify(there.db).head_seq
    received(there, file, refusal="too late to refuse")
    assert verify(there.db).head_seq == head
    settled(here, first)
    settled(here, again)
    assert there.active() == set(ids)
    assert here.active() == set()
    whole(here, there)


def test_a_refusal_gives_the_lead_back_as_it_was(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    move(here.db, lead, "screening", actor=PROSECUTOR, at=AT, on_date="2026-07-01", version=None)
    file = sent(here, tmp_path, [lead])
    (one,) = received(there, file, refusal="不属本院")
    assert one.verdict == "refused"
    settled(here, [one])
    assert here.states() == {lead: "screening"}
    assert there.states() == {}
    assert received(there, file)[0].answer == one.answer  # never taken in later
    last = card(here.db, lead, actor=PROSECUTOR).history[-1]
    assert (last.kind, "不属本院" in last.body) == ("lead.given_back", True)
    whole(here, there)


def test_deadlines_stop_with_the_sender_and_run_on_where_it_comes_back(
    sides: Sides, tmp_path: Path
) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    step = {"actor": PROSECUTOR, "at": AT, "on_date": "2026-07-01", "version": None}
    move(here.db, lead, "screening", **step)  # type: ignore[arg-type]
    move(here.db, lead, "filed", fields={"case_cause": "食药", "handler": "王检", "approved_by": "张检",
                                         "procedure": "civil"}, **step)  # type: ignore[arg-type]  # fmt: skip
    move(here.db, lead, "investigation", fields={"handler": "王检", "second_person": "赵检", "plan": "现场核查", "delegated_to": "乙院",
                                                 "delegated_on": "2026-07-01"}, **step)  # type: ignore[arg-type]  # fmt: skip
    before = card(here.db, lead, actor=PROSECUTOR)
    assert [one["state"] for one in before.deadlines] == ["open"]
    file = sent(here, tmp_path, [lead])
    gone = card(here.db, lead, actor=PROSECUTOR)
    assert ([one["state"] for one in gone.deadlines], gone.lead["next_due"]) == (
        ["cancelled"],
        None,
    )
    settled(here, received(there, file, refusal="x"))
    back = card(here.db, lead, actor=PROSECUTOR)
    assert back.deadlines == before.deadlines
    assert back.lead["next_due"] == before.lead["next_due"]
    settled(here, received(there, sent(here, tmp_path, [lead], "second.zip")))
    there_now = card(there.db, lead, actor=OTHER)
    assert there_now.lead["state"] == "screening"
    assert there_now.deadlines == ()
    whole(here, there)


def test_what_never_came_is_called_back_for_good(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    file = sent(here, tmp_path, [lead])
    (row,) = transfers(here.db, actor=PROSECUTOR)
    wish = call_back(
        here.db, row["id"], offices=here.offices, reason="弄错", actor=PROSECUTOR, at=AT
    )
    assert here.states() == {lead: "sent"}  # until the other office has spoken
    done = give_up(there.db, wish, offices=there.offices, actor=OTHER, at=LATER)
    assert done.verdict == "recalled"
    settled(here, [done])
    assert here.states() == {lead: "registered"}
    assert received(there, file)[0].verdict == "recalled"  # the disk that was lost turns up
    assert there.states() == {}
    whole(here, there)


def test_what_was_taken_in_is_not_called_back(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    done = received(there, sent(here, tmp_path, [lead]))
    (row,) = transfers(here.db, actor=PROSECUTOR)
    wish = call_back(
        here.db, row["id"], offices=here.offices, reason="弄错", actor=PROSECUTOR, at=AT
    )
    (again,) = wishes(here.db, THERE, offices=here.offices, actor=PROSECUTOR, at=LATER)
    assert "弄错" in again.text
    one = give_up(there.db, wish, offices=there.offices, actor=OTHER, at=LATER)
    assert (one.verdict, one.answer) == ("accepted", done[0].answer)
    settled(here, [one])
    assert (here.active(), there.active()) == (set(), {lead})
    with pytest.raises(LeadError, match="answered already"):
        call_back(here.db, row["id"], offices=here.offices, reason="x", actor=PROSECUTOR, at=LATER)
    whole(here, there)


def test_a_lead_goes_there_and_back_and_there_again(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    settled(here, received(there, sent(here, tmp_path, [lead], "1.zip")))
    note(there.db, lead, "在青澜记的", actor=OTHER, at=LATER)
    settled(there, received(here, sent(there, tmp_path, [lead], "2.zip", HERE)))
    assert (here.states(), there.states()) == ({lead: "registered"}, {lead: "handed_over"})
    settled(here, received(there, sent(here, tmp_path, [lead], "3.zip")))
    assert (here.states(), there.states()) == ({lead: "handed_over"}, {lead: "registered"})
    with there.db.read() as connection:
        histories = foreign_histories(connection, lead)
    assert len(histories) == 3
    assert all(one.whole for one in histories)
    assert [one.office for one in histories] == [HERE, THERE, HERE]
    assert any("在青澜记的" in event.body for event in histories[1].events)
    assert histories[2].events[: len(histories[0].events)] == histories[0].events
    whole(here, there)


def test_the_same_thing_known_there_already_stays_one_lead(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    run = write_run(
        tmp_path / "own.geojson", [shop(1, subject_id="other-77", licence_no="99010001")]
    )
    ingest(there.db, run, actor=OTHER, at=AT)
    (own,) = there.active()
    (one,) = received(there, sent(here, tmp_path, [lead]))
    settled(here, [one])
    assert one.lead_id == own
    assert there.active() == {own}
    assert here.active() == set()
    assert card(there.db, own, actor=OTHER).history[-1].kind == "lead.received"
    whole(here, there)


def test_one_laid_aside_there_is_looked_at_again(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    ingest(there.db, write_run(tmp_path / "own.geojson", [shop(1)]), actor=OTHER, at=AT)
    move(there.db, lead, "dismissed", actor=OTHER, at=AT, on_date="2026-07-01", version=None,
         fields={"dismissal": "measured"})  # fmt: skip
    (one,) = received(there, sent(here, tmp_path, [lead]))
    row = card(there.db, str(one.lead_id), actor=OTHER).lead
    assert (row["state"], row["asked_again"]) == ("dismissed", True)
    whole(there)


def test_two_that_cross_are_both_given_back(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    ingest(there.db, write_run(tmp_path / "own.geojson", [shop(1)]), actor=OTHER, at=AT)
    to, back = (
        sent(here, tmp_path, [lead], "to.zip"),
        sent(there, tmp_path, [lead], "back.zip", HERE),
    )
    came, went = received(there, to), received(here, back)
    assert [one.verdict for one in (*came, *went)] == ["refused", "refused"]
    settled(here, came)
    settled(there, went)
    assert here.active() == there.active() == {lead}  # as before: each office had its own
    whole(here, there)


def test_a_lead_outside_the_area_goes_back_by_itself(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    (one,) = received(there.trusting(areas=("4301",)), sent(here, tmp_path, [lead]))
    assert (one.verdict, there.states()) == ("refused", {})
    assert "990123" in one.answer.text


def test_a_bundle_of_evidence_goes_along(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    bundle = tmp_path / "证据.zip"
    bundle.write_bytes(b"sealed" * 1000)
    file = keep(bundle, here.offices.attachments)
    offer(here.db, [lead], THERE, offices=here.offices, reason="x", actor=PROSECUTOR, at=AT,
          attachments={lead: [file]})  # fmt: skip
    out = tmp_path / "out.zip"
    write_offered(here.db, out, THERE, offices=here.offices, actor=PROSECUTOR)
    received(there, out)
    told = card(there.db, lead, actor=OTHER).data["received"]["attachments"]
    assert told == [file.as_dict()]
    assert file.at(there.offices.attachments).read_bytes() == bundle.read_bytes()


def test_who_may_send_and_who_may_receive(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    for who in (
        Actor("外勤", ("field",)),
        Actor("别处", ("prosecutor",), Scope((Grant("prosecutor", "4301"),))),
    ):
        with pytest.raises((PolicyError, LeadError)):
            offer(here.db, [lead], THERE, offices=here.offices, reason="x", actor=who, at=AT)
    file = sent(here, tmp_path, [lead])
    system = Actor(
        "system:there", ("machine",), Scope((Grant("machine", "4301"),), frozenset(load_policy()))
    )
    for who in (Actor("外勤", ("field",)), system):
        with pytest.raises(PolicyError):
            receive_file(there.db, file, offices=there.offices, actor=who, at=LATER)
    assert there.states() == {}
    (done,) = received(there, file)
    assert answer_to(there.db, done.transfer, actor=system) is None
    assert answer_to(there.db, done.transfer, actor=OTHER) == done.answer


def test_a_case_is_sent_whole_or_not_at_all(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    ids = fill(here.db, tmp_path / "runs", 2)
    open_case(here.db, ids, actor=PROSECUTOR, at=AT, title="烟草一案")
    with pytest.raises(LeadError, match="stands in case"):
        sent(here, tmp_path, ids[:1])
    assert here.active() == set(ids)
    settled(here, received(there, sent(here, tmp_path, ids)))
    assert there.active() == set(ids)
    assert card(there.db, ids[0], actor=OTHER).data["received"]["case"] == "烟草一案"
    whole(here, there)


def test_a_state_that_cannot_be_sent_and_a_reason_that_is_none(
    sides: Sides, tmp_path: Path
) -> None:
    here, _ = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    with pytest.raises(LeadError, match="reason"):
        offer(here.db, [lead], THERE, offices=here.offices, reason=" ", actor=PROSECUTOR, at=AT)
    with pytest.raises(LeadError, match="no office we hand"):
        offer(here.db, [lead], "nobody", offices=here.offices, reason="x", actor=PROSECUTOR, at=AT)
    move(here.db, lead, "dismissed", actor=PROSECUTOR, at=AT, on_date="2026-07-01", version=None,
         fields={"dismissal": "measured"})  # fmt: skip
    with pytest.raises(LeadError, match="in no state to be sent"):
        sent(here, tmp_path, [lead])


def test_two_words_about_one_package_are_told_loudly(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    (one,) = received(there, sent(here, tmp_path, [lead]))
    settled(here, [one])
    lie = make_answer(
        one.transfer, HERE, "refused", offices=there.offices, reason="x", by="李检", at=LATER
    )
    with pytest.raises(ConflictError, match="said accepted before"):
        settle(here.db, lie, offices=here.offices, actor=PROSECUTOR, at=LATER)
    assert here.states() == {lead: "handed_over"}


def test_an_office_that_lost_part_of_its_store_gets_the_package_again(
    sides: Sides, tmp_path: Path
) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    settled(here, received(there, sent(here, tmp_path, [lead])))
    with closing(Database.open(tmp_path / "older.sqlite")) as older:  # as its backup was before
        lost = replace(there, db=older)
        (row,) = transfers(here.db, actor=PROSECUTOR)
        write_again(
            here.db, tmp_path / "again.zip", row["id"], offices=here.offices, actor=PROSECUTOR
        )
        settled(here, received(lost, tmp_path / "again.zip"))
        assert (here.active(), lost.active()) == (set(), {lead})
        whole(here, lost)
    received(there, tmp_path / "again.zip")
    assert there.active() == {lead}


def test_a_lead_sent_anew_from_a_store_that_forgot_stays_one(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    backup = tmp_path / "backup.zip"
    make_backup(here.db, backup, actor=Actor("管理员", ("system_admin",)), at=AT)
    settled(here, received(there, sent(here, tmp_path, [lead])))
    with closing(Database.open(tmp_path / "older.sqlite")) as older:
        restore(backup, older, actor=Actor("管理员", ("system_admin",)), at=LATER)
        forgot = replace(here, db=older)
        assert forgot.active() == {lead}
        settled(forgot, received(there, sent(forgot, tmp_path, [lead], "anew.zip")))
        assert (forgot.active(), there.active()) == (set(), {lead})
        whole(forgot, there)


def test_the_list_shows_what_was_sent_and_what_came(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    ids = fill(here.db, tmp_path / "runs", 2)
    file = sent(here, tmp_path, ids[:1])
    assert list_leads(here.db, Filter(states=["sent"]), actor=PROSECUTOR).total == 1
    settled(here, received(there, file))
    (out,), (came,) = transfers(here.db, actor=PROSECUTOR), transfers(there.db, actor=OTHER)
    assert (out["direction"], out["state"], out["their_number"]) == (
        "out",
        "accepted",
        "YC-2026-000001",
    )
    assert (came["direction"], came["partner"], came["number"]) == ("in", HERE, "YC-2026-000001")
    elsewhere = Actor("别处", ("prosecutor",), Scope((Grant("prosecutor", "4301"),)))
    assert transfers(there.db, actor=elsewhere) == []
    assert list_leads(here.db, Filter(states=["handed_over"]), actor=PROSECUTOR).total == 1


def test_the_list_of_one_second_is_by_number_and_stays_so(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    ids = fill(here.db, tmp_path / "runs", 6)
    received(there, sent(here, tmp_path, ids))
    for side, who in ((here, PROSECUTOR), (there, OTHER)):
        shown = [one["number"] for one in transfers(side.db, actor=who)]
        assert shown == sorted(shown, reverse=True)
        assert [one["number"] for one in transfers(side.db, actor=who, limit=3)] == shown[:3]


def test_a_lead_that_comes_twice_in_one_second_keeps_the_order_of_its_histories(
    sides: Sides, tmp_path: Path
) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    for n in range(3):  # every step at one and the same moment
        settled(here, received(there, sent(here, tmp_path, [lead], f"{n}.zip")))
        settled(there, received(here, sent(there, tmp_path, [lead], f"{n}-back.zip", HERE)))
    with here.db.read() as connection:
        histories = foreign_histories(connection, lead)
    assert [one.office for one in histories] == [HERE, THERE] * 3
    told = [len(one.events) for one in histories]
    assert (told[::2], told[1::2]) == (sorted(told[::2]), sorted(told[1::2]))
    whole(here, there)


def test_a_lead_of_a_check_of_records_goes_without_a_unit(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    run = write_run(tmp_path / "r.geojson", [shop(1, measured=None, limit=None, unit=None)])
    ingest(here.db, run, actor=PROSECUTOR, at=AT)
    (lead,) = here.active()
    (one,) = received(there, sent(here, tmp_path, [lead]))
    settled(here, [one])
    row = card(there.db, lead, actor=OTHER).lead
    assert (row["unit"], row["measured"], row["verdict"]) == (None, None, "inside")
    whole(here, there)


def test_receipts_travel_in_files(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    ids = fill(here.db, tmp_path / "runs", 2)
    done = received(there, sent(here, tmp_path, ids))
    file = write_papers(tmp_path / "r.json", ANSWER, [one.answer for one in done], there.offices)
    assert read_papers(file, ANSWER, here.offices.rules) == [one.answer for one in done]


def test_what_came_is_routed_by_the_own_table(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    done = received(there, sent(here, tmp_path, [lead]))
    demo = there.trusting(agencies="demo")
    assert route_new(there.db, done, offices=demo.offices, at=LATER) == 1
    assert card(there.db, lead, actor=OTHER).lead["agency"]
    whole(there)


def test_between_sqlite_and_postgis(postgis: str, tmp_path: Path) -> None:
    with (closing(Database.open(tmp_path / "here.sqlite")) as here,
          closing(Database.open(postgis)) as there):  # fmt: skip
        one, other = two_sides(tmp_path / "offices", here, there)
        _there_and_back(one, other, tmp_path)


def _there_and_back(one: Side, other: Side, tmp_path: Path) -> None:
    ids = fill(one.db, tmp_path / "runs", 5)
    settled(one, received(other, sent(one, tmp_path, ids)))
    settled(other, received(one, sent(other, tmp_path, ids[:2], "back.zip", HERE)))
    assert (one.active(), other.active()) == (set(ids[:2]), set(ids[2:]))
    whole(one, other)
