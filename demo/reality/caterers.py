"""Caterers of two food platforms beside the food licences: in order, ended, not theirs, none."""

from __future__ import annotations

from random import Random

from demo.reality.doors import plant_doors
from demo.reality.firms import Firms
from demo.reality.ground import Ground
from demo.reality.kitchen import Caterers, tables_of
from demo.reality.said import BORDERLINE, INSIDE, OUTSIDE, UNDECIDED, Planted

LICENCE, MANY = "caterer-licence", "many-shops-one-address"
_STATE = {"cancelled": "注销", "revoked": "吊销", "suspended": "停业整顿"}


def plant_caterers(ground: Ground, firms: Firms, random: Random) -> Planted:
    """Both platforms, the register and the truth of both checks."""
    table = Caterers(ground, firms, random)
    _in_order(table)
    _written_otherwise(table)
    _ended(table)
    _without(table)
    _packed_food(table)
    _not_theirs(table)
    _for_a_person(table)
    plant_doors(table)
    return Planted(tables_of(table), {LICENCE: table.licence, MANY: table.many})


def _in_order(t: Caterers) -> None:
    for n in range(18):
        firm, spot = t.firms.firm(), t.ground.spot(road=n in (4, 5))
        sign = t.shop(firm)
        address = spot.big if n in (4, 5) else t.ground.written(spot)
        book = sign if n % 2 else f"云溪县{sign}"
        number = t.permit(book, firm, address)
        shown = number if n % 3 == 0 else ""
        subject = t.open(t.praised(sign, spot), spot, shown=shown, placed=n % 4 != 3)
        why = "a road by its newer name" if n in (4, 5) else "in order"
        t.say(subject, sign, OUTSIDE, "in_force", why, number)
    for _ in range(3):
        firm, spot = t.firms.firm(), t.ground.spot()
        sign = t.shop(firm)
        t.permit(sign, firm, spot.full, to="2023-04-30", first="2018-05-01")
        number = t.permit(sign, firm, spot.full, first="2023-04-20")
        t.say(
            t.open(sign, spot),
            sign,
            OUTSIDE,
            "in_force",
            "an old licence and the renewed one",
            number,
        )
    firm = t.firms.firm("91")
    for _ in range(4):
        spot = t.ground.spot()
        sign = f"{firm.brand}奶茶({spot.street}店)"
        number = t.permit(f"云溪县{firm.brand}餐饮管理有限公司{spot.street}店", firm, spot.full)
        t.say(t.open(sign, spot), sign, OUTSIDE, "in_force", "a branch of one company", number)
    spot = t.ground.spot()
    sign = f"{firm.brand}奶茶({spot.street}店)"
    t.say(t.open(sign, spot), sign, INSIDE, "none", "a branch without a licence of its own")


def _written_otherwise(t: Caterers) -> None:
    """In order; name and address are written otherwise on the platform than in the register."""
    for listed, book in (
        ("附2号", "-2号"),
        ("2F", "二楼"),
        ("一楼", "1层"),
        ("负一层", "B1"),
        ("3楼302室", "三层302"),
    ):
        firm, spot = t.firms.firm(), t.ground.spot()
        sign = t.shop(firm)
        plain = f"云溪县{spot.street}{spot.number}"
        number = t.permit(sign, firm, plain + (book if book[0] == "-" else f"号{book}"))
        t.say(
            t.open(sign, spot.at(listed)),
            sign,
            OUTSIDE,
            "in_force",
            "an address written otherwise",
            number,
        )
    for change in (str.upper, _wide):
        firm, spot = t.firms.firm(), t.ground.spot()
        sign = f"{firm.brand}Coffee"
        number = t.permit(f"{firm.brand}coffee咖啡店", firm, spot.full)
        t.say(
            t.open(change(sign), spot),
            sign,
            OUTSIDE,
            "in_force",
            "a name written otherwise",
            number,
        )


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() else sign for sign in text)


