"""Whatever is done to the history past the program is found, and where."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from layers.errors import StoreError
from office import Actor, Database, Event, NewEvent, append, events
from office.anchor import Anchor, note_anchor
from office.schema import CHAIN_HEAD, EVENT, LEAD, RUN, SIGHTING
from office.verify import verify
from tests.office.rows import AT, a_run, lead_row

ACTOR = Actor("张检察官", ("prosecutor", "reviewer"))
COUNT = 12
TEXTS = ("at", "actor", "roles", "kind", "subject", "body", "previous", "hash")


@pytest.fixture
def told(database: Database) -> Database:
    """A store with twelve events."""
    with database.write() as connection:
        append(connection, [NewEvent("run.ingested", f"R{n}", {"n": n, "地点": "学校"})
                            for n in range(1, COUNT + 1)], actor=ACTOR, at=AT)  # fmt: skip
    return database


def _where(database: Database) -> list[int | None]:
    return [problem.seq for problem in verify(database).problems]


def _event(connection: Connection, seq: int) -> Event:
    return next(events(connection, after=seq - 1))


def _set(connection: Connection, number: int, **values: object) -> None:
    connection.execute(update(EVENT).where(EVENT.c.seq == number).values(**values))


def test_an_untouched_history_verifies(told: Database) -> None:
    result = verify(told)
    assert (result.ok, result.events, result.head_seq) == (True, COUNT, COUNT)
    with told.read() as connection:
        assert result.head == connection.scalar(select(CHAIN_HEAD.c.hash))


def test_an_empty_history_verifies(database: Database) -> None:
    assert verify(database).ok


@pytest.mark.parametrize("column", TEXTS)
def test_any_character_of_any_column_flipped_is_found_at_its_event(
    told: Database, column: str
) -> None:
    dice = random.Random(column)
    for seq in (1, 2, COUNT // 2, COUNT):
        with told.write() as connection:
            before = str(getattr(_event(connection, seq), column))
            place, bit = dice.randrange(len(before)), 1 << dice.randrange(5)
            flipped = before[:place] + chr(ord(before[place]) ^ bit) + before[place + 1 :]
            if "\0" in flipped:
                continue
            _set(connection, seq, **{column: flipped})
        assert _where(told) == [seq], (column, seq, flipped)
        with told.write() as connection:
            _set(connection, seq, **{column: before})
    assert verify(told).ok


def test_every_bit_of_every_position_of_one_event_is_found(told: Database) -> None:
    """Without the database in between: what the digest covers is every field, whole."""
    with told.read() as connection:
        event = _event(connection, 5)
    for column in TEXTS:
        text = getattr(event, column)
        for place in range(len(text)):
            for bit in range(7):
                other = text[:place] + chr(ord(text[place]) ^ (1 << bit)) + text[place + 1 :]
                changed = replace(event, **{column: other})
                assert changed.digest() != changed.hash, (column, place, bit)


def test_a_changed_number_is_found(told: Database) -> None:
    with told.write() as connection:
        _set(connection, 6, seq=77)
    assert _where(told)[:2] == [6, COUNT + 1]


@pytest.mark.parametrize("gone", [[1], [5], [5, 6, 7], [COUNT], [COUNT - 1, COUNT]])
def test_removed_events_are_found_with_their_numbers(told: Database, gone: list[int]) -> None:
    with told.write() as connection:
        connection.execute(delete(EVENT).where(EVENT.c.seq.in_(gone)))
    problems = verify(told).problems
    assert [problem.seq for problem in problems] == [gone[0]]
    assert f"events {gone[0]} to {gone[-1]}" in problems[0].en


def test_a_removed_event_with_all_later_ones_numbered_anew_is_found(told: Database) -> None:
    with told.write() as connection:
        connection.execute(delete(EVENT).where(EVENT.c.seq == 4))
        for seq in range(5, COUNT + 1):
            _set(connection, seq, seq=seq - 1)
        connection.execute(update(CHAIN_HEAD).values(seq=COUNT - 1))
    assert _where(told)[0] == 4


@pytest.mark.parametrize("pair", [(1, 2), (3, 9), (COUNT - 1, COUNT)])
def test_swapped_events_are_found(told: Database, pair: tuple[int, int]) -> None:
    one, other = pair
    with told.write() as connection:
        for before, after in ((one, 1000), (other, one), (1000, other)):
            _set(connection, before, seq=after)
    assert set(_where(told)) == {one, other}


def test_an_event_replaced_with_a_hash_of_its_own_is_found(told: Database) -> None:
    for seq in (1, 6, COUNT):
        with told.write() as connection:
            before = _event(connection, seq)
            after = replace(before, actor="别人")
            _set(connection, seq, actor="别人", hash=after.digest())
        assert _where(told) == [seq]
        with told.write() as connection:
            _set(connection, seq, actor=before.actor, hash=before.hash)


def _rewrite(connection: Connection, start: int) -> None:
    """What a keeper of the database could do: a new past, and a chain that fits it."""
    kept = list(events(connection, after=start - 1))
    previous = kept[0].previous
    for event in kept:
        blank = replace(event, actor="别人", previous=previous)
        previous = blank.digest()
        _set(connection, event.seq, actor="别人", previous=blank.previous, hash=previous)
    connection.execute(update(CHAIN_HEAD).values(hash=previous))


def test_only_an_anchor_shows_a_history_rewritten_to_its_end(
    told: Database, tmp_path: Path
) -> None:
    anchors = tmp_path / "outside" / "anchors.jsonl"
    for seq in (3, 8):
        with told.read() as connection:
            note_anchor(anchors, Anchor(seq, _event(connection, seq).hash, AT))
    assert verify(told, anchors=anchors).ok
    with told.write() as connection:
        _rewrite(connection, 6)
    assert verify(told).ok
    problems = verify(told, anchors=anchors).problems
    assert [problem.seq for problem in problems] == [8]
    assert "rewritten" in problems[0].en


def test_an_anchor_shows_a_history_cut_off_with_its_head(told: Database, tmp_path: Path) -> None:
    anchors = tmp_path / "anchors.jsonl"
    note_anchor(anchors, Anchor(COUNT, verify(told).head, AT))
    with told.write() as connection:
        connection.execute(delete(EVENT).where(EVENT.c.seq > 9))
        head = _event(connection, 9).hash
        connection.execute(update(CHAIN_HEAD).values(seq=9, hash=head))
    assert verify(told).ok
    assert [p.seq for p in verify(told, anchors=anchors).problems] == [COUNT]


def test_a_damaged_anchor_file_is_said_and_a_missing_one_refused(
    told: Database, tmp_path: Path
) -> None:
    anchors = tmp_path / "anchors.jsonl"
    anchors.write_text('{"seq":1}\nnot json\n\n', encoding="utf-8")
    assert [p.en for p in verify(told, anchors=anchors).problems] == [
        f"line {n} of the anchor file is no anchor" for n in (1, 2)
    ]
    with pytest.raises(StoreError, match="cannot be read"):
        verify(told, anchors=tmp_path / "none.jsonl")


HEADS: dict[str, tuple[Callable[[Connection], object], int]] = {
    "hash": (lambda c: c.execute(update(CHAIN_HEAD).values(hash="f" * 64)), COUNT),
    "ahead": (lambda c: c.execute(update(CHAIN_HEAD).values(seq=COUNT + 2)), COUNT + 1),
    "behind": (lambda c: c.execute(update(CHAIN_HEAD).values(seq=COUNT - 2)), COUNT - 1),
    "gone": (lambda c: c.execute(delete(CHAIN_HEAD)), COUNT),
}


@pytest.mark.parametrize("case", HEADS)
def test_a_wrong_head_is_found(told: Database, case: str) -> None:
    change, seq = HEADS[case]
    with told.write() as connection:
        change(connection)
    assert _where(told) == [seq]


def _with_leads(database: Database) -> None:
    with database.write() as connection:
        connection.execute(insert(RUN), [a_run()])
        connection.execute(insert(LEAD), [lead_row(n) for n in (1, 2, 3)])
        body = {"state": "registered", "version": 1,
                "finding_sha256": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}  # fmt: skip
        append(connection, [NewEvent("lead.found", f"L{n}", body) for n in (1, 2, 3)],
               actor=ACTOR, at=AT)  # fmt: skip


ROWS: dict[str, tuple[Callable[[Connection], object], str]] = {
    "state": (lambda c: c.execute(update(LEAD).where(LEAD.c.id == "L2").values(state="dismissed")),
              "its state is dismissed, its history says registered"),
    "version": (lambda c: c.execute(update(LEAD).where(LEAD.c.id == "L2").values(version=4)),
                "its version is 4"),
    "finding": (lambda c: c.execute(update(LEAD).where(LEAD.c.id == "L2")
                                    .values(finding='{"measured":10}')), "none that a run told"),
    "sighting": (lambda c: c.execute(insert(SIGHTING), [
        {"lead_id": "L2", "run_id": "R1", "change": "new", "what": "{}", "finding": "[]"}]),
        "none that a run told"),
    "gone": (lambda c: c.execute(delete(LEAD).where(LEAD.c.id == "L2")), "a history but no row"),
    "added": (lambda c: c.execute(insert(LEAD), [lead_row(4)]), "has no history"),
}  # fmt: skip


@pytest.mark.parametrize("case", ROWS)
def test_a_lead_changed_past_the_history_is_found(database: Database, case: str) -> None:
    _with_leads(database)
    assert verify(database).ok
    change, said = ROWS[case]
    with database.write() as connection:
        change(connection)
    problems = verify(database).problems
    assert [said in problem.en for problem in problems] == [True]


def test_problems_without_end_are_counted_not_all_told(database: Database) -> None:
    with database.write() as connection:
        append(connection, [NewEvent("x", "y", {})] * 1500, actor=ACTOR, at=AT)
        connection.execute(update(EVENT).values(actor="别人"))
    result = verify(database)
    assert (result.found, len(result.problems)) == (1500, 1000)


def test_any_byte_of_the_file_itself(tmp_path: Path) -> None:
    """One byte of the SQLite file flipped where the history's texts lie: always found."""
    whole, hit = tmp_path / "whole.sqlite", tmp_path / "hit.sqlite"
    database = Database.open(whole)
    with database.write() as connection:
        append(connection, [NewEvent("lead.noted", f"N{n}", {"text": f"第{n}次到场，未见改变"})
                            for n in range(40)], actor=ACTOR, at=AT)  # fmt: skip
        made = list(events(connection))
    database.close()
    with sqlite3.connect(whole) as plain:
        plain.execute("PRAGMA journal_mode=DELETE")
    plain.close()
    raw, dice = whole.read_bytes(), random.Random(7)
    for event in dice.sample(made, 30):
        start = raw.index(event.body.encode())
        begin = raw.rindex(event.at.encode(), 0, start)
        place = dice.randrange(begin, start + len(event.body.encode()) + 128)
        shutil.copyfile(whole, hit)
        with hit.open("r+b") as file:
            file.seek(place)
            file.write(bytes([raw[place] ^ (1 << dice.randrange(8))]))
        damaged = Database.open(hit)
        assert event.seq in {p.seq for p in verify(damaged).problems}, (event.seq, place - begin)
        damaged.close()
