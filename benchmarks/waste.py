"""Ranking of waste cells on real labelled scenes: cross-validated by scene, beside random and brightness.

`python -m benchmarks.waste FOLDER` where FOLDER holds `images/*.tif` and `masks/*.tif` of one grid
(Sentinel-2 landfills: 10 m, cells of 80 m). Prints one row per scene and the learning curve.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
import rasterio
from shapely import Polygon

from benchmarks._harness import machine
from imagery.detectors._cells import NAMES, Cells, cells_of
from imagery.detectors._frame import Shot
from imagery.detectors._waste_rank import ranked
from imagery.formats import read_scenes
from imagery.training.learn import SEED, Learnt, fit, folds, learn, predict
from imagery.training.score import SHARES, mean_precision, mean_recall, score_scene
from imagery.training.table import Table, places_of

SIDE_M = 80.0
BUDGETS = (0.0625, 0.125, 0.25)
"""Candidates per square kilometre: 5, 10 and 20 looks in a scene of 80 km²."""
CURVE = (0, 5, 10, 20, 30)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scenes", type=int, default=0, help="only the first so many")
    given = parser.parse_args()
    images = sorted((given.folder / "images").glob("*.tif"))[: given.scenes or None]
    start = time.perf_counter()
    told = [_scene(image, given.folder / "masks" / image.name) for image in images]
    print(machine())
    table = _table(images, told)
    print(
        f"{len(told)} scenes of {len(set(table.places))} places, features in {time.perf_counter() - start:.1f} s"
    )
    learnt = learn(table)
    rankings = _rankings(told, table, learnt)
    _print_scenes(table, rankings)
    for name, scores in rankings.items():
        _print_mean(name, table, scores)
        print(f"  objects found at {BUDGETS} candidates per km²: {_objects(told, table, scores)}")
    _print_curve(table, rankings["by hand"])
    return 0


def _scene(image: Path, mask: Path) -> tuple[Cells, np.ndarray, np.ndarray]:
    """Cells of a scene, which of them are waste (a tenth of the cell), and the site each belongs to."""
    with tempfile.TemporaryDirectory() as work:
        [scene] = read_scenes(image, Path(work))
        cells = cells_of(Shot(image.stem, scene, ""), SIDE_M)
    with rasterio.open(mask) as dataset:
        waste = (dataset.read(1) > 0).astype(np.uint8)
    sites = cv2.connectedComponents(cv2.dilate(waste, np.ones((9, 9), np.uint8)))[1] * waste
    rows, columns = cells.seen.shape
    padded = np.zeros((rows * cells.side, columns * cells.side), np.int32)
    padded[: waste.shape[0], : waste.shape[1]] = sites[: padded.shape[0], : padded.shape[1]]
    blocks = padded.reshape(rows, cells.side, columns, cells.side)
    share = (blocks > 0).mean(axis=(1, 3))
    return cells, (share > 0.1) & cells.seen, blocks.max(axis=(1, 3))


def _table(images: list[Path], told: list[tuple[Cells, np.ndarray, np.ndarray]]) -> Table:
    rows = [cells.features.reshape(len(NAMES), -1).T[cells.seen.ravel()] for cells, _, _ in told]
    waste = [said[cells.seen] for cells, said, _ in told]
    scene = [np.full(len(part), n) for n, part in enumerate(waste)]
    return Table(np.concatenate(rows), np.concatenate(waste), np.concatenate(scene),
                 tuple(image.stem for image in images),
                 places=places_of([_footprint(cells) for cells, _, _ in told]))  # fmt: skip


def _footprint(cells: Cells) -> Polygon:
    """What a scene shows (WGS 84)."""
    rows, columns = cells.seen.shape
    return Polygon(cells.grid.degrees(np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]])))


def _rankings(
    told: list[tuple[Cells, np.ndarray, np.ndarray]], table: Table, learnt: Learnt
) -> dict[str, np.ndarray]:
    """Scores of every cell by each way of ranking."""
    random = np.random.default_rng(SEED)
    bright, by_hand = [], []
    for cells, _, _ in told:
        light = cells.plane("light")
        bright.append(_bright_patch(light, cells.seen)[cells.seen])
        by_hand.append(ranked(cells, cells.seen, None, None).score[cells.seen])
    return {
        "random": random.random(len(table.waste)), "largest bright patch": np.concatenate(bright),
        "by hand": np.concatenate(by_hand), "boosted trees": learnt.held_out,
    }  # fmt: skip


def _bright_patch(light: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Cells of the brightest tenth, those of large patches first."""
    mask = ((light >= np.quantile(light[seen], 0.9)) & seen).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    size = stats[:, cv2.CC_STAT_AREA].astype(float)
    size[0] = 0.0
    return size[labels] + light


