"""How well single photos of one flight place the same ground: `python -m benchmarks.photos FOLDER`.

Prints what `benchmarks/README.md` shows: how far the same place lies apart in two photos, as
written, with headings mended, and after the adjustment; and the share within the stated error.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from imagery.photos.adjust import Adjusted, adjust, apart, written
from imagery.photos.budget import parts_at, sigmas_of, whole
from imagery.photos.ties import Tie, find_ties
from imagery.photos.views import View, open_views


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="JPEGs of one flight")
    photos = sorted(p for p in parser.parse_args().folder.iterdir() if p.suffix.lower() == ".jpg")
    start = time.process_time()
    _, views = open_views(photos)
    ties = find_ties(views)
    laid = adjust(views, ties)
    spent = time.process_time() - start
    print(f"{len(photos)} photos, {len(ties)} pairs, {sum(len(t.pixels_first) for t in ties)} places, "
          f"{spent:.1f} CPU s\n")  # fmt: skip
    print(
        "| ground positions | median | p90 | largest | within the absolute band | within the flight's |"
    )
    print("|---|---|---|---|---|---|")
    for name, how in (("as written", written(views)), ("headings mended", written(views, laid.off_deg)),
                      ("after adjustment", laid)):  # fmt: skip
        print(_row(name, views, ties, how))
    print("\n" + _own_errors(views, laid))


def _row(name: str, views: Sequence[View], ties: Sequence[Tie], laid: Adjusted) -> str:
    gaps = np.concatenate(apart(views, ties, laid))
    shares = []
    for in_flight in (False, True):
        bands = [np.hypot(*(_band(views[at], pixels, in_flight) for at, pixels in
                            ((t.first, t.pixels_first), (t.second, t.pixels_second)))) for t in ties]  # fmt: skip
        band = np.concatenate(bands)
        shares.append(f"{100 * (gaps <= band).mean():.1f} % (median ±{np.median(band):.1f} m)")
    return (f"| {name} | {np.median(gaps):.2f} m | {np.percentile(gaps, 90):.2f} m | "
            f"{gaps.max():.2f} m | {shares[0]} | {shares[1]} |")  # fmt: skip


def _band(view: View, pixels: np.ndarray, in_flight: bool) -> np.ndarray:
    return whole(parts_at(view.lens, sigmas_of(view.camera, in_flight=in_flight), pixels))


def _own_errors(views: Sequence[View], laid: Adjusted) -> str:
    """What each photo's words turned out to miss by, beside the stated deviations."""
    sigma = sigmas_of(views[0].camera, in_flight=True)
    moved = np.abs(laid.shift - np.array([view.here for view in views]))
    yaw = np.array([view.lens.yaw for view in views]) - laid.off_deg
    turned = (yaw + np.degrees(np.angle(laid.turn)) + 180) % 360 - 180
    return (f"own errors, root mean square (stated): position {np.sqrt(np.mean(moved**2)):.1f} m "
            f"({sigma.position_m:.1f} m), heading {np.sqrt(np.mean(turned**2)):.1f}° "
            f"({sigma.yaw_deg:.1f}°), scale {100 * (laid.scale - 1):+.1f} % "
            f"(±{100 * np.hypot(sigma.height_m / views[0].lens.above_m, sigma.focal):.0f} %)")  # fmt: skip


if __name__ == "__main__":
    main()
