"""From events to what stands: the last decision counts, taking back is an event of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shapely.geometry import mapping, shape

from imagery.queue.entries import NOTHING, Decision
from imagery.queue.files import Event
from imagery.queue.outlines import Size

DECIDED, UNDONE = "decided", "undone"


@dataclass(frozen=True, slots=True)
class Said:
    """Of one candidate: decisions that stand (oldest first), the size of each outline, the last event."""

    decisions: tuple[Decision, ...] = ()
    sizes: tuple[Size | None, ...] = ()
    seen: str = NOTHING

    @property
    def last(self) -> Decision | None:
        """The decision that counts."""
        return self.decisions[-1] if self.decisions else None

    @property
    def drawn(self) -> tuple[Decision, Size] | None:
        """The newest outline a person drew."""
        pairs = zip(reversed(self.decisions), reversed(self.sizes), strict=True)
        return next(((one, size) for one, size in pairs if size is not None), None)


NOBODY = Said()


def said(run: str, events: Iterable[Event]) -> dict[str, Said]:
    """What was said, by candidate id."""
    found: dict[str, Said] = {}
    for event in events:
        told = event.told
        if told.get("event") == DECIDED:
            before = found.get(str(told["candidate"]), NOBODY)
            decision, size = decision_of(run, told)
            found[decision.candidate_id] = Said((*before.decisions, decision), (*before.sizes, size), event.sha256)  # fmt: skip
        elif told.get("event") == UNDONE:
            before = found.get(str(told["candidate"]), NOBODY)
            found[str(told["candidate"])] = Said(before.decisions[:-1], before.sizes[:-1], event.sha256)  # fmt: skip
    return found


def event_of(decision: Decision, size: Size | None) -> dict[str, Any]:
    """A decision as a line of the record; an outline with what it measured then."""
    outline = None if decision.outline is None else mapping(decision.outline)
    measured = None if size is None else [size.area_m2, size.u_area_m2, size.u_edge_m]
    return {
        "event": DECIDED, "candidate": decision.candidate_id, "answer": decision.answer,
        "reason": decision.reason, "note": decision.note, "outline": outline, "size": measured,
        "actor": decision.actor, "at": decision.at,
    }  # fmt: skip


def decision_of(run: str, told: Mapping[str, Any]) -> tuple[Decision, Size | None]:
    """The other way round."""
    outline = None if told["outline"] is None else shape(told["outline"])
    size = None if told["size"] is None else Size(*told["size"])
    return Decision(str(told["candidate"]), run, told["answer"], told["reason"], told["note"],
                    outline, told["actor"], told["at"]), size  # fmt: skip
