"""The queue of candidates: a person confirms what detectors saw; answers feed checks and training."""

from imagery.queue.chips import chip
from imagery.queue.entries import (
    ANSWERS,
    Answer,
    Candidate,
    ChangedMeanwhile,
    Decision,
    Run,
)
from imagery.queue.outlines import check_outline
from imagery.queue.queue import Queue
from imagery.queue.reasons import Reason, all_reasons, reasons
from imagery.queue.settings import settings_told
from imagery.queue.yields import Yield

__all__ = [
    "ANSWERS",
    "Answer",
    "Candidate",
    "ChangedMeanwhile",
    "Decision",
    "Queue",
    "Reason",
    "Run",
    "Yield",
    "all_reasons",
    "check_outline",
    "chip",
    "reasons",
    "settings_told",
]
