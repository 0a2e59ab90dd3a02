"""Files object by object: broken references cut, never bridge; damage is a clear error."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.errors import SourceError
from layers.sources.osm_read import read_objects
from layers.sources.raw import Limits
from tests.layers.towns import at, small_town


@pytest.mark.parametrize("suffix", [".osm", ".osm.gz", ".osm.bz2", ".wrong"])
def test_the_content_tells_the_format(tmp_path: Path, suffix: str) -> None:
    data = small_town().text().encode()
    if suffix == ".osm.gz":
        data = gzip.compress(data)
    elif suffix == ".osm.bz2":
        data = bz2.compress(data)
    file = tmp_path / f"town{suffix}"
    file.write_bytes(data)
    objects = read_objects(file)
    assert objects.themes["school"].ids == ["w1"]
    assert objects.themes["tobacco_retailer"].ids == ["n60"]


def test_a_way_is_cut_where_a_node_is_missing(tmp_path: Path) -> None:
    objects = read_objects(small_town().save(tmp_path / "town.osm"))
    assert objects.ways_cut == [5]
    (road,) = shapely.from_wkb(objects.themes["road"].geometry)
    wanted = shapely.MultiLineString([[at(0, -20), at(50, -20)], [at(150, -20), at(200, -20)]])
    assert shapely.equals_exact(road, wanted, tolerance=1e-7)


@pytest.mark.parametrize("refs", [[53, 51], [51, 53], [53], [51], [51, 53, 55]])
def test_a_way_without_two_neighbouring_places_has_no_line(tmp_path: Path, refs: list[int]) -> None:
    town = small_town()
    town.way(6, refs, highway="path")
    objects = read_objects(town.save(tmp_path / "town.osm"))
    assert objects.themes["road"].ids == ["w5"]
    assert 6 in objects.ways_cut or "w6" in objects.nowhere


def test_an_area_with_a_missing_node_is_lost_and_never_drawn(tmp_path: Path) -> None:
    town = small_town()
    town.campus(7, 500, 0, 100, amenity="kindergarten")
    town.way(8, [70, 71, 99, 73, 70], natural="water")
    objects = read_objects(town.save(tmp_path / "town.osm"))
    (lost,) = objects.lost
    assert (lost.id, lost.themes) == ("w8", {"water": "natural=water"})
    assert [len(piece) for piece in lost.lines] == [2, 2]
    assert "water" not in objects.themes


def test_relations_close_their_ways_or_are_lost(tmp_path: Path) -> None:
    town = small_town()
    for number, (x, y) in enumerate(((600, 0), (700, 0), (700, 100), (600, 100)), 81):
        town.node(number, x, y)
    town.way(9, [81, 82, 83])
    town.way(10, [83, 84, 81])
    town.relation(1, [(9, "outer"), (10, "outer")], type="multipolygon", amenity="school")
    town.relation(2, [(9, "outer"), (77, "outer")], type="multipolygon", natural="water")
    town.relation(3, [(9, "perimeter")], type="site", amenity="school", name="青石小学")
    objects = read_objects(town.save(tmp_path / "town.osm"))
    assert objects.themes["school"].ids == ["w1", "r1"]
    assert {lost.id: len(lost.lines) for lost in objects.lost} == {"r2": 1, "r3": 1}


def test_an_open_way_tagged_as_a_school_is_lost_not_forgotten(tmp_path: Path) -> None:
    town = small_town()
    town.way(11, [51, 52], amenity="school")
    assert [lost.id for lost in read_objects(town.save(tmp_path / "town.osm")).lost] == ["w11"]


def test_a_node_off_the_globe_is_counted(tmp_path: Path) -> None:
    town = small_town()
    town.node(90, 0, 7.4e6, amenity="school")
    objects = read_objects(town.save(tmp_path / "town.osm"))
    assert objects.nowhere == ["n90"]
    assert objects.themes["school"].ids == ["w1"]


def test_a_file_out_of_order_is_sorted_first(tmp_path: Path) -> None:
    objects = read_objects(small_town().save(tmp_path / "town.osm", in_order=False))
    assert objects.sorted_first
    assert objects.themes["school"].ids == ["w1"]


def test_schools_that_are_only_buildings_are_counted(tmp_path: Path) -> None:
    town = small_town()
    town.campus(12, 800, 0, 20, building="school")
    objects = read_objects(town.save(tmp_path / "town.osm"))
    assert objects.building_schools == 1
    assert objects.themes["school"].ids == ["w1"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"name,lon,lat\n", b"<osm", b"<osm version='0.6'><node id='1'", b"<html></html>",
     b"\x1f\x8b damaged", b"BZh91AY&SY damaged", b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\x7c",
     b"\xef\xbb\xbf<osm", b"<osm version='0.6'><node id='x' lat='1' lon='1'/></osm>"],
)  # fmt: skip
def test_what_is_no_whole_file_is_refused_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "town.osm"
    file.write_bytes(content)
    with pytest.raises(SourceError, match=r"town\.osm.*Remedy"):
        read_objects(file)


def test_a_missing_file_and_one_beyond_the_limits_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        read_objects(tmp_path / "none.osm")
    with pytest.raises(SourceError, match="bytes"):
        read_objects(small_town().save(tmp_path / "town.osm"), limits=Limits(max_bytes=10))


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_a_file_that_unpacks_to_far_more_is_refused(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / "town.osm"
    file.write_bytes(pack(b"<osm version='0.6'>" + b" " * (20 << 20) + b"</osm>"))
    with pytest.raises(SourceError, match="unpacks"):
        read_objects(file)


_SEED = small_town().text().encode()
_PLACES = st.integers(0, len(_SEED) - 1)
_DAMAGE = st.lists(
    st.tuples(_PLACES, st.integers(0, 30), st.binary(max_size=12)), min_size=1, max_size=4
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_DAMAGE, st.sampled_from([bytes, gzip.compress]))
def test_damage_is_refused_or_read_and_never_a_traceback(
    tmp_path_factory: pytest.TempPathFactory,
    damage: list[tuple[int, int, bytes]],
    pack: Callable[[bytes], bytes],
) -> None:
    data = bytearray(_SEED)
    for place, length, instead in damage:
        data[place : place + length] = instead
    file = tmp_path_factory.getbasetemp() / "damaged.osm"
    file.write_bytes(pack(bytes(data)))
    try:
        objects = read_objects(file)
    except SourceError:
        return
    for found in objects.themes.values():
        assert len(found.ids) == len(found.tags) == len(found.tag) == len(found.geometry)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    file = tmp_path / "bomb.osm"
    text = f'<?xml version="1.0"?>{bomb}<osm version="0.6"><node id="1" lat="1" lon="1">'
    file.write_text(f'{text}<tag k="place" v="&b;"/></node></osm>', encoding="utf-8")
    with pytest.raises(SourceError, match="damaged"):
        read_objects(file)
