"""Walking distance from school gates to shops: ours beside scipy, networkx and OSMnx.

    python -m benchmarks.walking --size city|province|both [--repeat 3]

Two questions are harness.timed, both from files on disk to arrays, within 200 m:

- *nearest gate*: for every shop, how far is the nearest gate of any school;
- *every school*: for every shop and school, how far is the school's nearest gate.

All methods get the same snapped places (edge and offset), because the peers have no snapping
to edges; `whole job` is ours with the snapping, from longitude and latitude, and with the
direct walks between places off the street, which the peers do not know. OSMnx is used as
its users do: GeoDataFrames to a graph, places to their nearest nodes. Every figure is held
against networkx (`worst difference`). Compiled code is loaded before the clock starts.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import _harness as harness
from benchmarks._walking_work import SIZES, make
from layers.walking import WalkNetwork, walk_pairs
from layers.walking.pairs import pairs_of_snapped
from layers.walking.snap import Candidates, Snaps

Answer = tuple[Any, Any, Any]
"""School (or 0), shop and metres, arrays of equal length."""
Job = Callable[[], Answer]

REACH_M = 200.0
FOLDER = harness.RESULTS / "walking"
NEAREST = {"ours, nearest gate": "ours_nearest", "scipy min_only": "scipy_nearest",
           "networkx multi-source": "networkx_nearest"}  # fmt: skip
EVERY = {"ours, every school": "ours_every", "ours, whole job": "ours_whole",
         "scipy, one search per school": "scipy_every",
         "networkx, one search per school": "networkx_every"}  # fmt: skip
OSMNX = {"OSMnx (to nearest nodes)": "osmnx_nearest"}
CITY_ONLY = {"osmnx_nearest", "scipy_every"}


def main() -> int:
    """Parent: make the work, let the methods take turns, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", choices=[*SIZES, "both"], default="city")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        _child(arguments.child, arguments.size)
        return 0
    print(
        harness.machine(),
        harness.versions("numpy", "numba", "scipy", "networkx", "osmnx"),
        sep="\n",
    )
    for size in SIZES if arguments.size == "both" else [arguments.size]:
        _compare(size, arguments.repeat)
    return 0


def _compare(size: str, repeat: int) -> None:
    place = make(size, FOLDER)
    work = np.load(place / "work.npz")
    print(f"\n## {size}: {len(work['nodes'])} nodes, {2 * len(work['metres'])} arcs, "
          f"{len(work['gates'])} gates, {len(work['shops'])} shops")  # fmt: skip
    for title, asked in (("nearest gate", NEAREST | OSMNX), ("every school", EVERY)):
        names = {label: key for label, key in asked.items()
                 if size == "city" or key not in CITY_ONLY}  # fmt: skip
        methods = harness.interleaved(names, repeat, partial(_run, names, size))
        print(f"\n### {title}\n\n{harness.table(methods, next(iter(names)))}\n")
        _agreement(methods, place, names)


def _run(names: dict[str, str], size: str, label: str) -> harness.Run:
    return harness.run_child("benchmarks.walking", ["--child", names[label], "--size", size])


def _agreement(methods: dict[str, harness.Method], place: Path, names: dict[str, str]) -> None:
    """How far each answer is from that of networkx."""
    oracle = next(label for label in names if label.startswith("networkx"))
    expected = _answer(place, names[oracle])
    for label, method in methods.items():
        if method.failure:
            continue
        got = _answer(place, names[label])
        both = sorted(expected.keys() & got.keys())
        gap = np.abs([expected[key] - got[key] for key in both])
        print(f"- {label}: {len(got)} answers, {len(got.keys() ^ expected.keys())} not shared "
              f"with networkx, {(gap > 0.001).sum()} differ, at most by {gap.max():.2g} m")  # fmt: skip


def _answer(place: Path, method: str) -> dict[tuple[int, int], float]:
    """(school or 0, shop) → metres."""
    with np.load(place / f"{method}.npz") as found:
        keys = zip(found["school"].tolist(), found["shop"].tolist(), strict=True)
        return dict(zip(keys, found["metres"].tolist(), strict=True))


def _child(method: str, size: str) -> None:
    place = FOLDER / size
    job = _prepare(method, place)
    with harness.timed() as timer:
        school, shop, metres = job()
    metres = np.asarray(metres, dtype=float)
    school = np.broadcast_to(school, metres.shape)
    np.savez(place / f"{method}.npz", school=school, shop=shop, metres=metres)
    harness.report(timer, answers=len(metres))


def _ours(place: Path, *, every: bool) -> Job:
    work = dict(np.load(place / "work.npz"))
    gates, shops = _snapped(work, "gate"), _snapped(work, "shop")
    school = work["school"] if every else np.zeros(len(work["gates"]), dtype=int)
    starts, ends = (gates, school[gates.place]), (shops, len(work["shops"]))

    def job() -> Answer:
        network = WalkNetwork.open(place / "network")
        pairs = pairs_of_snapped(network, starts, ends, REACH_M)
        return school[pairs.origin], pairs.target, pairs.metres

    job()  # loads the compiled search
    return job


def _snapped(work: dict[str, np.ndarray], kind: str) -> Candidates:
    rows = np.flatnonzero(work[f"{kind}_edge"] >= 0)
    edge, offset, away = (work[f"{kind}_{name}"][rows] for name in ("edge", "offset_m", "snap_m"))
    snaps = Snaps(edge, offset, away, np.zeros((len(rows), 2)))
    return Candidates(rows, np.full(len(rows), -1), snaps)


def _ours_whole(place: Path) -> Job:
    work = dict(np.load(place / "work.npz"))

    def job() -> Answer:
        network = WalkNetwork.open(place / "network")
        pairs = walk_pairs(network, work["gates"], work["shops"], REACH_M, groups=work["school"])
        return work["school"][pairs.origin], pairs.target, pairs.metres

    job()
    return job


def _peer(place: Path, name: str) -> Job:
    from benchmarks import _walking_peers as peers

    work = peers.Work(place / "work.npz")
    if name == "osmnx_nearest":
        return peers.osmnx_nearest(work, REACH_M)
    method = getattr(peers, name)
    return lambda: method(work, REACH_M)


def _prepare(method: str, place: Path) -> Job:
    if method == "ours_whole":
        return _ours_whole(place)
    if method.startswith("ours"):
        return _ours(place, every=method == "ours_every")
    return _peer(place, method)


if __name__ == "__main__":
    sys.exit(main())
