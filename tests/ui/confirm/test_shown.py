"""What the page shows of a candidate: words, addresses of chips, map values, list, table of yield."""

from __future__ import annotations

import re
from typing import Any

import pytest
from shapely import box

from imagery.queue import Queue
from tests.ui.confirm.conftest import AT
from ui.cards.seen import rings_of
from ui.confirm.chart import groups
from ui.confirm.panel import facts, shown
from ui.confirm.routes import chip_url
from ui.confirm.yields import yield_table
from ui.scenes.holdings import Holdings
from ui.script import Call
from ui.texts import texts


def said(queue: Queue, held: Holdings, lang: str) -> dict[str, Any]:
    return shown(queue.candidates(state="all")[0], held, texts(lang))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_panel_says_everything_in_its_language(queue: Queue, held: Holdings, lang: str) -> None:
    told = said(queue, held, lang)
    assert [chip["scale"] for chip in told["chips"]] == ["near", "wide"]
    assert told["chips"][0]["before"]["label"] == "2025-10-18"
    assert told["chips"][0]["after"]["label"] == "2026-05-21"
    values = dict(told["facts"])
    unit = "亩" if lang == "zh" else "mu"
    assert any(re.fullmatch(rf"\d+\.\d\d ± \d+\.\d\d {unit}", value) for value in values.values())
    assert (told["why"] == "粗乱") == (lang == "zh")
    assert told["caveat"]
    codes = [code for code, _ in told["reasons"]["no"]]
    assert len(codes) == len(set(codes)) >= 5
    assert told["reasons"]["unsure"]


def test_an_answer_is_told_with_its_reason_and_changes_the_chip(
    queue: Queue, held: Holdings
) -> None:
    one = queue.candidates(state="all")[-1]
    before = chip_url(one, "near", "after")
    reason = said(queue, held, "en")["reasons"]["no"][0]
    now = queue.decide(one.id, "no", reason=reason[0], actor="Wang", at=AT, seen=one.seen)
    told = shown(now, held, texts("en"))
    assert told["state"] == "no"
    assert reason[1] in told["said"]
    assert "Wang" in told["said"]
    assert chip_url(now, "near", "after") != before
    queue.undo(one.id, actor="Wang", at=AT)


def test_a_candidate_without_an_area_has_none(queue: Queue) -> None:
    from dataclasses import replace

    one = replace(queue.candidates(state="all")[0], area_m2=None, u_area_m2=None)
    assert [name for name, _ in facts(one, texts("en"))] == ["Score", "Outline"]


def test_the_map_has_both_scenes_and_while_mending_one(queue: Queue, held: Holdings) -> None:
    found = queue.candidates(state="all")

    def values(*, editing: bool) -> list[Any]:
        made = groups(held, found, found[0], texts("zh"), editing=editing, gentle=False)
        calls = [
            child for group in made for child in group._children.values() if isinstance(child, Call)
        ]
        return [call.values for call in calls]

    scenes, outlines = values(editing=False)
    assert scenes["left"]["label"].startswith("2025-10-18")
    assert scenes["right"]["label"].startswith("2026-05-21")
    assert scenes["focus"][0][0] < scenes["focus"][1][0]
    assert len(outlines["rows"]) == len(found) - 1
    assert outlines["chosen"]["id"] == found[0].id
    scenes, outlines = values(editing=True)
    assert scenes["right"] is None
    assert outlines["editing"] is True


def test_rings_are_lat_lon_with_holes() -> None:
    holed = box(0, 0, 3, 3).difference(box(1, 1, 2, 2))
    (rings,) = rings_of(holed)
    assert len(rings) == 2
    assert all(len(ring) == 4 for ring in rings)
    assert [len(one) for one in rings_of(holed.union(box(9, 9, 10, 10)))] == [2, 1]


def test_the_table_of_yield(queue: Queue) -> None:
    one = queue.candidates()[0]
    queue.decide(one.id, "yes", actor="<b>", at=AT)
    table = yield_table(queue.yield_(), texts("en"))
    assert "waste 1.0.0" in table
    assert re.search(r"100% \(\d+–100%\)", table)
    assert "<b>" not in table
    queue.undo(one.id, actor="<b>", at=AT)
    assert "—" in yield_table(queue.yield_(), texts("zh"))
    assert "还没有检测过" in yield_table([], texts("zh"))
