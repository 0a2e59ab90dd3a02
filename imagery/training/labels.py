"""Labels: outlines of which a person said waste, not waste or unsure, scene by scene.

A file (GeoParquet or GeoJSON, WGS 84) has `scene` (id in the store), `label`, `who`, `when` (ISO)
and polygons: painted cells or whole outlines; every cell whose middle lies inside takes the label.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from layers.errors import ImageryError
from layers.layer import WGS84

LABELS = ("waste", "not", "unsure")
_COLUMNS = ("scene", "label", "who", "when")
_REMEDY = "write scene, label (waste, not, unsure), who, when (YYYY-MM-DD) and polygons in WGS 84"


def read_labels(path: Path) -> gpd.GeoDataFrame:
    """The labels of a file, checked; later rows come later.

    Raises `ImageryError` naming file, row and field.
    """
    try:
        frame = gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)
    except (OSError, ValueError, RuntimeError) as error:
        raise ImageryError(f"the labels cannot be read ({error})", file=path, remedy=_REMEDY) from error  # fmt: skip
    missing = [name for name in _COLUMNS if name not in frame]
    if missing:
        raise ImageryError(f"the labels lack {', '.join(missing)}", file=path, field=missing[0], remedy=_REMEDY)  # fmt: skip
    if not len(frame) or frame.crs is None or frame.crs != WGS84:
        raise ImageryError("the file has no labels in WGS 84", file=path, field="geometry", remedy=_REMEDY)  # fmt: skip
    _check(frame, path)
    when = pd.to_datetime(frame["when"].astype(str), errors="coerce").dt.strftime("%Y-%m-%d")
    told = frame.assign(scene=frame["scene"].astype(str), when=when)
    return told[[*_COLUMNS, "geometry"]].reset_index(drop=True)


def _check(frame: gpd.GeoDataFrame, path: Path) -> None:
    area = frame.geometry.geom_type.isin(("Polygon", "MultiPolygon"))
    dates = pd.to_datetime(frame["when"].astype(str), errors="coerce").notna()
    good = {
        "label": frame["label"].isin(LABELS), "geometry": area, "when": dates,
        "who": frame["who"].fillna("").astype(str).str.strip() != "",
        "scene": frame["scene"].fillna("").astype(str).str.strip() != "",
    }  # fmt: skip
    for name, fine in good.items():
        bad = np.flatnonzero(~fine.to_numpy(bool))
        if len(bad):
            raise ImageryError(f"{name} of row {bad[0] + 1} is not as it should be", file=path,
                               row=int(bad[0]) + 1, field=name, remedy=_REMEDY)  # fmt: skip
