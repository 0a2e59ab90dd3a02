"""Nobody lets out alone what they covered: a second person looks at it and approves it, or returns it.

An approval names the last event of drawing by number and hash. Whatever is drawn after it waits anew.
It holds for the ground that was looked at, not for the rest of the scene: who approved the picture of one
school has not approved the county. Yards drawn elsewhere hold at once: they only ever cover more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Literal

import shapely

from evidence.redaction.areas import (
    EVERYWHERE,
    KIND,
    Area,
    Drawn,
    drawn_of,
    rectangle,
    subject_of,
)
from layers.errors import PolicyError, YichaError
from office import Actor, Database, Event, NewEvent, append, events
from office.policy import require, require_somewhere

APPROVED, RETURNED = "scene.cover_approved", "scene.cover_returned"
OPERATION = "evidence.approve"
State = Literal["unseen", "waiting", "returned", "approved"]


Frame = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a picture that leaves shows: the ground `frame` of a scene (degrees; `None`: all of it)."""

    scene: str
    frame: Frame | None = None
    original: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a second person said of what was drawn up to the event `last`; `reason` where it was returned."""

    at: str
    actor: str
    good: bool
    last: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a scene stands: `waiting` was drawn since it was approved last, `drawn` all that holds of its own.

    `last` is the number of the newest event of drawing, `judged` the newest word of a second person.
    """

    scene: str
    state: State
    drawn: tuple[Drawn, ...] = ()
    waiting: tuple[Drawn, ...] = ()
    last: int = 0
    judged: Judged | None = None

    @property
    def drawers(self) -> tuple[str, ...]:
        """Who drew what is not approved yet: none of them may approve it."""
        return tuple(dict.fromkeys(one.actor for one in self.waiting))


@dataclass(frozen=True, slots=True)
class Release:
    """By whom a picture that leaves was covered and approved: `event` and `hash` name what was approved.

    `frame` is the ground it shows (west, south, east, north, degrees; `None`: the scene as a whole), `original`
    the SHA-256 of the file it was made from.
    """

    scene: str
    original: str
    frame: Frame | None
    drawn_by: tuple[str, ...]
    areas: int
    approved_by: str
    approved_at: str
    event: int
    hash: str

    def as_dict(self) -> dict[str, Any]:
        """As it stands in the ledger and in a bundle."""
        return asdict(self) | {"drawn_by": list(self.drawn_by)}

    def line(self) -> str:
        """The same in a line of `bag-info.txt`."""
        return (f"{self.scene}: {self.areas} areas by {', '.join(self.drawn_by)}; "
                f"approved by {self.approved_by} {self.approved_at}")  # fmt: skip


def standing_of(db: Database, scene: str) -> Standing:
    """How what was drawn on the scene stands, wherever on it."""
    with db.read() as connection:
        return _standing(scene, events(connection, subject_of(scene)))


def standing_on(db: Database, shown: Shown) -> Standing:
    """How a picture of the scene stands: by what was drawn looking at its ground, or at the whole scene.

    `unseen` where nobody has looked at all of its ground.
    """
    with db.read() as connection:
        return _standing_on(shown, events(connection, subject_of(shown.scene)))


def standings(db: Database, *, actor: Actor) -> list[Standing]:
    """Every scene somebody looked at, what waits longest first. `PolicyError` where the person may not approve."""
    require_somewhere(actor, OPERATION)
    with db.read() as connection:
        told = [one for kind in (KIND, APPROVED, RETURNED) for one in events(connection, kind=kind)
                if one.subject != EVERYWHERE]  # fmt: skip
    told.sort(key=lambda one: (one.subject, one.seq))
    found = [_standing(subject.partition(":")[2], list(group))
             for subject, group in groupby(told, key=lambda one: one.subject)]  # fmt: skip
    return sorted(found, key=lambda one: (one.state != "waiting", one.last))


def approve(db: Database, scene: str, last: int, *, actor: Actor, at: str) -> None:
    """Say that what was drawn up to the event `last` may leave.

    `PolicyError` for who drew it or has not the right, `YichaError` where nothing waits or somebody
    drew since.
    """
    _judge(db, scene, last, APPROVED, "", actor=actor, at=at)


def send_back(db: Database, scene: str, last: int, reason: str, *, actor: Actor, at: str) -> None:
    """Return what was drawn, with the reason; raises as `approve` does."""
    if not reason.strip():
        raise YichaError("whoever returns it says why · 退回须写明理由", field="reason",
                         remedy="say what is to be covered, or no longer · 写明应补或应撤的遮盖")  # fmt: skip
    _judge(db, scene, last, RETURNED, " ".join(reason.split())[:1000], actor=actor, at=at)


