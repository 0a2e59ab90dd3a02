"""The picture that shows an alignment: before, after as received, after as aligned."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from imagery.align.estimate import Alignment
from imagery.align.ground import Pair
from imagery.align.phase import warp
from layers.atomic import written_whole

GAP = 6
CELL = 64


def before_after(pair: Pair, alignment: Alignment, path: str | Path) -> Path:
    """Write a PNG of two chequered overlays, as received and as aligned; returns the path.

    Squares of the two dates alternate: edges that run on across the squares lie well.
    """
    moved, seen = warp(pair.after, pair.valid, _in_pixels(pair, alignment))
    panels = [
        _chequered(pair.before, pair.after, pair.valid),
        _chequered(pair.before, moved, pair.valid & seen),
    ]
    gap = np.full((panels[0].shape[0], GAP), 255, np.uint8)
    good, data = cv2.imencode(".png", np.hstack([panels[0], gap, panels[1]]))
    assert good
    with written_whole(path) as partial:
        partial.write_bytes(data.tobytes())
    return Path(path)


def _chequered(first: np.ndarray, second: np.ndarray, valid: np.ndarray) -> np.ndarray:
    rows, columns = np.indices(first.shape) // CELL
    mixed = np.where((rows + columns) % 2 == 0, first, second)
    picture: np.ndarray = np.where(valid, mixed * 254, 255).astype(np.uint8)
    return picture


def _in_pixels(pair: Pair, alignment: Alignment) -> np.ndarray:
    """The matrix on metres as one on pixel centres of the grid."""
    move = np.vstack([np.array(alignment.matrix), [0.0, 0.0, 1.0]])
    found: np.ndarray = (np.linalg.inv(pair.centres) @ move @ pair.centres)[:2]
    return found
