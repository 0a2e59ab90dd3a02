"""Clear width of many lanes, beside the brute-force raster.

`python -m benchmarks.width [--lanes 10000] [--raster 100] [--cell 0.05]`. Curved lanes of 4 to 8 m and
some 60 m length with 2 to 13 turned obstacles, made before the clock runs. Results go to
`benchmarks/results/width.{json,md}` too.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable

import numpy as np

from benchmarks._harness import RESULTS, machine, versions
from imagery.width import clear_width
from imagery.width.drive import drive_through
from imagery.width.vehicles import vehicle
from tests.imagery.width.lanes import random_lane
from tests.imagery.width.oracle import raster_width

GOAL_S = 60.0
"""Ten thousand lanes in so many seconds."""


def main() -> None:
    """Time every method on the same lanes and print what each lane costs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lanes", type=int, default=10_000)
    parser.add_argument("--raster", type=int, default=100, help="lanes given to the raster")
    parser.add_argument("--cell", type=float, default=0.05, help="cell of the raster, metres")
    arguments = parser.parse_args()
    lanes = [random_lane(seed) for seed in range(arguments.lanes)]
    few = lanes[: arguments.raster]
    exact, ours = timed(
        lambda: [clear_width(*lane, outline_error_m=0.3, sections=False).metres for lane in lanes]
    )
    full, _ = timed(lambda: [clear_width(*lane, outline_error_m=0.3).metres for lane in lanes])
    coarse, raster = timed(lambda: [raster_width(*lane, arguments.cell) for lane in few])
    driven, _ = timed(lambda: [float(bool(drive_through(clear_width(*lane, sections=False), vehicle("pump")).passes))
                               for lane in few[:20]])  # fmt: skip
    apart = np.array(raster) - np.array(ours[: len(few)])
    rows = {
        "exact, with interval": (exact, len(lanes)), "exact, with cross-sections too": (full, len(lanes)),
        f"raster, {arguments.cell:g} m": (coarse, len(few)), "drive-through of a pumper": (driven, len(few[:20])),
    }  # fmt: skip
    each = {name: seconds / count for name, (seconds, count) in rows.items()}
    lines = [
        "| method | lanes | ms per lane | × exact | 10,000 lanes, s |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [f"| {name} | {rows[name][1]} | {1e3 * one:.2f} | {one / each['exact, with interval']:.1f} | {1e4 * one:.0f} |"
              for name, one in each.items()]  # fmt: skip
    lines += ["", (f"raster - exact: mean {apart.mean():+.3f} m, from {apart.min():+.3f} to {apart.max():+.3f} m; "
              f"goal of {GOAL_S:g} s for 10,000 lanes, cross-sections too, {'met' if 1e4 * each['exact, with cross-sections too'] <= GOAL_S else 'MISSED'}")]  # fmt: skip
    RESULTS.mkdir(parents=True, exist_ok=True)
    told = {
        "seconds_per_lane": each,
        "apart_m": apart.tolist(),
        "machine": machine(),
        "versions": versions(),
    }
    (RESULTS / "width.json").write_text(
        json.dumps(told, indent=1, default=str) + "\n", encoding="utf-8"
    )
    (RESULTS / "width.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def timed(work: Callable[[], list[float]]) -> tuple[float, list[float]]:
    """Seconds of one core and result of one piece of work: others on the machine do not count."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


if __name__ == "__main__":
    main()
