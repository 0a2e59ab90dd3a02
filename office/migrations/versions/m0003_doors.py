"""People, rights, sessions, tokens and sealed fields."""

from alembic import op

from office.door_tables import DOOR_TABLES, METADATA

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make every table that is missing."""
    METADATA.create_all(op.get_bind(), tables=DOOR_TABLES)
