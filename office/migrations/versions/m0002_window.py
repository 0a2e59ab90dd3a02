"""Leads by window: R*Tree on SQLite, GiST on PostGIS, and there a geometry that a GIS can draw.

SQLite keeps the tree in step by triggers. The tree holds the lead's id itself, not its row
number, because VACUUM may number rows anew.
"""

from alembic import op
from sqlalchemy import text

from layers.layer import WGS84

revision = "0002"
down_revision = "0001"

_SRID = WGS84.rpartition(":")[2]
_COLUMNS = "west, east, south, north"
_ADD = (f"INSERT INTO lead_window ({_COLUMNS}, lead_id) "
        "SELECT new.west, new.east, new.south, new.north, new.id WHERE new.west IS NOT NULL;")  # fmt: skip
_REMOVE = """DELETE FROM lead_window WHERE id IN (SELECT id FROM lead_window
    WHERE west <= old.west AND east >= old.east AND south <= old.south AND north >= old.north
      AND lead_id = old.id);"""
_SQLITE = (
    f"CREATE VIRTUAL TABLE lead_window USING rtree(id, {_COLUMNS}, +lead_id TEXT)",
    f"CREATE TRIGGER lead_window_insert AFTER INSERT ON lead BEGIN {_ADD} END",
    f"CREATE TRIGGER lead_window_delete AFTER DELETE ON lead BEGIN {_REMOVE} END",
    f"""CREATE TRIGGER lead_window_update AFTER UPDATE OF west, south, east, north ON lead
        WHEN old.west IS NOT new.west OR old.south IS NOT new.south
          OR old.east IS NOT new.east OR old.north IS NOT new.north
        BEGIN {_REMOVE} {_ADD} END""",
    """INSERT INTO lead_window (west, east, south, north, lead_id)
        SELECT west, east, south, north, id FROM lead WHERE west IS NOT NULL""",
)
_POSTGRES = (
    f"""ALTER TABLE lead ADD COLUMN shape geometry(Geometry, {_SRID})
        GENERATED ALWAYS AS (ST_Force2D(ST_GeomFromWKB(geometry, {_SRID}))) STORED""",
    "CREATE INDEX lead_shape ON lead USING gist (shape)",
    f"""CREATE INDEX lead_window ON lead
        USING gist (ST_MakeEnvelope(west, south, east, north, {_SRID}))""",
)


def upgrade() -> None:
    """Add the index of windows."""
    connection = op.get_bind()
    for statement in _POSTGRES if connection.dialect.name == "postgresql" else _SQLITE:
        connection.execute(text(statement))
