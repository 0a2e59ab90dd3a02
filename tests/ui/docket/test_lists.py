"""Rows of the lists, as the browser gets them: leads, what is due, messages, yield, runs."""

from __future__ import annotations

from dataclasses import replace

from checks import Text
from leads.messages.inbox import Message
from leads.messages.notices import Line
from leads.steps.due import DueItem
from leads.steps.moves import move
from leads.store import Card, Filter, list_leads
from leads.views.marks import recent_runs
from leads.yields import yields
from office import Database
from tests.ui.docket.conftest import AT, WHO
from ui.docket import due, inbox, tables
from ui.docket.chart import drawn, middle
from ui.docket.listing import row
from ui.texts import texts

ZH, EN = texts("zh"), texts("en")


def test_a_row_says_name_score_state_and_what_changed(store: Database, near: Card) -> None:
    lead = list_leads(store, Filter(words=near.lead["number"]), actor=WHO).rows[0]
    shown = row(lead, ZH)
    assert shown["key"] == near.lead["id"]
    assert shown["value"] == f"{near.lead['score']:.0f}"
    assert shown["band"] == "线索登记"
    assert not shown["quiet"]
    again = row({**lead, "asked_again": True, "state": "dismissed"}, ZH)
    assert again["band"] == "排除 · 需重新研判"
    assert again["quiet"]
    assert row({**lead, "subject_name": None, "address": None}, EN)["name"] == lead["number"]


def test_the_line_drawn_begins_at_the_school(near: Card) -> None:
    values = drawn(near, ZH)
    assert values is not None
    assert values["gate"]["at"] == values["line"][0]
    assert values["end"] == values["line"][-1]
    place = middle(near.lead)
    assert place is not None
    assert values["shop"]["at"] == [place[1], place[0]]
    assert values["circle"]["r"] == 200.0


def test_a_lead_without_a_place_is_not_drawn(near: Card) -> None:
    nowhere = replace(near, lead={**near.lead, "west": None})
    assert drawn(nowhere, ZH) is None


ITEM = DueItem("serve_filing", Text("送达", "serve"), "2026-07-10", "soon", 9, 7, "agency", True, ("L1", "L2"),
               ("YC-1", "YC-2"), "C1", "王检", "某店", None)  # fmt: skip


def test_a_due_row_says_whose_period_it_is_and_that_it_is_provisional() -> None:
    shown = due.row(ITEM, ZH)
    assert shown["key"] == "L1:serve_filing:2026-07-10"
    assert "行政机关的期限" in shown["under"]
    assert "暂计" in shown["under"]
    assert "YC-1 +1" in shown["under"]
    assert shown["band"] == "剩 9 天（7 个工作日）"
    late = due.row(replace(ITEM, status="overdue", days=-3), EN)
    assert late["verdict"] == "late"
    assert late["band"] == "3 days over"


def test_a_message_is_a_heading_and_its_leads() -> None:
    lines = tuple(Line(Text("", ""), f"L{n}", f"YC-{n}", f"店{n}") for n in range(20))
    message = Message(
        "M1",
        "王检",
        AT,
        "new",
        "R1",
        Text("新出现 25 条", "new: 25"),
        lines,
        5,
        False,
        {},
        None,
        None,
    )
    head, *rest = inbox.rows_of(message, ZH)
    assert head["key"] == "M1"
    assert head["band"] == "另有 13 条"
    assert [one["key"] for one in rest] == [f"M1:L{n}" for n in range(inbox.LINES)]
    assert not any(one["quiet"] for one in (head, *rest))
    assert all(one["quiet"] for one in inbox.rows_of(replace(message, read_at=AT), ZH))


def test_the_yield_shows_no_share_before_anything_was_decided(store: Database, near: Card) -> None:
    before = tables.yield_table(yields(store, actor=WHO), ZH)
    assert "%" not in before
    move(store, near.lead["id"], "dismissed", reason="licensed", actor=WHO, at=AT, on_date="2026-07-01",
         version=near.lead["version"])  # fmt: skip
    after = tables.yield_table(yields(store, actor=WHO), ZH)
    assert "有有效许可或者依法可以经营 1" in after
    assert "%" in after
    assert tables.yield_table((), EN).count("There are no leads yet") == 1


def test_a_run_tells_what_it_changed_per_check(store: Database) -> None:
    one = recent_runs(store, actor=WHO)[0]
    assert f"新出现 {one.count('new')}" in tables.run_title(one, ZH)
    html = tables.run_table(one.counts, ZH)
    silent = [check for check, counts in one.counts.items() if not counts.get("new")]
    assert silent
    assert html.count("<tr>") == 1 + len(one.counts) - len(silent)
