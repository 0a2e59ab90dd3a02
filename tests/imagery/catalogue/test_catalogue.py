"""STAC items that hold, an index that follows the items, search by place and time."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pystac
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pystac.validation.stac_validator import JsonSchemaSTACValidator

from imagery.catalogue import footprints, search, select
from imagery.catalogue.times import parse, time_span
from imagery.ingest import ingest
from imagery.scene import Taken
from imagery.store import Store
from layers.errors import ImageryError
from tests.imagery.ingest import made


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Three orthophotos of two years, a photo, a plan without time, a picture without place."""
    folder = tmp_path_factory.mktemp("catalogue")
    made.geotiff(folder / "card" / "old.tif", 1, taken="2024-03-01T10:00:00+08:00")
    made.geotiff(folder / "card" / "new.tif", 2, taken="2026-03-01T10:00:00+08:00")
    made.geotiff(folder / "card" / "east.tif", 3, lon=made.LON + 1, taken="2026-03-02")
    made.photo(folder / "card" / "photo.jpg", 4)
    made.with_world_file(folder / "card" / "plan.png", 5)
    made.picture(folder / "card" / "scan.png", 6)
    made.tiles(folder / "card" / "tiles", 7)
    store = Store.open(folder / "store")
    report = ingest([folder / "card"], store, received=made.RECEIVED, collector="王某")
    assert report.counts["accepted"] == 7
    return store


def _titles(items: list[pystac.Item]) -> list[str]:
    return [str(item.properties["title"]) for item in items]


def test_items_and_catalogue_hold_against_the_stac_schema(store: Store) -> None:
    validator = JsonSchemaSTACValidator()
    for scene in store.scenes():
        document = store.document(scene)
        validator.validate_core(document, pystac.STACObjectType.ITEM, "1.1.0")
    catalogue = json.loads((store.root / "catalog.json").read_text(encoding="utf-8"))
    validator.validate_core(catalogue, pystac.STACObjectType.CATALOG, "1.1.0")


def test_a_wrong_item_would_not_hold(store: Store) -> None:
    document = store.document(store.scenes()[0])
    del document["properties"]["datetime"]
    with pytest.raises(pystac.errors.STACValidationError):
        JsonSchemaSTACValidator().validate_core(document, pystac.STACObjectType.ITEM, "1.1.0")


def test_extension_fields_have_the_form_their_extensions_ask(store: Store) -> None:
    for scene in store.scenes():
        document = store.document(scene)
        told = document["properties"]
        asset = document["assets"]["original"]
        assert isinstance(asset["file:size"], int)
        assert asset["file:checksum"][:4] == "1220"
        assert len(asset["file:checksum"]) == 68
        assert document["links"][0]["href"] == "../catalog.json"
        if "proj:transform" in told:
            assert len(told["proj:transform"]) == 6
            assert told["proj:wkt2"].startswith(("GEOGCRS", "PROJCRS"))
            assert any("projection" in name for name in document["stac_extensions"])
        if document["geometry"] is not None:
            west, south, east, north = document["bbox"]
            assert west <= east
            assert south <= north


def test_footprints_have_a_row_per_scene(store: Store) -> None:
    frame = footprints(store)
    assert list(frame["id"]) == list(store.scenes())
    assert frame.crs == "EPSG:4326"
    rows = frame.set_index("title")
    assert rows.loc["new.tif", "day"] == "2026-03-01"
    assert rows.loc["photo.jpg", "geometry_of"] == "camera"
    assert rows.loc["photo.jpg", "geometry"].geom_type == "Point"
    assert rows.loc["scan.png", "geometry"] is None
    assert rows.loc["plan.png", "taken_how"] == "missing"
    assert rows.loc["tiles", "kind"] == "tiles"
    assert (store.root / rows.loc["new.tif", "original"]).is_file()


def test_search_by_place_and_time(store: Store) -> None:
    here = (made.LON - 0.001, made.LAT - 0.001, made.LON + 0.001, made.LAT + 0.001)
    assert _titles(search(store, here, "2020-01-01")) == ["old.tif", "new.tif", "photo.jpg"]
    assert _titles(search(store, here, end="2025-12-31")) == ["old.tif"]
    assert _titles(search(store, here, "2026-03-01", "2026-03-01")) == ["new.tif"]
    assert _titles(search(store, start="2026-03-02", end="2026-03-02")) == ["east.tif"]
    assert "plan.png" in _titles(search(store, here))
    assert "scan.png" not in _titles(search(store, here))
    assert _titles(search(store, kinds=["photo"])) == ["photo.jpg"]
    assert _titles(search(store, (0.0, 0.0, 1.0, 1.0))) == []
    assert len(search(store)) == 7


@pytest.mark.parametrize("bounds", [(1.0, 0.0, 0.0, 1.0), (0.0, 0.0, 200.0, 1.0)])
def test_a_rectangle_that_is_none_is_refused(
    store: Store, bounds: tuple[float, float, float, float]
) -> None:
    with pytest.raises(ImageryError, match="rectangle"):
        search(store, bounds)


