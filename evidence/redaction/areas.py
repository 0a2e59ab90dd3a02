"""Areas somebody drew on a scene, kept in the history: who covered what, why and how."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from shapely.errors import ShapelyError
from shapely.geometry import Polygon, mapping, shape
from shapely.validation import explain_validity

from evidence.redaction.cover import TREATMENTS, Treatment
from layers.errors import YichaError
from office import Actor, Database, Event, NewEvent, append, events
from office.policy import require

KIND = "scene.covered"
EVERYWHERE = "scene:*"
"""Subject of areas that stay where they are: they hold on every scene of the place."""
REASONS = ("face", "plate", "yard", "other")
Plane = Literal["ground", "picture"]


@dataclass(frozen=True, slots=True)
class Area:
    """An area to be covered: in degrees (WGS 84) on the `ground`, or in pixels of the upright `picture`."""

    shape: Polygon
    plane: Plane
    why: str = "other"
    treatment: Treatment = "pixelate"

    def __post_init__(self) -> None:
        told = {"area": (self.shape.geom_type, ("Polygon",)), "why": (self.why, REASONS),
                "how": (self.treatment, TREATMENTS), "plane": (self.plane, ("ground", "picture"))}  # fmt: skip
        for field, (value, known) in told.items():
            if value not in known:
                raise _wrong(f"{value} is none of {', '.join(known)}", field)
        if self.shape.is_empty or not self.shape.is_valid or self.shape.area == 0:
            raise _wrong(f"the outline is no area ({explain_validity(self.shape)})", "area")

    def as_dict(self) -> dict[str, Any]:
        """As it stands in the history."""
        return {"shape": mapping(self.shape), "plane": self.plane, "why": self.why, "how": self.treatment}  # fmt: skip


def subject_of(scene: str) -> str:
    """The name of a scene in the history."""
    return f"scene:{scene}"


def record_areas(
    db: Database, scene: str, areas: Sequence[Area], *, actor: Actor, at: str, anew: bool = False,
    seen: Sequence[float] | None = None,
) -> None:  # fmt: skip
    """Add areas to a scene; `anew` first takes back those drawn on it before. Nothing leaves by this
    alone: a second person approves it (`evidence.redaction.release`).

    No areas at all says that somebody looked and found nothing to cover. Yards lie on the ground and hold
    on every scene at once. `seen`: the ground that was looked at (west, south, east, north, degrees).
    `PolicyError` where the person may not.
    """
    require(actor, "evidence.redact")
    fixed = [one for one in areas if one.why == "yard" and one.plane == "ground"]
    loose = [one for one in areas if one not in fixed]
    own = {**_body(loose, anew), "seen": None if seen is None else list(seen), "yards": len(fixed)}
    new = [NewEvent(KIND, subject_of(scene), own)]
    if fixed:
        new.append(NewEvent(KIND, EVERYWHERE, _body(fixed, anew=False)))
    with db.write() as connection:
        append(connection, new, actor=actor, at=at)


def areas_of(db: Database, scene: str) -> tuple[Area, ...] | None:
    """The areas that hold on a scene: its own, and the yards of the place.

    `None` where nobody has looked at the scene yet; none at all is a word of its own.
    """
    held: list[Area] = []
    looked = False
    with db.read() as connection:
        for subject in (subject_of(scene), EVERYWHERE):
            own: list[Area] = []
            for event in events(connection, subject):
                if event.kind == KIND:
                    body = json.loads(event.body)
                    own = [*([] if body["anew"] else own), *(_area(one) for one in body["areas"])]
                    looked |= subject != EVERYWHERE
            held += own
    return tuple(held) if looked else None


@dataclass(frozen=True, slots=True)
class Drawn:
    """Who said what is to be covered on a scene, and when; no `areas`: there is nothing to cover."""

    at: str
    actor: str
    anew: bool
    areas: tuple[Area, ...]
    everywhere: bool
    seq: int = 0
    hash: str = ""
    seen: tuple[float, ...] | None = None
    yards: int = 0


def drawn_of(event: Event) -> Drawn:
    """What an event of this kind says."""
    body = json.loads(event.body)
    seen = body.get("seen")
    return Drawn(event.at, event.actor, body["anew"], tuple(_area(one) for one in body["areas"]),
                 event.subject == EVERYWHERE, event.seq, event.hash, None if seen is None else tuple(seen),
                 int(body.get("yards", 0)))  # fmt: skip


def proof_of(db: Database, scene: str) -> list[Drawn]:
    """Everything drawn on a scene, and the yards of the place, as the history has it."""
    with db.read() as connection:
        found = [drawn_of(event) for subject in (subject_of(scene), EVERYWHERE)
                 for event in events(connection, subject) if event.kind == KIND]  # fmt: skip
    return sorted(found, key=lambda one: one.seq)


def drawn_on(
    bounds: Sequence[float], outline: Sequence[Sequence[float]], why: str, treatment: Treatment,
    plane: Plane = "ground",
) -> Area:  # fmt: skip
    """An area drawn on a picture that shows `bounds` (west, south, east, north): degrees of the ground, or the
    pixels of an upright photo (0, height, width, 0; plane `picture`).

    `outline`: corners as shares of its width and height from the upper left. `YichaError` where it is no area.
    """
    west, south, east, north = bounds
    try:
        shares = [(float(x), float(y)) for x, y in outline]
    except (TypeError, ValueError) as error:
        raise _wrong("an outline is a list of corners", "area") from error
    if len(shares) < 3 or not all(0 <= value <= 1 for one in shares for value in one):
        raise _wrong("the outline has too few corners, or leaves the picture", "area")
    ring = Polygon([(west + x * (east - west), north - y * (north - south)) for x, y in shares])
    return Area(ring, plane, why, treatment)


def read_areas(text: str, why: str, treatment: Treatment) -> list[Area]:
    """Areas of a GeoJSON text (WGS 84, polygons); `why` and `how` of a feature win over the given."""
    try:
        features = json.loads(text)["features"]
        return [Area(part, "ground", told.get("why", why), told.get("how", treatment))
                for one in features for told in [one.get("properties") or {}]
                for part in _parts(shape(one["geometry"]))]  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, ShapelyError) as error:
        raise _wrong(f"the areas cannot be read ({type(error).__name__})", "areas") from error


def box(text: str) -> Polygon:
    """A rectangle of four numbers (left, top, right, bottom or west, south, east, north)."""
    try:
        a, b, c, d = numbers = [float(one) for one in text.split(",")]
    except ValueError:
        numbers = []
    if not numbers or not all(map(math.isfinite, numbers)):
        raise _wrong(f"{text[:40]!r} is not four numbers", "box")
    return Polygon([(a, b), (c, b), (c, d), (a, d)])


def rectangle(bounds: Sequence[float]) -> Polygon:
    """West, south, east, north as a polygon."""
    west, south, east, north = bounds[:4]
    return Polygon([(west, south), (east, south), (east, north), (west, north)])


def _parts(drawn: Any) -> Iterable[Polygon]:  # noqa: ANN401 - any geometry
    return drawn.geoms if drawn.geom_type == "MultiPolygon" else [drawn]


def _body(areas: Sequence[Area], anew: bool) -> dict[str, Any]:
    return {"anew": anew, "areas": [one.as_dict() for one in areas]}


def _area(told: dict[str, Any]) -> Area:
    return Area(cast("Polygon", shape(told["shape"])), told["plane"], told["why"], told["how"])


def _wrong(problem: str, field: str) -> YichaError:
    return YichaError(problem, field=field, remedy="draw a closed outline that does not cross itself; "
                      f"why: {', '.join(REASONS)}; how: {', '.join(TREATMENTS)}")  # fmt: skip
