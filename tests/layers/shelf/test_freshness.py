"""How old a source is: periods are data, a source without a date is told as well."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from layers.errors import LayerError
from layers.shelf import age_of, periods, stale_sources
from layers.themes import THEMES

LICENCES = {"source": "烟草局", "state_of": "2026-06-30", "retrieved": "2026-07-05"}


@pytest.mark.parametrize(
    ("day", "state", "days"),
    [
        ("2026-06-30", "fresh", 0),
        ("2026-09-30", "fresh", 92),
        ("2026-10-01", "stale", 93),
        ("2026-06-01", "fresh", -29),
    ],
)
def test_the_age_counts_from_the_day_described(day: str, state: str, days: int) -> None:
    age = age_of("tobacco_licence", LICENCES, day)
    assert (age.state, age.age_days, age.day) == (state, days, "2026-06-30")


def test_a_source_without_a_date_is_of_unknown_age() -> None:
    for source in ({}, {"state_of": None}, {"retrieved": "last week"}):
        assert age_of("tobacco_licence", source, "2026-07-01").state == "unknown"
    assert age_of("scene_footprint", {}, "2026-07-01").state == "fresh"  # does not age


def test_a_finding_is_told_of_its_stale_sources_once() -> None:
    layers: list[dict[str, Any]] = [
        {"theme": "tobacco_licence", "sources": [LICENCES, LICENCES]},
        {"theme": "school", "sources": [{"source": "教育局", "state_of": "2026-06-30"}]},
        {"theme": "walking", "sources": [{"source": "路网"}]},
        {"theme": "bar", "sources": ()},
    ]
    [age] = stale_sources(layers, "2026-10-20")
    assert age.theme == "tobacco_licence"
    assert "112 天" in age.text("zh")
    assert "112 days" in age.text("en")
    assert stale_sources(layers, "2026-07-01") == ()


def test_every_entry_names_a_theme() -> None:
    assert set(periods()) - {"default"} <= set(THEMES)


@pytest.mark.parametrize(
    "text", ["", "[default]\ndays = -1\nzh = 'a'\nen = 'b'", "[default]\ndays = 1", "x = 1", "["]
)
def test_a_wrong_table_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "f.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LayerError) as told:
        periods(file)
    assert str(file) in str(told.value)
