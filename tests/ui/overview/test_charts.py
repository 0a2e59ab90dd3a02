"""The plots say what the figures say, in both languages, and name what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from imagery.catalogue.ages import AgeShare
from leads.views.overview import Due, Funnel, Rectified
from ui.overview.charts import MOST, ages_chart, due_chart, funnel_chart, times_chart
from ui.overview.figures import age_word, due_rows, funnel_rows, times_rows
from ui.texts import LANGUAGES, texts


def rows_of(chart: Any) -> list[dict[str, Any]]:
    (rows,) = chart.to_dict()["datasets"].values()
    return list(rows)


def a_funnel(group: str, leads: int, cases: int = 0) -> Funnel:
    return Funnel(group, leads, cases, cases, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_stage_of_every_group_is_a_bar(lang: str) -> None:
    words = texts(lang)
    rows = rows_of(
        funnel_chart([a_funnel("tobacco-near-school", 7, 2), a_funnel("", 1)], "check_id", words)
    )
    assert len(rows) == 2 * 5
    assert [row["n"] for row in rows[:5]] == [7, 2, 2, 0, 0]
    assert rows[0]["group"] != "tobacco-near-school"  # its title, not its id
    assert rows[5]["group"] == words("overview.unknown")


def test_only_the_largest_groups_are_drawn() -> None:
    many = [a_funnel(f"镇{n}", 100 - n) for n in range(30)]
    rows = rows_of(funnel_chart(many, "township", texts("zh")))
    assert len({row["group"] for row in rows}) == MOST
    assert rows[0]["group"] == "镇0"


def test_a_dot_a_lead_and_a_bar_a_kind_of_deadline() -> None:
    one = Rectified(
        "L1", "YC-1", "tobacco-near-school", "城关镇", "filed", "2026-07-01", "2026-08-01", 31
    )
    assert [row["days"] for row in rows_of(times_chart([one], texts("en")))] == [31]
    rows = rows_of(due_chart([Due("reply", 1, 2, 3, 0, 4, 5)], texts("en")))
    assert {row["part"]: row["n"] for row in rows}["overdue"] == 3
    assert sum(row["n"] for row in rows) == 15


def test_ages_in_words_with_what_is_missing() -> None:
    words = texts("en")
    shares = (AgeShare(182, 3e6, 0.3), AgeShare(None, 2e6, 0.2), AgeShare(-1, 5e6, 0.5))
    assert [age_word(one, words) for one in shares] == [
        "at most 6 months old",
        "older",
        "no imagery",
    ]
    assert [row["km2"] for row in rows_of(ages_chart(shares, words))] == [3.0, 2.0, 5.0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_figures_are_told_in_words_not_in_codes(lang: str) -> None:
    words = texts(lang)
    took = Rectified("Lab", "YC-2026-1", "tobacco-near-school", "城关镇", "recommendation", "2026-01-02", "2026-02-03", 32)  # fmt: skip
    told = [*times_rows([took], words), *due_rows([Due("serve_filing", 1, 0, 0, 0, 0, 0)], words),
            *funnel_rows([a_funnel("tobacco-near-school", 7)], "check_id", words)]  # fmt: skip
    codes = {"Lab", "tobacco-near-school", "recommendation", "serve_filing"}
    assert not codes.intersection(str(value) for row in told for value in row.values())
    assert all(f"overview.column.{name}" in words.entries for row in told for name in row)
