"""A small store with two dates of one field, and layers as detectors would return them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
from shapely.geometry.base import BaseGeometry

from imagery.detectors import Shot
from imagery.ingest import ingest
from imagery.scene import Stated
from imagery.store import Store
from layers import Layer, Provenance, make_layer
from layers.layer import WGS84
from layers.measures import geodesic_area, mu_of
from tests.imagery.detectors.heaps import draw, ground

HEAPS = {"one": (100, 100, 200, 180), "two": (300, 120, 380, 220), "three": (420, 400, 540, 520)}
"""Rectangles of pixels (0.25 m) in the later scene."""
DETECTOR = "waste 1.0.0"
AT = "2026-06-01T09:00:00+08:00"
DAYS = {"before": "2025-10-18", "after": "2026-05-21"}


def fill(folder: Path) -> dict[str, str]:
    """A store at `folder/store` with a scene of before and of after; their ids by name."""
    store = Store.open(folder / "store")
    found = {}
    for name, heaps in (("before", []), ("after", list(HEAPS.values()))):
        drawn = draw(folder, name, heaps, seed=len(name))
        report = ingest([drawn.scene.source], store, received=AT, generated=True,
                        stated=Stated(taken=f"{DAYS[name]}T10:00:00", zone="+08:00"))  # fmt: skip
        [found[name]] = [one for row in report.rows for one in row.scenes]
    return found


def outlines(shot: Shot) -> dict[str, BaseGeometry]:
    """The heaps in degrees, by name."""
    return {name: ground(shot, *pixels) for name, pixels in HEAPS.items()}


def seen(
    scene: str, shapes: dict[str, BaseGeometry], scores: tuple[float, ...] = (0.9, 0.5, 0.7),
    theme: str = "waste_candidate",
) -> Layer:  # fmt: skip
    """A layer of candidates as a detector returns it."""
    many = len(shapes)
    area = [geodesic_area(one) for one in shapes.values()]
    frame = gpd.GeoDataFrame(
        {
            "id": [f"waste-{scene}-{name}" for name in shapes], "name": [f"疑似 {n}" for n in range(1, many + 1)],
            "source_row": np.arange(1.0, many + 1), "u_source_m": [0.5] * many, "score": list(scores[:many]),
            "area_m2": area, "u_area_m2": [one / 10 for one in area], "area_mu": [mu_of(one) for one in area],
            "scene_id": [scene] * many, "day": [DAYS["after"]] * many, "detector": [DETECTOR] * many,
            "why_zh": ["粗乱"] * many, "why_en": ["rough"] * many,
        },
        geometry=list(shapes.values()), crs=WGS84,
    )  # fmt: skip
    return make_layer(theme, frame, Provenance(DETECTOR, "after.tif", "0" * 64, "wgs84", f"seen in {scene}", many, many))  # fmt: skip
