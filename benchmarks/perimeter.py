"""School perimeter at city and province size, beside what users would pick instead.

`python -m benchmarks.perimeter --size city|province|both [--repeat N]` makes two GeoParquet
files (seeded), lets every method answer the same question in fresh processes that take
turns, checks all answers against a geodesic oracle and prints ratios to ours.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from benchmarks._harness import (
    RESULTS,
    Run,
    interleaved,
    machine,
    report,
    run_child,
    table,
    timed,
    versions,
)
from benchmarks._perimeter_methods import METHODS, PLANE, REACH_M
from benchmarks._perimeter_work import SIZES, files

FOLDER = RESULTS / "perimeter"
OURS = "yicha"
GEOPANDAS = ("GeoPandas sjoin dwithin", "GeoPandas sjoin_nearest", "STRtree dwithin")
GOAL = {"city": 1.0, "province": 0.5}
"""Our wall time at most so many times that of the best GeoPandas line."""


def main() -> None:
    """Read the command line; `--child` is how the parent calls itself."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", choices=[*SIZES, "both"], default="city")
    parser.add_argument("--repeat", type=int, default=5, help="rounds (default 5)")
    parser.add_argument("--child", choices=list(METHODS), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.child, arguments.size)
        return
    print(
        f"{machine()}; {versions('geopandas', 'shapely', 'pyproj', 'numpy', 'pyarrow', 'duckdb')}"
    )
    for size in SIZES if arguments.size == "both" else [arguments.size]:
        compare(size, arguments.repeat)


def child(name: str, size: str) -> None:
    """One method in this process: time it and leave its answer for the check."""
    shops, campuses = files(size, FOLDER)
    method = METHODS[name]
    library = method.load()
    with timed() as timer:
        shop, campus, metres = method.answer(library, shops, campuses)
    np.savez(_answer(size, name), shop=shop, campus=campus, metres=metres)
    report(timer, found=len(shop))


def compare(size: str, repeat: int) -> None:
    """All methods at one size: the table, the check, and whether the goal is met."""
    shops, campuses = files(size, FOLDER)
    wanted = SIZES[size]
    print(f"\n## {size}: {wanted.shops:,} shops, {wanted.campuses:,} campuses, {repeat} rounds\n")

    def once(name: str) -> Run:
        return run_child("benchmarks.perimeter", ["--child", name, "--size", size])

    methods = interleaved(METHODS, repeat, once)
    print(table(methods, OURS))
    print(f"\nAgainst the geodesic oracle ({REACH_M:.0f} m):")
    truth = oracle(shops, campuses)
    for name, method in methods.items():
        if not method.failure:
            print(f"- {name}: {verdict(_answer(size, name), truth)}")
    best = min((methods[name] for name in GEOPANDAS), key=lambda method: method.median("wall_s"))
    for name in (OURS, "yicha on GeoDataFrames"):
        ratio = methods[name].median("wall_s") / best.median("wall_s")
        cpu = methods[name].median("cpu_s") / best.median("cpu_s")
        print(f"\n{name} takes {ratio:.2f} x the wall and {cpu:.2f} x the CPU of the best GeoPandas "
              f"line ({best.name}); the goal at this size is {GOAL[size]:.1f} x.", end="")  # fmt: skip
    print()


def oracle(shops: Path, campuses: Path) -> dict[tuple[int, int], float]:
    """Geodesic metres of every (shop, campus) up to a little beyond the reach.

    Independent of our search: GEOS finds the shortest lines in the UTM plane, which is
    conformal and therefore finds the right places; PROJ measures them on the ellipsoid.
    """
    import geopandas as gpd
    import shapely
    from pyproj import Geod, Transformer

    a, b = (gpd.read_parquet(path).to_crs(PLANE) for path in (shops, campuses))
    left, right = a.geometry.to_numpy(), b.geometry.to_numpy()
    at, other = shapely.STRtree(right).query(left, predicate="dwithin", distance=REACH_M * 1.01)
    ends = shapely.get_coordinates(shapely.shortest_line(left[at], right[other])).reshape(-1, 4)
    back = Transformer.from_crs(PLANE, 4326, always_xy=True)
    start, stop = back.transform(ends[:, 0], ends[:, 1]), back.transform(ends[:, 2], ends[:, 3])
    metres = Geod(ellps="WGS84").inv(*start, *stop)[2]
    keys = zip(a["id"].to_numpy()[at].tolist(), b["id"].to_numpy()[other].tolist(), strict=True)
    return dict(zip(keys, metres.tolist(), strict=True))


def verdict(answer: Path, truth: dict[tuple[int, int], float]) -> str:
    """How an answer differs from the oracle: shops too many and too few, wrong campus, metres."""
    least: dict[int, float] = {}
    for (shop, _), metres in truth.items():
        least[shop] = min(metres, least.get(shop, np.inf))
    wanted = {shop for shop, metres in least.items() if metres <= REACH_M}
    with np.load(answer) as found:
        rows = zip(
            found["shop"].tolist(), found["campus"].tolist(), found["metres"].tolist(), strict=True
        )
        got = {shop: (campus, metres) for shop, campus, metres in rows}
    extra, missing = len(got.keys() - wanted), len(wanted - got.keys())
    both = got.keys() & wanted
    wrong = sum(truth.get((shop, got[shop][0]), np.inf) > least[shop] + 1e-3 for shop in both)
    worst = max((abs(got[shop][1] - least[shop]) for shop in both), default=0.0)
    equal = "equal" if not (extra or missing or wrong) and worst < 1e-3 else "differs"
    return (f"{equal}: {len(got):,} shops, {extra} too many, {missing} missing, {wrong} with another "
            f"campus, largest difference {worst * 1000:.2f} mm")  # fmt: skip


def _answer(size: str, name: str) -> Path:
    return FOLDER / f"{size}-{name.replace(' ', '-')}.npz"


if __name__ == "__main__":
    main()
