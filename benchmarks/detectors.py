"""Detectors on real labelled pictures, beside trivial baselines, and how long they take.

`python -m benchmarks.detectors [--shared DIR] [--part spectral|rgb|speed]`; obstacles in lanes: `benchmarks.lanes`. All pairs here are
developer data: the settings were chosen with them in view, so these are no independent figures.
"""

from __future__ import annotations

import argparse
import tempfile
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import rasterio

from benchmarks._detector_speed import speed
from benchmarks._harness import machine, versions
from imagery.detectors import Shot
from imagery.detectors import change_multispectral as spectral
from imagery.detectors._cut import otsu
from imagery.detectors._site_scores import differences
from imagery.detectors._things import fit_match, to_lab
from imagery.formats import read_scenes

PICTURE = "5b90f92da0d7280005fab355_4310.tif"
PARTS = ("spectral", "rgb", "speed")
SHARED = Path(__file__).resolve().parents[2] / "shared" / "imagery"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--side", type=int, default=12000, help="pixels of the speed part's scenes")
    arguments = parser.parse_args()
    print(f"{machine()}; {versions('rasterio', 'opencv-python-headless', 'numpy')}")
    for part in PARTS if arguments.part is None else [arguments.part]:
        print(f"\n== {part}")
        if part == "speed":
            picture = arguments.shared / "ortho_samples" / PICTURE
            speed(arguments.side, picture if picture.is_file() else None)
        else:
            (pairs if part == "spectral" else chips)(arguments.shared)


def pairs(shared: Path) -> None:
    """Multispectral pairs: one with labels; without them how much is outlined."""
    folder = shared / "change_pairs" / "landsat_taizhou"
    before, after = _shot(folder / "2000.tif"), _shot(folder / "2003.tif")
    with rasterio.open(folder / "label.tif") as file:
        label = file.read(1)
    model = spectral.fit(after, spectral.Settings(), before=before)
    root, cva = np.zeros(label.shape), np.zeros(label.shape, bool)
    mask = np.zeros(label.shape, bool)
    for one in spectral.scores(after, before, model):
        rows, columns = one.mask.shape
        here = np.s_[one.top : one.top + rows, one.left : one.left + columns]
        root[here], mask[here] = one.scores[0], one.mask
        cva[here] = one.mask & (one.scores[1] > model.cut_cva)
    with rasterio.open(folder / "2000.tif") as first, rasterio.open(folder / "2003.tif") as second:
        raw = np.linalg.norm(second.read().astype(float) - first.read(), axis=0)
    for title, found in (("IR-MAD + Otsu, as outlined", mask), ("IR-MAD + Otsu, pixels", root > model.cut),
                         ("both methods", cva), ("raw difference + Otsu", raw > otsu(raw.ravel())),
                         ("largest bright patch", raw > np.percentile(raw, 99))):  # fmt: skip
        print(f"Taizhou  {title:28} {_agreement(found, label)}")
    for name in ("naip5m", "landsat90m"):
        files = sorted((shared / "timeseries_usa_peru" / name).glob("*.tif"))
        for first_file, second_file in pairwise(files):
            layer = spectral.detect(_shot(second_file), before=_shot(first_file))
            print(f"{name}  {first_file.stem[-8:]} → {second_file.stem[-8:]}: {len(layer)} outlines, "
                  f"{layer.frame['area_m2'].sum() / 1e4:.0f} ha (no labels)")  # fmt: skip


def _agreement(found: np.ndarray, label: np.ndarray) -> str:
    """Scores over the labelled pixels: 1 unchanged, 2 changed."""
    hit, false = int((found & (label == 2)).sum()), int((found & (label == 1)).sum())
    true, rest = int((label == 2).sum()), int((label == 1).sum())
    precision, recall = hit / max(1, hit + false), hit / true
    good = (hit + rest - false) / (true + rest)
    chance = ((hit + false) * true + (true + rest - hit - false) * rest) / (true + rest) ** 2
    return (f"P {precision:.3f}  R {recall:.3f}  F1 {2 * hit / max(1, hit + false + true):.3f}  "
            f"kappa {(good - chance) / (1 - chance):.3f}")  # fmt: skip


def chips(shared: Path) -> None:
    """RGB chips without a site: what the detector refuses, and why."""
    for name, pixel_m in (("levir", 0.5), ("dsifn", 2.0)):
        rows: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
        for file in sorted((shared / "change_pairs" / name / "A").glob("*.png")):
            before, after = (_chip(file.parents[1] / side / file.name) for side in "AB")
            truth = _grey(file.parents[1] / "label" / file.name) > 127
            first, second = to_lab(after), to_lab(before)
            second = fit_match(first.reshape(-1, 3), second.reshape(-1, 3)).apply(second)
            colour, texture = differences(first, second, pixel_m, 2.0)
            light = first[..., 0]
            for title, score in (("colour", colour), ("texture", texture), ("bright", light)):
                rows.setdefault(title, []).append((np.asarray(score > otsu(score.ravel())), truth))
            rows.setdefault("everything", []).append((np.ones_like(truth), truth))
        for title, found in rows.items():
            label = np.concatenate([truth.ravel() for _, truth in found]) + 1
            mask = np.concatenate([mask.ravel() for mask, _ in found])
            print(f"{name}  {title:12} {_agreement(mask, label)}")


def _chip(file: Path) -> np.ndarray:
    found = cv2.imread(str(file))
    assert found is not None, file
    return np.ascontiguousarray(np.moveaxis(found[..., ::-1], -1, 0))


def _grey(file: Path) -> np.ndarray:
    found = cv2.imread(str(file), 0)
    assert found is not None, file
    return found


def _shot(path: Path) -> Shot:
    with tempfile.TemporaryDirectory() as work:
        return Shot(path.stem, read_scenes(path, Path(work))[0])


if __name__ == "__main__":
    main()
