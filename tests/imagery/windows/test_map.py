"""The map over windows: processes, order, kill and resume, cancel, errors, Dask."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import shapely

from imagery.windows import map_windows, windows
from imagery.windows.results import from_text, to_text
from layers.errors import Cancelled, ImageryError
from tests.imagery.view.made import waves, write
from tests.imagery.windows.work import counted, failing, scaled, total

WINDOWS = 20


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("map") / "a.tif", waves(1024, 1280))


@pytest.fixture(scope="module")
def wanted(image: Path) -> list[tuple[int, tuple[int, int]]]:
    return [(window.index, total(window)) for window in windows(image, 256)]


def test_several_processes_give_what_one_gives(image: Path, wanted: list[object]) -> None:
    assert len(wanted) == WINDOWS
    told: list[tuple[int, int]] = []
    one = list(map_windows(total, image, size=256, processes=1))
    two = list(map_windows(total, image, size=256, halo=9, processes=2,
                           progress=lambda done, many: told.append((done, many))))  # fmt: skip
    assert one == two == wanted
    assert told == [(n, WINDOWS) for n in range(1, WINDOWS + 1)]
    loose = list(map_windows(total, image, size=256, processes=2, ordered=False))
    assert sorted(loose) == wanted


def test_a_killed_run_goes_on_where_it_was(
    image: Path, wanted: list[object], tmp_path: Path, root: Path
) -> None:
    journal, calls = tmp_path / "run.journal", tmp_path / "calls"
    calls.mkdir()
    for number in (3, 11):
        done = subprocess.run([sys.executable, "-m", "tests.imagery.windows.work", str(number),
                               str(image), str(journal)], cwd=root, check=False)  # fmt: skip
        assert done.returncode == 9
    lines = journal.read_bytes().splitlines()
    assert len(lines) == 1 + 11
    with journal.open("ab") as file:  # the line that was being written when it was killed
        file.write(b'0000aaaa\t12\t{"__ki')
    assert list(map_windows(total, image, size=256, processes=2, resume=journal)) == wanted
    assert len(journal.read_bytes().splitlines()) == 1 + WINDOWS
    assert list(map_windows(total, image, size=256, processes=1, resume=journal)) == wanted


def test_only_what_is_missing_is_worked_on(image: Path, tmp_path: Path) -> None:
    journal, calls = tmp_path / "run.journal", tmp_path / "calls"
    calls.mkdir()
    function = partial(counted, str(calls))
    running = map_windows(function, image, size=256, processes=1, resume=journal)
    for _ in range(7):
        next(running)
    running.close()
    kept = len(journal.read_bytes().splitlines()) - 1
    before = len(list(calls.iterdir()))
    list(map_windows(function, image, size=256, processes=1, resume=journal))
    assert kept == 7
    assert len(list(calls.iterdir())) - before <= WINDOWS - kept
    again = len(list(calls.iterdir()))
    list(map_windows(function, image, size=256, processes=1, resume=journal))
    assert len(list(calls.iterdir())) == again


@pytest.mark.parametrize(
    "change", ["image", "function", "argument", "size", "halo", "settings", "damage"]
)
def test_a_journal_of_other_work_is_begun_anew(tmp_path: Path, change: str) -> None:
    path = write(tmp_path / "a.tif", waves(512, 512))
    journal = tmp_path / "j"
    options: dict[str, object] = {"size": 256, "halo": 0, "settings": {"threshold": 3}}
    list(map_windows(partial(scaled, 2), path, processes=1, resume=journal, **options))  # type: ignore[arg-type]
    head = journal.read_bytes().splitlines()[0]
    function: object = partial(scaled, 2)
    if change == "image":
        write(path, 255 - waves(512, 512))
    elif change == "function":
        function = total
    elif change == "argument":
        function = partial(scaled, 3)
    elif change == "damage":
        journal.write_bytes(b"\xff" * 100 + b"\n" + journal.read_bytes())
    else:
        options |= {"size": 128} if change == "size" else {"halo": 3} if change == "halo" \
            else {"settings": {"threshold": 4}}  # fmt: skip
    fresh: list[object] = list(map_windows(function, path, processes=1, resume=journal, **options))  # type: ignore[arg-type]
    assert (journal.read_bytes().splitlines()[0] == head) == (change == "damage")
    plain: list[object] = list(map_windows(function, path, processes=1, **options))  # type: ignore[arg-type]
    assert repr(fresh) == repr(plain)


def test_a_line_that_was_altered_ends_what_is_believed(
    image: Path, tmp_path: Path, wanted: list[object]
) -> None:
    journal = tmp_path / "j"
    list(map_windows(total, image, size=256, processes=1, resume=journal))
    content = journal.read_bytes()
    lines = content.split(b"\n")
    lines[5] = lines[5].replace(b"[", b"[9", 1)
    journal.write_bytes(b"\n".join(lines))
    assert list(map_windows(total, image, size=256, processes=1, resume=journal)) == wanted
    assert sorted(journal.read_bytes().split(b"\n")) == sorted(content.split(b"\n"))


@pytest.mark.parametrize("processes", [1, 2])
def test_cancelling_stops_and_keeps_what_is_finished(
    image: Path, tmp_path: Path, processes: int
) -> None:
    told: list[int] = []
    running = map_windows(total, image, size=256, processes=processes, resume=tmp_path / "j",
                          cancelled=lambda: len(told) >= 4,
                          progress=lambda done, _: told.append(done))  # fmt: skip
    with pytest.raises(Cancelled):
        list(running)
    assert len((tmp_path / "j").read_bytes().splitlines()) == 1 + 4
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_of_the_function_arrives(image: Path, processes: int) -> None:
    with pytest.raises(ValueError, match="window 2"):
        list(map_windows(failing, image, size=256, processes=processes))
    assert not multiprocessing.active_children()


def test_a_damaged_image_is_told_from_another_process(tmp_path: Path) -> None:
    path = write(tmp_path / "x.tif", waves(1500, 1500))
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 9000] = b"\x55" * 9000
    path.write_bytes(content)
    with pytest.raises(ImageryError, match="damaged"):
        list(map_windows(total, path, size=256, processes=2))


def test_results_keep_their_kind() -> None:
    value = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), 3: (1, "甲", None, 2.5, True),
             "b": [b"\x00\xff", np.int16(-3)], "g": shapely.box(0, 0, 1, 2)}  # fmt: skip
    back = from_text(to_text(value))
    assert list(back) == ["a", 3, "b", "g"]
    assert back["a"].dtype == np.float32
    assert np.array_equal(back["a"], value["a"])  # type: ignore[arg-type]
    assert back[3] == value[3]
    assert back["b"] == value["b"]
    assert type(back["b"][1]) is np.int16
    assert back["g"].equals(value["g"])


@pytest.mark.parametrize("value", [object(), np.array([object()]), {1, 2}, lambda: None])
def test_what_could_only_be_pickled_is_refused(value: object) -> None:
    with pytest.raises(ImageryError, match="cannot be kept"):
        to_text([value])


def test_dask_without_an_address_is_refused(image: Path) -> None:
    with pytest.raises(ImageryError, match="address"):
        list(map_windows(total, image, engine="dask"))


def test_dask_gives_what_one_process_gives(image: Path, wanted: list[object], root: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="an optional library")
    assert distributed
    script = (
        "import sys\n"
        "from distributed import LocalCluster\n"
        "from imagery.windows import map_windows\n"
        "from tests.imagery.windows.work import total\n"
        "if __name__ == '__main__':\n"
        "    with LocalCluster(n_workers=1, threads_per_worker=2, processes=False,\n"
        "                      dashboard_address=None, protocol='tcp', host='127.0.0.1') as cluster:\n"
        "        print(list(map_windows(total, sys.argv[1], size=256, engine='dask',\n"
        "                               scheduler=cluster.scheduler_address)))\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script, str(image)], cwd=root,
                          capture_output=True, text=True, encoding="utf-8", check=False,
                          env={**os.environ, "PYTHONPATH": str(root)}, timeout=120)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == repr(wanted)
