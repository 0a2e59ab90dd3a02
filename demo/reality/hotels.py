"""The hotels of the county's export beside the business register and the permits of the trade."""

from __future__ import annotations

from demo.reality.ground import FULL, written_place
from demo.reality.lodgings import Lodgings
from demo.reality.registrations import NOWHERE, Place
from demo.reality.said import INSIDE, OUTSIDE
from demo.scene import Play
from demo.shops import Shop

_CASES = (
    ("none", "neither registered nor permitted"), ("none", "registered, no permit and no filing"),
    ("expired", "the permit is expired"), ("cancelled", "the permit is cancelled"),
    ("suspended", "the permit is suspended"),
)  # fmt: skip
_STATE = {"cancelled": "注销", "suspended": "停业"}


def plant_hotels(t: Lodgings, play: Play, listed: dict[str, str]) -> None:
    """Permits and registrations of the hotels, and the truth; `listed` are addresses by id."""
    cases = iter(_CASES)
    for subject, shop in zip(play.ids, play.shops, strict=True):
        if shop.kind != "hotel":
            continue
        plain = f"{shop.street}{shop.number}号"
        chain = "(" in shop.name or "（" in shop.name
        case = None if chain or listed[subject] != plain else next(cases, None)
        if case is not None:
            _not_in_order(t, subject, shop, case)
            continue
        place = play.scene.seen.places[shop.door]
        number = _in_order(
            t, shop, plain, NOWHERE if listed[subject] == plain else written_place(place)
        )
        why = "the branch of a chain, named by its street" if chain else "registered and permitted"
        t.truth.say(subject, shop.name, OUTSIDE, "in_force", why, number)


def _in_order(t: Lodgings, shop: Shop, plain: str, place: Place) -> str:
    """Where the export has no number the registers have surveyed the house."""
    firm = t.firms.firm()
    t.register(firm, f"云溪县{shop.name}", FULL + plain, place=place)
    return t.permit(shop.name, firm, FULL + plain, rooms=t.random.randint(12, 60), place=place)


def _not_in_order(t: Lodgings, subject: str, shop: Shop, case: tuple[str, str]) -> None:
    (klass, why), firm = case, t.firms.firm()
    address, number = f"{FULL}{shop.street}{shop.number}号", None
    if not why.startswith("neither"):
        t.register(firm, f"云溪县{shop.name}", address)
    if klass != "none":
        to = "2025-08-31" if klass == "expired" else "2028-12-31"
        number = t.permit(shop.name, firm, address, to=to, state=_STATE.get(klass, "正常"))
    t.truth.say(subject, shop.name, INSIDE, klass, why, number)
