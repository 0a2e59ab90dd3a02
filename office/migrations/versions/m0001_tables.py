"""The tables, and the head of the empty history.

Until the first release this step follows `office.schema`, but for the tables of later steps; with
it, it is written out and every later change is a step of its own.
"""

from alembic import op
from sqlalchemy import insert

from office.history import FIRST
from office.schema import CHAIN_HEAD, METADATA

revision = "0001"
down_revision = None

_TABLES = ("event", "chain_head", "run", "lead", "lead_key", "sighting", "link", "case_file", "deadline",
           "reinspection", "message", "watch")  # fmt: skip


def upgrade() -> None:
    """Make every table that is missing (a store older than the steps has them)."""
    connection = op.get_bind()
    ours = [METADATA.tables[name] for name in _TABLES]
    METADATA.create_all(connection, tables=ours)
    if connection.execute(CHAIN_HEAD.select()).first() is None:
        connection.execute(insert(CHAIN_HEAD), [{"id": 1, "seq": 0, "hash": FIRST}])
