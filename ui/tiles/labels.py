"""The names of a map: candidates once, placed once per zoom, written into each tile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

import numpy as np
from PIL import Image

from ui.tiles.lettering import write
from ui.tiles.mercator import TILE
from ui.tiles.names import candidates
from ui.tiles.placing import Label, place
from ui.tiles.shapes import Shapes


@dataclass(frozen=True)
class Placed:
    """The labels of one zoom and their boxes as an array (n, 4) in CSS pixels."""

    labels: list[Label]
    boxes: np.ndarray


class Names:
    """Names by zoom; a zoom is placed when first asked for."""

    def __init__(self, shapes: Mapping[str, Shapes]) -> None:
        self._candidates = candidates(shapes)
        self._placed: dict[int, Placed] = {}
        self._lock = Lock()

    def at(self, z: int) -> Placed:
        """The labels of zoom `z`."""
        with self._lock:
            if z not in self._placed:
                labels = place(self._candidates, z)
                boxes = np.array([label.box for label in labels]).reshape(-1, 4)
                self._placed[z] = Placed(labels, boxes)
            return self._placed[z]

    def write(self, image: Image.Image, z: int, x: int, y: int) -> Image.Image:
        """Write the names of a tile into its picture (changed in place and returned)."""
        placed = self.at(z)
        left, top = x * TILE, y * TILE
        boxes = placed.boxes
        meets = (boxes[:, 0] < left + TILE) & (boxes[:, 2] > left)
        meets &= (boxes[:, 1] < top + TILE) & (boxes[:, 3] > top)
        for index in np.flatnonzero(meets)[::-1]:
            label = placed.labels[index]
            write(image, list(label.glyphs), label.style, (left, top))
        return image