def _ended(t: Caterers) -> None:
    for n in range(7):
        firm, spot = t.firms.firm(), t.ground.spot()
        sign = t.shop(firm)
        number = t.permit(sign, firm, t.ground.written(spot), to=f"202{4 + n % 3}-0{n % 5 + 1}-1{n}",
                          first="2019-06-03")  # fmt: skip
        t.say(
            t.open(t.praised(sign, spot), spot),
            sign,
            INSIDE,
            "expired",
            "the term has ended",
            number,
        )
    for state, count in (("cancelled", 4), ("revoked", 2), ("suspended", 2)):
        for _ in range(count):
            firm, spot = t.firms.firm(), t.ground.spot()
            sign = t.shop(firm)
            number = t.permit(sign, firm, t.ground.written(spot), state=_STATE[state])
            t.say(
                t.open(sign, spot),
                sign,
                INSIDE,
                state,
                f"trading on a licence that is {state}",
                number,
            )


def _without(t: Caterers) -> None:
    for n in range(9):
        firm, spot = t.firms.firm(), t.ground.spot()
        sign = t.shop(firm)
        t.say(
            t.open(t.praised(sign, spot), spot, placed=n % 3 != 1),
            sign,
            INSIDE,
            "none",
            "no licence at all",
        )


def _packed_food(t: Caterers) -> None:
    """A shop of packed food needs a filing, no licence."""
    for _ in range(2):
        firm, spot = t.firms.firm(), t.ground.spot()
        sign = f"{firm.brand}零食铺"
        subject = t.open(sign, spot, kind="零食（仅销售预包装食品）")
        t.say(subject, sign, OUTSIDE, "not_needed", "sells packed food only")


def _not_theirs(t: Caterers) -> None:
    for _ in range(3):
        firm, other, spot = t.firms.firm(), t.firms.firm(), t.ground.spot()
        sign = t.shop(firm)
        number = t.permit(t.shop(other), other, spot.full)
        t.say(
            t.open(sign, spot, shown=number),
            sign,
            INSIDE,
            "mismatch",
            "the licence bears another name",
            number,
        )
    for _ in range(3):
        firm, spot, before = t.firms.firm(), t.ground.spot(), t.ground.spot()
        sign = t.shop(firm)
        number = t.permit(sign, firm, before.full)
        t.say(t.open(sign, spot, shown=number), sign, INSIDE, "mismatch", "moved, the licence is for the old place",
              number)  # fmt: skip
    for _ in range(3):
        firm, spot = t.firms.firm(), t.ground.spot()
        sign = t.shop(firm)
        number = t.permit(sign, firm, spot.full, form="食品销售经营者")
        t.say(
            t.open(sign, spot),
            sign,
            INSIDE,
            "mismatch",
            "licensed to sell packed food, cooks",
            number,
        )


def _for_a_person(t: Caterers) -> None:
    """What only a person can settle, and what nothing tells."""
    owner, home = t.firms.firm(), t.ground.spot()
    sign = t.shop(owner)
    number = t.permit(sign, owner, home.full)
    subject = t.open(sign, home, shown=number)
    t.say(subject, sign, OUTSIDE, "in_force", "the number is shown by its owner", number)
    for _ in range(3):
        other, elsewhere = t.firms.firm(), t.ground.spot()
        sign = t.shop(other)
        subject = t.open(sign, elsewhere, shown=number)
        t.say(
            subject,
            sign,
            BORDERLINE,
            "shared_licence",
            "shows the number of a shop elsewhere",
            number,
        )
    for _ in range(3):
        firm, spot, before = t.firms.firm(), t.ground.spot(), t.ground.spot()
        sign = t.shop(firm)
        number = t.permit(sign, firm, before.full)
        t.say(
            t.open(sign, spot),
            sign,
            BORDERLINE,
            "ask",
            "the same name in another street",
            number,
        )
    for _ in range(2):
        tenant, former, spot = t.firms.firm(), t.firms.firm(), t.ground.spot()
        number = t.permit(t.shop(former), former, spot.full)
        sign = t.shop(tenant)
        t.say(
            t.open(sign, spot),
            sign,
            BORDERLINE,
            "ask",
            "another name is licensed at this door",
            number,
        )
    for _ in range(2):
        t.say(t.open(None, None), None, UNDECIDED, None, "neither name nor address")
    sign = t.shop(t.firms.firm())
    t.say(t.open(sign, None), sign, UNDECIDED, None, "a name, no address")
    t.say(t.open(None, t.ground.spot()), None, UNDECIDED, None, "an address, no name")
