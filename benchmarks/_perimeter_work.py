"""Made-up shops and campuses of a city and of a province, as two GeoParquet files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

SEED = 20260630
_METRES = 111_195.0


@dataclass(frozen=True)
class Size:
    """How many of what, over how many towns in a box (west, south, east, north; degrees)."""

    shops: int
    campuses: int
    towns: int
    box: tuple[float, float, float, float]


SIZES = {
    "city": Size(20_000, 1_000, 12, (116.2, 39.75, 116.6, 40.05)),
    "province": Size(300_000, 25_000, 260, (113.6, 24.6, 118.2, 29.9)),
}


def files(size: str, folder: Path) -> tuple[Path, Path]:
    """The shop and the campus file of a size, written when they are not there yet."""
    paths = folder / f"{size}-shops.parquet", folder / f"{size}-campuses.parquet"
    if not all(path.exists() for path in paths):
        folder.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng(SEED)
        wanted = SIZES[size]
        towns = _towns(rng, wanted)
        _write(_campuses(rng, _places(rng, towns, wanted.campuses, 1.0)), paths[1])
        _write(np.asarray(shapely.points(_places(rng, towns, wanted.shops, 1.15))), paths[0])
    return paths


def _write(geometry: np.ndarray, path: Path) -> None:
    frame = gpd.GeoDataFrame({"id": np.arange(len(geometry))}, geometry=geometry, crs=4326)
    frame.to_parquet(path)


def _towns(rng: np.random.Generator, size: Size) -> np.ndarray:
    """Longitude, latitude, radius (m) and share of each town: few large ones, many small."""
    west, south, east, north = size.box
    share = rng.lognormal(0.0, 1.1, size.towns)
    radius = 1_500.0 * np.sqrt(share) + 500.0
    place = rng.uniform([west, south], [east, north], (size.towns, 2))
    return np.column_stack([place, radius, share / share.sum()])


def _places(rng: np.random.Generator, towns: np.ndarray, count: int, spread: float) -> np.ndarray:
    """Points round the towns, a tenth of them anywhere in between."""
    town = towns[rng.choice(len(towns), count, p=towns[:, 3])]
    away = rng.normal(0.0, 1.0, (count, 2)) * town[:, 2:3] * spread
    away[rng.random(count) < 0.1] *= 6.0
    scale = np.column_stack([_METRES * np.cos(np.radians(town[:, 1])), np.full(count, _METRES)])
    return town[:, :2] + away / scale


def _campuses(rng: np.random.Generator, centres: np.ndarray) -> np.ndarray:
    """Star-shaped grounds of 4 to 40 vertices, 40 to 250 m across the middle, any direction."""
    vertices = np.clip(rng.lognormal(2.1, 0.6, len(centres)).astype(int), 4, 40)
    radius = np.clip(rng.lognormal(4.4, 0.45, len(centres)), 25.0, 260.0)
    start = np.concatenate([[0], np.cumsum(vertices)])
    of = np.repeat(np.arange(len(centres)), vertices)
    turn = (np.arange(len(of)) - start[of] + rng.uniform(0.1, 0.9, len(of))) / vertices[of]
    angle = 2.0 * np.pi * turn + rng.uniform(0.0, 2.0 * np.pi, len(centres))[of]
    length = radius[of] * rng.uniform(0.7, 1.0, len(of))
    scale = np.column_stack(
        [_METRES * np.cos(np.radians(centres[of, 1])), np.full(len(of), _METRES)]
    )
    xy = centres[of] + length[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]) / scale
    return shapely.polygons(shapely.linearrings(xy, indices=of))
