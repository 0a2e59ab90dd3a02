"""What the page of models remembers for this tab, and what of it stands in the address."""

from __future__ import annotations

from datetime import date

from ui import cache, state
from ui.workplace import Workplace

ABOUT, RUN, COMPARE, IF = "about", "run", "compare", "if"
VIEWS = (ABOUT, RUN, COMPARE, IF)
CHECK, VIEW, TEXT, RUN_SHOWN, JOB, JOB_IF, JOB_TAKE = (
    "m_check", "m_view", "m_text", "m_run", "m_job", "m_job_if", "m_job_take",
)  # fmt: skip
DAY, RULES, AREA, BEFORE, AFTER = "m_day", "m_rules", "m_area", "m_before", "m_after"
DRAWN, RULES_KEPT = "m_drawn", "m_rules_kept"
_ADDRESS = {"model": CHECK, "view": VIEW, "run": RUN_SHOWN, "area": DRAWN}
_BEGUN = "m_begun"
_TOLD = 4
"""Addresses of our own that are remembered."""
WHOLE, POLYGON = "", ";"
"""Choices of the area beside the townships: everything, and the polygon of the address."""


def arrive(place: Workplace) -> None:
    """Take over what the address says, where it is not what this tab itself wrote there.

    A run begun while the one before still writes the address reads an older one of ours.
    """
    said = state.address(tuple(_ADDRESS))
    if said not in state.recall(_BEGUN, ()):
        for name, value in said.items():
            state.keep(_ADDRESS[name], value)
        if said.get("area"):
            state.keep(AREA, POLYGON)
    if state.recall(VIEW) not in VIEWS:
        state.keep(VIEW, ABOUT)
    if state.recall(DAY) is None:
        first = date.fromisoformat(place.on_date) if place.on_date else date.today()  # noqa: DTZ011 - the office's own day
        state.keep(DAY, first)
    if state.recall(RULES) is None:
        state.keep(RULES, place.rules if place.rules in cache.packs() else state.ALL)


def tell() -> None:
    """Let the address say what is looked at."""
    said = {name: state.recall(key) or None for name, key in _ADDRESS.items()}
    if said["view"] == ABOUT:
        said["view"] = None
    state.to_address(said)
    told = {name: value for name, value in said.items() if value}
    state.keep(_BEGUN, (*(one for one in state.recall(_BEGUN, ()) if one != told), told)[-_TOLD:])


def hold() -> None:
    """Keep what the parts that are not shown were set to: what is not drawn would lose its value."""
    form, pair = (DAY, RULES, AREA), (BEFORE, AFTER)
    hidden = {RUN: pair, IF: pair, COMPARE: form}.get(view(), (*form, *pair))
    for key in hidden:
        if state.recall(key) is not None:
            state.keep(key, state.recall(key))


def check() -> str | None:
    """Id of the model looked at."""
    return state.recall(CHECK)


def choose(name: str | None) -> None:
    """Look at a model."""
    state.keep(CHECK, name)


def view() -> str:
    """Which part of the model."""
    return str(state.recall(VIEW) or ABOUT)


def look(name: str) -> None:
    """Show a part of the model."""
    state.keep(VIEW, name)


def day() -> str:
    """The day to judge by, ISO."""
    return str(state.recall(DAY).isoformat())


def rules() -> str | None:
    """The rule pack's place, or `None`."""
    name = state.recall(RULES)
    return None if name in (None, state.ALL) else str(name)


def area() -> str:
    """What an order says of the area: nothing, a township's id, or corners."""
    chosen = str(state.recall(AREA) or WHOLE)
    return str(state.recall(DRAWN) or "") if chosen == POLYGON else chosen


def follow(key: str, job: str | None) -> None:
    """Look at a job, or at none."""
    state.keep(key, job)


def show_run(run_id: str | None) -> None:
    """Look at a kept run."""
    state.keep(RUN_SHOWN, run_id)