def may_judge(standing: Standing, actor: Actor) -> bool:
    """Whether the person is somebody else than who drew."""
    return standing.state == "waiting" and actor.name not in standing.drawers


def released(db: Database, shown: Shown) -> tuple[Area, ...] | None:
    """The areas to cover on a picture that may leave; `None` where nobody looked or nobody approved."""
    with db.read() as connection:
        now = _standing_on(shown, events(connection, subject_of(shown.scene)))
        drawn = [*now.drawn, *(drawn_of(one) for one in events(connection, EVERYWHERE))]
    return tuple(area for one in drawn for area in one.areas) if now.state == "approved" else None


def releases(db: Database, pictures: Iterable[Shown]) -> list[Release]:
    """By whom the pictures that were approved were covered and approved."""
    found = ((shown, standing_on(db, shown)) for shown in dict.fromkeys(pictures))
    return [
        Release(one.scene, shown.original, shown.frame, tuple(dict.fromkeys(drawn.actor for drawn in one.drawn)),
                sum(len(drawn.areas) + drawn.yards for drawn in one.drawn), one.judged.actor, one.judged.at,
                one.last, one.drawn[-1].hash)
        for shown, one in found if one.state == "approved" and one.judged is not None
    ]  # fmt: skip


def story_of(db: Database, scene: str) -> list[Drawn | Judged]:
    """Everything drawn on the scene and said of it, and the yards of the place, in order of time."""
    with db.read() as connection:
        told = [
            one
            for subject in (subject_of(scene), EVERYWHERE)
            for one in events(connection, subject)
        ]
    told.sort(key=lambda one: one.seq)
    return [one for event in told for one in _told(event)]


def _told(event: Event) -> Iterator[Drawn | Judged]:
    if event.kind == KIND:
        yield drawn_of(event)
    elif event.kind in (APPROVED, RETURNED):
        body = json.loads(event.body)
        yield Judged(
            event.at, event.actor, event.kind == APPROVED, body["event"], body.get("reason", "")
        )


def _standing_on(shown: Shown, told: Iterable[Event]) -> Standing:
    now = _standing(shown.scene, told, shown.frame)
    if any(one.seen is None for one in now.drawn):
        return now
    seen = shapely.union_all([rectangle(one.seen) for one in now.drawn if one.seen is not None])
    whole = shown.frame is not None and seen.covers(rectangle(shown.frame))
    return now if whole else Standing(shown.scene, "unseen")


def _standing(scene: str, told: Iterable[Event], frame: Frame | None = None) -> Standing:
    """By everything drawn on the scene; with a `frame` by what was drawn looking at a part of it."""
    drawn: list[Drawn] = []
    waiting: list[Drawn] = []
    judged = None
    for one in (one for event in told for one in _told(event)):
        if isinstance(one, Judged):
            if drawn and one.last >= drawn[-1].seq:  # else it speaks of what is no longer the last
                judged, waiting = one, [] if one.good else waiting
        elif one.anew or _touches(one.seen, frame):
            kept = _touches(one.seen, frame)
            drawn = [*([] if one.anew else drawn), *([one] if kept else [])]
            waiting = [*([] if one.anew else waiting), *([one] if kept else [])]
    if not drawn:
        return Standing(scene, "unseen")
    last = drawn[-1].seq
    back = judged is not None and not judged.good and judged.last >= last
    state: State = "approved" if not waiting else "returned" if back else "waiting"
    return Standing(scene, state, tuple(drawn), tuple(waiting), last, judged)


def _touches(seen: Sequence[float] | None, frame: Frame | None) -> bool:
    return seen is None or frame is None or rectangle(seen).intersects(rectangle(frame))


def _judge(
    db: Database, scene: str, last: int, kind: str, reason: str, *, actor: Actor, at: str
) -> None:
    require(actor, OPERATION)
    now = standing_of(db, scene)
    if now.state != "waiting" or now.last != last:
        raise YichaError("nothing of this waits for approval: it was decided, or drawn on again · 已处理或已重画",
                         field="scene", remedy="look at it as it stands now · 请看最新状态")  # fmt: skip
    if not may_judge(now, actor):
        raise PolicyError(f"{actor.name} drew it: a second person approves · 打码人不能自己复核", field=OPERATION,
                          remedy="ask somebody else with this right · 请另一人复核")  # fmt: skip
    body = {"event": last, "hash": now.waiting[-1].hash, **({"reason": reason} if reason else {})}
    with db.write() as connection:
        append(connection, [NewEvent(kind, subject_of(scene), body)], actor=actor, at=at)
