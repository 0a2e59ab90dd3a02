"""Which finding is which: the same check about the same subject, run after run, and lead after run.

Codes and licence numbers speak first, then the source's own id, the name, the address and the
place; for areas the overlap of the outlines. Nothing decides alone where something else speaks
against it: ids are used again, one company has many sites. Every finding gets at most one lead
and every lead at most one finding.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from checks._seen import Seen
from layers.addresses import normalise_address
from layers.cleaning.text import normalise
from layers.layer import WGS84
from layers.matching.names import name_parts
from layers.measures import geodesic_distance, pairs_within

NEAR_M, SAME_NAME_M, LOOK_M = 30.0, 60.0, 100.0
"""A pin shifts by so much; under the same name by more; further nobody is looked for by place."""
OVERLAP = 0.3
"""Share of the smaller outline that lies in the other."""
_LONG = 5
"""Characters of an id that is no running number."""
_MANY = 50
"""Subjects of one name and no place: from here on a name says nothing."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of the subject of a finding, or of a lead over all its runs."""

    ids: frozenset[str]
    codes: frozenset[str]
    licences: frozenset[str]
    names: frozenset[str]
    address: str
    lon: float | None
    lat: float | None
    u_m: float
    area: BaseGeometry | None
    seen: bool = True

    @property
    def point(self) -> tuple[float, float] | None:
        """(longitude, latitude) in degrees, where it has a place."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)


@dataclass(frozen=True, slots=True)
class Matches:
    """Numbers of findings and leads: `pairs` finding → lead; `split` new finding → the lead whose
    outline it overlaps; `merged` lead without a finding → the lead whose finding now covers it;
    `same_place` new finding → a lead not seen at its door.
    """

    pairs: Mapping[int, int]
    split: Mapping[int, int] = field(default_factory=dict)
    merged: Mapping[int, int] = field(default_factory=dict)
    same_place: Mapping[int, int] = field(default_factory=dict)


def plain_name(name: str | None) -> str:
    """A name in the form in which names are compared."""
    return normalise(name).casefold().replace(" ", "") if name else ""


def subject_of(one: Seen) -> Identity:
    """The subject of a finding."""
    name = plain_name(one.name)
    area = shapely.make_valid(one.geometry) if _is_area(one.geometry) else None
    return Identity(_some(f"{one.theme}|{one.subject_id}"), _some(one.credit_code),
                   _some(one.licence_no), _some(name),
                   plain_address(one.address), one.lon, one.lat, one.u_m, area)  # fmt: skip


def plain_address(address: str | None) -> str:
    """An address in the form in which addresses are compared."""
    return normalise_address(normalise(address)) if address else ""


def keys_of(subject: Identity) -> list[str]:
    """The keys a lead is remembered by, the strongest first."""
    named = (("code", subject.codes), ("licence", subject.licences), ("id", subject.ids),
             ("name", subject.names))  # fmt: skip
    return [f"{kind}:{value}" for kind, values in named for value in sorted(values)]


def match(found: Sequence[Identity], leads: Sequence[Identity]) -> Matches:
    """Which of the findings of one check is which of its leads."""
    pairs = _at_once(found, leads)
    taken = set(pairs.values())
    rest = [n for n in range(len(found)) if n not in pairs]
    free = [n for n in range(len(leads)) if n not in taken]
    core = _cores([found[n] for n in rest] + [leads[n] for n in free] if rest else [])
    pairs_of = sorted(_candidates(found, leads, rest, free))
    metres = _distances(found, leads, [row for row, _ in pairs_of], [lead for _, lead in pairs_of])
    shared = _shared(found) | _shared(leads)
    scored = []
    for (row, lead), far in zip(pairs_of, metres, strict=True):
        far_m = None if np.isnan(far) else float(far)
        score = agreement(found[row], leads[lead], far_m, core, shared)
        if score > 0:
            scored.append((score, row, lead))
    for _, row, lead in sorted(scored, key=lambda one: (-one[0], one[1], one[2])):
        if row not in pairs and lead not in taken:
            pairs[row] = lead
            taken.add(lead)
    new = [n for n in rest if n not in pairs]
    gone = [n for n in free if n not in taken and leads[n].seen]
    split = dict(_overlapping(found, leads, new, sorted(taken)))
    merged = _merged(found, leads, pairs, gone)
    return Matches(pairs, split, merged, _at_the_door(found, leads, new, gone))


def agreement(
    one: Identity,
    lead: Identity,
    metres: float | None,
    core: Mapping[str, str],
    shared: frozenset[str] = frozenset(),
) -> float:
    """How much speaks for the same subject; 0 where it is not, or where nobody can tell.

    `metres` lie between the two places (`None` where one is unknown); `core` gives of a name
    what it is without place, trade and legal form; `shared` are codes and numbers of several.
    """
    code, licence = bool(one.codes & lead.codes), bool(one.licences & lead.licences)
    same_id, name = bool(one.ids & lead.ids), bool(one.names & lead.names)
    like = name or bool(
        {core.get(n) for n in one.names} & {core.get(n) for n in lead.names} - {"", None}
    )
    share = _overlap(one.area, lead.area)
    reach = NEAR_M + min(max(one.u_m, lead.u_m), NEAR_M)
    near = metres is not None and metres <= reach
    door = bool(one.address) and one.address == lead.address
    if one.codes and lead.codes and not code and not (same_id and name):
        return 0.0
    known = bool((one.codes & lead.codes | one.licences & lead.licences) - shared)
    facts = [
        share is not None and share >= OVERLAP,
        (code or licence) and (same_id or like),
        known and (door or near or (not one.names and metres is None)),
        same_id and (name or door) and (near or share != 0.0),
        same_id and near and share is None,
        same_id and metres is None and (_unnamed(one, lead) or _tells(one.ids)),
        name and metres is not None and metres <= max(SAME_NAME_M, reach) and _may_meet(share),
        name and metres is None and (door or not (one.address or lead.address)),
        like and near and _may_meet(share),
    ]
    if not any(facts):
        return 0.0
    closeness = 0.0 if metres is None else max(0.0, 1 - metres / LOOK_M)
    return (8 * code + 8 * licence + 4 * same_id + 4 * name + 2 * like + 2 * door + 3 * closeness
            + 8 * (share or 0.0) + 0.5 * lead.seen)  # fmt: skip


def _shared(subjects: Sequence[Identity]) -> frozenset[str]:
    """Codes and licence numbers that several subjects show: one of them alone tells nobody apart."""
    count = Counter(value for one in subjects for value in one.codes | one.licences)
    return frozenset(value for value, times in count.items() if times > 1)


def _cores(subjects: Sequence[Identity]) -> dict[str, str]:
    names = sorted({name for one in subjects for name in one.names})
    return dict(zip(names, name_parts(names).core, strict=True)) if names else {}


def _may_meet(share: float | None) -> bool:
    """Two outlines that do not overlap are two places, whatever they are called."""
    return share is None or share >= OVERLAP


def _tells(ids: frozenset[str]) -> bool:
    """Whether a source's id is more than a running number, which the next list gives to another."""
    return any(len(one.split("|", 1)[1]) >= _LONG for one in ids)


