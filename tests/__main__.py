"""`python -m tests [--jobs N] [pytest's options]`: rules of writing, types, and every test.

Types and each folder of tests are processes of their own, as many at once as there are processors
and at least two: browser tests and the like mostly wait. `python -m pytest` runs the same tests one
after the other.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = ("browser", "imagery", "leads", "ui", "evidence", "layers", "offline", "office", "types")
"""What begins first, so that nothing long is left over at the end."""
NOTHING_COLLECTED = 5
"""How pytest ends where the options chose no test of a folder."""


@dataclass(frozen=True)
class Ended:
    """A part that ran: whether all was well, what it said, how long it took."""

    name: str
    well: bool
    said: str
    seconds: float


def parts(root: Path, options: Sequence[str] = ()) -> Mapping[str, Sequence[str]]:
    """Words after `python -m`, by name: every test file below `tests` belongs to exactly one."""
    tests = root / "tests"
    folders = {file.relative_to(tests).parts[0] for file in tests.rglob("test_*.py")}
    single = sorted(name for name in folders if (tests / name).is_file())
    found = {name: ["pytest", *options, f"tests/{name}"] for name in folders if name not in single}
    if single:
        found["files"] = ["pytest", *options, *(f"tests/{name}" for name in single)]
    found["types"] = ["mypy", "."]
    first = {name: number for number, name in enumerate(LONGEST)}
    return {name: found[name] for name in sorted(found, key=lambda n: (first.get(n, 99), n))}


def run(name: str, words: Sequence[str]) -> Ended:
    """Carry one part out."""
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, check=False, text=True,
                          encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
    well = done.returncode == 0 or (words[0] == "pytest" and done.returncode == NOTHING_COLLECTED)
    return Ended(name, well, done.stdout, time.monotonic() - begun)


def main(argv: Sequence[str] | None = None) -> int:
    """Run all parts; a part that failed is told in full, of the others the last line."""
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__)
    parser.add_argument("--jobs", type=int, default=max(2, os.cpu_count() or 2))
    known, options = parser.parse_known_args(argv)
    rules = [run(f"ruff {words[0]}", ["ruff", *words]) for words in (["check", "."], ["format", "--check", "."])]  # fmt: skip
    failed = [_told(one) for one in rules if not one.well]
    with ThreadPoolExecutor(known.jobs) as pool:
        running = [pool.submit(run, *part) for part in parts(ROOT, options).items()]
        for one in as_completed(running):
            failed += [_told(one.result())] * (not one.result().well)
    print("failed: " + ", ".join(failed) if failed else "all is well", flush=True)
    return 1 if failed else 0


def _told(one: Ended) -> str:
    lines = one.said.strip().splitlines() or [""]
    print(one.said if not one.well else "", end="")
    print(f"{one.name}: {'well' if one.well else 'FAILED'} in {one.seconds:.0f} s: {lines[-1].strip('= ')}", flush=True)  # fmt: skip
    return one.name


if __name__ == "__main__":
    sys.exit(main())
