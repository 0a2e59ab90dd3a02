"""House numbers along one street: the same one, between two, along the run, beside the nearest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Point

from layers.addresses import Address
from layers.geocoding.houses import Houses, reach_m, span_m
from layers.geocoding.streets import Street

FRONT_M = 15.0
"""A number stands for a house with its width and yard: its door lies so far from a pin in it."""
ANNEX_M = 40.0
"""附2号 stands in the row of shops of its number; 甲12号 beside 12号."""
SAME_NUMBER_M = 250.0
"""Rows of one number farther apart contradict each other (a compound is smaller)."""
PACE_M, PACE_UNKNOWN_M = 20.0, 150.0
"""Metres that one number more leads on: at least a house of 40 m with two sides counting; where
the street does not tell, a compound of 300 m, as cities number them."""
PACES = 3
"""So many steps between neighbours tell a street's greatest pace."""
RUN_NUMBERS = 4
"""So many numbers tell how a street runs; twice as many where both sides, which drift, must do."""
NEAR_NUMBERS = 6
"""Only so many numbers on is the nearest number still a place to go by."""
GAP_SHARE = 0.2
RISING = 0.9
"""Rank correlation from which numbers are said to rise along the street."""


@dataclass(frozen=True)
class Guess:
    """A place on a street, metres of the plane, with what it was derived from."""

    place: np.ndarray
    method: str
    u_m: float
    matched: str
    problem: str | None = None


def by_number(street: Street, said: Address) -> Guess | None:
    """The surest place of a house number on `street`; `None` where its numbers tell nothing."""
    number = said.number
    house = street.house.take(street.house.section == (said.section or ""))  # each counts anew
    if number is None or not len(house):
        return None
    same = house.number == number
    if same.any():
        return same_number(street.name, house.take(same), said)
    found = [
        _between(street, house, number),
        _along(street, house, number),
        _near(street, house, number),
    ]
    return min((guess for guess in found if guess), key=lambda guess: guess.u_m, default=None)


def same_number(name: str, same: Houses, said: Address) -> Guess:
    """The place of `same`, one or more houses at `name` with the number of the address."""
    whole = (same.annex == (said.annex or "")) & (same.prefix == (said.prefix or ""))
    method, own = ("address", FRONT_M) if whole.any() else ("house_number", ANNEX_M)
    kept = same.take(whole) if whole.any() else same
    matched = f"{name}{said.number}号 {kept.label[0]}".strip()
    middle = kept.places.mean(axis=0)
    problem = "number_contradiction" if span_m(same.places) > SAME_NUMBER_M else None
    u = reach_m(kept.places, middle) + float(np.hypot(kept.u_m.max(), own))
    return Guess(middle, method, u, matched, problem)


def _between(street: Street, house: Houses, number: int) -> Guess | None:
    """Between the next lower and the next higher number of the same side.

    Where numbers rise along a street the house lies between the two, so the error is never more
    than the way to the farther one. Fronts that differ as much as they are wide put it, of `k`
    numbers between, at two standard errors of a Beta(j, k + 1 - j): 2 √(f (1 - f) / (k + 2)) of
    the way; a fifth of the way is added for a yard or a side street between.
    """
    side = house.take(house.number % 2 == number % 2)
    low, high = side.take(side.number < number), side.take(side.number > number)
    if not len(low) or not len(high) or not _rising(side):
        return None
    a, b = int(low.number.argmax()), int(high.number.argmin())
    share = float((number - low.number[a]) / (high.number[b] - low.number[a]))
    place, way = _on_way(street, np.array([low.places[a], high.places[b]]), share)
    between = (high.number[b] - low.number[a]) / 2 - 1
    likely = 2 * np.sqrt(share * (1 - share) / (between + 2)) + GAP_SHARE
    off = way * float(min(likely, max(share, 1 - share)))
    own = float(np.hypot(max(low.u_m[a], high.u_m[b]), FRONT_M))
    matched = f"{street.name}{low.number[a]:.0f}–{high.number[b]:.0f}号"
    return Guess(place, "between_numbers", off + own, matched)


