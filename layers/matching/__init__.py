"""Registers against reality: which row of a register is which shop on the street, and how sure.

`match` gives links with a calibrated score in three zones (same, ask a person, different) and
their reasons; `differences` what follows from them, as a layer; `Decisions` what people said.
"""

from layers.matching.decisions import Decision, Decisions
from layers.matching.differences import differences
from layers.matching.in_force import state_on
from layers.matching.match import match
from layers.matching.matches import Matches, best_links, read_matches
from layers.matching.reasons import REASONS, reason_text
from layers.matching.settings import DEFAULT, ZONES, Settings

__all__ = [
    "DEFAULT",
    "REASONS",
    "ZONES",
    "Decision",
    "Decisions",
    "Matches",
    "Settings",
    "best_links",
    "differences",
    "match",
    "read_matches",
    "reason_text",
    "state_on",
]