def _unnamed(one: Identity, lead: Identity) -> bool:
    return not (one.names and lead.names)


def _at_once(found: Sequence[Identity], leads: Sequence[Identity]) -> dict[int, int]:
    """Points whose id and name are the lead's and whose place is not another: most of them."""
    by_id: defaultdict[str, list[int]] = defaultdict(list)
    for number, lead in enumerate(leads):
        for one in lead.ids:
            by_id[one].append(number)
    rows, at = [], []
    for row, subject in enumerate(found):
        held = by_id.get(next(iter(subject.ids), ""), [])
        if len(held) == 1 and _plainly(subject, leads[held[0]]):
            rows.append(row)
            at.append(held[0])
    metres = _distances(found, leads, rows, at)
    pairs = {row: lead for row, lead, far in zip(rows, at, metres, strict=True)
             if not far > NEAR_M}  # fmt: skip
    return _one_each(pairs)


def _one_each(pairs: Mapping[int, int]) -> dict[int, int]:
    """Without the leads that two findings would take: those are looked at closely."""
    count: defaultdict[int, int] = defaultdict(int)
    for lead in pairs.values():
        count[lead] += 1
    return {row: lead for row, lead in pairs.items() if count[lead] == 1}


def _plainly(one: Identity, lead: Identity) -> bool:
    if one.area is not None or lead.area is not None or not lead.seen:
        return False
    if one.codes and lead.codes and not one.codes & lead.codes:
        return False
    return one.names <= lead.names


