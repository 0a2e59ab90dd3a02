"""What the worker does between offices: leads offered with a file, what came looked at and decided, refusals told."""

from __future__ import annotations

import json
import re
import secrets
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from layers.errors import LeadError, PolicyError, YichaError
from layers.problems import sentence
from leads.exchange.carrier import read_papers, write_papers
from leads.exchange.desk import write_offered
from leads.exchange.listing import steps_of, transfers, under_way
from leads.exchange.sending import call_back, offer, settle
from leads.exchange.signed import ANSWER, RECALL
from leads.store import card
from office import Actor
from office.schema import EVENT
from office.scope import Grant, Scope
from tests.leads.exchange.test_by_disk import received
from tests.leads.exchange.two import AT, HERE, LATER, OTHER, PROSECUTOR, THERE, Side, fill
from ui.between import tasks
from ui.between.arriving import LIMITS, root_of
from ui.between.tasks import offer_leads, work
from ui.models.tasks import actor_told
from ui.proof.outbox import outbox_of
from ui.scenes.incoming import Incoming

Sides = tuple[Side, Side]


def order(side: Side, data: Path, **more: Any) -> dict[str, Any]:
    """As the page tells it."""
    return {"data": str(data), "at": "2026-07-01T09:00:00+08:00", "address": str(side.db.shown), **actor_told(PROSECUTOR),
            "box": secrets.token_hex(16), **more}  # fmt: skip


def do(what: str, side: Side, data: Path, **more: Any) -> dict[str, Any]:
    return work(order(side, data, what=what, **more), lambda _: None, lambda: False)


def sent(side: Side, data: Path, leads: list[str], **more: Any) -> tuple[dict[str, Any], Path]:
    """Leads offered to the other office; the report and the file."""
    told = order(
        side, data, leads=leads, to=THERE, reason="属青澜市院管辖", disk=False, files=[], **more
    )
    report = offer_leads(told, lambda _: None, lambda: False)
    return report, outbox_of(data).folder(told["box"]) / report["file"]


def drop(data: Path, content: bytes, name: str = "came.zip", owner: str = "王检") -> str:
    """A file arrived whole; its id."""
    incoming = Incoming(root_of(data), LIMITS)
    one = incoming.begin(
        {"batch": secrets.token_hex(16), "name": name, "size": len(content), "modified": 0}, owner
    )
    token = incoming.claim(one.id, 0)
    incoming.append(one.id, token, content)
    incoming.release(one.id, token)
    incoming.finish(one.id)
    return one.id


