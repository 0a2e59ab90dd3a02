"""Obstacles in lanes on real aerial frames with labelled vehicles, with and without a clear reference; how long it takes.

`python -m benchmarks.lanes [--shared DIR] [--part lanes|held-out|speed]`. Both sequences are developer data: the
method was made with them in view. `held-out` chooses four settings on one sequence and scores the other.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks import _detector_frames as frames
from benchmarks._harness import machine, versions
from benchmarks._lane_speed import lane_speed
from imagery.detectors._cut import otsu
from imagery.detectors._obstacles import against_paving, against_reference, light_of, sampled
from imagery.detectors._regular import Regular
from imagery.detectors._shade import Worth
from imagery.detectors._things import cut_of, fit_match, least_difference, to_lab
from imagery.detectors.obstruction import Settings, shrink_of

Method = Callable[[frames.Sequence, int], np.ndarray]
PARTS = ("lanes", "held-out", "speed")
SHARED = Path(__file__).resolve().parents[2] / "shared" / "imagery"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--side", type=int, default=6000, help="pixels of the speed part's scenes")
    arguments = parser.parse_args()
    print(f"{machine()}; {versions('rasterio', 'opencv-python-headless', 'numpy')}")
    for part in PARTS if arguments.part is None else [arguments.part]:
        print(f"\n== {part}")
        if part == "speed":
            lane_speed(arguments.side)
        else:
            (lanes if part == "lanes" else held_out)(arguments.shared)


def lanes(shared: Path) -> None:
    """Print what the detector and trivial ones find on two sequences, at the size it works at and in full."""
    for name in frames.PIXEL_M:
        whole = frames.load(shared / "aerial_vehicles", name)
        worked = frames.averaged_by(whole, shrink_of(whole.pixel_m, Settings()))
        _table(worked, {"obstruction": ours(Settings()), "lane + 8 MAD (floor)": floor,
                        "whole frame + Otsu": whole_frame, "largest bright patch": brightest})  # fmt: skip
        if worked is not whole:
            _table(whole, {"obstruction, not averaged": ours(Settings())})
        _table(frames.standing_too(worked), {"obstruction, no reference": alone(Settings())})


def held_out(shared: Path) -> None:
    """Print the edge error where four settings are chosen on the other sequence (24 combinations)."""
    rows: dict[str, list[float]] = {}
    tried = [Settings(regular=Regular(margin_m=margin, length_m=length, worth=Worth(glass=glass, ground=ground)))
             for margin, glass, ground, length in product(
                 (0.1, 0.15, 0.2), (0.5, 0.9), (-0.4, -0.6), ((4.2, 5.2), (4.6, 5.6)))]  # fmt: skip
    for name in frames.PIXEL_M:
        whole = frames.load(shared / "aerial_vehicles", name)
        worked = frames.averaged_by(whole, shrink_of(whole.pixel_m, Settings()))
        rows[name] = [frames.score(worked, ours(how))["edge p90"] for how in tried]
    for name, other in (tuple(rows), tuple(reversed(rows))):
        best = int(np.argmin(rows[name]))
        regular = tried[best].regular
        print(f"chosen on {name}: margin {regular.margin_m}, length {regular.length_m}, glass {regular.worth.glass}, "
              f"ground {regular.worth.ground}: edge p90 {rows[name][best]:.3f} there, {rows[other][best]:.3f} on {other}")  # fmt: skip


def _table(sequence: frames.Sequence, methods: dict[str, Method]) -> None:
    for title, method in methods.items():
        begun = time.perf_counter()
        row: dict[str, Any] = frames.score(sequence, method)
        each = (time.perf_counter() - begun) / len(sequence.pictures)
        told = "  ".join(f"{key} {value:.2f}" for key, value in row.items() if key != "n")
        print(f"{sequence.name:15} {title:26} n {row['n']:3d}  {told}  {each:.2f} s/frame")


def ours(how: Settings) -> Method:
    """The detector's own function on one frame as if it were the whole scene."""

    def method(sequence: frames.Sequence, n: int) -> np.ndarray:
        good = sequence.lane & sequence.valid[n]
        views = sequence.pictures[n], sequence.reference
        light = light_of([sampled(*views, good, sequence.pixel_m, how)], how)
        return against_reference(views, good, sequence.pixel_m, light, how).mask

    return method


def alone(how: Settings) -> Method:
    """The detector on one frame without a reference."""

    def method(sequence: frames.Sequence, n: int) -> np.ndarray:
        good = sequence.lane & sequence.valid[n]
        return against_paving(sequence.pictures[n], good, sequence.pixel_m, how).mask

    return method


def floor(sequence: frames.Sequence, n: int) -> np.ndarray:
    """Median plus eight MAD inside the lane, opened, closed, filled, a gate of 2 m²; no shadows told apart."""
    good = sequence.lane & sequence.valid[n]
    after, before = to_lab(sequence.pictures[n]), to_lab(sequence.reference)
    apart = least_difference(after, fit_match(after[good], before[good]).apply(before))
    return _cleaned((apart > cut_of(apart[good], 8.0)) & good, sequence.pixel_m)


def whole_frame(sequence: frames.Sequence, n: int) -> np.ndarray:
    """Difference of the whole frame, cut by Otsu, no lane."""
    after, before = to_lab(sequence.pictures[n]), to_lab(sequence.reference)
    apart = np.linalg.norm(after - before, axis=2)
    seen = sequence.valid[n]
    return _cleaned((apart > otsu(apart[seen])) & seen, sequence.pixel_m)


def brightest(sequence: frames.Sequence, n: int) -> np.ndarray:
    """The largest patch of the brightest five per cent of the lane."""
    good = sequence.lane & sequence.valid[n]
    light = to_lab(sequence.pictures[n])[..., 0]
    mask = _cleaned((light > np.percentile(light[good], 95)) & good, sequence.pixel_m)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    return (
        np.asarray(labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()))
        if len(stats) > 1
        else mask
    )


def _cleaned(mask: np.ndarray, pixel_m: float) -> np.ndarray:
    speck, join = (2 * max(1, round(metres / pixel_m)) + 1 for metres in (0.15, 0.45))
    shape = cv2.MORPH_ELLIPSE
    opened = cv2.morphologyEx(
        mask.astype(np.uint8), cv2.MORPH_OPEN, cv2.getStructuringElement(shape, (speck,) * 2)
    )
    closed = cv2.morphologyEx(
        opened, cv2.MORPH_CLOSE, cv2.getStructuringElement(shape, (join,) * 2)
    )
    rings, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros_like(closed)
    kept = [ring for ring in rings if cv2.contourArea(ring) * pixel_m**2 >= 2.0]
    cv2.drawContours(filled, kept, -1, 1, -1)
    return filled > 0


if __name__ == "__main__":
    main()
