"""Kinds of school from tags, and schools mapped twice."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry.base import BaseGeometry

from layers.sources.osm_frames import address_of
from layers.sources.osm_schools import kind_of_tags, merge_twice_mapped, names_of
from tests.layers.towns import point, square


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"amenity": "school"}, "school"),
        ({"amenity": "school", "name": "云溪小学"}, "primary"),
        ({"amenity": "school", "name": "小星星幼儿园"}, "kindergarten"),
        ({"amenity": "school", "name": "诗雅艺术学校"}, "unknown"),
        ({"amenity": "school", "name": "实验学校", "isced:level": "1;2"}, "primary_middle"),
        ({"amenity": "school", "name": "实验学校", "isced:level": "1-3"}, "primary_middle"),
        ({"amenity": "school", "isced:level": "2;3"}, "middle"),
        ({"amenity": "school", "isced:level": "x"}, "school"),
        ({"amenity": "school", "school:CN": "初级中学"}, "middle"),
        ({"amenity": "school", "school": "primary"}, "primary"),
        ({"amenity": "school", "name": "Heidelberg College"}, "school"),
        ({"amenity": "school", "name": "阳光培训学校"}, "training"),
        ({"amenity": "kindergarten", "name": "育才学校"}, "kindergarten"),
        ({"amenity": "kindergarten", "name": "阳光托育中心"}, "training"),
        ({"amenity": "university", "name": "云溪大学"}, "university"),
        ({"amenity": "college", "name": "云溪县职业高级中学"}, "vocational"),
        ({"amenity": "college"}, "university"),
        ({"amenity": "driving_school", "name": "云溪驾驶学校"}, "training"),
        ({"amenity": "childcare"}, "training"),
    ],
)
def test_the_kind_tags_tell(tags: dict[str, str], kind: str) -> None:
    assert kind_of_tags(tags) == kind


def test_other_names_are_read_once_each() -> None:
    tags = {"name": "甲", "alt_name": "乙;丙", "short_name": "乙", "old_name": " "}
    assert names_of(tags) == ("乙", "丙")


@pytest.mark.parametrize(
    ("tags", "address"),
    [
        ({"addr:full": "东街1号旁"}, "东街1号旁"),
        (
            {"addr:city": "云溪市", "addr:street": "东街", "addr:housenumber": "1号"},
            "云溪市东街1号",
        ),
        ({"addr:street": "Main St", "addr:housenumber": "12"}, "Main St 12"),
        ({"addr:postcode": "69120"}, None),
    ],
)
def test_addresses_read_as_people_write_them(tags: dict[str, str], address: str | None) -> None:
    assert address_of(tags) == address


def _schools(
    *rows: tuple[str | None, str, BaseGeometry], **other: tuple[str, ...]
) -> gpd.GeoDataFrame:
    ids = [f"s{n}" for n in range(len(rows))]
    return gpd.GeoDataFrame(
        {"id": ids, "name": [row[0] for row in rows], "kind": [row[1] for row in rows],
         "other_names": [other.get(id_, ()) for id_ in ids]},
        geometry=[row[2] for row in rows], crs="EPSG:4326",
    )  # fmt: skip


CAMPUS = square(0, 0, 100)


def test_a_point_of_the_name_goes_into_the_campus_near_by() -> None:
    left, said = merge_twice_mapped(
        _schools(("云溪大学附属中学", "middle", CAMPUS), ("云溪附中", "middle", point(250, 50)),
                 ("云溪附中", "middle", point(350, 50)))
    )  # fmt: skip
    assert left["id"].tolist() == ["s0", "s2"]  # 250 m is too far
    assert left["merged_ids"].tolist()[0] == "s1"
    assert said == ["s1 云溪附中 → s0 云溪大学附属中学"]


def test_the_nearest_campus_takes_it() -> None:
    left, _ = merge_twice_mapped(
        _schools(("云溪小学", "primary", square(200, 0, 50)), ("云溪小学", "primary", CAMPUS),
                 ("云溪小学", "primary", point(120, 50)))
    )  # fmt: skip
    assert left.set_index("id")["merged_ids"].to_dict()["s1"] == "s2"


def test_other_names_of_either_count() -> None:
    left, _ = merge_twice_mapped(
        _schools(("云溪实验学校", "school", CAMPUS), ("县九中", "middle", point(50, 50)),
                 s0=("云溪县第九中学",))
    )  # fmt: skip
    assert left["id"].tolist() == ["s0"]
    assert left["kind"].tolist() == ["middle"]  # the point knew more


@pytest.mark.parametrize(
    "other",
    [
        (None, "school", point(50, 50)),
        ("云溪小学附属幼儿园", "kindergarten", point(50, 50)),
        ("云溪小学分校", "primary", point(50, 50)),
        ("青石小学", "primary", point(50, 50)),
        ("云溪小学", "primary", square(300, 0, 100)),
    ],
)
def test_what_may_be_another_school_is_kept(other: tuple[str | None, str, BaseGeometry]) -> None:
    left, said = merge_twice_mapped(_schools(("云溪小学", "primary", CAMPUS), other))
    assert len(left) == 2
    assert said == []
    assert left["merged_ids"].isna().all()


def test_a_nameless_campus_takes_the_name_of_the_only_school_in_it() -> None:
    left, said = merge_twice_mapped(
        _schools((None, "school", CAMPUS), ("云溪小学", "primary", point(50, 50)))
    )
    assert left[["id", "name", "kind"]].to_numpy().tolist() == [["s0", "云溪小学", "primary"]]
    assert said == ["s1 云溪小学 → s0"]


def test_a_nameless_campus_with_two_schools_takes_neither() -> None:
    left, _ = merge_twice_mapped(
        _schools((None, "school", CAMPUS), ("云溪小学", "primary", point(50, 50)),
                 ("云溪中学", "middle", point(60, 50)))
    )  # fmt: skip
    assert len(left) == 3


def test_a_building_of_the_name_inside_the_campus_goes_into_it() -> None:
    left, _ = merge_twice_mapped(
        _schools(("云溪小学", "primary", square(20, 20, 30)), ("云溪 小学", "primary", CAMPUS),
                 ("云溪小学", "primary", point(25, 25)))
    )  # fmt: skip
    assert left[["id", "merged_ids"]].to_numpy().tolist() == [["s1", "s0;s2"]]


def test_no_schools_are_no_trouble() -> None:
    left, said = merge_twice_mapped(_schools())
    assert left.empty
    assert said == []
    assert isinstance(left["merged_ids"], pd.Series)
