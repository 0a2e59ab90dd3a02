"""One address against the gazetteer: the surest step that fits, or why none does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from layers.addresses import Address
from layers.geocoding.answers import CHOICES, Answer, alike, at_place, township_of, where
from layers.geocoding.compounds import compound_key
from layers.geocoding.gazetteer import Gazetteer
from layers.geocoding.houses import reach_m
from layers.geocoding.names import Spot, telling, within
from layers.geocoding.numbers import by_number, same_number
from layers.geocoding.regions import Region
from layers.geocoding.streets import ON_STREET_M, Street, street_key

SETBACK_M = 50.0
"""How far from its street's line a place with that street's address may stand."""
CORNER_M, CORNER_NEAR_M = 80.0, 200.0
"""At a crossing: within a few house fronts of the corner; 附近 reaches into the next block."""
CROSSING_GAP_M, ONE_CROSSING_M = 60.0, 150.0
"""Streets this close meet though their lines do not touch; places this close are one crossing
(a dual carriageway makes up to four)."""
RELATION_M = {"inside": 0.0, "beside": 60.0, "opposite": 80.0, "near": 200.0}
"""What a word adds: 旁 next door, 对面 across a main road, 附近 within a few minutes' walk."""
BEARINGS = {"东": (1, 0), "西": (-1, 0), "南": (0, -1), "北": (0, 1)}
NAME_M = 15.0


def locate(said: Address, code: str | None, name: str | None, known: Gazetteer) -> Answer:
    """Place one address; `code` is its row's administrative code, `name` its row's own name key."""
    region = known.regions.find(said, code)
    if region.problem is not None:
        return Answer(problem=region.problem, candidates=region.candidates)
    if said.crossing is not None:
        return _shifted(said, _crossing(said, region, known))
    if said.road is not None:
        fine = _on_street(said, name, region, known)
    else:
        fine = _in_compound(said, name, region, known)
        if fine.method is None and (said.landmark or said.estate):
            fine = _named(said, region, known)
    if fine.method is not None:
        return _shifted(said, fine)
    if fine.problem is not None and fine.problem != "street_unknown":
        return replace(
            _coarse(said, region, known), problem=fine.problem, candidates=fine.candidates
        )
    coarse = _coarse(said, region, known)
    problem = fine.problem or (None if coarse.method else coarse.problem or "too_vague")
    return replace(coarse, problem=problem, candidates=fine.candidates or coarse.candidates)


def _on_street(said: Address, name: str | None, region: Region, known: Gazetteer) -> Answer:
    street, problem = _the_street(said.road, region, known)
    if street is not None and said.village is not None:
        problem = _not_in_village(street, said, region, known)
    if street is None or problem.problem is not None:
        return problem
    guess = by_number(street, said)
    if guess is not None and guess.problem is not None:
        return Answer(problem=guess.problem, candidates=guess.matched)
    if guess is not None and guess.method in ("address", "house_number"):
        return at_place(guess.place, guess.method, guess.u_m, guess.matched)
    spot = _spot_on(street, [name, *_texts(said)], region, known)
    if spot is not None:
        return Answer(spot.x, spot.y, "name", spot.u_m + NAME_M, spot.label)
    whole = _whole_street(street, region, known)
    if guess is not None and not guess.u_m > whole.u_m:
        return at_place(guess.place, guess.method, guess.u_m, guess.matched)
    return whole


def _the_street(name: str | None, region: Region, known: Gazetteer) -> tuple[Street | None, Answer]:
    """The one street of this name in the region, or what is wrong."""
    key = street_key(name)
    all_of_name = known.streets.get(str(key), ())
    area = region.area
    here = [street for street in all_of_name if len(street.within(area))]
    if len(here) == 1:
        return here[0], Answer()
    if here:
        middles = [f"{one.name} ({where(one, known)})" for one in here[:CHOICES]]
        return None, Answer(problem="street_ambiguous", candidates=" / ".join(middles))
    return None, Answer(problem="street_unknown", candidates=alike(key, name, known))


def _in_compound(said: Address, name: str | None, region: Region, known: Gazetteer) -> Answer:
    """A number or the row's own name in a village, an estate or a small town without streets."""
    houses = known.compounds.get(str(compound_key(said)))
    if houses is not None:
        here = houses.number == said.number
        if region.area is not None:
            here &= shapely.contains_xy(region.area, houses.places[:, 0], houses.places[:, 1])
        place = said.village or said.estate or said.township
        guess = same_number(str(place), houses.take(here), said) if here.any() else None
        if guess is not None and guess.problem is None:
            return at_place(guess.place, guess.method, guess.u_m, guess.matched)
    villages = within(known.villages.get(str(street_key(said.village)), ()), region.area)
    if name is None or len(villages) != 1:
        return Answer()
    named = within(known.names.get(name, ()), region.area)
    if len(named) != 1 or _apart(named[0], villages[0]) > villages[0].u_m:
        return Answer()
    return Answer(named[0].x, named[0].y, "name", named[0].u_m + NAME_M, named[0].label)


def _not_in_village(street: Street, said: Address, region: Region, known: Gazetteer) -> Answer:
    """A village's own street is not the town's of the same name: the problem, if there is one."""
    spots = within(known.villages.get(str(street_key(said.village)), ()), region.area)
    if not spots:
        return Answer(problem="name_unknown", candidates=said.village)
    if all(_away(street, spot) > spot.u_m for spot in spots):
        return Answer(problem="street_unknown", candidates=f"{said.village}{said.road}")
    return Answer()


