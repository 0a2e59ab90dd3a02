"""All registers of the county and all that is true of them, planted in one go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from demo.reality.caterers import plant_caterers
from demo.reality.clinics import plant_clinics
from demo.reality.firms import Firms
from demo.reality.ground import Ground
from demo.reality.hotels import plant_hotels
from demo.reality.kindergartens import plant_kindergartens
from demo.reality.lodgings import Lodgings, plant_lodgings
from demo.reality.persons import plant_persons
from demo.reality.pharmacies import plant_pharmacies
from demo.reality.registrations import register_of
from demo.reality.said import Record
from demo.reality.stalls import plant_stalls
from demo.reality.table import Table
from demo.reality.tobacco import plant_tobacco
from demo.reality.works import plant_works
from demo.scene import Play
from demo.shapes import chance
from demo.sources import listed_addresses


@dataclass(frozen=True)
class Reality:
    """Raw tables in the order they are imported, and the truth by check."""

    tables: tuple[Table, ...]
    checks: dict[str, Record]


def reality_of(play: Play, school_ids: dict[str, str]) -> Reality:
    """Plant everything; the same play gives the same tables and the same truth."""
    ground = Ground(play, chance(play.seed, "free doors"))
    firms = Firms(chance(play.seed, "firms"))

    def people() -> Iterator[str]:
        while True:
            yield firms.person()

    lodgings = Lodgings(ground, firms, chance(play.seed, "lodgings"))
    plant_hotels(lodgings, play, listed_addresses(play))
    parts = [
        plant_tobacco(play),
        plant_caterers(ground, firms, chance(play.seed, "caterers")),
        plant_lodgings(lodgings),
        plant_clinics(ground, firms, chance(play.seed, "clinics")),
        plant_kindergartens(play, school_ids, firms, chance(play.seed, "kindergartens")),
        plant_pharmacies(ground, firms, chance(play.seed, "pharmacies")),
        plant_stalls(ground, firms, chance(play.seed, "stalls")),
        plant_works(firms, chance(play.seed, "works")),
        plant_persons(firms, chance(play.seed, "persons")),
    ]
    tables = [table for part in parts for table in part.tables]
    books = register_of(tables, lodgings.registered, people(), chance(play.seed, "registrations"))
    truth = {check: said.as_dict() for part in parts for check, said in part.truth.items()}
    return Reality((*tables, books), truth)
