"""Common to the benchmarks: fresh processes in turn, time, CPU, memory, and the ratio table.

Each method runs alone in a new process (`python -m MODULE --child METHOD …`), so that
imports, caches and memory of one never help or burden another; the methods take turns in
every round, so that load on the machine falls on all of them. The child times its own
work with `timed` and hands the figures back with `report`.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
"""Generated inputs and outputs; git ignores it."""

_MARK = "BENCHMARK-RESULT "


@dataclass
class Timer:
    """Wall and CPU seconds (user + system, all threads) of one block, filled at its end."""

    wall_s: float = 0.0
    cpu_s: float = 0.0


@contextmanager
def timed() -> Iterator[Timer]:
    """Time the block; imports belong before it.

    What they left behind is hidden from the garbage collector, so that a method does not
    pay for the number of modules beside it.
    """
    timer = Timer()
    gc.collect()
    gc.freeze()
    cpu, wall = time.process_time(), time.perf_counter()
    yield timer
    timer.wall_s, timer.cpu_s = time.perf_counter() - wall, time.process_time() - cpu


def report(timer: Timer, **result: object) -> None:
    """Hand a child's figures to its parent: times, peak memory and what it found."""
    line = {"wall_s": timer.wall_s, "cpu_s": timer.cpu_s, "peak_mib": _peak_mib(), "result": result}
    print(_MARK + json.dumps(line), flush=True)


def _peak_mib() -> float:
    """Peak resident memory of this process alone; `ru_maxrss` also counts the parent's at fork."""
    status = Path("/proc/self/status")
    for line in status.read_text(encoding="utf-8").splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


@dataclass(frozen=True)
class Run:
    """One run of one method. `process_s` includes the start of Python and every import."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    process_s: float
    result: Mapping[str, Any]


@dataclass
class Method:
    """All runs of one method; medians over the rounds."""

    name: str
    runs: list[Run] = field(default_factory=list)
    failure: str = ""

    def median(self, figure: str) -> float:
        """Median of `wall_s`, `cpu_s`, `peak_mib` or `process_s`."""
        return statistics.median(getattr(run, figure) for run in self.runs)


def run_child(
    module: str, arguments: Sequence[str], *, env: Mapping[str, str] | None = None
) -> Run:
    """Run `python -m module …` in a fresh process and read what it reports."""
    command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **(env or {})},
                          capture_output=True, text=True, encoding="utf-8", check=False)  # fmt: skip
    process_s = time.perf_counter() - start
    lines = [line for line in done.stdout.splitlines() if line.startswith(_MARK)]
    if done.returncode or not lines:
        raise RuntimeError(done.stderr.strip()[-2000:] or f"exit code {done.returncode}")
    return Run(process_s=process_s, **json.loads(lines[-1].removeprefix(_MARK)))


def interleaved(names: Iterable[str], repeat: int, once: Callable[[str], Run]) -> dict[str, Method]:
    """Every method `repeat` times, taking turns; a failing one is named and left out."""
    methods = {name: Method(name) for name in names}
    for _ in range(repeat):
        for method in methods.values():
            if method.failure:
                continue
            try:
                method.runs.append(once(method.name))
            except RuntimeError as error:
                method.failure = str(error).splitlines()[-1]
    return methods


def table(methods: Mapping[str, Method], ours: str) -> str:
    """Markdown: medians and ratios to `ours`."""
    base = methods[ours]
    lines = [
        f"| method | wall s | × {ours} | CPU s | × {ours} | peak MiB | whole process s |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for method in methods.values():
        if method.failure or not method.runs:
            lines.append(f"| {method.name} | failed: {method.failure} | | | | | |")
            continue
        wall, cpu = method.median("wall_s"), method.median("cpu_s")
        lines.append(
            f"| {method.name} | {wall:.3f} | {wall / base.median('wall_s'):.2f} "
            f"| {cpu:.3f} | {cpu / base.median('cpu_s'):.2f} "
            f"| {method.median('peak_mib'):.0f} | {method.median('process_s'):.2f} |"
        )
    return "\n".join(lines)


def machine() -> str:
    """The machine in one line."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text(encoding="utf-8").splitlines()
                 if line.startswith("model name")]  # fmt: skip
        model = names[0].partition(":")[2].strip() if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def versions(*packages: str) -> str:
    """Installed versions in one line."""
    return ", ".join(f"{name} {metadata.version(name)}" for name in packages)
