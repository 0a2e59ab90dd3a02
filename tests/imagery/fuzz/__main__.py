"""`python -m tests.imagery.fuzz --n 2000 --seed 1`: many mutated and hostile files."""

from __future__ import annotations

import argparse
import sys
import time
from itertools import islice

from tests.imagery.fuzz.run import Report, cases, fuzz, show


def main() -> int:
    """Read them all; exits with 1 if anything but scenes or a clear refusal came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    begin, report = time.perf_counter(), Report()
    several = cases(arguments.n, arguments.seed)
    while part := list(islice(several, 250)):
        known = len(report.failures)
        fuzz(iter(part), report)
        show(f"{time.perf_counter() - begin:6.0f} s  {report.line()}")
        for failure in report.failures[known:]:
            show(f"  {failure}")
    return int(bool(report.failures))


if __name__ == "__main__":
    sys.exit(main())
