"""A kill at any moment: every original absent or whole, a catalogue that opens, a run that goes on.

`YICHA_KILLS=100 pytest tests/imagery/ingest/test_kill.py` tries more moments than the suite does.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pystac
import pytest

from imagery.guard import open_raster
from imagery.ingest import ingest
from imagery.store import Store
from imagery.store.originals import originals
from tests.imagery.ingest import made

KILLS = int(os.environ.get("YICHA_KILLS", "12"))
SEED = 20261122
_SERVER = """
import os, sys
from imagery.ingest import ingest
from imagery.store import Store
print("ready", flush=True)
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        ingest([sys.argv[1]], Store.open(line.rstrip("\\n")), received=sys.argv[2])
        os._exit(0)
    print(pid, flush=True)
    print(os.waitpid(pid, 0)[1], flush=True)
"""
"""Imports once, then every line read is a store into which a process of its own ingests."""


class _Server:
    """Starts ingests of `card` that can be killed."""

    def __init__(self, card: Path, root: Path) -> None:
        command = [sys.executable, "-c", _SERVER, str(card), made.RECEIVED]
        self.process = subprocess.Popen(
            command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._line() == "ready"

    def ingest(self, store: Path, seconds: float | None) -> bool:
        """Begin an ingest and kill it after `seconds`; whether it still lived then."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{store}\n")
        self.process.stdin.flush()
        pid = int(self._line() or 0)
        if seconds is not None:
            threading.Event().wait(seconds)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        status = int(self._line() or 0)
        assert status in (0, signal.SIGKILL)
        return status == signal.SIGKILL

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")


def _check(folder: Path, hashes: set[str]) -> None:
    """What must hold at every moment after a kill."""
    for path, _size in originals(folder):
        sha256 = path.name.partition(".")[0]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256
        assert sha256 in hashes or path.name.endswith(".folder.json")
    if not (folder / "catalog.json").is_file():
        return  # killed before the store was made
    store = Store.open(folder)
    assert list((folder / "work").iterdir()) == []
    pystac.Catalog.from_file(str(folder / "catalog.json"))
    for scene in store.scenes():
        assert store.original(scene).is_file()
        view = store.view(scene)
        assert view is not None
        with open_raster(view, "GTiff") as dataset:
            dataset.read(1)
        assert store.record(scene)
    assert {problem.code for problem in store.verify().problems} <= {"unnamed"}


@pytest.mark.skipif(sys.platform == "win32", reason="uses kill -9")
def test_kill_at_random_moments(tmp_path: Path, root: Path) -> None:
    card = made.mixed(tmp_path / "card", tmp_path / "scratch")
    hashes = {hashlib.sha256(p.read_bytes()).hexdigest() for p in card.rglob("*") if p.is_file()}
    server = _Server(card, root)
    with server.process:
        begun = time.monotonic()
        assert not server.ingest(tmp_path / "whole", None)
        seconds = time.monotonic() - begun
        whole = Store.open(tmp_path / "whole").scenes()
        dice = random.Random(SEED)
        folder, killed, anew = tmp_path / "store", 0, True
        for number in range(KILLS):
            if anew or number % 4 == 0:  # early moments matter as much as late ones
                shutil.rmtree(folder, ignore_errors=True)
            begun = time.monotonic()
            lived = server.ingest(folder, dice.uniform(0.0, seconds))
            if not lived:  # the machine is quicker than it was
                seconds = min(seconds, time.monotonic() - begun)
            killed, anew = killed + lived, not lived
            if folder.is_dir():
                _check(folder, hashes)
    assert killed >= KILLS // 3
    store = Store.open(folder)
    report = ingest([card], store, received=made.RECEIVED)
    assert report.counts["refused"] == 1
    assert store.scenes() == whole
    assert store.verify().problems == ()
    assert ingest([card], store, received=made.RECEIVED).counts["duplicate"] == 10
