"""By which day and rules the map judges, in its address: so that a link shows what its sender saw."""

from __future__ import annotations

from collections.abc import Container
from contextlib import suppress
from datetime import date

from ui import state

DAY, RULES = "on", "rules"
"""Their names in the address; rules `state.ALL`: no local ones."""
FIRST, LAST = date(1990, 1, 1), date(2100, 1, 1)
"""Days that may be chosen."""
_TOLD = "m_ground"


def arrive(places: Container[str]) -> None:
    """Take over day and rules where the address says others than this tab told last.

    Called before their widgets are drawn; what is no day, or no rule pack's place, is left out.
    """
    said = state.address((DAY, RULES))
    if not said or said == state.recall(_TOLD):
        return
    with suppress(ValueError):
        day = date.fromisoformat(said.get(DAY, ""))
        if FIRST <= day <= LAST:
            state.keep(state.DAY, day)
    if said.get(RULES) == state.ALL or said.get(RULES) in places:
        state.keep(state.RULES, said[RULES])


def tell(usual: tuple[str | None, str]) -> None:
    """Let the address say (rules, day) where they are others than `usual`."""
    now = {DAY: state.day(), RULES: state.rules() or state.ALL}
    before = {DAY: usual[1], RULES: usual[0] or state.ALL}
    said = {name: None if value == before[name] else value for name, value in now.items()}
    state.to_address(said)
    state.keep(_TOLD, {name: value for name, value in said.items() if value})