def _whole_street(street: Street, region: Region, known: Gazetteer) -> Answer:
    """The street's middle in the region; its error reaches the street's farther end.

    Where the street goes on beyond what the layers show, or they do not say how far they reach
    (an old name, another street of the same name), its middle says nothing.
    """
    places = street.within(region.area)
    if not known.regions.townships:
        return Answer(problem="extent_unknown", candidates=street.name)
    if region.area is None:
        open_ends = len(street.open_ends)
    else:
        x, y = street.open_ends.reshape(-1, 2).T
        open_ends = int(shapely.contains_xy(region.area, x, y).sum())
    if open_ends or street.lines is None:
        return Answer(problem="street_goes_on", candidates=street.name)
    ring = shapely.minimum_bounding_circle(shapely.multipoints(places))
    middle = shapely.get_coordinates(shapely.centroid(ring))[0]
    best = places[np.hypot(*(places - middle).T).argmin()]
    u = reach_m(places, best) + SETBACK_M
    where = f" ({region.township.name})" if region.township else ""
    return at_place(best, "street", u, f"{street.name}{where}")


def _spot_on(
    street: Street, texts: Sequence[str | None], region: Region, known: Gazetteer
) -> Spot | None:
    """A named place that the address mentions and that stands on its street."""
    for text in texts:
        key = street_key(text)
        if key is None or len(key) < 2:
            continue
        for spots in (
            known.names.get(key, ()),
            known.estates.get(key, ()),
            known.villages.get(key, ()),
        ):
            near = [one for one in within(spots, region.area) if _away(street, one) <= ON_STREET_M]
            if len(near) == 1:
                return near[0]
    return None


def _named(said: Address, region: Region, known: Gazetteer) -> Answer:
    """A landmark, an estate or a building without a street."""
    relative = said.relation is not None or said.offset_m is not None
    for text in _texts(said):
        key = street_key(text)
        if key is None:
            continue
        for book, method in (
            (known.names, "name"),
            (known.estates, "estate"),
            (known.villages, "village"),
        ):
            spots = book.get(key, ())
            here = within(spots, region.area)
            if len(here) > 1:
                labels = " / ".join(
                    f"{one.label} ({township_of(one, known)})" for one in here[:CHOICES]
                )
                return Answer(problem="name_ambiguous", candidates=labels)
            if here and (region.township is not None or method != "name" or telling(key)):
                one = here[0]
                u = one.u_m + (NAME_M if method == "name" else 0.0)
                return Answer(one.x, one.y, "landmark" if relative else method, u, one.label)
    return Answer(problem="name_unknown", candidates=said.landmark or said.estate)


def _coarse(said: Address, region: Region, known: Gazetteer) -> Answer:
    """The village that the address names, else its township."""
    for text in (said.village, said.community):
        spots = within(known.villages.get(str(street_key(text)), ()), region.area)
        if len(spots) == 1:
            return Answer(spots[0].x, spots[0].y, "village", spots[0].u_m, spots[0].label)
        if spots:
            labels = " / ".join(
                f"{one.label} ({township_of(one, known)})" for one in spots[:CHOICES]
            )
            return Answer(problem="name_ambiguous", candidates=labels)
    town = region.township
    if town is not None:
        return Answer(*town.middle, "township", town.radius_m, town.name)
    named = said.village or said.community or said.township
    return Answer(problem="name_unknown", candidates=named) if named else Answer()


def _crossing(said: Address, region: Region, known: Gazetteer) -> Answer:
    """Where two streets meet; contradictory ones are never placed on either of them."""
    first, problem = _the_street(said.road, region, known)
    second, other = _the_street(said.crossing, region, known)
    if first is None or second is None:
        return problem if first is None else other
    label = f"{first.name} × {second.name}"
    if first.lines is None or second.lines is None:
        return Answer(problem="no_crossing", candidates=label)
    shared = shapely.intersection(first.lines, second.lines)
    places = shapely.get_coordinates(shapely.point_on_surface(shapely.get_parts(shared)))
    if not len(places):
        gap = shapely.shortest_line(first.lines, second.lines)
        if gap.length > CROSSING_GAP_M:
            return Answer(problem="no_crossing", candidates=label)
        places = shapely.get_coordinates(gap.centroid)
    middle = places.mean(axis=0)
    reach = reach_m(places, middle)
    if reach > ONE_CROSSING_M:
        return Answer(problem="several_crossings", candidates=label)
    own = CORNER_NEAR_M if said.relation == "near" else CORNER_M
    return at_place(middle, "crossing", reach + own, label)


def _shifted(said: Address, found: Answer) -> Answer:
    """Metres towards a bearing, and what words such as 对面 add to the error."""
    if found.method is None:
        return found
    x, y, u = found.x, found.y, found.u_m
    if found.method != "crossing":
        u += RELATION_M.get(said.relation or "", 0.0)
    if said.offset_m is not None:
        steps = np.array([BEARINGS[sign] for sign in said.bearing or ""], dtype=float)
        if len(steps):  # written metres are paced, not measured
            east, north = steps.sum(axis=0) / max(float(np.hypot(*steps.sum(axis=0))), 1.0)
            x, y = x + east * said.offset_m, y + north * said.offset_m
            u += said.offset_m / 2
        else:
            u += said.offset_m
    return replace(found, x=x, y=y, u_m=u)


def _texts(said: Address) -> list[str]:
    """What may be a place's name, the longest first."""
    own = [text for text in (said.landmark, said.estate) if text]
    fronts = [front for front in (said.road, said.village, said.township) if front]
    return [*(front + text for front in fronts for text in own), *own]


def _apart(one: Spot, other: Spot) -> float:
    return float(np.hypot(one.x - other.x, one.y - other.y))


def _away(street: Street, spot: Spot) -> float:
    return float(np.hypot(*(street.samples - [spot.x, spot.y]).T).min())
