"""The forms the store has had, one file a step in `versions/`; each keeps what is in the store.

A column added to `office.schema` needs a step here: `tests/office/test_migrations.py` says which
is missing. A step that was released is never changed.
"""

HEAD = "0005"
"""The newest form; known without loading Alembic, so that opening a store stays quick."""

VERSION_TABLE = "schema_version"
