"""A detector's score map as a GeoTIFF, so that a person can look at it and move the cut."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import Affine
from rasterio.windows import Window

from imagery.scene import Placement
from imagery.vectorise import ScoreWindow
from layers.atomic import written_whole


def write_scores(
    windows: Iterable[ScoreWindow], placement: Placement, size: tuple[int, int], path: str | Path
) -> Path:
    """Write the first score of all windows, float32, columns and rows `size`; returns the path.

    Written window by window and renamed when whole.
    """
    profile = {
        "driver": "GTiff", "dtype": "float32", "count": 1, "width": size[0], "height": size[1],
        "crs": placement.crs, "transform": Affine(*placement.transform), "tiled": True,
        "blockxsize": 512, "blockysize": 512, "compress": "deflate", "predictor": 3,
        "nodata": float("nan"), "bigtiff": "if_safer",
    }  # fmt: skip
    with written_whole(path) as partial, rasterio.open(partial, "w", **profile) as file:
        for one in windows:
            rows, columns = one.mask.shape
            file.write(np.asarray(one.scores[0], np.float32), 1,
                       window=Window(one.left, one.top, columns, rows))  # fmt: skip
    return Path(path)
