"""`python -m imagery …`: the store from a shell."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box, mapping

from imagery.__main__ import main
from imagery.store import Store
from layers.layer import make_layer
from layers.provenance import Provenance
from tests.imagery.ingest import made

HERE = (made.LON - 0.001, made.LAT - 0.001, made.LON + 0.001, made.LAT + 0.001)
BBOX = ",".join(map(str, HERE))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store filled by the command itself."""
    folder = tmp_path_factory.mktemp("shell")
    made.geotiff(folder / "card" / "old.tif", 1, taken="2024-03-01T10:00:00+08:00")
    made.geotiff(folder / "card" / "new.tif", 2, taken="2026-03-01T10:00:00+08:00")
    made.picture(folder / "card" / "scan.png", 3)
    code = main(["ingest", str(folder / "card"), "--store", str(folder / "store"), "--collector",
                 "王某", "--second", "李某", "--u-m", "0.5", "--report", str(folder / "report.json"),
                 "--hash", "sha512", "--lang", "zh"])  # fmt: skip
    assert code == 0
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert report["counts"]["accepted"] == 3
    return folder / "store"


def _run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    capsys.readouterr()
    code = main([str(word) for word in words])
    return code, capsys.readouterr().out


def test_ingest_says_it_in_the_language_asked_for(
    capsys: pytest.CaptureFixture[str], store: Path
) -> None:
    card = store.parent / "card"
    code, told = _run(capsys, "ingest", card, "--store", store, "--lang", "zh")
    assert code == 0
    assert "已有 3" in told
    _, told = _run(capsys, "ingest", card, "--store", store, "--lang", "en")
    assert "known already 3" in told


def test_ingest_exits_with_1_when_something_was_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    made.geotiff(tmp_path / "card" / "a.tif")
    (tmp_path / "card" / "b.tif").write_bytes(b"")
    code, told = _run(capsys, "ingest", tmp_path / "card", "--store", tmp_path / "store",
                      "--lang", "en")  # fmt: skip
    assert code == 1
    assert "[accepted]" in told
    assert "the file is empty" in told


