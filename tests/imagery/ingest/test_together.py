"""Two processes take the same card into one store at once; disks and permissions fail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from imagery.ingest import ingest
from imagery.store import Store
from layers.errors import ImageryError
from tests.imagery.ingest import made
from tests.imagery.plain_user import needs_permissions, plain_folder

_RUN = """
import sys
from imagery.ingest import ingest
from imagery.store import Store
print("ready", flush=True)
sys.stdin.readline()
report = ingest([sys.argv[1]], Store.open(sys.argv[2]), received=sys.argv[3])
print(report.counts["accepted"], report.counts["duplicate"], report.counts["refused"])
"""


def test_two_processes_ingest_into_one_store_at_once(tmp_path: Path, root: Path) -> None:
    card = made.mixed(tmp_path / "card", tmp_path / "scratch")
    command = [sys.executable, "-c", _RUN, str(card), str(tmp_path / "store"), made.RECEIVED]
    both = [subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             text=True) for _ in range(2)]  # fmt: skip
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    told = [process.communicate("\n") for process in both]
    assert [process.returncode for process in both] == [0, 0]
    counts = [tuple(map(int, out.split())) for out, _ in told]
    assert [a + d for a, d, _ in counts] == [10, 10]
    assert [r for _, _, r in counts] == [1, 1]
    # a scene of an archive may be finished by either; every other file is taken by one only
    assert 10 <= sum(a for a, _, _ in counts) <= 11
    store = Store.open(tmp_path / "store")
    assert len(store.scenes()) == 11
    assert store.verify().problems == ()
    assert all(len(store.record(scene)) == 1 for scene in store.scenes())
    assert list((store.root / "work").iterdir()) == []


@needs_permissions
def test_a_store_nobody_may_write_into_is_told() -> None:
    with plain_folder() as folder:
        closed = folder / "closed"
        closed.mkdir()
        closed.chmod(0o555)
        with pytest.raises(ImageryError, match="choose a folder"):
            Store.open(closed / "store")


def test_a_view_that_cannot_be_written_refuses_the_file_and_keeps_the_original(
    tmp_path: Path,
) -> None:
    path = made.geotiff(tmp_path / "a.tif")
    store = Store.open(tmp_path / "store")
    views = store.root / "views"
    views.rmdir()
    views.write_bytes(b"")  # a file where the folder should be: every write below it fails
    report = ingest([path], store, received=made.RECEIVED)
    assert report.counts["refused"] == 1
    assert "Remedy" not in report.rows[0].remedy
    assert store.scenes() == ()
    assert len(list((store.root / "originals").rglob("*.tif"))) == 1
    views.unlink()
    views.mkdir()
    assert ingest([path], store, received=made.RECEIVED).counts["accepted"] == 1
    assert store.verify().problems == ()


def test_a_store_whose_folders_are_gone_is_told(tmp_path: Path) -> None:
    path = made.geotiff(tmp_path / "a.tif")
    store = Store.open(tmp_path / "store")
    (store.root / "work").rmdir()
    with pytest.raises(ImageryError, match="Remedy"):
        ingest([path], store, received=made.RECEIVED)


def test_an_account_that_cannot_be_written_costs_no_scene(tmp_path: Path) -> None:
    path = made.geotiff(tmp_path / "a.tif")
    (tmp_path / "b.tif").write_bytes(b"II*\0")
    store = Store.open(tmp_path / "store")
    (store.root / "refused").rmdir()
    report = ingest([path, tmp_path / "b.tif"], store, received=made.RECEIVED)
    assert [row.status for row in report.rows] == ["accepted", "refused"]
    assert len(store.scenes()) == 1
    (store.root / "refused").mkdir()
    (store.root / "refused" / "torn.jsonl").write_text('{"originals": ["', encoding="utf-8")
    assert store.verify().good
