"""An atlas of many sheets: time, sheets per minute, peak memory. `python -m benchmarks.atlas [--sheets 500]`.

The leads are the demo county's findings, taken round and round; every sheet is drawn and set anew. Memory is
the process's own peak after each part: it must not grow from part to part.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from shapely.geometry import shape

from checks import as_geojson, load_rules, run
from evidence import Dossier
from evidence.gather import dossier_of
from evidence.sheet.atlas import PART, atlas_parts
from imagery.store import Store
from imagery.view import TileReader
from layers import LayerFolder

DEMO = Path(__file__).resolve().parent.parent / "data" / "demo"
CHECKS = (
    "tobacco-near-school",
    "waste-near-reservoir",
    "fire-lane-blocked",
    "unregistered-lodging",
)


def dossiers(count: int) -> Iterator[Dossier]:
    """`count` dossiers, each gathered anew from layers and imagery."""
    layers, imagery = LayerFolder(DEMO / "layers"), Store.open(DEMO / "imagery")
    result = run(CHECKS, layers, load_rules("demo"), "2026-06-30")
    features = [one for one in as_geojson(result)["features"] if one["geometry"] is not None]
    reader = TileReader(imagery)
    for number, feature in enumerate(itertools.islice(itertools.cycle(features), count), 1):
        made = dossier_of(
            feature["properties"], shape(feature["geometry"]), layers, imagery=imagery, reader=reader,
            number=f"YC-2026-{number:06d}", lead_id=f"L{number:016x}", made_at="2026-07-01T09:00:00+08:00",
        )  # fmt: skip
        yield replace(made, state="registered")
    reader.close()


def peak_mib() -> float:
    """The most memory this process has held, MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main() -> int:
    """Print one line a part and the whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheets", type=int, default=500)
    count = parser.parse_args().sheets
    begun, cpu = time.perf_counter(), time.process_time()
    print(
        f"{count} sheets in parts of {PART}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    done = size = 0
    for pdf, leads in atlas_parts(dossiers(count)):
        done, size = done + len(leads), size + len(pdf)
        seconds = time.perf_counter() - begun
        print(
            f"{done:5d} sheets {seconds:7.1f} s  {done / seconds * 60:5.0f} a minute  peak {peak_mib():5.0f} MiB"
        )
    used = time.process_time() - cpu
    print(f"CPU {used:.1f} s ({used / count:.2f} a sheet), {size / 1e6:.1f} MB of PDF")
    return 0


if __name__ == "__main__":
    sys.exit(main())
