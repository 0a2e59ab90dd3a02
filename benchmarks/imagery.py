"""Imagery: view copies, tiles and scans of very large orthophotos, beside what one would use instead.

`python -m benchmarks.imagery [--part view|tiles|scan|heavy|all] [--repeat N] [--folder DIR]` makes
its pictures in DIR (a temporary folder where missing, removed at the end; up to 3 GB), lets
every method run in fresh processes that take turns, and prints times, memory and ratios.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2

from benchmarks import _imagery_methods as methods
from benchmarks._harness import (
    Method,
    Run,
    interleaved,
    machine,
    report,
    run_child,
    table,
    timed,
    versions,
)
from benchmarks._imagery_work import heavy, light, orthophoto

PARTS = ("view", "tiles", "scan", "heavy")
VIEW = {"yicha": methods.make_ours, "GDAL COG driver": methods.make_gdal,
        "rio-cogeo": methods.make_rio_cogeo}  # fmt: skip
SCAN: dict[str, Callable[[Path], methods.Figures]] = {
    "rasterio, 2 threads": methods.scan_rasterio,
    "rasterio, 2 threads + light": lambda image: methods.scan_rasterio(image, light),
    "windows + light": methods.scan_windows,
    "map_windows, 2 processes + light": methods.scan_map,
}
HEAVY: dict[str, Callable[[Path], methods.Figures]] = {
    "heavy work alone, 2 threads": methods.work_alone,
    "rasterio, 2 threads + heavy": lambda image: methods.scan_rasterio(image, heavy),
    "map_windows, 2 processes + heavy": lambda image: methods.scan_map(image, heavy),
}
SIDES = {"view": 20_000, "tiles": 20_000, "scan": 50_000, "heavy": 20_000}


def main() -> None:
    """Read the command line; `--child` is how the parent calls itself."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--part", choices=[*PARTS, "all"], default="all")
    parser.add_argument("--side", type=int, help="pixels along a side, instead of the part's own")
    parser.add_argument("--repeat", type=int, default=3, help="rounds (default 3)")
    parser.add_argument("--folder", type=Path, help="where pictures are made and kept")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.child, arguments.part, arguments.folder, arguments.side)
        return
    print(
        f"{machine()}; {versions('rasterio', 'rio-cogeo', 'rio-tiler', 'opencv-python-headless', 'numpy')}"
    )
    with tempfile.TemporaryDirectory(prefix="yicha-imagery-") as temporary:
        folder = arguments.folder or Path(temporary)
        for part in PARTS if arguments.part == "all" else [arguments.part]:
            compare(part, arguments.side or SIDES[part], folder, arguments.repeat)


def child(name: str, part: str, folder: Path, side: int) -> None:
    """One method in this process."""
    cv2.setNumThreads(1)
    image = folder / f"ortho-{side}.tif"
    with timed() as timer:
        if part == "tiles":
            found = (
                methods.tiles(folder)
                if name == "tiles"
                else methods.ingest_to_first_tile(image, folder)
            )
        elif part == "view":
            found = VIEW[name](image, folder)
        else:
            found = (SCAN | HEAVY)[name](image)
    report(timer, **found)


def compare(part: str, side: int, folder: Path, repeat: int) -> None:
    """One part at one size."""
    orthophoto(folder / f"ortho-{side}.tif", side)
    print(f"\n## {part}: {side:,} x {side:,} px\n", flush=True)

    def once(name: str) -> Run:
        return run_child("benchmarks.imagery", ["--child", name, "--part", part, "--folder", str(folder),
                                                "--side", str(side)])  # fmt: skip

    if part == "tiles":
        _tiles(once)
    elif part == "view":
        _print(interleaved(VIEW, repeat, once), "yicha", side)
    elif part == "scan":
        _print(interleaved(SCAN, repeat, once), "rasterio, 2 threads", side)
    else:
        _print(interleaved(HEAVY, repeat, once), "heavy work alone, 2 threads", side)


def _tiles(once: Callable[[str], Run]) -> None:
    whole = once("ingest")
    print(f"Ingest {whole.result['ingest_s']:.1f} s wall ({whole.cpu_s:.1f} s CPU), first tile "
          f"{whole.result['first_tile_ms']:.0f} ms later, peak {whole.peak_mib:.0f} MiB.\n")  # fmt: skip
    print("| what | p50 ms | p95 ms | CPU ms, mean | a second |\n|---|---:|---:|---:|---:|")
    for name, found in once("tiles").result.items():
        rate = f"{found['rate']:.0f}" if "rate" in found else ""
        print(f"| {name} | {found['p50']:.2f} | {found['p95']:.2f} | {found['cpu']:.2f} | {rate} |")


def _print(done: dict[str, Method], base: str, side: int) -> None:
    print(table(done, base))
    for name, method in done.items():
        if method.failure:
            print(f"- {name}: {method.failure}")
            continue
        last = method.runs[-1].result
        memory = f", {last['memory_mib']:.0f} MiB in all processes" if "memory_mib" in last else ""
        more = (
            f", {last['child_cpu_s']:.1f} s CPU in the processes" if "child_cpu_s" in last else ""
        )
        size = f", {last['MB']:.0f} MB" if "MB" in last else ""
        print(
            f"- {name}: {side * side / 1e6 / method.median('wall_s'):.0f} Mpx/s{more}{memory}{size}"
        )


if __name__ == "__main__":
    main()
