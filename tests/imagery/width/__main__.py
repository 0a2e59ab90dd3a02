"""`python -m tests.imagery.width [HOW_MANY] [CELL]`: random lanes against the raster, all of them."""

from __future__ import annotations

import sys

import numpy as np

from imagery.width import clear_width
from tests.imagery.width.lanes import random_lane
from tests.imagery.width.oracle import raster_width


def main(count: int = 1000, cell: float = 0.1) -> int:
    """Print how far the two lie apart; 1 where any lane differs by more than a cell."""
    apart = []
    for seed in range(count):
        lane, cars, gates = random_lane(seed)
        exact = clear_width(lane, cars, gates, sections=False).metres
        apart.append(raster_width(lane, cars, gates, cell) - exact)
        if abs(apart[-1]) > cell:
            print(f"seed {seed}: exact {exact:.3f} m, raster {exact + apart[-1]:.3f} m")
    gap = np.array(apart)
    print(f"{count} lanes, cell {cell} m: raster - exact: mean {gap.mean():+.4f} m, "
          f"from {gap.min():+.4f} to {gap.max():+.4f} m")  # fmt: skip
    return int((np.abs(gap) > cell).any())


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(*(kind(text) for kind, text in zip((int, float), given, strict=False))))
