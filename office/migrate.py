"""Brings a store to the newest form, one migration after the other, or says why it cannot."""

from __future__ import annotations

from sqlalchemy import Engine, insert

from office.history import FIRST
from office.schema import CHAIN_HEAD, METADATA


def upgrade(engine: Engine) -> None:
    """Make what is missing. A store of an older form keeps its rows."""
    with engine.begin() as connection:
        METADATA.create_all(connection)
        if connection.execute(CHAIN_HEAD.select()).first() is None:
            connection.execute(insert(CHAIN_HEAD), [{"id": 1, "seq": 0, "hash": FIRST}])