def _print_scenes(table: Table, rankings: dict[str, np.ndarray]) -> None:
    print("| scene | waste cells | " + " | ".join(f"{name}: recall at 5 %" for name in rankings) + " |")  # fmt: skip
    for n, name in enumerate(table.scenes):
        mine = table.scene == n
        found = [score_scene(name, score[mine], table.waste[mine]).recall[SHARES.index(0.05)]
                 for score in rankings.values()]  # fmt: skip
        print(f"| {name} | {int(table.waste[mine].sum())} | " + " | ".join(f"{x:.2f}" for x in found) + " |")  # fmt: skip


def _print_mean(name: str, table: Table, score: np.ndarray) -> None:
    scores = [score_scene(one, score[table.scene == n], table.waste[table.scene == n])
              for n, one in enumerate(table.scenes)]  # fmt: skip
    recall = ", ".join(f"{share:.0%}: {mean_recall(scores, share):.2f}" for share in SHARES)
    print(f"{name}: mean AP {mean_precision(scores):.3f}; recall by area reviewed {recall}")


def _objects(
    told: list[tuple[Cells, np.ndarray, np.ndarray]], table: Table, score: np.ndarray
) -> str:
    """Sites with a cell among the best so many; neighbours of a look are not counted again."""
    found, sites = [0] * len(BUDGETS), 0
    for n, (cells, _, owner) in enumerate(told):
        plane = np.full(cells.seen.shape, -np.inf)
        plane[cells.seen] = score[table.scene == n]
        km2 = float(cells.seen.sum()) * cells.cell_m**2 / 1e6
        looks = _looks(plane, max(1, round(max(BUDGETS) * km2)))
        wanted = set(np.unique(owner)) - {0}
        sites += len(wanted)
        for k, budget in enumerate(BUDGETS):
            seen: set[int] = set()
            for row, column in looks[: max(1, round(budget * km2))]:
                near = owner[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
                seen |= set(np.unique(near)) - {0}
            found[k] += len(seen)
    return ", ".join(f"{count}/{sites}" for count in found)


def _looks(plane: np.ndarray, most: int) -> list[tuple[int, int]]:
    """The best cells, no two within three cells of one another."""
    left, looks = plane.copy(), []
    for _ in range(most):
        row, column = np.unravel_index(int(np.argmax(left)), left.shape)
        looks.append((int(row), int(column)))
        left[max(0, row - 3) : row + 4, max(0, column - 3) : column + 4] = -np.inf
    return looks


def _print_curve(table: Table, by_hand: np.ndarray) -> None:
    """Recall at 5 % of the area after so many labelled scenes, each scene tested once per repeat."""
    print("labelled scenes → recall at 5 % of the area (mean over scenes, 3 draws)")
    random = np.random.default_rng(SEED)
    for many in CURVE:
        draws = []
        for _ in range(1 if many == 0 else 3):
            scores = by_hand.copy() if many == 0 else np.zeros(len(table.waste))
            for left_out in folds(table, len(table.scenes) if many >= 30 else 5) if many else ():
                others = np.setdiff1d(np.arange(len(table.scenes)), left_out)
                chosen = random.choice(others, min(many, len(others)), replace=False)
                train, test = table.take(chosen), table.take(left_out)
                scores[test] = predict(fit(table.rows[train], table.waste[train]), table.rows[test])
            told = [score_scene(s, scores[table.scene == n], table.waste[table.scene == n])
                    for n, s in enumerate(table.scenes)]  # fmt: skip
            draws.append(mean_recall(told, 0.05))
            if many >= 30:
                break
        print(f"  {many}: {np.mean(draws):.2f} ({', '.join(f'{x:.2f}' for x in draws)})")


if __name__ == "__main__":
    sys.exit(main())
