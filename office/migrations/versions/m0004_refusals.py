"""Refusals by the policy; the history by kind and by person."""

from alembic import op

from office.door_tables import REFUSAL
from office.schema import EVENT

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the table and the indexes that are missing."""
    connection = op.get_bind()
    REFUSAL.create(connection, checkfirst=True)
    for index in EVENT.indexes:
        index.create(connection, checkfirst=True)