def test_ingest_keeps_to_the_stated_area(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = made.geotiff(tmp_path / "a.tif", lat=-made.LAT)
    code, told = _run(capsys, "ingest", path, "--store", tmp_path / "store", "--area", BBOX,
                      "--lang", "zh")  # fmt: skip
    assert code == 1
    assert "位于所说明的范围之外" in told


def test_what_was_said_stands_in_the_item(store: Path) -> None:
    opened = Store.open(store)
    scene = next(s for s in opened.scenes() if opened.item(s).properties["title"] == "new.tif")
    told = opened.item(scene).properties
    assert told["yicha:collector"] == "王某"
    assert told["yicha:stated"] == {"u_m": 0.5}
    names = [entry["algorithm"] for entry in opened.record(scene)[0]["hashes"]]
    assert names == ["sha256", "sha512"]


def test_list_and_search(capsys: pytest.CaptureFixture[str], store: Path) -> None:
    code, told = _run(capsys, "list", "--store", store, "--lang", "en")
    assert code == 0
    assert len(told.splitlines()) == 3
    code, told = _run(capsys, "search", "--store", store, "--bbox", BBOX, "--from", "2025-01-01",
                      "--lang", "zh")  # fmt: skip
    assert code == 0
    assert "new.tif" in told
    assert "正射影像" in told
    assert "old.tif" not in told
    code, told = _run(capsys, "search", "--store", store, "--kind", "picture", "--json")
    assert [f["properties"]["title"] for f in json.loads(told)["features"]] == ["scan.png"]
    code, told = _run(capsys, "search", "--store", store, "--bbox", "-99.5,19,-99,19.5")
    assert (code, told) == (1, "")


def test_show(capsys: pytest.CaptureFixture[str], store: Path) -> None:
    scene = Store.open(store).scenes()[0]
    code, told = _run(capsys, "show", scene, "--store", store)
    table = json.loads(told)
    assert code == 0
    assert table["item"]["id"] == scene
    assert Path(table["original"]).is_file()
    assert table["record"][0]["event"] == "received"
    assert main(["show", "../../x", "--store", str(store)]) == 1


def test_coverage(capsys: pytest.CaptureFixture[str], store: Path, tmp_path: Path) -> None:
    out = tmp_path / "cover.geojson"
    code, told = _run(capsys, "coverage", BBOX, "--store", store, "--on", "2026-06-30",
                      "--geojson", out, "--lang", "en")  # fmt: skip
    assert code == 0
    assert "121 days old" in told
    assert "new.tif" in told
    assert json.loads(out.read_text(encoding="utf-8"))["newest"] == "2026-03-01"
    area = tmp_path / "area.geojson"
    area.write_text(json.dumps(mapping(box(*HERE))), encoding="utf-8")
    _, from_file = _run(capsys, "coverage", area, "--store", store, "--on", "2026-06-30",
                        "--lang", "en")  # fmt: skip
    assert from_file == told


def test_coverage_of_a_layer(
    capsys: pytest.CaptureFixture[str], store: Path, tmp_path: Path
) -> None:
    frame = gpd.GeoDataFrame({"id": ["r1"], "name": ["水库"]}, geometry=[box(*HERE)], crs=4326)
    source = Provenance("x", "x", "0" * 64, "wgs84", "none", 1, 1)
    make_layer("school", frame.assign(kind="primary"), source).write(tmp_path / "area.parquet")
    code, told = _run(capsys, "coverage", tmp_path / "area.parquet", "--store", store, "--on",
                      "2024-12-31", "--lang", "en")  # fmt: skip
    assert code == 0
    assert "old.tif" in told
    assert "taken later" in told


def test_verify(capsys: pytest.CaptureFixture[str], store: Path) -> None:
    code, told = _run(capsys, "verify", "--store", store, "--lang", "zh")
    assert code == 0
    assert "全部与入库时一致" in told
    original = Store.open(store).original(Store.open(store).scenes()[0])
    held = original.read_bytes()
    original.chmod(0o644)
    original.write_bytes(held[:-1])
    code, told = _run(capsys, "verify", "--store", store, "--lang", "en")
    assert code == 1
    assert original.name in told
    code, told = _run(capsys, "verify", "--store", store, "--json")
    assert json.loads(told)["good"] is False
    original.write_bytes(held)


@pytest.mark.parametrize(
    "words",
    [("list",), ("search",), ("show", "ab" * 8), ("coverage", BBOX), ("verify",)],
    ids=lambda words: words[0],
)
def test_a_mistyped_store_is_told_and_not_made(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert main([*words, "--store", str(tmp_path / "stroe")]) == 1
    assert not (tmp_path / "stroe").exists()


@pytest.mark.parametrize("area", ["1,2,3", "a,b,c,d", "9,9,1,1"])
def test_an_area_that_is_none_is_told(store: Path, area: str) -> None:
    assert main(["coverage", area, "--store", str(store)]) == 1


def test_a_file_without_polygons_is_told(store: Path, tmp_path: Path) -> None:
    (tmp_path / "area.geojson").write_text("[1]", encoding="utf-8")
    assert main(["coverage", str(tmp_path / "area.geojson"), "--store", str(store)]) == 1


def test_a_scene_may_be_named_by_its_file(
    capsys: pytest.CaptureFixture[str], store: Path, tmp_path: Path
) -> None:
    code, told = _run(capsys, "show", "old.tif", "--store", store)
    assert code == 0
    assert json.loads(told)["item"]["properties"]["title"] == "old.tif"
    scene = json.loads(told)["item"]["id"]
    assert json.loads(_run(capsys, "show", scene, "--store", store)[1])["item"]["id"] == scene
    assert _run(capsys, "show", "none.tif", "--store", store)[0] != 0
    for seed in (7, 8):
        made.geotiff(tmp_path / str(seed) / "same.tif", seed)
    _run(capsys, "ingest", tmp_path / "7", tmp_path / "8", "--store", tmp_path / "twice")
    assert _run(capsys, "show", "same.tif", "--store", tmp_path / "twice")[0] != 0
