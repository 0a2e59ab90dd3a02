"""What was drawn: its sizes in words, what is in it, the table to take away; the bases of the map."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from layers import LayerSet
from layers.inside import area_of, sizes_of, what_is_in
from layers.near import what_is_near
from layers.position import read_position
from tests.ui.conftest import LAT, LON
from tests.ui.map.made import lead, marks
from ui.map import address
from ui.map.bases import bases
from ui.map.near import near_card
from ui.map.online import online_bases, online_hosts
from ui.map.search import read_as
from ui.map.table import Filters
from ui.map.tile_files import FOLDER, tile_files
from ui.map.tools import Drawn, area, area_table, inside_card, length, sizes_card, sketch
from ui.texts import texts

ZH, EN = texts("zh"), texts("en")
RING = (
    (LON - 0.003, LAT - 0.003),
    (LON + 0.003, LAT - 0.003),
    (LON + 0.003, LAT + 0.003),
    (LON - 0.003, LAT + 0.003),
)
MARKS = marks(lead(1, at=(LON, LAT)), lead(2, at=(LON + 1, LAT)), lead(3, at=(np.nan, np.nan)))


def test_sizes_in_words() -> None:
    ring = Drawn("ring", RING, sizes_of(RING, closed=True))
    told = sizes_card(ring, ZH)
    assert "公顷" in told
    assert "亩" in told
    drawn = sketch(ring, ZH)
    assert (len(drawn["sides"]), drawn["closed"]) == (4, True)
    assert drawn["corners"][0] == [RING[0][1], RING[0][0]]
    line = Drawn("line", RING[:2], sizes_of(RING[:2], closed=False))
    assert sketch(line, ZH)["sides"] == []
    assert ZH("tools.length") in sizes_card(line, ZH)


@pytest.mark.parametrize(
    ("told", "words"),
    [(length(12.34, ZH), "12.3 米"), (length(12_345, ZH), "12.35 千米"), (area(500, ZH), "500.0 平方米"),
     (area(56_789, ZH), "5.679 公顷"), (area(3e6, EN), "3.000 km²")],
)  # fmt: skip
def test_units_that_read_well(told: str, words: str) -> None:
    assert told == words


def test_an_area_lists_marks_and_features(hamlet: LayerSet) -> None:
    ring, inside = area_of(RING), MARKS.rows(Filters(area=RING))
    assert inside.tolist() == [0]
    things = what_is_in(hamlet, ring)
    assert ZH("tools.in_marks", n=1) in inside_card(inside, MARKS, things, ZH)
    table = list(csv.reader(io.StringIO(area_table(inside, MARKS, things, ZH))))
    assert len(table) == 2 + len(things)
    assert table[1][2:4] == ["L1", "店1"]
    assert all(len(row) == len(table[0]) == 9 for row in table)


def test_an_area_stands_in_the_address() -> None:
    rounded = tuple((round(lon, 5), round(lat, 5)) for lon, lat in RING)
    assert address.read(address.AREA, address.text(address.AREA, RING)) == rounded
    for wrong in ("", "1,2", "1,2;3", "a,b;1,2;3,4", "0,0;1,1;0,1;1,0", "nan,0;1,1;2,0"):
        assert address.read(address.AREA, wrong) == ()


def test_what_is_listed_about_what_is_near_comes_nearest_first() -> None:
    rows = np.arange(3)
    assert MARKS.about(rows, ["S3", "nobody", "S1"]).tolist() == [2, 0]
    assert MARKS.about(rows[:1], ["S3"]).tolist() == []


def test_what_is_near_is_said_with_metres_and_other_datums(hamlet: LayerSet) -> None:
    found = what_is_near(hamlet, LON, LAT, 200)
    head, body = near_card(found, (LON, LAT), 200, ZH)
    assert "GCJ-02" in head
    assert "甲小学" in body
    assert "米" in body
    head, body = near_card(found.iloc[:0], (LON, LAT), 50, EN)
    assert "50 m" in body


def test_coordinates_say_how_they_were_read() -> None:
    known, assumed = read_position("112.93 28.23 gcj02"), read_position("112.93 28.23")
    assert known
    assert assumed
    assert "GCJ-02" in read_as(known, ZH)
    assert ZH("seek.assumed", datum="WGS 84") in read_as(assumed, ZH)


def test_nothing_comes_from_outside_unless_it_is_said_twice() -> None:
    wish = {"YICHA_BASE": "osm"}
    assert online_bases(wish) == ()
    assert online_hosts(wish) == ()
    assert online_hosts(wish | {"YICHA_ONLINE": "yes"}) == ("https://tile.openstreetmap.org",)
    tianditu = {"YICHA_ONLINE": "1", "YICHA_BASE": "tianditu"}
    assert online_bases(tianditu) == ()
    found = online_bases(tianditu | {"YICHA_TIANDITU_KEY": "abc123"})
    assert [one.name for one in found] == ["tianditu", "tianditu_image"]
    assert online_hosts(tianditu | {"YICHA_TIANDITU_KEY": "abc123"}) == (
        "https://t0.tianditu.gov.cn",
    )
    assert online_bases(tianditu | {"YICHA_TIANDITU_KEY": "a b;img-src *"}) == ()


def test_local_tiles(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    with (tmp_path / FOLDER / "town.pmtiles").open("wb") as stream:
        writer = Writer(stream)
        writer.write_tile(zxy_to_tileid(3, 6, 3), b"picture")
        writer.finalize({"tile_type": TileType.PNG, "tile_compression": Compression.NONE, "min_zoom": 3, "max_zoom": 3,
                         "min_lon_e7": 0, "min_lat_e7": 0, "max_lon_e7": 1, "max_lat_e7": 1, "center_zoom": 3,
                         "center_lon_e7": 0, "center_lat_e7": 0}, {})  # fmt: skip
    (tmp_path / FOLDER / "broken.pmtiles").write_bytes(b"no tiles")
    found = tile_files(tmp_path)
    assert list(found) == ["town"]
    assert found["town"].tile(3, 6, 3) == b"picture"
    assert found["town"].tile(3, 6, 4) is None
    assert found["town"].tile(9, 0, 0) is None
    assert found["town"].kind == "image/png"
    offered = bases(found, (), (), ZH)
    assert [one["id"] for one in offered] == ["vector", "none", "file:town"]
    assert offered[2]["tiles"] == ["/map/base/town/{z}/{x}/{y}"]
