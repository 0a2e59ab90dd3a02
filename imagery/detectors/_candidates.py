"""Outlines as a layer of candidates, with the columns every detector fills."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from imagery.detectors._frame import Detector, Shot
from imagery.vectorise import Outline
from layers import Layer, Provenance, make_layer
from layers.layer import WGS84

Why = Callable[[Outline], tuple[str, str]]


def candidates(
    detector: Detector, shot: Shot, outlines: Sequence[Outline], why: Why, *,
    before: Shot | None = None, more: Mapping[str, Sequence[object]] | None = None, note: str = "",
) -> Layer:  # fmt: skip
    """The layer of the detector's theme; `why` tells each outline's reason in both languages.

    `more` adds columns. Nothing is confirmed: that column stays empty until a person decides.
    """
    words = [why(one) for one in outlines]
    placed = shot.ground.placement
    rows = range(1, len(outlines) + 1)
    frame = gpd.GeoDataFrame(
        {
            "id": [f"{detector.name}-{shot.id}-{_code(one)}" for one in outlines],
            "name": [f"{detector.title_zh} {n}" for n in rows],
            "source_row": np.array(rows, dtype=float),
            "u_source_m": [placed.u_m] * len(outlines),
            "score": [round(one.score, 4) for one in outlines],
            "area_m2": [round(one.area_m2, 2) for one in outlines],
            "u_area_m2": [round(one.u_area_m2, 2) for one in outlines],
            "area_mu": [round(one.area_mu, 4) for one in outlines],
            "scene_id": [shot.id] * len(outlines),
            "day": [shot.day] * len(outlines),
            "detector": [detector.label] * len(outlines),
            "why_zh": [zh for zh, _ in words],
            "why_en": [en for _, en in words],
            "confirmed": pd.array([pd.NA] * len(outlines), dtype="boolean"),
            **({"before": [before.day] * len(outlines)} if before is not None else {}),
            **(more or {}),
        },
        geometry=[one.polygon for one in outlines], crs=WGS84,
    )  # fmt: skip
    seen = shot.id if before is None else f"{before.id} → {shot.id}"
    return make_layer(detector.theme, frame, Provenance(
        source=detector.label, file=shot.scene.source.name, sha256=shot.sha256, datum="wgs84",
        transform=f"seen in {seen}{note}", rows_in=len(outlines), rows_out=len(outlines),
        state_of=shot.day, u_source_m=placed.u_m, generated=shot.generated,
    ))  # fmt: skip


def _code(one: Outline) -> str:
    """A short name of a place: the same thing found again gets the same id."""
    point = one.polygon.representative_point()
    return f"{round(point.x * 1e6):d}-{round(point.y * 1e6):d}"
