"""The loop: damaged files go through a target in worker processes, so that a crash is seen.

A worker takes the cases of a family in order and says on its output, before each, which it begins.
If it dies or falls silent, that case is the failure and a new worker goes on after it.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import queue
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

from layers.errors import YichaError
from tests.fuzz.mutate import mutate
from tests.fuzz.seeds import Seed, corpus

ROOT = Path(__file__).resolve().parents[2]
READ = "tests.fuzz.targets:read"
SILENCE_S = 30.0
MEMORY_BYTES = 6 << 30


@dataclass
class Report:
    """What came of the cases of one family."""

    family: str
    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest_s: float = 0.0

    def line(self) -> str:
        """One line for a person."""
        said = ", ".join(f"{count:,} {name}" for name, count in sorted(self.outcomes.items()))
        return (f"{self.family:10} {self.cases:7,} cases: {said}; {len(self.failures)} failures; "
                f"slowest {self.slowest_s:.2f} s")  # fmt: skip


def case(family: str, seed: int, number: int, seeds: list[Seed]) -> Seed:
    """The damaged file with this number: always the same bytes."""
    rng = Random(f"{family}/{seed}/{number}")
    start = rng.choice(seeds)
    return Seed(start.name, mutate(start.data, rng, [other.data for other in seeds]))


def fuzz(family: str, count: int, seed: int = 1, target: str = READ, first: int = 0) -> Report:
    """Run `count` cases of one family through `target` ("module:function", taking a path).

    The target returns a short word for a result, or raises `YichaError`; anything else, a
    crash and a silence of 30 s are failures.
    """
    report = Report(family)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        at, end = first, first + count
        while at < end:
            at = _go_on(report, end, {"family": family, "seed": seed, "first": at, "last": end,
                                      "target": target, "folder": folder})  # fmt: skip
    return report


class _Worker:
    """A process that runs the cases of one family after another, as long as it lives."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.worker"], cwd=ROOT, text=True, encoding="utf-8",
            errors="replace", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.lines: queue.Queue[str | None] = queue.Queue()
        self.said: list[str] = []
        self._readers = [
            threading.Thread(target=_pump, args=(self.process.stdout, self.lines.put), daemon=True),
            threading.Thread(target=_pump, args=(self.process.stderr, self.said.append), daemon=True),
        ]  # fmt: skip
        for reader in self._readers:
            reader.start()

    def ask(self, cases: dict[str, object]) -> None:
        """Tell it what to run; what becomes of it is on its lines."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(cases) + "\n")
        self.process.stdin.flush()

    def end(self, *, silent: bool = False) -> str:
        """Wait for its end, or bring it about; how it ended and its last words."""
        if silent:
            self.process.kill()
        with self.process:
            if self.process.stdin is not None:
                self.process.stdin.close()
            self.process.wait()
            for reader in self._readers:
                reader.join()
        how = "silent" if silent else f"exit {self.process.returncode}"
        return f"({how}) " + "".join(filter(None, self.said))[-500:]


@cache
def _worker() -> _Worker:
    """The one at work, which has loaded the libraries; another after its death."""
    made = _Worker()
    atexit.register(made.end)
    return made


def _go_on(report: Report, last: int, cases: dict[str, object]) -> int:
    """Run cases as far as the worker comes; returns the number of the next case."""
    worker = _worker()
    worker.ask(cases)
    begun, how = _follow(report, worker.lines)
    if how == "done":
        return last
    _worker.cache_clear()
    atexit.unregister(worker.end)
    told = worker.end(silent=how == "silent")
    if begun is None:
        raise RuntimeError(f"the worker did not start: {told}")
    report.failures.append(f"case {begun}: the process died or hung {told}")
    report.cases += 1
    return begun + 1


def _pump(stream: object, put: object) -> None:
    for line in stream:  # type: ignore[attr-defined]
        put(line)  # type: ignore[operator]
    put(None)  # type: ignore[operator]


def _follow(report: Report, lines: queue.Queue[str | None]) -> tuple[int | None, str]:
    """Count results; the case that was begun and not ended, and `done`, `dead` or `silent`."""
    begun: int | None = None
    while True:
        try:
            line = lines.get(timeout=SILENCE_S)
        except queue.Empty:
            return begun, "silent"
        if line is None:
            return begun, "dead"
        said = json.loads(line)
        if "done" in said:
            return None, "done"
        if "begin" in said:
            begun = said["begin"]
            continue
        begun = None
        report.cases += 1
        report.outcomes[said["outcome"]] += 1
        report.slowest_s = max(report.slowest_s, said["seconds"])
        if said["failure"]:
            report.failures.append(f"case {said['number']}: {said['failure']}")


def run_case(path: Path, target: str) -> tuple[str, str | None]:
    """Run the target on one file: `(outcome, failure)`."""
    module, _, name = target.partition(":")
    call = getattr(importlib.import_module(module), name)
    try:
        return str(call(path)), None
    except YichaError as error:
        wordless = not error.problem or not error.remedy
        return "error", f"an error without words: {error!r}" if wordless else None
    except BaseException as error:  # noqa: BLE001 - that nothing else comes out is the claim
        import traceback

        return "traceback", f"{error!r}\n{traceback.format_exc(limit=-4)}"


def limit_memory() -> None:
    """Where the system can, let a case that asks for too much fail instead of filling it."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def seeds_of(family: str) -> list[Seed]:
    """The corpus of one family."""
    return corpus(family)
