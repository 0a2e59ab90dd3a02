"""What the queue holds: runs of detectors, their candidates, what people decided about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from shapely.geometry.base import BaseGeometry

from layers.errors import ImageryError
from layers.measures import mu_of

Answer = Literal["yes", "no", "unsure"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)
State = Literal["open", "decided", "unsure", "all"]
"""`open` = nobody said anything (or took it back); `decided` = yes or no; `unsure` waits for another."""
STATES: tuple[State, ...] = get_args(State)
Order = Literal["score", "place"]
ORDERS: tuple[Order, ...] = get_args(Order)
OutlineBy = Literal["machine", "person"]
BY_HAND = "by_hand 1"
"""The detector of what a person saw and no detector did."""
NOTHING = ""
"""`seen` of a candidate nothing was said about."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one detector returned for one scene, or for two laid on each other.

    `detector` is its name and version; `area` what was looked at (GeoJSON geometry, WGS 84;
    missing: the whole scene); `settings` plain JSON; `day` that of the scene; `added_at` ISO.
    """

    id: str
    detector: str
    scene_id: str
    before_id: str | None
    theme: str
    area: dict[str, Any] | None
    settings: Mapping[str, Any]
    candidates: int
    day: str | None
    added_by: str
    added_at: str
    placed: str = ""
    """Hash of where the scenes lay then: laid elsewhere since, outlines no longer fit them."""

    def as_dict(self) -> dict[str, Any]:
        """For `run.json`; plain JSON types."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person said of one candidate at one moment (`at`, ISO).

    `outline` (WGS 84) only where the person drew it; `reason` is a code of
    `imagery.queue.reasons`.
    """

    candidate_id: str
    run_id: str
    answer: Answer
    reason: str | None
    note: str
    outline: BaseGeometry | None
    actor: str
    at: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing a detector outlined, with what people said of it so far.

    `outline` (WGS 84) as edited, else as `detected`; `area_m2` and `u_area_m2` (95 %) are its own,
    missing where the theme measures none. `answer` … `at` are missing while it is open. `seen` is
    handed to `Queue.decide` so that nobody answers over what they have not seen.
    """

    id: str
    run_id: str
    theme: str
    outline: BaseGeometry
    detected: BaseGeometry
    outline_by: OutlineBy
    score: float
    area_m2: float | None
    u_area_m2: float | None
    why_zh: str
    why_en: str
    detector: str
    scene_id: str
    before_id: str | None
    day: str | None
    answer: Answer | None = None
    reason: str | None = None
    note: str = ""
    actor: str | None = None
    at: str | None = None
    seen: str = NOTHING
    moved: bool = False
    """The scene was laid elsewhere since it was searched: search again."""
    history: tuple[Decision, ...] = field(default=())
    """All that was said, oldest first, what was taken back left out."""

    @property
    def area_mu(self) -> float | None:
        """Area in mu."""
        return None if self.area_m2 is None else mu_of(self.area_m2)

    @property
    def state(self) -> State:
        """`open`, `decided` or `unsure`."""
        if self.answer is None:
            return "open"
        return "unsure" if self.answer == "unsure" else "decided"


class ChangedMeanwhile(ImageryError):  # noqa: N818 - not a mistake: two people at once
    """Somebody else answered since the candidate was shown; `now` is what stands now."""

    def __init__(self, now: Candidate) -> None:
        self.now = now
        said = now.answer or "open again"
        super().__init__(
            f"{now.actor or 'somebody'} answered meanwhile ({said})", field=now.id,
            remedy="look at the candidate as it stands now and answer again",
        )  # fmt: skip

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.now,)
