"""What people said as labels of the training loop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from imagery.queue.entries import Answer, Candidate, Run
from imagery.queue.listing import Listed
from layers.layer import WGS84

LABEL: dict[Answer, str] = {"yes": "waste", "no": "not", "unsure": "unsure"}
COLUMNS = ("scene", "label", "who", "when")
NOBODY = "background"
"""Who said that the rest of an area is not waste."""
_Row = tuple[str, str, str, str, BaseGeometry]


def labels_of(
    found: Sequence[Listed], background: Sequence[tuple[Run, BaseGeometry]] = ()
) -> gpd.GeoDataFrame:
    """Labels of what was answered, oldest first: where outlines overlap the last word counts.

    `background`: the areas of runs all of whose candidates were answered; what no outline takes
    counts as not waste there.
    """
    rows: list[_Row] = [(run.scene_id, LABEL["no"], NOBODY, run.added_at[:10], area)
                        for run, area in background]  # fmt: skip
    rows += _said(found)
    frame = {name: [str(row[n]) for row in rows] for n, name in enumerate(COLUMNS)}
    return gpd.GeoDataFrame(frame, geometry=[row[-1] for row in rows], crs=WGS84)


def _moment(one: Candidate) -> tuple[float, str]:
    return (0.0 if one.at is None else datetime.fromisoformat(one.at).timestamp()), one.id


def _said(found: Sequence[Listed]) -> Iterator[_Row]:
    for one in sorted((one.candidate for one in found), key=_moment):
        if one.answer is not None and one.actor is not None and one.at is not None:
            yield one.scene_id, LABEL[one.answer], one.actor, one.at[:10], one.outline