def test_offered_with_a_file_taken_in_there_and_closed_here(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    bundle = drop(tmp_path, b"sealed", "证据.zip")
    told = order(here, tmp_path, leads=[lead], to=THERE, reason="x", disk=False, files=[bundle])
    report = offer_leads(told, lambda _: None, lambda: False)
    file = outbox_of(tmp_path).folder(told["box"]) / report["file"]
    assert (report["numbers"], under_way(here.db, actor=PROSECUTOR)) == (["YC-2026-000001"], 1)
    done = received(there, file)
    (attached,) = card(there.db, lead, actor=OTHER).data["received"]["attachments"]
    assert (attached["name"], attached["bytes"]) == ("证据.zip", 6)
    receipt = drop(
        tmp_path, write_papers(tmp_path / "r", ANSWER, [done[0].answer], there.offices).read_bytes()
    )
    seen = do(tasks.LOOK, here, tmp_path, file=receipt)
    assert (seen["kind"], seen["rows"][0]["verdict"], seen["rows"][0]["state"]) == (
        "receipts",
        "accepted",
        None,
    )
    assert here.states() == {lead: "sent"}  # looking changes nothing
    took = do(tasks.TAKE, here, tmp_path, file=receipt, kind="receipts", refusal="")
    assert took["rows"] == [{"transfer": done[0].transfer, "verdict": "accepted"}]
    assert (here.states(), under_way(here.db, actor=PROSECUTOR)) == ({lead: "handed_over"}, 0)
    kinds = [one.kind for one in steps_of(here.db, "out", done[0].transfer, actor=PROSECUTOR)]
    assert kinds == ["lead.sent", "lead.taken_over"]
    with pytest.raises(YichaError, match="no such upload"):
        do(tasks.LOOK, here, tmp_path, file=receipt)


@pytest.mark.parametrize("refusal", ["", "不属本院"])
def test_what_came_is_looked_at_then_decided(sides: Sides, tmp_path: Path, refusal: str) -> None:
    here, there = sides
    ids = fill(there.db, tmp_path / "runs", 2)
    offer(there.db, ids, HERE, offices=there.offices, reason="归你院", actor=OTHER, at=AT)
    write_offered(there.db, tmp_path / "c.zip", HERE, offices=there.offices, actor=OTHER)
    came = drop(tmp_path, (tmp_path / "c.zip").read_bytes())
    seen = do(tasks.LOOK, here, tmp_path, file=came)
    assert (seen["kind"], seen["words"]["en"]) == (
        "packages",
        "Qinglan City People's Procuratorate",
    )
    assert {one["their_number"] for one in seen["rows"]} == {"YC-2026-000001", "YC-2026-000002"}
    assert {(one["may"], one["why_not"], one["here"], one["state"]) for one in seen["rows"]} == {
        (True, "", None, None)
    }
    assert here.states() == {}
    told = order(here, tmp_path, what=tasks.TAKE, file=came, kind="packages", refusal=refusal)
    report = work(told, lambda _: None, lambda: False)
    assert {one["verdict"] for one in report["rows"]} == {"refused" if refusal else "accepted"}
    receipt = outbox_of(tmp_path).folder(told["box"]) / report["file"]
    for paper in read_papers(receipt, ANSWER, there.offices.rules):
        settle(there.db, paper, offices=there.offices, actor=OTHER, at=LATER)
    assert set(there.states().values()) == ({"registered"} if refusal else {"handed_over"})
    (row, _) = transfers(here.db, actor=PROSECUTOR, direction="in")
    again = order(here, tmp_path, what=tasks.RECEIPT, transfer=row["id"], lead=row["lead_id"])
    made = work(again, lambda _: None, lambda: False)
    papers = read_papers(
        outbox_of(tmp_path).folder(again["box"]) / made["file"], ANSWER, there.offices.rules
    )
    assert json.loads(papers[0].text)["transfer"] == row["id"]
    assert do(tasks.GO_ON, here, tmp_path)["verdicts"] == {}


def test_asked_back_by_file_and_answered_there(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(there.db, tmp_path / "runs")
    (gone,) = offer(there.db, [lead], HERE, offices=there.offices, reason="x", actor=OTHER, at=AT)
    (mine,) = fill(here.db, tmp_path / "own", first=5)
    report, file = sent(here, tmp_path, [mine])
    (row,) = transfers(here.db, actor=PROSECUTOR)
    told = order(here, tmp_path, what=tasks.AGAIN, transfer=row["id"], lead=mine)
    made = work(told, lambda _: None, lambda: False)
    assert (
        outbox_of(tmp_path).folder(told["box"]) / made["file"]
    ).read_bytes() == file.read_bytes()
    assert report["file"] == made["file"]
    call_back(here.db, row["id"], offices=here.offices, reason="弄错", actor=PROSECUTOR, at=AT)
    told = order(here, tmp_path, what=tasks.WISH, transfer=row["id"], lead=mine, partner=THERE)
    made = work(told, lambda _: None, lambda: False)
    (wish,) = read_papers(
        outbox_of(tmp_path).folder(told["box"]) / made["file"], RECALL, there.offices.rules
    )
    assert "弄错" in wish.text
    back = call_back(
        there.db, gone.transfer, offices=there.offices, reason="送错", actor=OTHER, at=LATER
    )
    asked = drop(tmp_path, write_papers(tmp_path / "w", RECALL, [back], there.offices).read_bytes())
    seen = do(tasks.LOOK, here, tmp_path, file=asked)
    assert (seen["kind"], seen["rows"][0]["reason"]) == ("recalls", "送错")
    took = do(tasks.TAKE, here, tmp_path, file=asked, kind="recalls", refusal="")
    assert [one["verdict"] for one in took["rows"]] == ["recalled"]


def test_who_may_not_is_refused_and_that_is_told(sides: Sides, tmp_path: Path) -> None:
    here, there = sides
    (lead,) = fill(here.db, tmp_path / "runs")
    auditor = actor_told(Actor("陈审计", ("auditor",)))
    told = order(here, tmp_path, leads=[lead], to=THERE, reason="x", disk=False, files=[])
    with pytest.raises(PolicyError):
        offer_leads({**told, **auditor}, lambda _: None, lambda: False)
    with here.db.read() as connection:
        assert (
            connection.execute(
                select(EVENT.c.actor).where(EVENT.c.kind == "policy.refused")
            ).scalar_one()
            == "陈审计"
        )
    (theirs,) = fill(there.db, tmp_path / "their", first=7)
    offer(there.db, [theirs], HERE, offices=there.offices, reason="x", actor=OTHER, at=AT)
    write_offered(there.db, tmp_path / "c.zip", HERE, offices=there.offices, actor=OTHER)
    came = drop(tmp_path, (tmp_path / "c.zip").read_bytes())
    elsewhere = Actor("王检", ("prosecutor",), Scope((Grant("prosecutor", "4301"),)))
    seen = do(tasks.LOOK, here, tmp_path, file=came, **actor_told(elsewhere))
    assert [(one["may"], one["name"], one["address"]) for one in seen["rows"]] == [
        (False, None, None)
    ]
    with pytest.raises(PolicyError):
        do(
            tasks.TAKE,
            here,
            tmp_path,
            file=came,
            kind="packages",
            refusal="",
            **actor_told(elsewhere),
        )
    with pytest.raises(YichaError, match="not here any more"):  # somebody else's file
        do(tasks.LOOK, here, tmp_path, file=came, **actor_told(Actor("刘检", ("prosecutor",))))
    assert do(tasks.VERIFY, here, tmp_path, **auditor) == {
        "cancelled": False,
        "altered": [],
        "in": 0,
    }


@pytest.mark.parametrize("content", [b"{}", b"PK\x05\x06" + bytes(18), b"\xff" * 50])
def test_files_that_are_none(sides: Sides, tmp_path: Path, content: bytes) -> None:
    here, _ = sides
    with pytest.raises(LeadError) as found:
        do(tasks.LOOK, here, tmp_path, file=drop(tmp_path, content))
    assert re.fullmatch(r"[^a-z]+", sentence(found.value, "zh"))  # all of it in Chinese
