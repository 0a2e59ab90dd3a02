"""`python -m tests.fuzz --count 10000 --reader all --seed 1`: many damaged files, one line each."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.fuzz.run import READ, case, fuzz, seeds_of
from tests.fuzz.seeds import FAMILIES


def main() -> int:
    """Fuzz the chosen readers; exits with 1 if anything but a table or an error came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="cases per reader")
    parser.add_argument("--reader", default="all", choices=["all", *FAMILIES])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", default=READ, help="module:function that takes a path")
    parser.add_argument("--case", type=int, help="write this one damaged file to --out instead")
    parser.add_argument("--out", default=".", help="folder for --case")
    arguments = parser.parse_args()
    if arguments.case is not None:
        made = case(arguments.reader, arguments.seed, arguments.case, seeds_of(arguments.reader))
        path = Path(arguments.out) / f"{arguments.case}-{made.name}"
        path.write_bytes(made.data)
        print(path)
        return 0
    failed = False
    for family in FAMILIES if arguments.reader == "all" else [arguments.reader]:
        start = time.perf_counter()
        report = fuzz(family, arguments.count, arguments.seed, arguments.target)
        print(f"{report.line()}; {time.perf_counter() - start:.0f} s", flush=True)
        for failure in report.failures:
            print(f"  {family} {failure}", flush=True)
        failed = failed or bool(report.failures)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
