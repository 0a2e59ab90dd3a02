"""The raw files of the demo county, as offices and map services would hand them over."""

from __future__ import annotations

from pathlib import Path
from random import Random

from demo.export import Row, poi_ids, school_rows, shop_rows, write_export
from demo.geojson import write_gates, write_townships
from demo.osm import draw_osm
from demo.registers import write_agencies, write_licences, write_schools
from demo.scene import Play
from demo.shapes import chance

OSM, EXPORT = "county.osm.pbf", "amap_pois_gcj02.csv"
LICENCES_TOWN, LICENCES_VILLAGES = "tobacco_licences_town_gbk.csv", "tobacco_licences_villages.xlsx"
SCHOOLS, AGENCIES = "schools_register.csv", "agencies.csv"
GATES, TOWNSHIPS = "gates_drawn.geojson", "townships_cgcs2000.geojson"


def listed_addresses(play: Play) -> dict[str, str]:
    """The address of every shop as the export gives it (`[]`: none), by the shop's id."""
    rows = _shop_rows(play, chance(play.seed, "export"))
    return {row["id"]: row["address"] for row in rows}


def _shop_rows(play: Play, random: Random) -> list[Row]:
    return shop_rows(play.shops, play.scene.seen.places, play.ids, random)


def write_sources(folder: Path, play: Play) -> dict[str, str]:
    """Write all sources; returns the id in the school layer of every school by its name."""

    def random(part: str) -> Random:
        return chance(play.seed, part)

    folder.mkdir(parents=True)
    campuses = play.scene.seen.campuses
    file, ids = draw_osm(play.county.world)
    file.write(folder / OSM)
    others = random("export")
    known = set(play.ids)
    more = [poi for poi in poi_ids(3 * len(campuses), random("school ids")) if poi not in known]
    rows = _shop_rows(play, others)
    write_export(folder / EXPORT, [*rows, *school_rows(campuses, more, others)], others)
    clerk = random("register")
    write_licences(folder / LICENCES_TOWN, folder / LICENCES_VILLAGES, play.licences, clerk)
    write_schools(folder / SCHOOLS, campuses, clerk)
    write_agencies(folder / AGENCIES)
    write_gates(folder / GATES, campuses, ids)
    write_townships(folder / TOWNSHIPS, play.county.townships)
    return ids
