"""Run by Alembic: the connection and its transaction come from `office.migrate`."""

from alembic import context

from office.migrations import VERSION_TABLE
from office.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
