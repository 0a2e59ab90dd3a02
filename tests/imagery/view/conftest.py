"""One store with five scenes of one place, ingested as a person would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from imagery.ingest import ingest
from imagery.scene import Stated
from imagery.store import Store
from imagery.view import TileReader
from tests.imagery.view.made import utm_transform, waves, write

SIDE = 1400
PIXEL = 0.25


@dataclass(frozen=True)
class Place:
    """The store, its scenes by name, a reader, and the arrays the scenes were made of."""

    store: Store
    ids: dict[str, str]
    reader: TileReader
    arrays: dict[str, np.ndarray]
    files: dict[str, Path]


def planted(array: np.ndarray, column: int, row: int) -> np.ndarray:
    """A white square of 9 pixels around (column, row) on a quiet ground."""
    out = np.full_like(array, 60)
    out[:, row - 4 : row + 5, column - 4 : column + 5] = 250
    return out


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Old and new date (the new one covers the left half), satellite bands, a marked one, a picture."""
    folder = tmp_path_factory.mktemp("view")
    old = waves(SIDE, SIDE)
    new = 255 - old
    half = np.zeros((SIDE, SIDE), np.uint8)
    half[:, : SIDE // 2] = 255
    satellite = waves(SIDE // 4, SIDE // 4, 4, "uint16")
    mark = planted(old, 901, 420)
    turned = {"transform": utm_transform(PIXEL, turn=20)}
    arrays = {
        "old": old,
        "new": new,
        "satellite": satellite,
        "mark": mark,
        "turned": mark,
        "picture": old,
    }
    files = {
        "old": write(folder / "in/old_20240501.tif", old, transform=utm_transform(PIXEL)),
        "new": write(folder / "in/new.tif", new, transform=utm_transform(PIXEL), mask=half),
        "satellite": write(folder / "in/sat.tif", satellite, transform=utm_transform(PIXEL * 4),
                           photometric="minisblack"),
        "mark": write(folder / "in/mark.tif", mark, transform=utm_transform(PIXEL)),
        "turned": write(folder / "in/turned.tif", mark, **turned),
        "picture": folder / "in/picture.png",
    }  # fmt: skip
    _name_bands(files["satellite"])
    cv2.imwrite(str(files["picture"]), old[::-1].transpose(1, 2, 0))
    store = Store.open(folder / "store")
    ids = {}
    for day, (name, path) in enumerate(files.items(), 1):
        report = ingest([path], store, received="2026-07-01T08:00:00+08:00",
                        stated=Stated(taken=f"2026-05-{day:02}T10:00:00+08:00"))  # fmt: skip
        (row,) = report.rows
        (ids[name],) = row.scenes
    reader = TileReader(store)
    yield Place(store, ids, reader, arrays, files)
    reader.close()


def _name_bands(path: Path) -> None:
    import rasterio

    with rasterio.open(path, "r+") as file:
        file.descriptions = ("red", "green", "blue", "nir")
