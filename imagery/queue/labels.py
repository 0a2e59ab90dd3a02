"""What people said as labels of the training loop."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd

from imagery.queue.entries import Answer
from imagery.queue.listing import Listed
from layers.layer import WGS84

LABEL: dict[Answer, str] = {"yes": "waste", "no": "not", "unsure": "unsure"}
COLUMNS = ("scene", "label", "who", "when")


def labels_of(found: Sequence[Listed]) -> gpd.GeoDataFrame:
    """Labels of what was decided, oldest first: where outlines overlap the last word counts."""
    said = [one.candidate for one in found if one.candidate.answer is not None]
    said.sort(key=lambda one: (one.at or "", one.id))
    rows = {
        "scene": [one.scene_id for one in said],
        "label": [LABEL[one.answer] for one in said if one.answer is not None],
        "who": [one.actor for one in said],
        "when": [(one.at or "")[:10] for one in said],
    }
    return gpd.GeoDataFrame(rows, geometry=[one.outline for one in said], crs=WGS84)
