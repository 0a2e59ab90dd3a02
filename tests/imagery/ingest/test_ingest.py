"""The whole way of a file: kept, read, checked, made visible, catalogued; and said again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pystac
import pytest
from shapely.geometry import box, shape

from imagery.guard import open_raster
from imagery.ingest import IngestReport, ingest
from imagery.scene import Stated
from imagery.store import Store
from layers.errors import ImageryError
from tests.imagery.ingest import made
from tests.imagery.ingest.made import LAT, LON, RECEIVED
from tests.imagery.plain_user import needs_permissions, plain_folder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.mixed(tmp_path_factory.mktemp("card") / "卡", tmp_path_factory.mktemp("scratch"))


@pytest.fixture(scope="module")
def taken(card: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, IngestReport]:
    store = Store.open(tmp_path_factory.mktemp("taken") / "store")
    seen: list[tuple[int, int, str]] = []
    report = ingest([card], store, received=RECEIVED, collector="王某", second="李某",
                    progress=lambda *told: seen.append(told))  # fmt: skip
    assert seen[-1][0] == seen[-1][1] > 0
    assert [told[0] for told in seen] == sorted(told[0] for told in seen)
    assert any(told[2].endswith("two.zip · 100 %") for told in seen)
    return store, report


def _codes(report: IngestReport) -> set[str]:
    return {remark.code for row in report.rows for remark in row.remarks}


def test_everything_comes_in_or_is_named(taken: tuple[Store, IngestReport]) -> None:
    store, report = taken
    assert report.counts == {"accepted": 10, "restated": 0, "duplicate": 0, "refused": 1,
                             "stopped": 0}  # fmt: skip
    assert report.aside == ("卡/notes.txt",)
    assert len(store.scenes()) == 11
    assert set(report.scenes) == set(store.scenes())
    (refused,) = report.refused
    assert refused.file == "卡/cut_off.tif"
    assert refused.reason
    assert refused.remedy


def test_every_original_is_there_byte_for_byte(
    taken: tuple[Store, IngestReport], card: Path
) -> None:
    store, _ = taken
    kept = {path.name.partition(".")[0] for path in (store.root / "originals").rglob("*.*")}
    for path in card.rglob("*"):
        if path.is_file() and path.name != "notes.txt":
            assert hashlib.sha256(path.read_bytes()).hexdigest() in kept, path
    assert store.verify().problems == ()


def test_items_say_where_when_how_well_and_by_whom(taken: tuple[Store, IngestReport]) -> None:
    store, report = taken
    (row,) = [row for row in report.rows if row.file.endswith("区域0.tif")]
    item = store.item(row.scenes[0])
    assert item.id == row.sha256[:16] if row.sha256 else False
    assert item.datetime is not None
    assert item.datetime.isoformat() == "2026-05-01T01:00:00+00:00"
    told = item.properties
    assert told["yicha:taken_local"] == "2026-05-01T09:00:00"
    assert told["yicha:placed_by"] == "georeference"
    assert told["yicha:u_m"] > 0
    assert told["gsd"] == pytest.approx(1.1, abs=0.1)
    assert told["proj:code"].endswith("4326")
    assert told["proj:shape"] == [256, 256]
    assert told["yicha:collector"] == "王某"
    assert told["title"] == "区域0.tif"
    assert item.geometry is not None
    assert shape(item.geometry).contains(box(LON + 1e-4, LAT - 1e-3, LON + 1e-3, LAT - 1e-4))
    assert [step["step"] for step in told["yicha:lineage"]] == ["received", "view"]


def test_the_view_copy_can_be_looked_at(taken: tuple[Store, IngestReport]) -> None:
    store, _ = taken
    for scene in store.scenes():
        view = store.view(scene)
        assert view is not None
        with open_raster(view, "GTiff") as dataset:
            assert dataset.count >= 3
        facts = store.item(scene).assets["view"].extra_fields
        assert facts["file:checksum"] == "1220" + hashlib.sha256(view.read_bytes()).hexdigest()


def test_the_record_tells_what_the_law_asks(taken: tuple[Store, IngestReport]) -> None:
    store, report = taken
    (row,) = [row for row in report.rows if row.file.endswith("IMG_0.jpg")]
    (event,) = store.record(row.scenes[0])
    assert event["collectors"] == ["王某", "李某"]
    assert event["received"] == RECEIVED
    assert event["path"] == "卡/DCIM/IMG_0.jpg"
    assert event["file"] == "IMG_0.jpg"
    assert event["hashes"] == [{"algorithm": "sha256", "value": row.sha256}]
    assert event["device"]["make"] == "Maker"
    assert event["method"] == ["received", "view"]
    assert event["software"].startswith("yicha ")
    assert event["file_changed"] == "2023-11-14T22:13:20Z"


def test_files_beside_an_image_are_kept_with_it(taken: tuple[Store, IngestReport]) -> None:
    store, report = taken
    (row,) = [row for row in report.rows if row.file.endswith("plan.png")]
    beside = store.sidecars(row.scenes[0])
    assert set(beside) == {"plan.pgw", "plan.prj"}
    assert store.item(row.scenes[0]).properties["yicha:placed_by"] == "world_file"
    assert beside["plan.pgw"].read_text(encoding="utf-8").startswith("0.00001")


def test_a_folder_of_tiles_is_one_scene(taken: tuple[Store, IngestReport], card: Path) -> None:
    store, report = taken
    (row,) = [row for row in report.rows if row.file.endswith("tiles")]
    (scene,) = row.scenes
    listing = json.loads(store.original(scene).read_text(encoding="utf-8"))
    assert [entry["path"] for entry in listing["files"]] == sorted(
        path.relative_to(card / "tiles").as_posix() for path in (card / "tiles").rglob("*.png")
    )
    assert store.item(scene).properties["yicha:kind"] == "tiles"


def test_members_of_an_archive_are_scenes_of_their_own(taken: tuple[Store, IngestReport]) -> None:
    store, report = taken
    (row,) = [row for row in report.rows if row.file.endswith("two.zip")]
    assert len(row.scenes) == 2
    assert {store.item(s).properties["yicha:member"] for s in row.scenes} == {
        "in_zip_0.tif", "in_zip_1.tif"
    }  # fmt: skip
    assert len({store.original(s) for s in row.scenes}) == 1


def test_other_stac_tools_open_the_folder(taken: tuple[Store, IngestReport]) -> None:
    store, _ = taken
    catalogue = pystac.Catalog.from_file(str(store.root / "catalog.json"))
    items = list(catalogue.get_items())
    assert {item.id for item in items} == set(store.scenes())
    assert all(Path(str(item.assets["original"].get_absolute_href())).is_file() for item in items)


def test_the_report_speaks_both_languages(taken: tuple[Store, IngestReport]) -> None:
    _, report = taken
    chinese, english = report.text("zh"), report.text("en")
    assert "拒收" in chinese
    assert "办法" in chinese
    assert "refused" in english
    assert "remedy" in english
    assert json.loads(json.dumps(report.as_dict()))["counts"]["accepted"] == 10


def test_the_same_again_costs_nothing_and_changes_nothing(
    card: Path, taken: tuple[Store, IngestReport]
) -> None:
    store, first = taken
    before = {path: path.stat().st_mtime_ns for path in store.root.rglob("*")
              if path.is_file() and path.parent.name in ("items", "views", "records")}  # fmt: skip
    again = ingest([card], store, received=RECEIVED)
    assert again.counts["duplicate"] == 10
    assert {row.duplicate_of for row in again.rows if row.status == "duplicate"} == {
        tuple(sorted(row.scenes)) for row in first.rows if row.scenes
    }
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_a_copy_under_another_name_is_known(store: Store, tmp_path: Path) -> None:
    first = made.geotiff(tmp_path / "a.tif")
    (tmp_path / "b.tif").write_bytes(first.read_bytes())
    report = ingest([tmp_path / "a.tif", tmp_path / "b.tif"], store, received=RECEIVED)
    assert [row.status for row in report.rows] == ["accepted", "duplicate"]
    assert report.rows[1].duplicate_of == report.rows[0].scenes


def test_more_said_later_renews_the_item_and_keeps_both_records(
    store: Store, tmp_path: Path
) -> None:
    path = made.geotiff(tmp_path / "a.tif", taken=None)
    first = ingest([path], store, received=RECEIVED)
    assert "time_missing" in _codes(first)
    again = ingest([path], store, received="2026-07-01T09:00:00+08:00", collector="王某",
                   stated=Stated(taken="2026-05-01", zone="+08:00"))  # fmt: skip
    (scene,) = again.rows[0].scenes
    assert again.counts["restated"] == 1
    assert "time_missing" not in _codes(again)
    assert store.item(scene).properties["yicha:taken_local"] == "2026-05-01"
    assert [event["received"] for event in store.record(scene)] == [
        RECEIVED, "2026-07-01T09:00:00+08:00"
    ]  # fmt: skip
    third = ingest([path], store, received=RECEIVED, stated=Stated(u_m=0.1))
    assert third.counts["restated"] == 1
    told = store.item(scene).properties
    assert told["yicha:stated"] == {"taken": "2026-05-01", "zone": "+08:00", "u_m": 0.1}
    assert told["yicha:u_m"] == pytest.approx(0.1, abs=0.15)
    assert ingest([path], store, received=RECEIVED).counts["duplicate"] == 1


def test_a_world_file_that_comes_later_places_the_picture(store: Store, tmp_path: Path) -> None:
    path = made.with_world_file(tmp_path / "plan.png")
    world, prj = path.with_suffix(".pgw"), path.with_suffix(".prj")
    held = world.read_bytes()
    world.unlink()
    prj.unlink()
    first = ingest([path], store, received=RECEIVED)
    (scene,) = first.rows[0].scenes
    assert store.item(scene).geometry is None
    world.write_bytes(held)
    again = ingest([path], store, received=RECEIVED, stated=Stated(crs="EPSG:4326"))
    assert again.counts["restated"] == 1
    assert store.item(scene).geometry is not None
    world.unlink()
    third = ingest([path], store, received=RECEIVED, stated=Stated(u_m=1.0))
    assert third.counts["restated"] == 1
    assert store.item(scene).geometry is not None
    assert set(store.sidecars(scene)) == {"plan.pgw"}


def test_coordinates_without_a_system_are_refused_until_it_is_stated(
    store: Store, tmp_path: Path
) -> None:
    path = made.with_world_file(tmp_path / "plan.png", prj=False)
    report = ingest([path], store, received=RECEIVED)
    assert report.counts["refused"] == 1
    assert store.scenes() == ()
    assert [p.code for p in store.verify().problems] == []
    assert ingest([path], store, received=RECEIVED, stated=Stated(crs="EPSG:4326")).scenes


@pytest.mark.parametrize(
    ("taken", "code"),
    [("2026-07-20T09:00:00+08:00", "taken_after_received"), ("1985-01-01T00:00:00", "taken_too_early"),
     ("2026-05-01T09:00:00", "zone_missing"), (None, "time_missing")],
)  # fmt: skip
def test_a_doubtful_time_is_remarked_and_never_mended(
    store: Store, tmp_path: Path, taken: str | None, code: str
) -> None:
    report = ingest([made.geotiff(tmp_path / "a.tif", taken=taken)], store, received=RECEIVED)
    assert code in _codes(report)
    (scene,) = report.scenes
    assert code in {r["code"] for r in store.item(scene).properties["yicha:remarks"]}
    local = store.item(scene).properties["yicha:taken_local"]
    assert local == (None if taken is None else taken[:19])


def test_another_version_of_the_same_scene_is_remarked(store: Store, tmp_path: Path) -> None:
    one = made.geotiff(tmp_path / "a.tif", 1)
    other = made.geotiff(tmp_path / "b.tif", 1, compress="lzw")
    report = ingest([one, other], store, received=RECEIVED)
    (remark,) = [r for r in report.rows[1].remarks if r.code == "same_scene"]
    assert report.rows[0].scenes[0] in remark.en
    assert len(store.scenes()) == 2


def test_what_lies_outside_the_stated_area_is_refused(store: Store, tmp_path: Path) -> None:
    area = box(109.0, 27.0, 110.0, 28.0)
    paths = [
        made.geotiff(tmp_path / "in.tif", 1),
        made.geotiff(tmp_path / "south.tif", 2, lat=-LAT),
        made.geotiff(tmp_path / "far.tif", 3, lon=10.0, lat=50.0),
    ]
    report = ingest(paths, store, received=RECEIVED, area=area)
    assert [row.status for row in report.rows] == ["accepted", "refused", "refused"]
    assert "southern" in report.rows[1].reason
    assert "--area" in report.rows[2].remedy
    assert len(store.scenes()) == 1


def test_a_mirror_image_of_the_stores_place_is_refused_and_a_far_one_remarked(
    store: Store, tmp_path: Path
) -> None:
    near = [made.geotiff(tmp_path / f"{n}.tif", n, lon=LON + n / 100) for n in range(3)]
    ingest(near, store, received=RECEIVED)
    report = ingest([made.geotiff(tmp_path / "s.tif", 7, lat=-LAT),
                     made.geotiff(tmp_path / "f.tif", 8, lon=10.0, lat=50.0)],
                    store, received=RECEIVED)  # fmt: skip
    assert [row.status for row in report.rows] == ["refused", "accepted"]
    assert "hemisphere" in report.rows[0].reason
    assert "far_from_others" in {remark.code for remark in report.rows[1].remarks}


def test_stopping_is_told_and_the_next_run_goes_on(store: Store, tmp_path: Path) -> None:
    paths = [made.geotiff(tmp_path / f"{n}.tif", n) for n in range(3)]
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return len(store.scenes()) >= 1

    report = ingest(paths, store, received=RECEIVED, cancelled=stop)
    assert report.cancelled
    assert [row.status for row in report.rows] == ["accepted", "stopped", "stopped"]
    assert "继续" in report.text("zh")
    assert len(ingest(paths, store, received=RECEIVED).scenes) == 2


def test_a_read_only_source_is_only_read(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "card"
    path = made.geotiff(folder / "a.tif")
    before = path.stat().st_mtime_ns, path.stat().st_atime_ns is not None
    path.chmod(0o444)
    folder.chmod(0o555)
    try:
        assert ingest([folder], store, received=RECEIVED).counts["accepted"] == 1
    finally:
        folder.chmod(0o755)
    assert before[0] == path.stat().st_mtime_ns
    assert [p.name for p in folder.iterdir()] == ["a.tif"]


def test_a_path_that_is_not_there_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ImageryError, match="no such file"):
        ingest([tmp_path / "nothing"], store, received=RECEIVED)


@pytest.mark.parametrize(
    ("received", "zone"), [("2026-06-30T18:00:00", None), ("x", None), (RECEIVED, "8")]
)
def test_times_without_offset_are_not_taken(
    store: Store, tmp_path: Path, received: str, zone: str | None
) -> None:
    with pytest.raises(ImageryError, match="offset"):
        ingest([tmp_path], store, received=received, stated=Stated(zone=zone))


def test_the_stores_own_folder_is_never_taken_in(tmp_path: Path) -> None:
    made.geotiff(tmp_path / "a.tif")
    store = Store.open(tmp_path / "store")
    ingest([tmp_path], store, received=RECEIVED)
    again = ingest([tmp_path], store, received=RECEIVED)
    assert again.counts["duplicate"] == 1
    assert len(again.rows) == 1


def test_generated_files_say_so(store: Store, tmp_path: Path) -> None:
    report = ingest([made.geotiff(tmp_path / "a.tif")], store, received=RECEIVED, generated=True)
    assert store.item(report.scenes[0]).properties["yicha:generated"] is True


def test_what_was_refused_is_written_down_with_its_original(store: Store, tmp_path: Path) -> None:
    path = made.geotiff(tmp_path / "a.tif", size=256, compress="none")
    path.write_bytes(path.read_bytes()[:-50_000])
    report = ingest([path], store, received=RECEIVED, collector="王某")
    (file,) = (store.root / "refused").glob("*.jsonl")
    (line,) = file.read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert told["file"] == "a.tif"
    assert told["originals"] == [report.rows[0].sha256]
    assert store.verify().problems == ()


def test_members_that_cannot_be_used_do_not_stop_the_others(store: Store, tmp_path: Path) -> None:
    made.geotiff(tmp_path / "in" / "good.tif", 1)
    cut = made.geotiff(tmp_path / "in" / "cut.tif", 2, size=256, compress="none")
    cut.write_bytes(cut.read_bytes()[:-60_000])
    made.geotiff(tmp_path / "in" / "south.tif", 3, lat=-LAT)
    archive = made.zipped(tmp_path / "both.zip", tmp_path / "in")
    area = box(109.0, 27.0, 110.0, 28.0)
    for status in ("accepted", "duplicate"):
        report = ingest([archive], store, received=RECEIVED, area=area)
        (row,) = report.refused  # every time, so that nobody believes it came in as a whole
        assert row.members_refused[0][0] == "cut.tif"
        assert len(store.scenes()) == 1, status
    assert store.item(store.scenes()[0]).properties["yicha:member"] == "good.tif"
    assert store.verify().problems == ()


@needs_permissions
def test_a_folder_nobody_may_look_into_is_refused() -> None:
    with plain_folder() as folder:
        made.geotiff(folder / "card" / "a.tif")
        (folder / "card" / "closed").mkdir(mode=0)
        report = ingest([folder / "card"], Store.open(folder / "store"), received=RECEIVED)
    assert [row.status for row in report.rows] == ["accepted", "refused"]
    assert "permission" in report.rows[1].reason


def test_a_lost_item_is_made_again_and_its_record_goes_on(store: Store, tmp_path: Path) -> None:
    path = made.geotiff(tmp_path / "a.tif")
    (scene,) = ingest([path], store, received=RECEIVED).scenes
    store.item_path(scene).unlink()
    again = ingest([path], store, received="2026-07-01T09:00:00+08:00")
    assert again.scenes == (scene,)
    assert [event["received"] for event in store.record(scene)] == [
        RECEIVED, "2026-07-01T09:00:00+08:00"
    ]  # fmt: skip
