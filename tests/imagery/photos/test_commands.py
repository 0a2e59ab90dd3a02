"""`python -m imagery photo`, `mosaic` and `engine`: what a person sees and gets."""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from imagery.commands import engine, mosaic, photo
from imagery.engines.fetch import ORTHOPHOTO
from imagery.ingest import ingest
from imagery.photos.mosaic import ROLE
from imagery.store import Store
from layers.errors import ImageryError
from tests.imagery.engines.nodeodm import Node, running
from tests.imagery.photos.made import drone, flight, gimbal

SPOTS = {"a.jpg": (0.0, 0.0, 0.0), "b.jpg": (12.0, 0.0, 0.0), "c.jpg": (12.0, 12.0, 180.0)}
SIZE = (600, 400)


def _run(command: ModuleType, *words: object) -> int:
    parser = argparse.ArgumentParser()
    command.add(parser)
    return int(command.run(parser.parse_args([str(word) for word in words])))


def test_photo_prints_and_writes_outlines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    down, aside, bare = (tmp_path / f"{name}.jpg" for name in ("down", "aside", "bare"))
    down.write_bytes(drone())
    aside.write_bytes(drone(packet=gimbal(45.0, -20.0)))
    bare.write_bytes(b"\xff\xd8\xff\xd9")
    out = tmp_path / "seen.geojson"
    assert _run(photo, down, aside, bare, "--geojson", out, "--lang", "en") == 0
    told = capsys.readouterr().out
    assert "GSD" in told
    assert "an oblique photo" in told
    assert "carries no EXIF" in told
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert [f["properties"]["shape"] for f in features] == ["outline", "cone"]
    assert features[0]["properties"]["u_m"] > 10
    assert _run(photo, down, "--lang", "zh") == 0
    assert "单张照片无法核对航向" in capsys.readouterr().out


def test_photo_checks_headings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spots = {"a.jpg": (-12.0, 0.0, 0.0), "b.jpg": (12.0, 0.0, 0.0), "c.jpg": (12.0, 20.0, 0.0)}
    photos = flight(tmp_path, spots, turned=("c.jpg",), size=SIZE)
    assert _run(photo, *photos, "--check", "--lang", "en") == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum("180 degrees off" in line for line in lines) == 1
    assert not any("one photo cannot" in line for line in lines)


def test_mosaic_of_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photos, out = flight(tmp_path, SPOTS, size=SIZE), tmp_path / "preview.tif"
    assert _run(mosaic, *photos, "--out", out, "--gsd", "0.3", "--lang", "en") == 0
    told = capsys.readouterr().out
    assert "NOT AN ORTHOPHOTO" in told
    assert out.is_file()
    for bad in (("--gsd", "0", "--out", out), ()):
        with pytest.raises(ImageryError):
            _run(mosaic, *photos, *bad)


def test_mosaic_of_scenes_is_kept_in_the_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = flight(tmp_path, SPOTS, size=SIZE)
    store = Store.open(tmp_path / "store")
    report = ingest(photos, store, received="2026-07-01T08:00:00+08:00")
    assert len(report.scenes) == 3
    assert _run(mosaic, *report.scenes, "--store", tmp_path / "store", "--gsd", "0.3",
                "--lang", "zh") == 0  # fmt: skip
    assert "不是正射影像" in capsys.readouterr().out
    kept = store.derived(report.scenes[0], ROLE)
    assert kept is not None
    assert kept.is_file()
    lineage = store.document(report.scenes[0])["assets"][f"derived-{ROLE}"]["yicha:lineage"]
    assert lineage["not_an_orthophoto"] is True
    assert len(lineage["from"]) == 3


def _orthophoto() -> bytes:
    data = io.BytesIO()
    with rasterio.MemoryFile() as memory:
        with memory.open(driver="GTiff", width=300, height=300, count=3, dtype="uint8", tiled=True,
                         crs="EPSG:32648", transform=from_origin(548_100, 2_899_500, 0.1, 0.1)) as target:  # fmt: skip
            target.write(np.random.default_rng(1).integers(0, 255, (3, 300, 300), np.uint8))
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr(ORTHOPHOTO, memory.read())
    return data.getvalue()


def test_engine_makes_an_orthophoto_and_hands_it_to_the_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos, out = flight(tmp_path, SPOTS, size=SIZE), tmp_path / "ortho.tif"
    with running(Node(_orthophoto(), polls=0)) as address:
        assert _run(engine, "--url", address) == 0
        assert "odm 3.5.5" in capsys.readouterr().out
        code = _run(engine, "--url", address, *photos, "--out", out, "--store", tmp_path / "store",
                    "--option", "fast-orthophoto", "--option", "orthophoto-resolution=3",
                    "--lang", "en")  # fmt: skip
    told = capsys.readouterr().out
    assert code == 0, told
    assert "task " in told
    store = Store.open(tmp_path / "store")
    (scene,) = store.scenes()
    lineage = store.document(scene)["properties"]["yicha:lineage"]
    assert lineage[-1]["by"] == "odm"
    assert [source["file"] for source in lineage[-1]["from"]] == list(SPOTS)
    assert lineage[-1]["options"] == [{"name": "fast-orthophoto", "value": True},
                                      {"name": "orthophoto-resolution", "value": 3.0}]  # fmt: skip
    assert store.verify().good


def test_engine_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ImageryError, match="nowhere to put"):
        _run(engine, "--url", "http://127.0.0.1:1", tmp_path / "a.jpg")
    with pytest.raises(ImageryError, match="is no option"):
        _run(engine, "--url", "http://127.0.0.1:1", tmp_path / "a.jpg", "--out", "o.tif",
             "--option", "=3")  # fmt: skip
