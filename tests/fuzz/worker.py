"""`python -m tests.fuzz.worker`: one process that runs cases until it ends, or dies trying."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
import warnings
from pathlib import Path

from tests.fuzz.run import READ, case, limit_memory, run_case, seeds_of


def main() -> int:
    """Run the cases `--first` to `--last` (not included) and say each on the output."""
    parser = argparse.ArgumentParser()
    for name in ("--family", "--folder"):
        parser.add_argument(name, required=True)
    for name, default in (("--seed", 1), ("--first", 0), ("--last", 1)):
        parser.add_argument(name, type=int, default=default)
    parser.add_argument("--target", default=READ)
    arguments = parser.parse_args()
    warnings.simplefilter("error")
    limit_memory()
    seeds = seeds_of(arguments.family)
    for number in range(arguments.first, arguments.last):
        _say({"begin": number})
        damaged = case(arguments.family, arguments.seed, number, seeds)
        folder = Path(arguments.folder) / str(number)
        folder.mkdir(exist_ok=True)
        path = folder / damaged.name
        path.write_bytes(damaged.data)
        start = time.perf_counter()
        outcome, failure = run_case(path, arguments.target)
        seconds = time.perf_counter() - start
        shutil.rmtree(folder, ignore_errors=True)
        _say({"number": number, "outcome": outcome, "failure": failure, "seconds": seconds})
    return 0


def _say(message: dict[str, object]) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    sys.exit(main())
