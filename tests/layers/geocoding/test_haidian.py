"""Real registrations of Beijing Haidian against a small extract round one university.

Nearly every address lies outside of the extract, so nearly none may be placed. The fifteen
that are were read by a person: compounds, buildings and numbers that the extract shows.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from layers.folder import LayerFolder, LayerSet
from layers.geocoding import geocode
from layers.sources.osm_extract import read_osm

pytestmark = pytest.mark.shared

WEST, SOUTH, EAST, NORTH = 116.298, 39.985, 116.335, 40.013
"""What the extract shows: its box, and the university campus that sticks out in the west."""


@pytest.fixture(scope="module")
def layers(shared_data: Path) -> LayerSet | LayerFolder:
    folder = shared_data / "osm-cn-beijing-haidian"
    return LayerSet(read_osm(folder / "beijing_haidian_tsinghua_2017.osm.pbf"))


@pytest.fixture(scope="module")
def found(shared_data: Path, layers: LayerSet) -> pd.DataFrame:
    folder = shared_data / "cn-business-registration-beijing-haidian"
    table = pd.read_csv(folder / "haidian_registrations_2000_2003.csv.gz", dtype=str)
    answers = geocode(table["注册地址"], layers)
    return answers.assign(address=table["注册地址"])


def test_counts_per_method_and_reason(found: pd.DataFrame) -> None:
    print(found.groupby("method")["u_m"].agg(["size", "median"]).round(0).to_string())
    print(found.loc[found["method"].isna(), "problem"].value_counts().to_string())
    assert found["method"].value_counts().to_dict() == {
        "name": 5, "estate": 4, "near_number": 4, "landmark": 2,
    }  # fmt: skip
    assert found["method"].notna().equals(found["problem"].isna())


def test_nothing_outside_the_extract_is_placed(found: pd.DataFrame) -> None:
    placed = found[found["method"].notna()]
    assert placed["lon"].between(WEST, EAST).all()
    assert placed["lat"].between(SOUTH, NORTH).all()
    real = "华清嘉园|东升大厦|搜狐网络大厦|颐和园路1号|成府路45号|北京大学校内|清华大学校内"
    assert placed["address"].str.contains(real).all()


def test_streets_that_leave_the_extract_place_nobody_by_their_name(found: pd.DataFrame) -> None:
    """中关村东路 runs on for kilometres; 清华南路 is also the old name of another street."""
    named = found["address"].str.contains("中关村东路|中关村北大街|双清路|清华南路")
    by_street = found[named & found["method"].isin(["street", "between_numbers", "along_numbers"])]
    assert named.sum() > 80
    assert by_street.empty


def test_an_address_in_another_district_is_refused(layers: LayerSet) -> None:
    answers = geocode(pd.Series(["北京市朝阳区成府路43号", "北京市海淀区成府路43号"]), layers)
    assert answers["problem"].tolist() == ["other_county", None]
    assert answers["method"].tolist() == [None, "address"]
