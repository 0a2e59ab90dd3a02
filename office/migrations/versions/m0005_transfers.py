"""What went to and came from other offices."""

from alembic import op

from office.exchange_tables import TRANSFER

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the table."""
    TRANSFER.create(op.get_bind(), checkfirst=True)
