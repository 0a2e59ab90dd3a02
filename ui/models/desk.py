"""What the page of models remembers for this tab, and what of it stands in the address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ui import cache, state

ABOUT, RUN, COMPARE, IF = "about", "run", "compare", "if"
VIEWS = (ABOUT, RUN, COMPARE, IF)
CHECK, VIEW, TEXT, RUN_SHOWN, JOB, JOB_IF, JOB_TAKE, JOB_PAIR = (
    "m_check", "m_view", "m_text", "m_run", "m_job", "m_job_if", "m_job_take", "m_job_pair",
)  # fmt: skip
DAY, RULES, AREA, BEFORE, AFTER = "m_day", "m_rules", "m_area", "m_before", "m_after"
DRAWN = "m_drawn"
_ADDRESS = {"model": CHECK, "view": VIEW, "run": RUN_SHOWN, "area": DRAWN}
_BEGUN, _SET = "m_begun", "m_set"
_TOLD = 4
"""Addresses of our own that are remembered."""
WHOLE, POLYGON = "", ";"
"""Choices of the area beside the townships: everything, and the polygon of the address."""


def arrive() -> None:
    """Take over what the address says, where it is not what this tab itself wrote there.

    A run begun while the one before still writes the address reads an older one of ours.
    """
    hold()
    said = state.address(tuple(_ADDRESS))
    if said not in state.recall(_BEGUN, ()):
        for name, value in said.items():
            state.keep(_ADDRESS[name], value)
        if said.get("area"):
            state.keep(AREA, POLYGON)
    if state.recall(VIEW) not in VIEWS:
        state.keep(VIEW, ABOUT)
    place = cache.workplace()
    first = date.fromisoformat(place.on_date) if place.on_date else date.today()  # noqa: DTZ011 - the office's own day
    begin(VIEW, ABOUT)
    begin(TEXT, "")
    begin(DAY, first)
    begin(RULES, place.rules if place.rules in cache.packs() else state.ALL)


def tell() -> None:
    """Let the address say what is looked at."""
    said = {name: state.recall(key) or None for name, key in _ADDRESS.items()}
    if said["view"] == ABOUT:
        said["view"] = None
    state.to_address(said)
    told = {name: value for name, value in said.items() if value}
    state.keep(_BEGUN, (*(one for one in state.recall(_BEGUN, ()) if one != told), told)[-_TOLD:])


def begin(key: str, value: object) -> None:
    """Give a widget its first value; what it is set to from then on outlives that it is not drawn."""
    kept: Mapping[str, object] = state.recall(_SET) or {}
    state.keep(_SET, {key: value, **kept})
    state.start(key, kept.get(key, value))


def hold() -> None:
    """Note what the widgets are set to, and give those their value back that were not drawn meanwhile.

    A part, a model or a page that is not shown loses the values of its widgets otherwise.
    """
    kept: Mapping[str, object] = state.recall(_SET) or {}
    for key, value in kept.items():
        state.start(key, value)
        if key != TEXT:  # written anew it outlives its widget; what is being typed would be lost
            state.keep(key, state.recall(key))
    state.keep(_SET, {key: state.recall(key) for key in kept})


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