def _candidates(
    found: Sequence[Identity], leads: Sequence[Identity], rows: Sequence[int], free: Sequence[int]
) -> set[tuple[int, int]]:
    """Pairs worth a closer look: a key in common, or near each other."""
    held: defaultdict[str, list[int]] = defaultdict(list)
    for lead in free:
        for key in keys_of(leads[lead]):
            held[key].append(lead)
    pairs: set[tuple[int, int]] = set()
    for row in rows:
        for key in keys_of(found[row]):
            those = held.get(key, ())
            if not key.startswith("name:") or len(those) <= _MANY:
                pairs.update((row, lead) for lead in those)
    there = [n for n in rows if found[n].point is not None]
    here = [n for n in free if leads[n].point is not None]
    if there and here:
        near = pairs_within(_places(found, there), _places(leads, here), LOOK_M)
        pairs.update((there[a], here[b]) for a, b in zip(near.subject, near.object, strict=True))
    return pairs


def _places(subjects: Sequence[Identity], numbers: Sequence[int]) -> gpd.GeoSeries:
    shapes = [subjects[n].area or shapely.Point(subjects[n].point or ()) for n in numbers]
    return gpd.GeoSeries(shapes, crs=WGS84)


def _distances(
    found: Sequence[Identity], leads: Sequence[Identity], rows: Sequence[int], at: Sequence[int]
) -> np.ndarray:
    """Metres between the places of the pairs; NaN where one has none."""

    def column(subjects: Sequence[Identity], numbers: Sequence[int], name: str) -> np.ndarray:
        return np.array([getattr(subjects[n], name) for n in numbers], dtype=float)

    return geodesic_distance(column(found, rows, "lon"), column(found, rows, "lat"),
                             column(leads, at, "lon"), column(leads, at, "lat"))  # fmt: skip


def _overlapping(
    found: Sequence[Identity], leads: Sequence[Identity], rows: Sequence[int], at: Sequence[int]
) -> Iterable[tuple[int, int]]:
    """Every area of `rows` with the lead of `at` that it overlaps most."""
    rows = [n for n in rows if found[n].area is not None]
    at = [n for n in at if leads[n].area is not None]
    if not rows or not at:
        return
    tree = shapely.STRtree([area for n in at if (area := leads[n].area) is not None])
    for row in rows:
        shares = [(_overlap(found[row].area, leads[at[k]].area) or 0.0, -at[k])
                  for k in sorted(tree.query(found[row].area))]  # fmt: skip
        best = max(shares, default=(0.0, 0))
        if best[0] >= OVERLAP:
            yield row, -best[1]


def _merged(
    found: Sequence[Identity],
    leads: Sequence[Identity],
    pairs: Mapping[int, int],
    gone: Sequence[int],
) -> dict[int, int]:
    by_row = [found[row] for row in pairs]
    held = list(pairs.values())
    return {lead: held[row] for lead, row in _overlapping(leads, by_row, gone, range(len(by_row)))}


def _at_the_door(
    found: Sequence[Identity], leads: Sequence[Identity], new: Sequence[int], gone: Sequence[int]
) -> dict[int, int]:
    """New findings where another one stood: perhaps a successor; a person may look."""
    rows = [n for n in new if found[n].point is not None and found[n].area is None]
    at = [n for n in gone if leads[n].point is not None and leads[n].area is None]
    if not rows or not at:
        return {}
    near = pairs_within(_places(found, rows), _places(leads, at), NEAR_M)
    best: dict[int, tuple[float, int]] = {}
    for a, b, metres in zip(near.subject, near.object, near.metres, strict=True):
        mine = (float(metres), at[b])
        best[rows[a]] = min(best.get(rows[a], mine), mine)
    return {row: lead for row, (_, lead) in best.items()}


def _overlap(one: BaseGeometry | None, other: BaseGeometry | None) -> float | None:
    """Share of the smaller outline inside the other; `None` where one is no area."""
    if one is None or other is None:
        return None
    smaller = min(one.area, other.area)
    return float(shapely.intersection(one, other).area / smaller) if smaller > 0 else 0.0


def _is_area(geometry: BaseGeometry | None) -> bool:
    return geometry is not None and geometry.geom_type in ("Polygon", "MultiPolygon")


def _some(value: str | None) -> frozenset[str]:
    return frozenset([value]) if value else frozenset()
