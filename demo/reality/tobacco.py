"""The tobacco shops of the county's export beside the bureau's licences, as they were cast."""

from __future__ import annotations

from demo.cast import TOBACCO
from demo.law import RUN_DATE
from demo.licences import Licence
from demo.reality.said import INSIDE, OUTSIDE, UNDECIDED, Planted, Truth
from demo.scene import Play
from demo.shops import KINDS

SALE = "tobacco-licence"
_ENDED = {"注销": "cancelled", "吊销": "revoked", "歇业": "closed", "停业": "suspended"}


def plant_tobacco(play: Play) -> Planted:
    """The truth about every shop that may sell tobacco; the tables are those of the county."""
    truth = Truth("tobacco_retailer")
    rows: dict[str, list[Licence]] = {}
    for row in play.licences:
        rows.setdefault(row.name, []).append(row)
    for subject, shop in zip(play.ids, play.shops, strict=True):
        if TOBACCO not in KINDS[shop.kind].checks:
            continue
        held = rows.get(shop.name, [])
        if shop.licence == "not_trading":
            truth.say(subject, shop.name, OUTSIDE, "not_needed", "no longer trading")
        elif shop.kind != "tobacco":
            truth.say(
                subject, shop.name, OUTSIDE, "not_needed", "a shop that may or may not sell tobacco"
            )
        elif shop.door < 0:
            truth.say(subject, shop.name, UNDECIDED, None, "neither address nor position")
        elif not held:
            truth.say(subject, shop.name, INSIDE, "none", "sells tobacco, holds no licence")
        else:
            said = (_said(held[-1]), _why(held))
            truth.say(
                subject,
                shop.name,
                OUTSIDE if said[0] == "in_force" else INSIDE,
                *said,
                held[-1].number,
            )
    return Planted((), {SALE: truth})


def _said(row: Licence) -> str:
    if row.state in _ENDED:
        return _ENDED[row.state]
    ends = "9999-12-31" if row.valid_to == "长期" else row.valid_to
    return "expired" if ends < RUN_DATE else "in_force"


def _why(held: list[Licence]) -> str:
    return (
        "an old licence and the renewed one" if len(held) > 1 else "as the bureau's register has it"
    )
