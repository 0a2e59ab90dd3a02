"""The door of the store, on both databases."""

from __future__ import annotations

import pytest

from office import Actor, Database, NewEvent, append, events

ACTOR = Actor("张检察官", ("prosecutor",))
AT = "2026-06-30T08:00:00Z"


def test_what_was_written_is_there_after_opening_again(store_url: str) -> None:
    first = Database.open(store_url)
    with first.write() as connection:
        append(connection, [NewEvent("lead.noted", "L1", {"text": "到现场"})], actor=ACTOR, at=AT)
    first.close()
    again = Database.open(store_url)
    with again.read() as connection:
        assert [(e.seq, e.actor, e.body) for e in events(connection)] == [
            (1, "张检察官", '{"text":"到现场"}')
        ]
    again.close()


def test_a_failed_write_leaves_nothing(database: Database) -> None:
    def note_and_fail() -> None:
        with database.write() as connection:
            append(connection, [NewEvent("lead.noted", "L1", {})], actor=ACTOR, at=AT)
            raise RuntimeError("the user's own")

    with pytest.raises(RuntimeError, match="own"):
        note_and_fail()
    with database.read() as connection:
        assert list(events(connection)) == []
