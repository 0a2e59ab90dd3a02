"""A lead's card in words: nothing unescaped, the score a sum, the history with its numbers."""

from __future__ import annotations

import re

import pytest

from leads.steps.handling import note
from leads.store import Card, card
from office import Database
from tests.ui.docket.conftest import AT, WHO
from ui.docket import facts
from ui.docket.names import what_words
from ui.docket.told import event_words, history
from ui.texts import texts

ZH, EN = texts("zh"), texts("en")


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_what_people_wrote_is_escaped(near: Card, words: object) -> None:
    for part in (facts.head, facts.body, facts.tail):
        html = part(near, words)  # type: ignore[arg-type]
        assert "<b>" not in re.sub(r"</?b>", "", html.replace("界上店&lt;b&gt;", ""))
        assert "界上店<b>" not in html
    assert "界上店&lt;b&gt;" in facts.head(near, ZH)


def test_the_score_is_the_sum_of_its_bars(near: Card) -> None:
    html = facts.score_bars(near.score, ZH)
    points = [float(one) for one in re.findall(r"<span>([\d.]+) /", html)]
    assert len(points) == len(near.score) == 8
    assert sum(points) == pytest.approx(near.lead["score"], abs=0.4)
    assert f"{sum(part.points for part in near.score):.1f}" in html
    assert all(part.why.zh in html for part in near.score)


def test_the_card_shows_the_measurement_with_its_band_and_limit(near: Card) -> None:
    html = facts.body(near, EN)
    assert f"{near.lead['measured']:.1f} m" in html
    assert "≤ 200 m" in html
    assert "y-scale" in html


def test_what_the_last_run_changed_is_told(near: Card) -> None:
    assert "新出现" in facts.body(near, ZH)
    assert "2026-06-30" in facts.body(near, ZH)


def test_a_lead_no_longer_found_says_that_this_is_not_yet_rectified(near: Card) -> None:
    gone = Card(**{**{name: getattr(near, name) for name in Card.__slots__},
                   "lead": {**near.lead, "presence": "vanished", "asked_again": True}})  # fmt: skip
    head = facts.head(gone, ZH)
    assert ZH("leads.vanished") in head
    assert ZH("leads.asked_again") in head
    assert ZH("leads.vanished") not in facts.head(near, ZH)


def test_the_history_names_who_what_and_the_place_in_the_chain(store: Database, near: Card) -> None:
    note(store, near.lead["id"], "现场看过 <script>", actor=WHO, at=AT)
    told = card(store, near.lead["id"], actor=WHO).history
    html = history(told, ZH)
    assert f"#{told[-1].seq}" in html
    assert "王检" in html
    assert "检察官" in html
    assert "现场看过 &lt;script&gt;" in html
    assert html.index(f"#{told[-1].seq}") < html.index(f"#{told[0].seq}")  # the newest first
    assert event_words(told[-1], ZH) == "备注：现场看过 <script>"
    assert event_words(told[-1], EN) == "note: 现场看过 <script>"


def test_codes_that_changed_are_told_in_words() -> None:
    changed = {
        "licence_class": ["within_old_term", "unlicensed"],
        "method": ["straight", "walk_shortest"],
    }
    for words in (ZH, EN):
        assert not [line for line in what_words(changed, words) if "_" in line]
