"""The planted truth: what every check must say about every shop on the day of the run."""

from __future__ import annotations

import math
from collections.abc import Mapping

from demo.cast import ALCOHOL, HOTEL, TOBACCO
from demo.law import DOUBT, OUTSIDE, RUN_DATE, UNDECIDED, WORDS
from demo.licences import LICENCE_CLASS
from demo.scene import CHECKS, Play
from demo.shapes import Array
from demo.shops import KINDS, Shop
from demo.survey import KNOWN

THEMES = {
    "tobacco-near-school": "tobacco_retailer", "ecigarette-near-school": "ecig_retailer",
    "alcohol-near-school": "alcohol_retailer", "lottery-near-school": "lottery_outlet",
    "internet-cafe-near-school": "internet_cafe", "entertainment-near-school": "entertainment_venue",
    "bar-near-school": "bar", "hotel-near-school": "hotel",
}  # fmt: skip
WITHOUT_RULE = (ALCOHOL, HOTEL)
"""Checks for which the demo's rule pack has nothing: every distance is told, none decides."""
TOLERANCE_M = 1.0
"""Rounding of the export (7 cm) and of the map (1 cm at every vertex), and the shape of degrees."""
OUTLINE_TOLERANCE_M = 16.0
"""Without a known gate the walk starts somewhere on the outline: the oracle tries every 2 m."""
Record = dict[str, object]


def truth_of(
    play: Play, school_ids: dict[str, str], registers: Mapping[str, Record] | None = None
) -> Record:
    """The whole truth, ready to be written as JSON; `registers` is that of the register checks."""
    checks: dict[str, Record] = {}
    for check in CHECKS:
        subjects = {
            poi: _subject(play, shop, check, school_ids)
            for poi, shop in sorted(
                zip(play.ids, play.shops, strict=True), key=lambda pair: pair[0]
            )
            if check in KINDS[shop.kind].checks
        }
        checks[check] = {"theme": THEMES[check], "subjects": subjects}
    return {
        "generated": True, "seed": play.seed, "on_date": RUN_DATE, "rules": "demo",
        "schools": school_ids, "checks": {**checks, **(registers or {})},
    }  # fmt: skip


def _subject(play: Play, shop: Shop, check: str, school_ids: dict[str, str]) -> Record:
    record: Record = {"verdict": WORDS[shop.verdicts[check]], "school": None, "measured_m": None,
                      "tolerance_m": None, "licence_class": None, "why": shop.why, "name": shop.name}  # fmt: skip
    if shop.door < 0:
        return record | {"verdict": "undecided", "undecided": "no_position"}
    judged = play.scene.judged[check]
    sure = int(judged.verdict[shop.door]) not in (DOUBT, OUTSIDE)
    if check in WITHOUT_RULE:
        record |= {"verdict": WORDS[UNDECIDED], "why": "no local rule"}
    if check == TOBACCO:
        record["if_datum_ignored"] = WORDS[int(play.scene.shifted.verdict[shop.door])]
        record["licence_class"] = LICENCE_CLASS[shop.licence] if sure else None
    return record | (_school(play, shop, check, school_ids) if sure else {})


def _school(play: Play, shop: Shop, check: str, school_ids: dict[str, str]) -> Record:
    """The school that decides and the distance to it."""
    judged = play.scene.judged[check]
    campus = play.scene.seen.campuses[int(judged.school[shop.door])]
    loose = not any(gate.source in KNOWN for gate in campus.gates)
    return {
        "school": school_ids[campus.name], "measured_m": _metres(judged.metres, shop.door),
        "tolerance_m": OUTLINE_TOLERANCE_M if loose else TOLERANCE_M,
    }  # fmt: skip


def _metres(metres: Array, door: int) -> float:
    value = float(metres[door])
    if not math.isfinite(value):
        raise ValueError("a planted distance is not finite")
    return round(value, 2)
