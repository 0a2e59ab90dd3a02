"""The card of a finding about a candidate: chips, area in mu, distance to water; its outline."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from shapely import box

from checks import Finding, run
from imagery.queue import Queue
from layers import LayerSet
from tests.imagery.queue import made
from tests.imagery.test_zones import layer
from ui.cards.seen import outline_of, seen_section
from ui.scenes.holdings import Holdings
from ui.texts import texts


@pytest.fixture(scope="module")
def layers(queue: Queue) -> LayerSet:
    """The candidates as published, and a reservoir 100 m north of them."""
    best = queue.candidates(state="all")[0]
    queue.decide(best.id, "yes", actor="王敏", at=made.AT)
    west, _, east, north = best.outline.bounds
    lake = box(west - 0.01, north + 0.0009, east + 0.01, north + 0.01)
    water = layer("water", lake, **{"class": "reservoir"})
    return LayerSet({"waste_candidate": queue.layer("waste_candidate"), "water": water})


@pytest.fixture(scope="module")
def finding(layers: LayerSet, queue: Queue) -> Finding:
    found = run(["waste-near-reservoir"], layers, None, "2026-06-30", all_subjects=True).findings
    best = next(one for one in queue.candidates(state="all") if one.answer == "yes")
    return next(one for one in found if one.subject_id == best.id)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_chips_area_and_distance(finding: Finding, held: Holdings, lang: str) -> None:
    card = seen_section(finding, held, texts(lang))
    assert re.findall(r"near-(before|after)\.jpg", card)[::2] == ["before", "after"]
    assert "2025-10-18" in card
    assert re.search(r"\d\.\d\d ± \d\.\d\d (亩|mu)", card)
    assert finding.measured is not None
    assert f"{finding.measured:.1f}" in card
    assert "王敏" in card
    assert texts(lang)("panel.caveat") in card


def test_without_a_queue_the_figures_stay(finding: Finding) -> None:
    card = seen_section(finding, None, texts("en"))
    assert "<img" not in card
    assert "mu" in card


def test_nothing_for_anything_else(finding: Finding, held: Holdings) -> None:
    other = replace(finding, subject_theme="school")
    assert seen_section(other, held, texts("zh")) == seen_section(None, held, texts("zh")) == ""
    assert outline_of(other, LayerSet({})) == []


def test_the_outline_is_that_of_the_layer(finding: Finding, layers: LayerSet) -> None:
    (rings,) = outline_of(finding, layers)
    frame = layers["waste_candidate"].frame
    _, south, east, _ = frame.geometry[frame["id"] == finding.subject_id].iloc[0].bounds
    assert min(lat for lat, _ in rings[0]) == pytest.approx(south, abs=1e-6)
    assert max(lon for _, lon in rings[0]) == pytest.approx(east, abs=1e-6)
