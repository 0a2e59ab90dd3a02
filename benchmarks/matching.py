"""Matching of registers: quality, speed and real registers, beside what users would pick instead.

`python -m benchmarks.matching quality | speed | real [--size 20k|100k|both] [--repeat N]`.
`quality` makes towns with corruptions of known kinds, `speed` runs every method in fresh
processes that take turns, `real` needs the data beside the project (`../shared/data`).
Results go to `benchmarks/results/matching-*.{json,md}` too.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import _matching_quality as quality
from benchmarks._harness import (
    RESULTS,
    ROOT,
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
from benchmarks._matching_peers import SPEED
from benchmarks._matching_work import SIZES, files, layers_of
from layers.matching import match

FOLDER = RESULTS / "matching"
OURS = "yicha"
GOAL = 0.15
"""Our time at most so many times that of TF-IDF + sparse_dot_topn."""


def main() -> None:
    """Read the command line; `--child` is how the parent calls itself."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("part", choices=["quality", "speed", "real"])
    parser.add_argument("--size", choices=[*SIZES, "both"], default="20k")
    parser.add_argument("--repeat", type=int, default=3, help="rounds (default 3)")
    parser.add_argument("--methods", nargs="*", choices=list(SPEED), help="only these (with ours)")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--child", choices=list(SPEED), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.child, arguments.size)
    elif arguments.part == "quality":
        show_quality()
    elif arguments.part == "real":
        from benchmarks._matching_real import show

        publish("real", *show(arguments.shared))
    else:
        names = [name for name in SPEED if name == OURS or name in (arguments.methods or SPEED)]
        for size in SIZES if arguments.size == "both" else [arguments.size]:
            show_speed(size, names, arguments.repeat)


def child(name: str, size: str) -> None:
    """One method in this process: two layers in memory to one best register row for each shop."""
    register, site = layers_of(size, FOLDER)
    method = SPEED[name]
    library = method.load()
    with timed() as timer:
        best = method.answer(library, register, site)
    report(timer, found=_found(size, register.frame["id"], site.frame["id"], best.register))


def _found(size: str, register: pd.Series, site: pd.Series, best: np.ndarray) -> int:
    truth = pd.read_parquet(files(size, FOLDER)[2])
    true = set(zip(truth["register_id"], truth["site_id"], strict=True))
    ids = register.to_numpy(dtype=object)
    rows = np.flatnonzero(best >= 0)
    pairs = zip(ids[best[rows]], site.to_numpy(dtype=object)[rows], strict=True)
    return sum(pair in true for pair in pairs)


def show_speed(size: str, names: Iterable[str], repeat: int) -> None:
    """All methods at one size: times, memory, found counts and whether the goal is met."""
    register, site = layers_of(size, FOLDER)
    partners = pd.read_parquet(files(size, FOLDER)[2])["site_id"].nunique()

    def once(name: str) -> Run:
        return run_child("benchmarks.matching", ["speed", "--child", name, "--size", size])

    methods = interleaved(names, repeat, once)
    lines = [
        f"### {len(register):,} × {len(site):,} rows, {repeat} rounds", "", table(methods, OURS), "",
        f"Found: the best register row is a true partner, of {partners:,} shops that have one: "
        + ", ".join(f"{name} {run.result['found']:,}" for name, run in _last(methods)) + ".",
    ]  # fmt: skip
    for name, peer in methods.items():
        if "sparse_dot_topn" in name and peer.runs:
            ratio = [
                methods[OURS].median(figure) / peer.median(figure) for figure in ("wall_s", "cpu_s")
            ]
            lines.append(
                f"- of {name}: {ratio[0]:.3f} × the wall, {ratio[1]:.3f} × the CPU (goal: {GOAL} ×)."
            )
    figures = {
        name: [
            {"wall_s": run.wall_s, "cpu_s": run.cpu_s, "peak_mib": run.peak_mib, **run.result}
            for run in one.runs
        ]
        for name, one in methods.items()
    }
    publish(f"speed-{size}", lines, figures)


def _last(methods: Mapping[str, Method]) -> list[tuple[str, Run]]:
    return [(name, method.runs[-1]) for name, method in methods.items() if method.runs]


def show_quality(size: int = quality.SIZE) -> None:
    """Zones, kinds, calibration, and the peers."""
    found = {
        kind: [(town, match(town.register, town.site)) for town in quality.towns(kinds, size)]
        for kind, kinds in quality.KINDS.items()
    }
    zones = [row for kind, one in found.items() for row in quality.zone_rows(kind, one)]
    tenths, brier = [], {}
    for kind, one in found.items():
        rows, brier[kind] = quality.reliability(kind, one)
        tenths += rows
    kinds = [row for kind, one in found.items() for row in quality.kind_rows(kind, one)]
    peers = quality.peer_rows(size)
    said = ", ".join(f"{kind} {value:.4f}" for kind, value in brier.items())
    lines = [
        "### Zones", "", markdown(zones), "", "### Calibration", "", markdown(tenths), "", f"Brier score: {said}.", "",
        "### By kind of corruption", "", markdown(kinds), "", "### Beside others, on the UNSEEN kinds", "", markdown(peers),
    ]  # fmt: skip
    publish(
        "quality",
        lines,
        {"zones": zones, "tenths": tenths, "brier": brier, "kinds": kinds, "peers": peers},
    )


def markdown(rows: list[dict[str, object]]) -> str:
    """Rows as a table; shares to four digits."""
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    for row in rows:
        cells = [f"{cell:.4f}" if isinstance(cell, float) else str(cell) for cell in row.values()]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def publish(part: str, lines: list[str], figures: object) -> None:
    """Print the text, and leave it with its figures among the results."""
    head = f"{machine()}; {versions('pandas', 'numpy', 'scipy', 'scikit-learn', 'sparse-dot-topn', 'rapidfuzz', 'splink', 'duckdb')}"
    text = "\n".join([head, "", *lines]) + "\n"
    print(text)
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"matching-{part}.md").write_text(text, encoding="utf-8")
    figures_text = json.dumps({"machine": head, "figures": figures}, ensure_ascii=False, indent=1)
    (RESULTS / f"matching-{part}.json").write_text(figures_text, encoding="utf-8")


if __name__ == "__main__":
    main()
