"""The planted truth: what every check must say about every shop on the day of the run."""

from __future__ import annotations

import math

from demo.cast import ALCOHOL, HOTEL, TOBACCO
from demo.frame import metres_between, to_lonlat
from demo.law import RUN_DATE, UNDECIDED, WORDS
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
TOLERANCE_M = 1.0
"""Rounding of the export (7 cm) and of the map (1 cm at every vertex), and the shape of degrees."""
OUTLINE_TOLERANCE_M = 30.0
"""Without a known gate the walk may start anywhere on the outline that is near some shop."""
Record = dict[str, object]


def truth_of(play: Play, school_ids: dict[str, str]) -> Record:
    """The whole truth, ready to be written as JSON."""
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
        "schools": school_ids, "checks": checks,
    }  # fmt: skip


def _subject(play: Play, shop: Shop, check: str, school_ids: dict[str, str]) -> Record:
    record: Record = {"verdict": WORDS[shop.verdicts[check]], "school": None, "measured_m": None,
                      "tolerance_m": None, "licence_class": None, "why": shop.why, "name": shop.name}  # fmt: skip
    if shop.door < 0:
        return record | {"verdict": "undecided", "undecided": "no_position"}
    if check in (ALCOHOL, HOTEL):
        return record | {"verdict": WORDS[UNDECIDED], "why": "no local rule"}
    judged = play.scene.judged[check]
    school = int(judged.school[shop.door])
    if school < 0:
        return record
    campus = play.scene.seen.campuses[school]
    loose = not any(gate.source in KNOWN for gate in campus.gates)
    record |= {
        "school": school_ids[campus.name], "measured_m": _metres(judged.metres, shop.door),
        "tolerance_m": OUTLINE_TOLERANCE_M if loose else TOLERANCE_M,
    }  # fmt: skip
    if check == TOBACCO:
        record["licence_class"] = LICENCE_CLASS[shop.licence]
        record["if_datum_ignored"] = WORDS[int(play.scene.shifted.verdict[shop.door])]
    return record


def _metres(metres: Array, door: int) -> float:
    value = float(metres[door])
    if not math.isfinite(value):
        raise ValueError("a planted distance is not finite")
    return round(value, 2)


def offset_of_gcj(play: Play) -> float:
    """How far a pin lies from its place when its datum is ignored, metres (mean of the doors)."""
    from demo.export import gcj

    places = play.scene.seen.places
    return float(metres_between(to_lonlat(places), gcj(places)).mean())
