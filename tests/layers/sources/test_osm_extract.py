"""One file becomes layers: on an invented town, and on real extracts of six places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from layers.errors import SourceError
from layers.layer import read_layer
from layers.measures import geodesic_distance
from layers.schools import school_class
from layers.sources.osm_extract import LICENCE, OsmExtract, read_extract, read_osm
from layers.sources.osm_tags import PROXY_CATEGORY
from tests.layers.towns import OsmTown, point

EXTRACTS = {
    "haidian": "osm-cn-beijing-haidian/beijing_haidian_tsinghua_2017.osm.pbf",
    "guixi": "osm-cn-guixi/guixi_jiangxi_2024.osm.pbf",
    "heidelberg": "osm-de-heidelberg/heidelberg_ors_test.osm.pbf",
    "bayreuth": "osm-de-north-bayreuth/north_bayreuth_2014.osm.pbf",
    "helsinki": "osm-fi-helsinki-centre/helsinki_centre_2019.osm.pbf",
    "oakland": "osm-small-fixtures/west_oakland_2016.osm.pbf",
    "munich": "osm-small-fixtures/munich_tile_planet_10.068_48.135.osm.pbf",
}


def _town() -> OsmTown:
    town = OsmTown()
    town.campus(
        1,
        0,
        0,
        100,
        amenity="school",
        name="云溪县第五中学",
        addr__street="东街",
        addr__housenumber="1号",
        start_date="2001-09-01",
    )
    town.node(101, 30, -60, amenity="school", name="云溪五中")
    town.node(102, 250, 0, amenity="school", name="云溪第五小学")
    town.node(103, 50, 150, amenity="school")
    town.campus(2, 400, 0, 60, amenity="kindergarten")
    town.node(104, 430, 30, amenity="kindergarten", name="小星星幼儿园")
    town.node(110, 50, -4, barrier="gate", name="正门")
    town.node(111, -3, 50, barrier="lift_gate", access="no")
    town.node(112, 50, 50, barrier="gate")
    town.node(113, 430, 7, entrance="main")
    town.node(114, 430, 1, entrance="yes")
    town.node(120, 20, 20)
    town.node(121, 30, 0)
    town.way(12, [120, 121], barrier="gate")
    town.node(130, 300, 300, shop="tobacco", name="烟酒店")
    town.node(131, 310, 300, shop="convenience", name="便利店")
    return town  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> OsmExtract:
    return read_extract(_town().save(tmp_path_factory.mktemp("osm") / "town.osm"))


def _notes(extract: OsmExtract) -> dict[tuple[str, str | None], int]:
    return {(n.code, n.theme): n.count for n in extract.notes if n.code != "absent"}


def test_a_school_mapped_twice_is_one_and_it_is_said(town: OsmExtract) -> None:
    schools = town.layers["school"].frame.set_index("id")
    assert set(schools.index) == {"w1", "w2", "n102", "n103"}
    assert schools.loc["w1", "merged_ids"] == "n101"
    assert schools.loc["w1", "kind"] == "middle"
    assert schools.loc["w1", "address"] == "东街1号"
    assert schools.loc["w1", "opened"] == "2001-09-01"
    assert schools.loc["w2", "name"] == "小星星幼儿园"  # the only named point inside
    assert pd.isna(schools.loc["n103", "name"])
    assert _notes(town)["schools_merged", "school"] == 2
    (merged,) = (n for n in town.notes if n.code == "schools_merged")
    assert "n101 云溪五中 → w1 云溪县第五中学" in merged.zh
    assert "n101 云溪五中 → w1 云溪县第五中学" in merged.en
    assert "merged" in town.layers["school"].provenance[0].transform


def test_gates_on_the_outline_get_their_school_role_and_use(town: OsmExtract) -> None:
    gates = town.layers["school_gate"].frame.set_index("id")
    assert gates["school_id"].to_dict() == {"n110": "w1", "n111": "w1", "w12": "w1", "n114": "w2"}
    assert gates["role"].to_dict() == {
        "n110": "main", "n111": "unknown", "w12": "unknown", "n114": "unknown",
    }  # fmt: skip
    assert gates.index[~gates["in_use"].astype(bool)].tolist() == ["n111"]
    assert gates.geom_type["w12"] == "LineString"
    notes = _notes(town)
    assert notes["gates_elsewhere", "school_gate"] == 2
    assert notes["gates_closed", "school_gate"] == 1


def test_shops_that_may_sell_tobacco_come_only_when_asked(town: OsmExtract, tmp_path: Path) -> None:
    assert town.layers["tobacco_retailer"].frame["id"].tolist() == ["n130"]
    assert _notes(town)["proxy_left_out", "tobacco_retailer"] == 1
    more = read_extract(_town().save(tmp_path / "town.osm"), proxy_tobacco=True)
    shops = more.layers["tobacco_retailer"]
    assert shops.frame["category"].tolist() == ["tobacco", PROXY_CATEGORY]
    assert shops.frame["typecode"].tolist() == ["shop=tobacco", "shop=convenience"]
    assert "candidates only" in shops.provenance[0].transform


def test_where_a_layer_came_from_is_written_on_it(town: OsmExtract) -> None:
    for layer in town.layers.values():
        (entry,) = layer.provenance
        assert entry.licence == LICENCE == "ODbL 1.0, © OpenStreetMap contributors"
        assert (entry.source, entry.file, entry.datum) == ("OpenStreetMap", "town.osm", "wgs84")
        assert entry.sha256 == town.sha256
        assert entry.rows_out == len(layer)


def test_what_the_extract_has_nothing_of_is_named(town: OsmExtract) -> None:
    assert {"water", "road", "bar", "hotel"} <= set(town.absent)
    absent = [n for n in town.notes if n.code == "absent"]
    assert len(absent) == len(town.absent)
    assert all("not the same as none on the ground" in n.en for n in absent)
    assert all("不等于实地没有" in n.zh for n in absent)


def test_incomplete_areas_are_kept_as_far_as_they_are_known(tmp_path: Path) -> None:
    town = OsmTown()
    for number, (x, y) in enumerate(((0, 0), (80, 0), (80, 60)), 1):
        town.node(number, x, y)
    town.way(1, [1, 2, 3, 9, 1], amenity="school", name="云溪小学")
    town.way(2, [1, 2, 3, 9, 1], natural="water")
    town.way(3, [1, 2, 3, 9, 1], leisure="park")
    town.way(4, [7, 8, 9, 7], amenity="school", name="青石小学")
    extract = read_extract(town.save(tmp_path / "town.osm"))
    school = extract.layers["school"].frame.iloc[0]
    assert school["id"] == "w1"
    away = geodesic_distance(*point(40, 30).coords[0], *school.geometry.coords[0])
    assert away < 0.1
    assert school["u_source_m"] == pytest.approx(55, abs=0.1)  # 5 m and half of 100 m
    assert extract.layers["water"].frame.geom_type.tolist() == ["LineString"]
    assert _notes(extract) == {
        ("ways_cut", None): 4, ("area_as_point", "school"): 1, ("area_left_out", "school"): 1,
        ("area_as_shore", "water"): 1, ("area_left_out", "green"): 1,
        ("schools_as_points", "school"): 1,
    }  # fmt: skip


def test_an_area_that_crosses_itself_is_not_lost(tmp_path: Path) -> None:
    town = OsmTown()
    for number, (x, y) in enumerate(((0, 0), (100, 100), (100, 0), (0, 100)), 1):
        town.node(number, x, y)
    town.way(1, [1, 2, 3, 4, 1], amenity="school", name="云溪小学")
    schools = read_osm(town.save(tmp_path / "town.osm"))["school"]
    assert schools.frame["name"].tolist() == ["云溪小学"]


def test_a_file_without_anything_brings_no_layers(tmp_path: Path) -> None:
    extract = read_extract(OsmTown().save(tmp_path / "town.osm"))
    assert extract.layers == {}
    assert "school" in extract.absent


def test_layers_survive_writing(town: OsmExtract, tmp_path: Path) -> None:
    for name, layer in town.layers.items():
        again = read_layer(layer.write(tmp_path / f"{name}.parquet"))
        assert again.provenance == layer.provenance
        assert again.frame["id"].tolist() == layer.frame["id"].tolist()


@pytest.fixture(scope="module")
def real(shared_data: Path) -> dict[str, OsmExtract]:
    return {name: read_extract(shared_data / file) for name, file in EXTRACTS.items()}


@pytest.mark.shared
@pytest.mark.parametrize(
    ("place", "counts"),
    [
        ("haidian", {"school": 11, "school_gate": 16, "road": 640, "building": 521, "water": 10,
                     "green": 67, "barrier": 93, "bar": 6, "hotel": 7}),
        ("guixi", {"school": 4, "road": 170, "building": 165, "water": 15, "green": 7,
                   "barrier": 2, "place": 24}),
        ("heidelberg", {"school": 56, "school_gate": 36, "road": 25261, "building": 5,
                        "green": 680, "barrier": 2700, "bar": 1, "hotel": 2,
                        "tobacco_retailer": 1, "alcohol_retailer": 1}),
        ("bayreuth", {"school": 3, "road": 2056, "building": 4267, "water": 378, "green": 533,
                      "barrier": 40, "bar": 2, "hotel": 1, "place": 70}),
        ("helsinki", {"school": 12, "school_gate": 19, "road": 2513, "building": 446, "water": 20,
                      "green": 176, "barrier": 553, "alcohol_retailer": 7,
                      "entertainment_venue": 10, "bar": 74, "hotel": 30, "place": 7}),
        ("oakland", {"school": 1, "road": 31, "building": 23, "green": 2, "barrier": 1}),
        ("munich", {"road": 14, "building": 31}),
    ],
)  # fmt: skip
def test_real_extracts_bring_what_their_readme_counts(
    real: dict[str, OsmExtract], place: str, counts: dict[str, int]
) -> None:
    assert {name: len(layer) for name, layer in real[place].layers.items()} == counts


@pytest.mark.shared
def test_haidian_merges_the_school_mapped_twice_and_keeps_the_nameless(
    real: dict[str, OsmExtract],
) -> None:
    schools = real["haidian"].layers["school"].frame.set_index("id")
    assert schools.loc["w412298166", "merged_ids"] == "n1362305692"
    assert "n1362305692" not in schools.index
    assert "n380744293" in schools.index
    assert {"n1747551900", "w226936163"} <= set(schools.index)  # a school and its branch
    assert schools.loc["n4107402561", "kind"] == "kindergarten"  # mapped as amenity=school
    assert (school_class(schools["kind"]) != "out").sum() == 8
    assert _notes(real["haidian"])["building_schools", "school"] == 15
    assert _notes(real["haidian"])["proxy_left_out", "tobacco_retailer"] == 20


@pytest.mark.shared
def test_guixi_has_no_shops_and_a_river_whose_area_is_not_known(
    real: dict[str, OsmExtract],
) -> None:
    guixi = real["guixi"]
    assert {"tobacco_retailer", "alcohol_retailer", "bar", "internet_cafe"} <= set(guixi.absent)
    river = guixi.layers["water"].frame.set_index("id").loc["r18084206"]
    assert river.geometry.geom_type in {"LineString", "MultiLineString"}
    assert _notes(guixi)["area_as_shore", "water"] == 1


@pytest.mark.shared
def test_helsinki_counts_its_broken_ways_and_moves_nothing(real: dict[str, OsmExtract]) -> None:
    helsinki = real["helsinki"]
    assert _notes(helsinki)["ways_cut", None] == 421
    west, south, east, north = 24.90, 60.14, 24.98, 60.20  # no line runs across a gap
    roads = helsinki.layers["road"].frame
    assert roads.within(shapely.box(west, south, east, north)).all()
    longest = max(_steps(roads))
    assert longest < 300


@pytest.mark.shared
def test_no_real_layer_has_an_invalid_area(real: dict[str, OsmExtract]) -> None:
    for extract in real.values():
        for layer in extract.layers.values():
            assert layer.frame.is_valid[layer.frame.geom_type.str.contains("Polygon")].all()


def test_another_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "shops.csv"
    file.write_text("name,lon,lat\n", encoding="utf-8")
    with pytest.raises(SourceError, match="not an OpenStreetMap file"):
        read_osm(file)


def _steps(lines: gpd.GeoDataFrame) -> Iterator[float]:
    """Metres between neighbouring points of all lines."""
    lonlat, line = shapely.get_coordinates(
        shapely.get_parts(lines.geometry.to_numpy()), return_index=True
    )
    same = line[1:] == line[:-1]
    yield from geodesic_distance(*lonlat[:-1][same].T, *lonlat[1:][same].T)
