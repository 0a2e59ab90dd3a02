"""The store's folder: made, opened, swept after a kill, verified."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pystac
import pytest

from imagery.store import Store
from imagery.store.layout import FOLDERS
from imagery.store.locks import locked, try_lock
from imagery.store.originals import Keeper
from imagery.store.records import FIRST, appended, read_record
from layers.errors import Cancelled, ImageryError

SHA256 = "ab" * 32
SCENE = SHA256[:16]


def _with_scene(folder: Path) -> Store:
    """A store with one scene, as an ingest leaves it."""
    store = Store.open(folder / "store")
    source = folder / "a.tif"
    source.write_bytes(b"abc")
    with store.run() as run:
        kept = Keeper(run).keep(source)
        document: dict[str, Any] = {
            "type": "Feature", "stac_version": "1.1.0", "id": kept.sha256[:16], "geometry": None,
            "properties": {"datetime": "2026-06-30T00:00:00Z"}, "links": [],
            "assets": {"original": {"href": f"../originals/{kept.sha256[:2]}/{kept.path.name}",
                                    "title": "a.tif"}},
        }  # fmt: skip
        store.write_item(run, document, {"event": "received"})
        store.write_catalogue(run)
    return store


def test_a_new_store_is_a_stac_catalogue_that_opens(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "a" / "store")
    assert {path.name for path in store.root.iterdir()} == {*FOLDERS, "catalog.json"}
    assert store.scenes() == ()
    catalogue = pystac.Catalog.from_file(str(store.root / "catalog.json"))
    assert list(catalogue.get_items()) == []


def test_a_folder_of_other_things_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(ImageryError, match=r"letter\.txt"):
        Store.open(tmp_path)


def test_nothing_is_made_where_only_reading_was_meant(tmp_path: Path) -> None:
    with pytest.raises(ImageryError, match="no imagery store"):
        Store.open(tmp_path / "stroe", create=False)
    assert not (tmp_path / "stroe").exists()


def test_a_store_half_made_is_finished(tmp_path: Path) -> None:
    (tmp_path / "store" / "items").mkdir(parents=True)
    assert Store.open(tmp_path / "store").scenes() == ()


def test_a_scene_is_read_back(tmp_path: Path) -> None:
    store = _with_scene(tmp_path)
    (scene,) = store.scenes()
    assert store.original(scene).read_bytes() == b"abc"
    assert store.view(scene) is None
    assert store.sidecars(scene) == {}
    assert store.item(scene).id == scene
    assert (
        Path(str(store.item(scene).assets["original"].get_absolute_href())).read_bytes() == b"abc"
    )
    assert [event["event"] for event in store.record(scene)] == ["received"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "AB" * 8, SCENE + "-", "x" * 16,
                                  SCENE + "/..", SCENE + "\n"])  # fmt: skip
def test_what_is_no_id_reaches_no_file(tmp_path: Path, name: str) -> None:
    store = _with_scene(tmp_path)
    for ask in (store.item, store.original, store.view, store.record):
        with pytest.raises(ImageryError, match="no scene id"):
            ask(name)
    with pytest.raises(ImageryError, match="no scene id"):
        store.derived(name, "mask")


def test_an_unknown_scene_is_told(tmp_path: Path) -> None:
    store = _with_scene(tmp_path)
    for ask in (store.item, store.original, store.view, store.record):
        with pytest.raises(ImageryError, match="no such scene"):
            ask("0" * 16)


def test_derived_files_are_kept_with_their_lineage(tmp_path: Path) -> None:
    store = _with_scene(tmp_path)
    (scene,) = store.scenes()
    made = tmp_path / "mask.PNG"
    made.write_bytes(b"one")
    store.add_derived(scene, "mask", made, {"what": "drawn", "when": "2026-07-01", "who": "王"})
    made.write_bytes(b"two")
    path = store.add_derived(scene, "mask", made, {"what": "drawn again"})
    assert store.derived(scene, "mask") is not None
    assert path.read_bytes() == b"two"
    assert made.exists()
    assert [event["event"] for event in store.record(scene)] == ["received", "derived", "derived"]
    assert store.record(scene)[1]["who"] == "王"
    assert store.item(scene).assets["derived-mask"].to_dict()["yicha:lineage"] == {
        "what": "drawn again"
    }
    assert store.verify().good
    with pytest.raises(ImageryError, match="no role"):
        store.add_derived(scene, "../mask", made, {})


def test_what_changed_or_is_missing_is_named(tmp_path: Path) -> None:
    store = _with_scene(tmp_path)
    (scene,) = store.scenes()
    assert store.verify().good
    original = store.original(scene)
    original.chmod(0o600)
    original.write_bytes(b"abd")
    assert [problem.code for problem in store.verify().problems] == ["changed"]
    original.unlink()
    found = store.verify()
    assert [problem.code for problem in found.problems] == ["missing"]
    assert not found.good
    assert original.name in found.problems[0].file
    assert found.as_dict()["good"] is False


def test_what_does_not_belong_is_named(tmp_path: Path) -> None:
    store = _with_scene(tmp_path)
    (store.root / "originals" / "zz").mkdir()
    (store.root / "originals" / "zz" / "note.txt").write_text("x", encoding="utf-8")
    (store.root / "items" / f"{'1' * 16}.json").write_text("{", encoding="utf-8")
    assert {problem.code for problem in store.verify().problems} == {"foreign", "item"}
    with pytest.raises(ImageryError, match="damaged"):
        store.document("1" * 16)


def test_verification_can_be_watched_and_stopped(tmp_path: Path) -> None:
    store = _with_scene(tmp_path)
    seen: list[tuple[int, int, str]] = []
    store.verify(progress=lambda *told: seen.append(told))
    assert [told[:2] for told in seen] == [(3, 3)]
    with pytest.raises(Cancelled):
        store.verify(cancelled=lambda: True)


def test_a_record_shows_every_change_made_later(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    for number in range(3):
        path.write_text(appended(path, {"event": "e", "who": f"王{number}"}), encoding="utf-8")
    events = read_record(path)
    assert [event["who"] for event in events] == ["王0", "王1", "王2"]
    assert events[0]["previous"] == FIRST
    lines = path.read_text(encoding="utf-8").splitlines()
    for altered in (
        [lines[0].replace("王0", "李0"), *lines[1:]], [lines[0], lines[2]], lines[1:],
        [*lines[:2], "{"], [lines[1], lines[0], lines[2]],
    ):  # fmt: skip
        path.write_text("\n".join(altered) + "\n", encoding="utf-8")
        with pytest.raises(ImageryError, match="altered"):
            read_record(path)


def test_an_altered_record_is_found_by_verification(tmp_path: Path) -> None:
    store = _with_scene(tmp_path)
    path = store.record_path(store.scenes()[0])
    path.write_text(path.read_text(encoding="utf-8").replace("}", ', "x": 1}'), encoding="utf-8")
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"n": 2, "previous": FIRST}) + "\n")
    assert [problem.code for problem in store.verify().problems] == ["record"]


def test_staging_of_a_dead_run_is_swept_and_of_a_living_one_is_not(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store")
    dead = store.root / "work" / "1-dead"
    dead.mkdir()
    (dead / "0.part").write_bytes(b"half")
    (store.root / "locks" / "run-2-dead.lock").touch()
    with store.run() as living:
        Store.open(store.root)
        assert living.folder.is_dir()
        assert not dead.exists()
        assert [path.name for path in (store.root / "locks").glob("run-*")] == [
            f"run-{living.id}.lock"
        ]


_KILLED = """
import os, sys
from imagery.store import Store
store = Store.open(sys.argv[1])
with store.run() as run:
    run.partial().write_bytes(b"half")
    os._exit(9)
"""


def test_a_killed_run_holds_no_lock(tmp_path: Path, root: Path) -> None:
    store = Store.open(tmp_path / "store")
    subprocess.run([sys.executable, "-c", _KILLED, str(store.root)], check=False, cwd=root)
    assert len(list((store.root / "work").iterdir())) == 1
    Store.open(store.root)
    assert list((store.root / "work").iterdir()) == []


def test_a_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with locked(path):
        assert try_lock(path) is None
        with pytest.raises(Cancelled), locked(path, lambda: True):
            pass
    with locked(path):
        pass
