"""The loop: damaged files go through a target in worker processes, so that a crash is seen.

A worker takes the cases of one family in order and says on its output, before each, which it
begins. If it dies or falls silent, that case is the failure and a new worker goes on after it.
"""

from __future__ import annotations

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
            at = _worker(
                report,
                [
                    "--family",
                    family,
                    "--seed",
                    str(seed),
                    "--first",
                    str(at),
                    "--last",
                    str(end),
                    "--target",
                    target,
                    "--folder",
                    folder,
                ],
            )
    return report  # fmt: skip


def _worker(report: Report, arguments: list[str]) -> int:
    """Run one worker as far as it comes; returns the number of the next case."""
    last = int(arguments[arguments.index("--last") + 1])
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fuzz.worker", *arguments], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
    )  # fmt: skip
    lines: queue.Queue[str | None] = queue.Queue()
    said: list[str] = []
    readers = [
        threading.Thread(target=_pump, args=(process.stdout, lines.put), daemon=True),
        threading.Thread(target=_pump, args=(process.stderr, said.append), daemon=True),
    ]
    for reader in readers:  # fmt: skip
        reader.start()
    begun, silent = _follow(report, lines)
    process.kill() if silent else process.wait()
    process.wait()
    for reader in readers:
        reader.join()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    if begun is None:
        if process.returncode:
            raise RuntimeError("the worker did not start: " + "".join(filter(None, said))[-2000:])
        return last
    how = "silent" if silent else f"exit {process.returncode}"
    tail = "".join(filter(None, said))[-500:]
    report.failures.append(f"case {begun}: the process died or hung ({how}) {tail}")
    report.cases += 1
    return begun + 1


def _pump(stream: object, put: object) -> None:
    for line in stream:  # type: ignore[attr-defined]
        put(line)  # type: ignore[operator]
    put(None)  # type: ignore[operator]


def _follow(report: Report, lines: queue.Queue[str | None]) -> tuple[int | None, bool]:
    """Count results; returns the case that was begun and not ended, and whether it hung."""
    begun: int | None = None
    while True:
        try:
            line = lines.get(timeout=SILENCE_S)
        except queue.Empty:
            return begun, True
        if line is None:
            return begun, False
        said = json.loads(line)
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
