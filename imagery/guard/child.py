"""Asks the process in which files of others are read, with a time limit; replaces it when it dies."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from imagery.guard.limits import Limits
from layers.errors import ImageryError

_ROOT = Path(__file__).resolve().parents[2]
_MOST_REQUESTS = 1000
"""After so many a fresh process takes over: leaks of libraries do not add up."""
_START_SECONDS = 60.0
_KEPT_OUT = ("GDAL_", "CPL_", "OGR_", "VSI_", "AWS_", "PYTHONSTARTUP", "PYTHONWARNINGS")


class Child:
    """One process, one request at a time; safe to share between threads."""

    def __init__(self, memory_bytes: int) -> None:
        self.memory_bytes = memory_bytes
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[str | None] = queue.Queue()
        self._asked = 0

    def ask(self, task: str, arguments: dict[str, Any], seconds: float, file: Path) -> Any:  # noqa: ANN401
        """What the task returns; raises `ImageryError` about `file` for any other end."""
        request = json.dumps({"task": task, "arguments": arguments, "seconds": seconds})
        with self._lock:
            fresh = self._start()
            line = self._exchange(request, seconds + (_START_SECONDS if fresh else 0.0))
            if line is None or self._asked >= _MOST_REQUESTS:
                self._stop()
        if line is None:
            raise ImageryError(
                f"reading the picture crashed or took longer than {seconds:.0f} s", file=file,
                remedy="do not use this file if you do not know its sender; else export it again "
                "as a tiled GeoTIFF (COG)",
            )  # fmt: skip
        said = json.loads(line)
        if "ok" in said:
            return said["ok"]
        raise ImageryError(said["problem"], remedy=said["remedy"], file=said.get("file") or file)

    def close(self) -> None:
        """End the process; the next question starts another."""
        with self._lock:
            self._stop()

    def _exchange(self, request: str, seconds: float) -> str | None:
        """The answer's line, or None where the process died or was silent for too long."""
        process = self._process
        if process is None or process.stdin is None:
            return None
        self._asked += 1
        try:
            process.stdin.write(request + "\n")
            process.stdin.flush()
            return self._answers.get(timeout=seconds)
        except (OSError, ValueError, queue.Empty):
            return None

    def _start(self) -> bool:
        """Make sure that a process lives; True where it was just started."""
        if self._process is not None and self._process.poll() is None:
            return False
        self._stop()
        self._answers = queue.Queue()
        self._asked = 0
        kept = {name: value for name, value in os.environ.items()
                if not name.upper().startswith(_KEPT_OUT)}  # fmt: skip
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "imagery.guard.worker", "--memory", str(self.memory_bytes)],
            cwd=_ROOT, env={**kept, "PYTHONIOENCODING": "utf-8"}, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        threading.Thread(
            target=_pump, args=(self._process.stdout, self._answers), daemon=True
        ).start()
        return True

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        with contextlib.suppress(OSError):
            if process.stdin is not None:
                process.stdin.close()


def _pump(stream: IO[str], answers: queue.Queue[str | None]) -> None:
    """Hand on the lines; None when the process ends."""
    with contextlib.suppress(OSError, ValueError), stream:
        for line in stream:
            answers.put(line)
    answers.put(None)


def child(memory_bytes: int) -> Child:
    """The process for this memory limit, started at its first question."""
    return _child_of(memory_bytes, os.getpid())


@lru_cache(maxsize=4)
def _child_of(memory_bytes: int, _asker: int) -> Child:
    """One for each asking process: a copy of that process must not share its pipes."""
    made = Child(memory_bytes)
    atexit.register(made.close)
    return made


def probe_apart(path: Path, driver: str, limits: Limits) -> dict[str, Any]:
    """What `imagery.guard.probe.probe` says, read in a process of its own within the limits."""
    arguments = {"path": str(path), "driver": driver, "sample_blocks": limits.sample_blocks}
    return dict(child(limits.memory_bytes).ask("probe", arguments, limits.seconds, path))


def decode_apart(path: Path, out: Path, limits: Limits) -> dict[str, Any]:
    """What `imagery.guard.heif_pixels.decode_heif` says, decoded in that process; `out` is written."""
    arguments = {"path": str(path), "out": str(out)}
    return dict(child(limits.memory_bytes).ask("decode", arguments, limits.seconds, path))
