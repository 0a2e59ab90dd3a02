"""`clear_width`: how wide a vehicle can get from one end of a lane to the other, with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from imagery.width import notes as say
from imagery.width.gaps import Gaps, Join, gate_pairs
from imagery.width.gates import Gate, derived_gates, drawn_gates
from imagery.width.notes import Note
from imagery.width.ring import Ring
from imagery.width.section import Section, cross_section
from imagery.width.shapes import Scene, scene_of
from layers.errors import ImageryError

_SHUT_M = 1e-6


@dataclass(frozen=True)
class Width:
    """The clear width of one lane, metres, in the plane it was given in.

    `metres` is the widest disc that gets from any gate to any other, `low` and `high` what the
    error of the outlines leaves. `bottleneck` is the line across the narrowest gap (across
    what shuts the lane where nothing gets through), `kinds` what lies at its two ends.
    `section` holds the width of the cross-sections, `pairs` the width between every two gates.
    """

    metres: float
    low: float
    high: float
    bottleneck: LineString
    kinds: tuple[str, str]
    gates: tuple[Gate, ...]
    gates_known: str
    """`drawn`, `far_end` (one drawn, the lane's end is the other) or `derived`."""
    pairs: Mapping[tuple[int, int], float]
    section: Section | None
    scene: Scene
    notes: tuple[Note, ...] = field(default=())

    @property
    def cross_section_m(self) -> float | None:
        """The narrowest cross-section, metres."""
        return None if self.section is None else self.section.metres

    @property
    def dead_end(self) -> bool:
        """Whether the lane has one gate only."""
        return self.gates_known == "far_end"


def clear_width(
    lane: BaseGeometry,
    obstacles: Sequence[BaseGeometry],
    gates: Sequence[LineString] | None = None,
    *,
    names: Sequence[str] = (),
    outline_error_m: float | None = None,
    wall_error_m: float | None = None,
    sections: bool = True,
) -> Width:
    """The clear width of a lane polygon with obstacle polygons in it; all in one plane, metres.

    `gates` are lines on the lane's edge; one gate makes a dead end, none has both ends derived.
    `outline_error_m` is what every outline may be off (of the lane's edge too, unless
    `wall_error_m` says otherwise); missing it counts as 0 and is said. Raises `ImageryError`
    where the lane is in degrees, in pieces or crosses itself, or a gate lies off its edge.
    """
    scene = scene_of(lane, obstacles)
    ring = Ring(scene.inside)
    found, known = _gates(ring, scene, gates or (), names)
    walls = [
        ring.stretch(one.end, two.start)
        for one, two in zip(found, [*found[1:], found[0]], strict=True)
    ]
    gaps = Gaps(scene.inside, walls, scene.blocks)
    joins = gaps.joins()
    if not joins:
        raise ImageryError("no gap between the walls of the lane was found", field="lane",
                           remedy="draw the lane's outline and gates anew")  # fmt: skip
    low, high = _interval(gaps, joins[0].metres, outline_error_m, wall_error_m)
    narrow = joins[0]
    return Width(
        narrow.metres if narrow.metres > _SHUT_M else 0.0, low, high,
        _drawn(narrow, walls, scene), narrow.kinds, tuple(found), known, gate_pairs(joins, len(found)),
        cross_section(scene, found) if sections else None, scene,
        _notes(scene, known, len(found), narrow, outline_error_m),
    )  # fmt: skip


def _gates(
    ring: Ring, scene: Scene, lines: Sequence[LineString], names: Sequence[str]
) -> tuple[list[Gate], str]:
    found = drawn_gates(ring, lines, names)
    if len(found) >= 2:
        return found, "drawn"
    return derived_gates(ring, scene.inside, found), "far_end" if found else "derived"


def _interval(
    gaps: Gaps, metres: float, obstacle_m: float | None, wall_m: float | None
) -> tuple[float, float]:
    """The width with every gap narrowed, and with every gap widened, by the errors of its ends."""
    obstacle = obstacle_m or 0.0
    wall = obstacle if wall_m is None else wall_m
    if min(obstacle, wall) < 0:
        raise ImageryError("an error of an outline is negative", field="outline_error",
                           remedy="give metres, 0 or more")  # fmt: skip
    if obstacle == wall == 0:
        return metres, metres
    spread = 2 * max(obstacle, wall)
    low, high = (gaps.joins(sign * obstacle, sign * wall, spread)[0].metres for sign in (-1, 1))
    return low, high


def _drawn(join: Join, walls: Sequence[LineString], scene: Scene) -> LineString:
    """The line of the narrowest gap; where the lane is shut, from wall to wall across what shuts it."""
    if join.metres > _SHUT_M or not join.cluster:
        return join.line
    block = shapely.union_all([scene.blocks[n] for n in join.cluster])
    sides = [shapely.union_all([wall for n, wall in enumerate(walls) if mask >> n & 1])
             for mask in (join.first, join.other)]  # fmt: skip
    ends = [_touch(block, side) for side in sides]
    line = LineString(ends)
    return line if line.length > _SHUT_M else join.line


def _touch(block: BaseGeometry, wall: BaseGeometry) -> tuple[float, float]:
    shared = shapely.intersection(wall, block.buffer(1e-6))
    spot = shared.centroid if not shared.is_empty else shapely.shortest_line(block, wall).centroid
    x, y = shapely.get_coordinates(shapely.shortest_line(wall, spot))[0]
    return float(x), float(y)


def _notes(
    scene: Scene, known: str, gates: int, narrow: Join, error: float | None
) -> tuple[Note, ...]:
    said = [*scene.notes]
    said += {"derived": [say.GATES_DERIVED], "far_end": [say.FAR_END]}.get(known, [])
    said += [say.MANY_GATES] if gates > 2 else []
    said += [say.BLOCKED] if narrow.metres <= _SHUT_M else []
    said += [say.NO_ERROR] if error is None else []
    return (*said, say.NOT_SWEPT)
