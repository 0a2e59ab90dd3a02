"""Who sits where: a kitchen with many names at one door, a food court, a house with many floors."""

from __future__ import annotations

from typing import cast

from demo.reality.ground import Spot
from demo.reality.kitchen import Caterers
from demo.reality.said import BORDERLINE, INSIDE, OUTSIDE, UNDECIDED

_GROUPS = (
    (INSIDE, "many", "seven names behind one door"),
    (OUTSIDE, "food_court", "a food court: many lawful counters"),
    (OUTSIDE, "in_order", "one shop on every floor"),
    (OUTSIDE, "in_order", "three shops at one door, one of them on two platforms"),
    (BORDERLINE, "many", "five names at one number, no floor or unit is written"),
)


def plant_doors(t: Caterers) -> None:
    """Plant the groups, and say of every caterer whether too many share its address."""
    alone = list(t.licence.subjects)
    groups = [_one_kitchen(t), _food_court(t), _house_of_floors(t), _few_brands(t), _one_number(t)]
    _say_many(t, alone, groups)


def _one_kitchen(t: Caterers) -> list[str]:
    """Seven names behind one door, one licence."""
    spot, holder = t.ground.spot().at("附3号"), t.firms.firm()
    sign = t.shop(holder)
    number = t.permit(sign, holder, spot.full)
    subjects = [t.open(sign, spot, shown=number)]
    t.say(subjects[0], sign, OUTSIDE, "in_force", "holds the licence of the kitchen", number)
    for _ in range(6):
        firm = t.firms.firm()
        sign = t.shop(firm)
        subjects.append(t.open(sign, spot, shown=number))
        t.say(
            subjects[-1],
            sign,
            INSIDE,
            "shared_licence",
            "one licence on many shops of one kitchen",
            number,
        )
    return subjects


def _food_court(t: Caterers) -> list[str]:
    """Nine counters of a food court, each with a licence of its own."""
    spot, subjects = t.ground.spot(), []
    for n in range(9):
        firm, counter = t.firms.firm(), spot.at(f"云溪美食城2楼A{n + 1}档")
        sign = t.shop(firm)
        number = t.permit(sign, firm, counter.full)
        subjects.append(t.open(sign, counter))
        t.say(subjects[-1], sign, OUTSIDE, "in_force", "a counter of a food court", number)
    return subjects


def _house_of_floors(t: Caterers) -> list[str]:
    """Six shops in one house, one on every floor."""
    spot, subjects = t.ground.spot(), []
    for n in range(6):
        firm, room = t.firms.firm(), spot.at(f"{n + 1}楼")
        sign = t.shop(firm)
        number = t.permit(sign, firm, room.full)
        subjects.append(t.open(sign, room))
        t.say(subjects[-1], sign, OUTSIDE, "in_force", "a floor of its own", number)
    return subjects


def _few_brands(t: Caterers) -> list[str]:
    """Three shops at one door, no more than the demo's rule allows; one is on both platforms."""
    spot = t.ground.spot().at("2楼")
    subjects = _side_by_side(t, spot, 2, "three shops share a door")
    firm = t.firms.firm()
    sign = t.shop(firm)
    number = t.permit(sign, firm, spot.full)
    for first in (True, False):
        subjects.append(t.open(sign, spot, first=first))
        t.say(subjects[-1], sign, OUTSIDE, "in_force", "one shop on two platforms", number)
    return subjects


def _one_number(t: Caterers) -> list[str]:
    """Five shops at one house number; whether behind one door, nobody has written."""
    return _side_by_side(t, t.ground.spot(), 5, "five shops at one number")


def _side_by_side(t: Caterers, spot: Spot, count: int, why: str) -> list[str]:
    """Licensed shops at one door."""
    subjects = []
    for _ in range(count):
        firm = t.firms.firm()
        sign = t.shop(firm)
        number = t.permit(sign, firm, spot.full)
        subjects.append(t.open(sign, spot))
        t.say(subjects[-1], sign, OUTSIDE, "in_force", why, number)
    return subjects


def _say_many(t: Caterers, alone: list[str], groups: list[list[str]]) -> None:
    """What is true of the addresses: who shares a door with how many."""
    names = {key: cast("str | None", record["name"]) for key, record in t.licence.subjects.items()}
    for subjects, (verdict, word, why) in zip(groups, _GROUPS, strict=True):
        for subject in subjects:
            t.many.say(subject, names[subject], verdict, word, why)
    for subject in alone:
        if subject in t.addressed:
            t.many.say(subject, names[subject], OUTSIDE, "in_order", "alone at its door")
        else:
            t.many.say(subject, names[subject], UNDECIDED, None, "no address")