def test_a_day_that_is_none_is_refused(store: Store) -> None:
    with pytest.raises(ImageryError, match="no day"):
        search(store, start="01.03.2026")


def test_the_index_follows_the_items(tmp_path: Path) -> None:
    store = _many(tmp_path, 100)
    assert len(footprints(store)) == 100
    assert (store.root / "index.parquet").is_file()
    first, second, *_ = store.scenes()
    document = store.document(first)
    document["properties"]["title"] = "renamed"
    store.item_path(first).write_text(json.dumps(document), encoding="utf-8")
    store.item_path(second).unlink()
    frame = footprints(store)
    assert len(frame) == 99
    assert frame.set_index("id").loc[first, "title"] == "renamed"
    (store.root / "index.parquet").write_bytes(b"damaged")
    assert footprints(store).equals(frame)
    store.item_path(first).write_text("{", encoding="utf-8")
    assert len(footprints(store)) == 98


def test_ten_thousand_items_are_searched_at_once(tmp_path: Path) -> None:
    store = _many(tmp_path, 10_000)
    assert len(footprints(store)) == 10_000
    begun = time.perf_counter()
    frame = footprints(store)
    found = select(frame, (100.0, 20.0, 100.1, 20.1), "2025-01-01", "2025-12-31")
    seconds = time.perf_counter() - begun
    assert 0 < len(found) < 500
    assert seconds < 5.0, f"{seconds:.2f} s"


def _many(folder: Path, count: int) -> Store:
    """A store whose items were written by hand: squares of 0.01 degrees, a day each."""
    store = Store.open(folder / "store")
    for n, document in zip(range(count), _documents(), strict=False):
        path = store.item_path(f"{n:016x}")
        path.write_text(json.dumps({**document, "id": path.stem}), encoding="utf-8")
    return store


def _documents() -> Iterator[dict[str, Any]]:
    for n in range(10**9):
        west, south = 100 + (n % 100) / 100, 20 + (n // 100 % 100) / 100
        ring = [(0, 0), (0.009, 0), (0.009, 0.009), (0, 0.009), (0, 0)]
        day = f"{2024 + n % 3}-{1 + n % 12:02d}-{1 + n % 28:02d}"
        yield {
            "type": "Feature", "stac_version": "1.1.0", "links": [],
            "geometry": {"type": "Polygon",
                         "coordinates": [[(west + x, south + y) for x, y in ring]]},
            "properties": {"datetime": f"{day}T02:00:00Z", "title": f"{n}", "gsd": 0.1,
                           "yicha:kind": "orthophoto", "yicha:taken_local": f"{day}T10:00:00",
                           "yicha:taken_how": "exif", "yicha:geometry": "footprint"},
            "assets": {"original": {"href": "../originals/00/00.tif"}},
        }  # fmt: skip


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        (Taken(utc="2026-05-01T01:00:00Z", how="gps"), ("2026-05-01T01:00:00Z",) * 2),
        (Taken(local="2026-05-01T09:00:00", zone="+08:00", how="exif"),
         ("2026-05-01T01:00:00Z",) * 2),
        (Taken(local="2026-05-01T09:00:00", how="exif"),
         ("2026-04-30T19:00:00Z", "2026-05-01T21:00:00Z")),
        (Taken(local="2026-05-01", zone="+08:00", how="stated"),
         ("2026-04-30T16:00:00Z", "2026-05-01T15:59:59Z")),
        (Taken(local="2024", zone="+00:00", how="stated"),
         ("2024-01-01T00:00:00Z", "2024-12-31T23:59:59Z")),
        (Taken(local="2024-02", zone="+00:00", how="stated"),
         ("2024-02-01T00:00:00Z", "2024-02-29T23:59:59Z")),
        (Taken(), ("1900-01-01T00:00:00Z", "2026-06-30T10:00:00Z")),
    ],
)  # fmt: skip
def test_a_time_is_an_instant_or_a_span_that_holds_it(
    taken: Taken, expected: tuple[str, str]
) -> None:
    span = time_span(taken, made.RECEIVED)
    told = (
        span.get("start_datetime") or span["datetime"],
        span.get("end_datetime") or span["datetime"],
    )
    assert told == expected
    assert (span["datetime"] is None) == (expected[0] != expected[1])


@given(
    st.datetimes().map(lambda moment: moment.replace(microsecond=0)),
    st.sampled_from(["-12:00", "-03:30", "+00:00", "+05:45", "+08:00", "+14:00"]),
)
def test_the_span_of_an_unknown_zone_holds_every_zone(moment: Any, zone: str) -> None:
    if not 1900 < moment.year < 2100:
        return
    local = moment.isoformat()
    span = time_span(Taken(local=local, how="exif"), made.RECEIVED)
    instant = parse(f"{local}{zone}")[0]
    assert parse(span["start_datetime"])[0] <= instant <= parse(span["end_datetime"])[0]
