"""Layers and findings as rows that other systems page through."""

from __future__ import annotations

import geopandas as gpd

from layers import Layer
from layers.layer import WGS84
from layers.paging import PagedRows
from ui.items import Board

DAY, STATE = "day", "state_of"
"""Columns of time: the day a row was seen, where its theme has one; else the day its source describes."""
ASKED = ("check", "verdict", "subject_id", "subject_theme", "object_id", "licence_class", "admin_code")  # fmt: skip
"""What findings may be asked for by value."""


def time_of(layer: Layer) -> str | None:
    """The column that says of which day a row is; `None` where nothing tells."""
    if any(column.name == DAY for column in layer.theme.columns):
        return DAY
    return STATE if described_day(layer) else None


def described_day(layer: Layer) -> str | None:
    """The last day the sources describe, else on which they were obtained."""
    return max(
        (day for one in layer.provenance if (day := one.state_of or one.retrieved)), default=None
    )


def layer_rows(layer: Layer) -> PagedRows:
    """The rows of a layer, with the day its source describes where they bring none."""
    frame = layer.frame
    if time_of(layer) == STATE and STATE not in frame:
        frame = frame.assign(**{STATE: described_day(layer)})
    return PagedRows(frame)


def board_rows(board: Board) -> PagedRows:
    """The items of a board: what is asked for by value, geometries, `number` on the board."""
    rows = [{"id": item.key, "number": number, "check": item.check, "verdict": item.verdict,
             "licence_class": item.licence_class, "subject_id": item.record.subject_id,
             "subject_theme": item.record.subject_theme,
             "object_id": item.finding.object_id if item.finding else None,
             "admin_code": item.record.subject.admin_code if item.record.subject else None,
             "on_date": item.record.on_date, "geometry": item.record.geometry}
            for number, item in enumerate(board.items)]  # fmt: skip
    columns = ["id", "number", *ASKED, "on_date", "geometry"]
    frame = gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=WGS84)
    return PagedRows(frame[~frame["id"].duplicated()])
