"""What lies in a window of the map, asked the same way on both databases.

A window and the bounds of a row are degrees of WGS 84. SQLite answers from an R*Tree, PostGIS from
a GiST index (migration 0002); the plain comparison beside it makes the answer exact and the
same on both, because the R*Tree keeps bounds rounded outwards.
"""

from __future__ import annotations

import math

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    func,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy import column as named

from layers.errors import StoreError
from layers.layer import WGS84

_TREE = table("lead_window", *(named(n) for n in ("west", "east", "south", "north", "lead_id")))
_SRID: ColumnElement[int] = literal_column(WGS84.rpartition(":")[2])
"""Written into the statement, not handed over: only so PostgreSQL knows the index's expression."""


def window(  # noqa: PLR0917 - the order of every bounding box
    connection: Connection, rows: Table, west: float, south: float, east: float, north: float
) -> ColumnElement[bool]:
    """The condition "its bounds meet the window" for the rows of the table of leads.

    Edges count. A window with `west > east` crosses the date line. Rows without a place are in no
    window. `StoreError` for a table without bounds or a window that is none.
    """
    if rows.name != "lead":
        raise StoreError(f"table {rows.name} has no index of places", field=rows.name,
                         remedy="ask for leads by window, for others by lead")  # fmt: skip
    if not all(map(math.isfinite, (west, south, east, north))) or south > north:
        raise StoreError(f"{west}, {south}, {east}, {north} is no window", field="window",
                         remedy="give west, south, east, north in degrees")  # fmt: skip
    if west > east:
        return or_(window(connection, rows, west, south, 180.0, north),
                   window(connection, rows, -180.0, south, east, north))  # fmt: skip
    exact = and_(rows.c.west <= east, rows.c.east >= west,
                 rows.c.south <= north, rows.c.north >= south)  # fmt: skip
    if connection.dialect.name == "postgresql":
        bounds = func.ST_MakeEnvelope(rows.c.west, rows.c.south, rows.c.east, rows.c.north, _SRID)
        asked = func.ST_MakeEnvelope(west, south, east, north, _SRID)
        return and_(bounds.op("&&")(asked), exact)
    inside = select(_TREE.c.lead_id).where(
        _TREE.c.west <= east, _TREE.c.east >= west, _TREE.c.south <= north, _TREE.c.north >= south
    )
    return and_(rows.c.id.in_(inside), exact)


def is_crowded(connection: Connection, rows: Table, box: tuple[float, ...], than: int) -> bool:
    """Whether more than `than` rows meet the window: then another order of looking is quicker."""
    inside: Select[tuple[int]] = select(literal_column("1")).select_from(rows).where(
        window(connection, rows, *box))  # fmt: skip
    if connection.dialect.name != "postgresql" and box[0] <= box[2]:
        west, south, east, north = box
        inside = select(literal_column("1")).select_from(_TREE).where(
            _TREE.c.west <= east, _TREE.c.east >= west,
            _TREE.c.south <= north, _TREE.c.north >= south)  # fmt: skip
    few = inside.limit(than + 1).subquery()
    return int(connection.execute(select(func.count()).select_from(few)).scalar_one()) > than


def bounds_meet(rows: Table, box: tuple[float, ...]) -> ColumnElement[bool]:
    """The same condition as `window` in plain comparisons, which no index of places answers."""
    west, south, east, north = box
    across = or_(rows.c.west <= east, rows.c.east >= west)
    along = and_(rows.c.west <= east, rows.c.east >= west)
    return and_(across if west > east else along, rows.c.south <= north, rows.c.north >= south)
