"""The figures behind the plots of the overview, in words: to read and to take along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from imagery.catalogue.ages import AgeShare
from leads.views.overview import Due, Funnel, Rectified
from ui.docket.names import agency_word, check_title, deadline_word, state_word
from ui.texts import Texts

Row = dict[str, Any]
"""A row by the names of its columns (`overview.column.…`)."""


def funnel_rows(found: Sequence[Funnel], by: str, words: Texts) -> list[Row]:
    """How many leads of each group came how far, and what else became of them."""
    return [one.as_dict() | {"group": group_word(one.group, by, words)} for one in found]


def times_rows(found: Sequence[Rectified], words: Texts) -> list[Row]:
    """How long each lead took, counted from what."""
    return [{"number": one.number, "check": check_title(one.check, words), "township": one.township,
             "since": state_word(one.since, words), "began": one.began, "gone": one.gone, "days": one.days}
            for one in found]  # fmt: skip


def due_rows(found: Sequence[Due], words: Texts) -> list[Row]:
    """Deadlines of every kind by how they stand."""
    return [asdict(one) | {"kind": deadline_word(one.kind, words)} for one in found]


def ages_rows(found: Sequence[AgeShare], words: Texts) -> list[Row]:
    """The area by the age of its newest scene: square kilometres, per cent."""
    return [{"age": age_word(one, words), "km2": round(one.m2 / 1e6, 3), "share": round(100 * one.share, 2)}
            for one in found]  # fmt: skip


def group_word(group: str, by: str, words: Texts) -> str:
    """A group of the funnel as people call it."""
    if not group:
        return words("overview.unknown")
    say = {"check_id": check_title, "agency": agency_word}.get(by)
    return say(group, words) if say else group


def age_word(one: AgeShare, words: Texts) -> str:
    """An age class in words."""
    if one.until_days is None:
        return words("overview.older")
    if one.until_days < 0:
        return words("overview.none")
    return words("overview.until", months=round(one.until_days / 30.4))
