"""Real files: drone photos, orthophotos, tiles without georeference, satellite series, frames.

All of the folder is taken in by `python -m benchmarks.imagery_ingest`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from shapely.geometry import box

from imagery.catalogue import coverage, footprints, search
from imagery.ingest import IngestReport, ingest
from imagery.store import Store
from tests.imagery.ingest.made import RECEIVED

FOLDERS = ("dji_brighton_beach", "oam_tiles", "ortho_samples", "timeseries_usa_peru",
           "change_pairs/landsat_taizhou", "change_pairs/levir/A", "gpw_temesi_contours")  # fmt: skip
FILES = ("s2_landfills_mx/images/scene_00.tif", "s2_landfills_mx/masks/scene_00.tif",
         "aerial_vehicles/DJI_0005-0018.jpg")  # fmt: skip

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def taken(
    shared_imagery: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Store, IngestReport]:
    store = Store.open(tmp_path_factory.mktemp("real") / "store")
    paths = [shared_imagery / name for name in (*FOLDERS, *FILES)]
    there = [path for path in paths if path.exists()]
    assert len(there) >= len(paths) - 1
    return store, ingest(there, store, received=RECEIVED)


def test_every_file_comes_in(taken: tuple[Store, IngestReport]) -> None:
    store, report = taken
    assert report.counts["refused"] == 0, report.text("en")
    assert report.counts["accepted"] == len(report.rows) >= 28
    assert {Path(name).suffix for name in report.aside} <= {".md", ".geojson", ".txt"}
    assert store.verify().problems == ()


def test_kinds_are_told_apart(taken: tuple[Store, IngestReport]) -> None:
    store, _ = taken
    kinds = Counter(footprints(store)["kind"])
    assert kinds["photo"] == 5
    assert kinds["tiles"] == 1
    assert kinds["satellite"] >= 8
    assert kinds["orthophoto"] >= 7
    assert kinds["picture"] >= 6


def test_tiles_named_by_their_place_are_one_scene_that_lies_there(
    taken: tuple[Store, IngestReport],
) -> None:
    store, report = taken
    (row,) = [row for row in report.rows if row.file == "oam_tiles"]
    (scene,) = row.scenes
    item = store.item(scene)
    assert item.properties["yicha:placed_by"] == "tile_names"
    west, south, east, north = item.bbox or (0, 0, 0, 0)
    # columns 386697 to 386700 of zoom 19
    assert west == pytest.approx(386697 / 2**19 * 360 - 180, abs=1e-9)
    assert east == pytest.approx(386701 / 2**19 * 360 - 180, abs=1e-9)
    assert 0 < north - south < 0.01


def test_drone_photos_are_found_by_place_and_day(taken: tuple[Store, IngestReport]) -> None:
    store, _ = taken
    found = search(store, (-91.998, 46.839, -91.990, 46.846), "2016-06-23", "2016-06-23")
    assert len(found) == 5
    assert {item.properties["platform"] for item in found} == {"drone"}
    assert all(item.properties["yicha:u_m"] > 5 for item in found)
    assert all("original" in item.assets and "view" in item.assets for item in found)


def test_a_series_of_years_covers_by_age(taken: tuple[Store, IngestReport]) -> None:
    store, _ = taken
    frame = footprints(store)
    naip = frame[frame["title"].str.startswith("m_4709963")]
    assert sorted(naip["day"]) == ["2010-06-29", "2014-07-20", "2018-07-16"]
    area = box(*naip.total_bounds).buffer(-0.01)
    newest = coverage(store, area, "2026-06-30")
    assert newest.newest == "2018-07-16"
    assert newest.gap_m2 == 0
    assert coverage(store, area, "2015-01-01").newest == "2014-07-20"
    assert coverage(store, area, "2009-01-01").covered_m2 == 0


def test_the_same_card_again_costs_nothing(
    taken: tuple[Store, IngestReport], shared_imagery: Path
) -> None:
    store, _ = taken
    again = ingest([shared_imagery / name for name in FOLDERS[:4]], store, received=RECEIVED)
    assert again.counts["duplicate"] == len(again.rows)
