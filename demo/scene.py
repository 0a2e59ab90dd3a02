"""From a seed to everything that is to be written: the county, its shops, ids and licences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

import numpy as np

from demo.addresses import addresses
from demo.cast import (
    ALCOHOL,
    BAR,
    CAFE,
    ECIG,
    ENTERTAINMENT,
    HOTEL,
    LOTTERY,
    TOBACCO,
    Scene,
)  # fmt: skip
from demo.county import County, draw_county
from demo.export import gcj, poi_ids
from demo.frame import to_plane
from demo.graph import StreetGraph
from demo.law import DOUBT, Judged, judge, read_rules
from demo.licences import Licence, licences_of
from demo.openings import with_openings
from demo.shapes import Array, chance
from demo.shops import NoDoorError, Shop, cast_shops
from demo.survey import OFF_STREET_M, Survey, street_doors, survey
from layers.errors import YichaError

CHECKS = (TOBACCO, ECIG, ALCOHOL, LOTTERY, CAFE, ENTERTAINMENT, BAR, HOTEL)

ATTEMPTS = 12


@dataclass(frozen=True)
class Play:
    """The county with its cast; `ids` are those of the shops in the export, in their order.

    `street` and `number` are the address of every door of the survey.
    """

    seed: int
    county: County
    scene: Scene
    shops: list[Shop]
    ids: list[str]
    licences: list[Licence]
    street: Array
    number: Array


def stage(seed: int) -> Play:
    """Draw the county, survey it, cast the shops; the same seed gives the same play.

    A town that has no door for one of the parts is drawn again, a little differently.
    """
    for attempt in range(ATTEMPTS):
        try:
            return _stage(seed, f"{seed}/{attempt}" if attempt else str(seed))
        except NoDoorError as error:
            missing = error
    raise YichaError(
        f"no town of seed {seed} has a door for every planted shop ({missing})",
        remedy="choose another seed with --seed",
    )


def _stage(seed: int, variant: str) -> Play:
    def random(part: str) -> Random:
        return chance(variant, part)

    county = draw_county(variant)
    campuses = with_openings(county.world.campuses, random("openings"))
    county = replace(county, world=replace(county.world, campuses=list(campuses)))
    graph = StreetGraph(county.world.streets)
    doors = street_doors(county, graph)
    seen = survey(doors, campuses, graph)
    astray = survey(to_plane(gcj(doors)), campuses, graph)
    rules = read_rules()
    judged = {check: judge(check, seen, rules) for check in CHECKS}
    scene = Scene(seen, judged, _where_sure(judge(TOBACCO, astray, rules), astray))
    street, number = addresses(seen, graph, county.world)
    shops = cast_shops(scene, street, number, random("cast"))
    ids = poi_ids(len(shops), random("ids"))
    licences = licences_of(shops, random("licences"))
    return Play(seed, county, scene, shops, ids, licences, street, number)


def _where_sure(judged: Judged, seen: Survey) -> Judged:
    """Places that lie astray may be far from any street: there nothing is sure."""
    lost = seen.joins.doubtful | (seen.joins.away_m > OFF_STREET_M)
    return replace(judged, verdict=np.where(lost, DOUBT, judged.verdict))