def _rising(side: Houses) -> bool:
    """Whether numbers go one way along the street, where four or more of them can tell."""
    if len(np.unique(side.number)) < 4:
        return True
    run = (side.places - side.places.mean(axis=0)) @ _direction(side.places)
    ranks = np.corrcoef(_ranks(run), _ranks(side.number))[0, 1]
    return bool(abs(ranks) >= RISING)


def _ranks(values: np.ndarray) -> np.ndarray:
    return np.unique(values, return_inverse=True)[1].astype(float)


def _direction(places: np.ndarray) -> np.ndarray:
    """The direction in which places spread most."""
    return np.asarray(np.linalg.svd(places - places.mean(axis=0), full_matrices=False)[2][0])


def _on_way(street: Street, ends: np.ndarray, share: float) -> tuple[np.ndarray, float]:
    """The place a share of the way between two, following a bent street, and the way's metres."""
    straight = float(np.hypot(*(ends[1] - ends[0])))
    line = street.lines
    if not isinstance(line, LineString):
        return ends[0] + share * (ends[1] - ends[0]), straight
    at = np.array([line.project(Point(end)) for end in ends])
    stops = [line.interpolate(float(m)) for m in (*at, at[0] + share * (at[1] - at[0]))]
    *feet, foot = shapely.get_coordinates(stops)
    aside = (1 - share) * (ends[0] - feet[0]) + share * (ends[1] - feet[1])
    return foot + aside, max(float(abs(at[1] - at[0])), straight)


def _along(street: Street, house: Houses, number: int) -> Guess | None:
    """By the straight run of the numbers of its side, or of both where its side has too few.

    The error is twice the largest of the rows the run was drawn from, and half of the way
    beyond the nearest of them, for a run may change its pace where nobody looked.
    """
    side = house.take(house.number % 2 == number % 2)
    if len(np.unique(side.number)) >= RUN_NUMBERS:
        house = side
    elif len(np.unique(house.number)) < 2 * RUN_NUMBERS:
        return None
    origin, direction = house.places.mean(axis=0), _direction(house.places)
    run = (house.places - origin) @ direction
    slope, start = np.polyfit(house.number, run, 1)
    off = float(np.abs(run - (start + slope * house.number)).max())
    beyond = float(np.abs(house.number - number).min() * abs(slope))
    if max(off, beyond / 2) > 0.25 * float(np.ptp(run)):
        return None
    ground = np.vstack([street.samples, house.places])
    missed = np.abs((ground - origin) @ direction - (start + slope * number))
    best = int(missed.argmin())
    u = 2 * off + beyond / 2 + float(missed[best]) + float(np.hypot(house.u_m.max(), 2 * FRONT_M))
    matched = f"{street.name}{house.number.min():.0f}–{house.number.max():.0f}号"
    return Guess(ground[best], "along_numbers", u, matched)


def _near(street: Street, house: Houses, number: int) -> Guess | None:
    """Beside the nearest number of its own side, at the greatest pace that side is known to make.

    Numbers across the street drift away by hundreds of metres and say nothing.
    """
    side = house.take(house.number % 2 == number % 2)
    away = np.abs(side.number - number)
    if not len(side) or away.min() > NEAR_NUMBERS or not _rising(side):
        return None
    nearest = int(away.argmin())
    u = float(away[nearest] * _pace(side) + np.hypot(side.u_m[nearest], 2 * FRONT_M))
    matched = f"{street.name}{side.number[nearest]:.0f}号"
    return Guess(side.places[nearest], "near_number", u, matched)


def _pace(side: Houses) -> float:
    """The most metres per number between neighbours of one side."""
    order = np.argsort(side.number, kind="stable")
    steps = np.diff(side.number[order])
    ways = np.hypot(*np.diff(side.places[order], axis=0).T)
    if (steps > 0).sum() < PACES:
        return PACE_UNKNOWN_M
    return max(float((ways[steps > 0] / steps[steps > 0]).max()), PACE_M)
