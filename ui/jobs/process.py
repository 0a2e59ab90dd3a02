"""One worker process: told its order, listened to, stopped, and ended where it does not stop."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from typing import IO, Any

from ui.jobs.limits import Limits
from ui.jobs.log import Log
from ui.settings import ROOT


class Worker:
    """A process under way. Made under the table's lock, listened to without it."""

    def __init__(self, command: Sequence[str], limits: Limits, log: Log) -> None:
        self._limits, self._log = limits, log
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [*command], cwd=ROOT, env={**os.environ, "PYTHONUTF8": "1"}, encoding="utf-8", errors="replace",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self._end_it: threading.Timer | None = None
        self._ears = threading.Thread(target=self._note, daemon=True, name="job-log")
        self._ears.start()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def say(self, line: str) -> None:
        """A line to the process; one that has ended needs none."""
        stream = _pipe(self._process.stdin)
        with contextlib.suppress(OSError, ValueError):
            stream.write(line + "\n")
            stream.flush()

    def stop(self) -> None:
        """Ask it to stop between two steps; after the grace it is ended."""
        self.say("stop")
        if self._end_it is None:
            self._end_it = threading.Timer(self._limits.grace_s, self._process.kill)
            self._end_it.daemon = True
            self._end_it.start()

    def answers(self) -> Iterator[dict[str, Any]]:
        """What it says until it ends; what is no answer goes into the log."""
        stream = _pipe(self._process.stdout)
        while line := stream.readline(self._limits.line_chars):
            try:
                said = json.loads(line)
            except (ValueError, RecursionError):
                said = None
            if isinstance(said, dict):
                yield said
            else:
                self._log.add(line[:200].rstrip("\n") + "\n")

    def end(self) -> int:
        """Wait for its end; its exit code (negative: ended by a signal)."""
        with contextlib.suppress(OSError):
            _pipe(self._process.stdin).close()
        code = self._process.wait()
        if self._end_it is not None:
            self._end_it.cancel()
        self._ears.join(5.0)
        for stream in (self._process.stdout, self._process.stderr):
            _pipe(stream).close()
        return code

    def _note(self) -> None:
        stream = _pipe(self._process.stderr)
        with contextlib.suppress(OSError, ValueError):
            while text := stream.readline(4000):
                self._log.add(text)


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None  # asked for when the process was made
    return stream
