"""Real licences and schools of Philadelphia: imported with a report, quirks treated and said."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.errors import DatumError
from layers.importing import Imported, import_file
from layers.layer import Layer
from layers.measures import geodesic_distance

pytestmark = pytest.mark.shared
RETAIL = ("licence_type~Retail",)


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "us-philadelphia-tobacco-schools"


@pytest.fixture(scope="module")
def licences_2023(folder: Path) -> Imported:
    path = folder / "pa_tobacco_licences_philadelphia_2023-06.csv.gz"
    return import_file(
        path, "tobacco_retailer", datum="wgs84", where=RETAIL, position_kind="geocoded_address"
    )


@pytest.fixture(scope="module")
def licences_2024(folder: Path) -> Imported:
    path = folder / "pa_tobacco_licences_philadelphia_2024-06-10.csv.gz"
    return import_file(
        path, "tobacco_retailer", datum="wgs84", where=RETAIL, position_kind="geocoded_address"
    )


def the_layer(result: Imported) -> Layer:
    assert result.layer is not None
    assert result.report.balanced
    return result.layer


def test_the_newer_snapshot_keeps_every_retail_licence(licences_2024: Imported) -> None:
    report, layer = licences_2024.report, the_layer(licences_2024)
    assert (report.rows_in, report.rows_out, report.aside, len(report.rejected)) == (
        2504,
        2453,
        51,
        0,
    )
    assert (report.unplaced, len(layer.placed)) == (0, 2453)
    assert set(layer.frame["category"]) == {
        "Cigarette/OTP Retail",
        "Cigarette Retail",
        "OTP Retail",
    }
    assert set(layer.frame["valid_to"]) == {"2025-02-28"}
    assert layer.frame["name"].isna().sum() > 0  # trade names that were just the owner's are blank


def test_the_older_snapshot_names_missing_and_bad_geocodes(licences_2023: Imported) -> None:
    report, layer = licences_2023.report, the_layer(licences_2023)
    assert (report.rows_in, report.rows_out, report.aside) == (2432, 2385, 47)
    assert {code: len(rows) for code, rows in report.unplaced_rows.items()} == {
        "no_coordinate": 50,
        "far_from_rest": 12,
    }
    far = layer.unplaced[layer.unplaced["unplaced_reason"] == "far_from_rest"]
    city = (-75.1635, 39.9528)
    assert geodesic_distance(far["source_x"], far["source_y"], *city).min() > 17_000
    placed = layer.placed.geometry
    assert geodesic_distance(placed.x, placed.y, *city).max() < 28_000


def test_without_the_filter_wholesalers_stay_and_three_more_lack_a_place(folder: Path) -> None:
    path = folder / "pa_tobacco_licences_philadelphia_2023-06.csv.gz"
    report = import_file(path, "tobacco_retailer", datum="wgs84", far="keep").report
    assert (report.rows_out, report.aside, report.unplaced) == (2432, 0, 53)


def test_masked_numbers_that_repeat_become_ids_of_their_own(licences_2024: Imported) -> None:
    frame = the_layer(licences_2024).frame
    assert frame["licence_no"].duplicated().sum() > 200
    assert frame["id"].is_unique
    assert frame["id"].str.contains("~").all()
    assert any(
        note.code == "ids_masked" and note.count == 2453 for note in licences_2024.report.notes
    )


def test_most_shops_keep_their_id_from_one_year_to_the_next(
    licences_2023: Imported, licences_2024: Imported
) -> None:
    before, after = (set(the_layer(r).frame["id"]) for r in (licences_2023, licences_2024))
    assert len(before & after) > 1500


def test_an_undeclared_datum_is_not_assumed_even_here(folder: Path) -> None:
    with pytest.raises(DatumError):
        import_file(
            folder / "pa_tobacco_licences_philadelphia_2024-06-10.csv.gz", "tobacco_retailer"
        )


def test_schools_get_kinds_and_training_centres_are_set_aside(folder: Path) -> None:
    result = import_file(folder / "philadelphia_schools_2018.gpkg", "school")
    report, layer = result.report, the_layer(result)
    assert (report.rows_in, report.rows_out, report.datum) == (547, 542, "wgs84")
    assert {code: len(rows) for code, rows in report.set_aside.items()} == {"kind_training": 5}
    kinds = layer.frame["kind"].value_counts().to_dict()
    assert kinds == {"primary_middle": 266, "middle": 147, "primary": 80, "kindergarten": 29, "school": 13,
                     "special": 5, "vocational": 1, "unknown": 1}  # fmt: skip
    assert layer.frame["name"].str.contains(r"\(Annex\)").sum() >= 8  # pupils are taught there


def test_the_schools_own_words_do_not_pretend_to_more(folder: Path) -> None:
    """By the ownership column alone nobody can tell the kind: names decide, or nothing does."""
    result = import_file(
        folder / "philadelphia_schools_2018.gpkg", "school", columns={"kind": "type_specific"}
    )
    kinds = the_layer(result).frame["kind"].value_counts()
    assert set(kinds.index) <= {"school", "unknown", "primary", "middle", "primary_middle", "kindergarten", "special",
                                "university", "vocational"}  # fmt: skip
    assert kinds["school"] + kinds["unknown"] > 300
