"""The raw files have the quirks of real ones, and people only as such files have them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from random import Random

import openpyxl
import osmium
import pandas as pd
import pytest
from stdnum.cn import uscc

from demo import sources
from demo.licences import credit_code
from demo.registers import written
from layers.cleaning.dates import parse_dates


@pytest.fixture(scope="module")
def export(county: Path) -> list[dict[str, str]]:
    with (county / "sources" / sources.EXPORT).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_export_has_the_quirks_of_its_kind(export: list[dict[str, str]]) -> None:
    assert len(export) >= 600 + 40
    assert len({row["id"] for row in export}) == len(export)
    assert all(len(row["id"]) == 10 and row["id"].startswith("B0") for row in export)
    codes = [row["typecode"] for row in export]
    assert any(code.startswith("06") for code in codes)
    assert any("|" in code for code in codes)
    assert sum(row["parent"] == "[]" for row in export) > 300
    assert any(row["address"] == "[]" for row in export)
    assert any(row["lon_gcj02"] == "[]" for row in export)
    assert any("(" in row["name"] and row["name"].endswith(")") for row in export)
    assert any(row["name"].isascii() for row in export)
    assert {row["adname"] for row in export} == {"云溪县"}


def test_the_town_register_is_gbk_with_title_footer_and_text_marks(county: Path) -> None:
    raw = (county / "sources" / sources.LICENCES_TOWN).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    lines = raw.decode("gbk").splitlines()
    assert "生成数据" in lines[0]
    assert lines[2].startswith("序号,许可证号")
    assert "制表人" in lines[-1]
    body = "\n".join(lines[3:-2])
    for quirk in ("长期", "年", "至", "'9", "０", "1540000"):
        assert quirk in body, quirk


def test_the_village_register_is_a_workbook_with_merged_cells(county: Path) -> None:
    page = openpyxl.load_workbook(county / "sources" / sources.LICENCES_VILLAGES).active
    assert page is not None
    ranges = [str(one) for one in page.merged_cells.ranges]
    assert len(ranges) > 2
    assert page["B3"].value == "许可证号"


def test_the_map_has_what_a_place_has(county: Path) -> None:
    tags = [dict(thing.tags) for thing in osmium.FileProcessor(str(county / "sources" / sources.OSM))
            if len(thing.tags)]  # fmt: skip
    for key, value in (
        ("bridge", "yes"), ("natural", "water"), ("leisure", "park"), ("barrier", "wall"),
        ("barrier", "gate"), ("amenity", "school"), ("amenity", "kindergarten"),
        ("highway", "primary"), ("highway", "living_street"), ("highway", "footway"),
        ("place", "village"), ("water", "reservoir"), ("waterway", "dam"), ("landuse", "forest"),
    ):  # fmt: skip
        assert any(one.get(key) == value for one in tags), (key, value)
    assert sum("building" in one for one in tags) > 8000
    assert not any("boundary" in one for one in tags), "no border is drawn"


def test_the_map_has_no_metadata(county: Path) -> None:
    for thing in osmium.FileProcessor(str(county / "sources" / sources.OSM)):
        assert isinstance(thing, osmium.osm.Node | osmium.osm.Way)
        assert (thing.version, thing.uid, thing.user) == (0, 0, "")


def test_townships_declare_their_system(county: Path) -> None:
    content = json.loads((county / "sources" / sources.TOWNSHIPS).read_text(encoding="utf-8"))
    assert content["crs"]["properties"]["name"].endswith("EPSG::4490")
    assert len(content["features"]) == 7


def test_credit_codes_are_right_and_invented() -> None:
    random = Random(5)
    for _ in range(50):
        code = credit_code(random)
        assert uscc.calc_check_digit(code[:-1]) == code[-1]
        assert code[2:4] == "99", "no province has this number"


def test_every_form_of_a_date_is_read_back() -> None:
    random = Random(6)
    forms = [written("2022-03-05", random) for _ in range(60)]
    assert len(set(forms)) == 5
    assert set(parse_dates(pd.Series(forms)).values) == {"2022-03-05"}
