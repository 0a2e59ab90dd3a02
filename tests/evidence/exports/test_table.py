"""Every format read back by a reader that is not ours: the same leads, text as text, the same twice."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import openpyxl
import pytest

from evidence import Dossier
from evidence.exports import SUFFIXES, write_table
from evidence.exports.rows import FIELDS, headings
from evidence.exports.texts import cut, visible
from evidence.words import Words
from layers.errors import YichaError
from tests.evidence.exports.hostile import HOSTILE, renamed, short

MARK = "李明 于 2026-07-01 导出，供市人民检察院使用"
KML = "{http://www.opengis.net/kml/2.2}"


def csv_rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def shapefiles(data: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert all("/" not in name for name in archive.namelist())
        archive.extractall(folder)
    return folder


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_dossiers_give_the_same_bytes(
    dossiers: Mapping[str, Dossier], suffix: str
) -> None:
    chosen = list(dossiers.values())
    first = write_table(chosen, f"a{suffix}", lang="both", watermark=MARK)
    assert first == write_table(chosen, f"b{suffix.upper()}", lang="both", watermark=MARK)
    assert first.data


@pytest.mark.parametrize("name", ["x.shp", "x.docx", "x", ".csv.exe"])
def test_an_unknown_ending_is_told(dossiers: Mapping[str, Dossier], name: str) -> None:
    with pytest.raises(YichaError, match=r"shp\.zip"):
        write_table(list(dossiers.values()), name)


def test_csv_and_excel_say_the_same(dossiers: Mapping[str, Dossier]) -> None:
    chosen = list(dossiers.values())
    data = write_table(chosen, "x.csv", watermark=MARK).data
    assert data.startswith(b"\xef\xbb\xbf")
    rows = csv_rows(data)
    book = openpyxl.load_workbook(io.BytesIO(write_table(chosen, "x.xlsx", watermark=MARK).data))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == rows[0] == list(headings(Words("zh")).values())
    assert len(rows) == sheet.max_row == len(chosen) + 1
    for read, cells in zip(rows[1:], sheet.iter_rows(min_row=2), strict=True):
        for text, cell in zip(read, cells, strict=True):
            assert cell.data_type in ("n", "s")
            assert text == ("" if cell.value is None else text)
            if isinstance(cell.value, float):
                assert float(text) == cell.value
    assert book.worksheets[0].oddFooter.center.text == MARK
    assert MARK in [row[0].value for row in book.worksheets[1].iter_rows()]
    assert rows[1][-1] == MARK
    assert "案件材料" in rows[1][-2]


def test_geojson_is_what_the_store_measured(
    dossiers: Mapping[str, Dossier], tmp_path: Path
) -> None:
    chosen = list(dossiers.values())
    file = tmp_path / "x.geojson"
    file.write_bytes(write_table(chosen, file.name, watermark=MARK).data)
    told = json.loads(file.read_text(encoding="utf-8"))
    assert told["watermark"] == MARK
    read = gpd.read_file(file)
    for dossier, shape, number in zip(chosen, read.geometry, read["number"], strict=True):
        assert number == dossier.number
        expected = dossier.line if dossier.line is not None else dossier.subject
        assert (shape is None) == (expected is None)
        if expected is not None:
            assert shape.hausdorff_distance(expected) < 1e-7
    assert float(read["measured"].iloc[0]) == pytest.approx(float(chosen[0].finding["measured"]))


def test_geopackage_has_leads_lines_and_areas(
    dossiers: Mapping[str, Dossier], tmp_path: Path
) -> None:
    chosen = list(dossiers.values())
    file = tmp_path / "x.gpkg"
    file.write_bytes(write_table(chosen, file.name, watermark=MARK).data)
    assert set(gpd.list_layers(file)["name"]) == {"leads", "measured_lines", "measured_areas"}
    leads = gpd.read_file(file, layer="leads")
    assert leads.crs.to_epsg() == 4326
    assert list(leads["number"]) == [one.number for one in chosen]
    assert leads.geometry.isna().sum() == 1
    areas = gpd.read_file(file, layer="measured_areas")
    assert list(areas["number"]) == [dossiers["waste-near-reservoir"].number]
    with sqlite3.connect(file) as open_file:
        told = " ".join(str(row) for row in open_file.execute("select * from gpkg_metadata"))
    open_file.close()
    assert MARK in told


def test_shapefiles_say_their_encoding_and_what_they_lost(
    dossiers: Mapping[str, Dossier], tmp_path: Path
) -> None:
    chosen = list(dossiers.values())
    made = write_table(chosen, "x.shp.zip", watermark=MARK)
    folder = shapefiles(made.data, tmp_path)
    for name in ("leads", "measured_lines", "measured_areas"):
        assert (folder / f"{name}.cpg").read_text(encoding="ascii") == "UTF-8"
        assert (folder / f"{name}.prj").is_file()
    read = gpd.read_file(folder / "leads.shp")
    placed = [one for one in chosen if one.subject is not None]
    assert list(read["subject"]) == [one.finding["subject_name"] for one in placed]
    assert list(read.columns[:-1]) == [one.key for one in FIELDS]
    readme = (folder / "README.txt").read_text(encoding="utf-8-sig")
    lost = dossiers["wage-deposit"].number
    assert any(lost in note for note in made.notes)
    cuts = [note for note in made.notes if "254" in note]
    assert cuts
    assert all(note in readme for note in made.notes)
    assert "reasons: 说明" in readme
    assert MARK in readme


def test_every_field_name_fits_a_shapefile() -> None:
    keys = [one.key for one in FIELDS]
    assert all(len(key) <= 10 and key.isascii() for key in keys)
    assert len(set(keys)) == len(keys)


def test_kml_and_kmz_hold_the_same_document(
    dossiers: Mapping[str, Dossier], tmp_path: Path
) -> None:
    chosen = list(dossiers.values())
    kml = write_table(chosen, "x.kml", watermark=MARK)
    with zipfile.ZipFile(io.BytesIO(write_table(chosen, "x.kmz", watermark=MARK).data)) as archive:
        assert archive.namelist() == ["doc.kml"]
        assert archive.read("doc.kml") == kml.data
    marks = ET.fromstring(kml.data).iter(f"{KML}Placemark")
    names = [str(one.findtext(f"{KML}name")) for one in marks]
    assert len(names) == len(chosen)
    assert all(one.number in name for one, name in zip(chosen, names, strict=True))
    file = tmp_path / "x.kml"
    file.write_bytes(kml.data)
    assert len(gpd.read_file(file)) == len(chosen)
    assert [note for note in kml.notes if dossiers["wage-deposit"].number in note]


@pytest.mark.parametrize("name", HOSTILE, ids=short)
def test_a_hostile_name_is_text_in_csv_and_excel(
    dossiers: Mapping[str, Dossier], name: str
) -> None:
    chosen, expected = [renamed(dossiers["tobacco-near-school"], name)], visible(name)
    (row,) = csv_rows(write_table(chosen, "x.csv").data)[1:]
    titles = list(headings(Words("zh")))
    assert row[titles.index("subject")].removeprefix("'") == expected
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    book = openpyxl.load_workbook(io.BytesIO(write_table(chosen, "x.xlsx", watermark=name).data))
    cell = book.worksheets[0].cell(row=2, column=titles.index("subject") + 1)
    assert cell.value == expected
    assert cell.data_type == "s"
    assert cell.quotePrefix == expected.startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("name", HOSTILE, ids=short)
def test_a_hostile_name_is_text_in_maps(
    dossiers: Mapping[str, Dossier], tmp_path: Path, name: str
) -> None:
    chosen, expected = [renamed(dossiers["tobacco-near-school"], name)], visible(name)
    for suffix in (".geojson", ".gpkg", ".kml"):
        file = tmp_path / f"x{suffix}"
        file.write_bytes(write_table(chosen, file.name, watermark=name).data)
        named = {"layer": "leads"} if suffix == ".gpkg" else {}
        read = gpd.read_file(file, **named)
        assert read["subject"].iloc[0] == expected, suffix
    folder = shapefiles(write_table(chosen, "x.shp.zip", watermark=name).data, tmp_path / "shp")
    assert gpd.read_file(folder / "leads.shp")["subject"].iloc[0] == cut(expected, 254)


def test_a_description_of_kml_holds_no_markup_of_names(dossiers: Mapping[str, Dossier]) -> None:
    one = renamed(dossiers["tobacco-near-school"], "<script>x</script> $[lead_id]")
    root = ET.fromstring(write_table([one], "x.kml").data)
    for told in root.iter(f"{KML}description"):
        assert "<" not in str(told.text).replace("<br>", "")
        assert "$[" not in str(told.text)


def test_hidden_signs_are_shown_and_the_rest_is_kept() -> None:
    assert visible("信昌烟酒 No. 5") == "信昌烟酒 No. 5"
    assert visible("\u202egpj\x00") == "〓U+202Egpj〓U+0000"
    assert visible("𠮷\U0001f600\n") == "𠮷\U0001f600 "
    assert cut("演示县", 8) == "演示"


def test_no_leads_make_an_empty_table() -> None:
    for suffix in SUFFIXES:
        assert write_table([], f"x{suffix}").data


def test_marks_follow_the_dossier(dossiers: Mapping[str, Dossier]) -> None:
    one = replace(dossiers["fire-lane-blocked"], redacted=True, generated=False)
    row = csv_rows(write_table([one], "x.csv", lang="en").data)[1]
    assert "redacted copy" in row[-2]
    assert "generated" not in row[-2]
