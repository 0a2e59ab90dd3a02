"""`python -m tests.fuzz.worker`: one process that runs cases until its input ends, or dies trying.

Each line of the input names a family, a seed, the first case and the last (not included), a target
and a folder for the files.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
import warnings
from pathlib import Path

from tests.fuzz.run import case, limit_memory, run_case, seeds_of


def main() -> int:
    """Run what is asked for and say each case on the output."""
    warnings.simplefilter("error")
    limit_memory()
    for line in sys.stdin:
        _run(**json.loads(line))
        _say({"done": True})
    return 0


def _run(family: str, seed: int, first: int, last: int, target: str, folder: str) -> None:
    seeds = seeds_of(family)
    for number in range(first, last):
        _say({"begin": number})
        damaged = case(family, seed, number, seeds)
        room = Path(folder) / str(number)
        room.mkdir(exist_ok=True)
        path = room / damaged.name
        path.write_bytes(damaged.data)
        start = time.perf_counter()
        outcome, failure = run_case(path, target)
        seconds = time.perf_counter() - start
        shutil.rmtree(room, ignore_errors=True)
        _say({"number": number, "outcome": outcome, "failure": failure, "seconds": seconds})


def _say(message: dict[str, object]) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    sys.exit(main())
