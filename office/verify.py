"""Reads the whole history again: is any event altered, removed, swapped or cut off, and which one.

The chain shows every change that does not rewrite it to its end. Against somebody who does, the
hash of the head is kept in an anchor file outside the store (`office.anchor`): the history must
still hold every event noted there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DatabaseError

from office.anchor import Anchor, read_anchors
from office.database import Database
from office.history import FIRST, Event
from office.schema import CHAIN_HEAD, EVENT
from office.standing import Standing, disagreements

_BATCH = 2000
_MOST = 1000
"""Problems told one by one; more are only counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in both languages; `seq`: the event it is about (None: no single one)."""

    seq: int | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was read: how many `events`, the last one's number and hash, and what is wrong.

    `found` counts all problems; `problems` holds the first thousand.
    """

    events: int
    head_seq: int
    head: str
    problems: tuple[Problem, ...]
    found: int

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.found == 0


@dataclass(slots=True)
class _Walk:
    """Where the reading stands: the last event's number, its hash as stored and as it ought to be."""

    anchors: dict[int, Anchor]
    seq: int = 0
    hash: str = FIRST
    digest: str | None = FIRST
    events: int = 0
    standing: Standing = field(default_factory=Standing)
    problems: list[Problem] = field(default_factory=list)
    found: int = 0

    def say(self, seq: int | None, zh: str, en: str) -> None:
        self.found += 1
        if len(self.problems) < _MOST:
            self.problems.append(Problem(seq, zh, en))


def verify(database: Database, *, anchors: Path | None = None) -> Verification:
    """Read all of the history in one state of the store; other programs may go on writing.

    `anchors`: the file of heads noted outside the store, where there is one.
    """
    with database.read() as connection:
        return verify_connection(connection, anchors=anchors)


def verify_connection(connection: Connection, *, anchors: Path | None = None) -> Verification:
    """The same inside a transaction of the caller."""
    noted, wrong = read_anchors(anchors) if anchors else ((), ())
    walk = _Walk({one.seq: one for one in noted})
    for line in wrong:
        walk.say(None, f"锚文件第 {line} 行不可读", f"line {line} of the anchor file is no anchor")
    try:
        with _as_it_lies(connection):
            _read(walk, connection)
    except DatabaseError as error:
        reason = str(error.orig).splitlines()[0]
        walk.say(walk.seq + 1, f"第 {walk.seq} 号事件之后数据库已损坏：{reason}",
                 f"the database is damaged after event {walk.seq}: {reason}")  # fmt: skip
    return Verification(walk.events, walk.seq, walk.hash, tuple(walk.problems), walk.found)


def _read(walk: _Walk, connection: Connection) -> None:
    query = select(EVENT).order_by(EVENT.c.seq)
    for row in connection.execute(query, execution_options={"yield_per": _BATCH}):
        _follow(walk, Event(*row))
    _end(walk, connection)
    for zh, en in disagreements(connection, walk.standing):
        walk.say(None, zh, en)
    if connection.dialect.name == "sqlite":
        for told in connection.scalars(text("PRAGMA integrity_check(20)")):
            if told != "ok":
                walk.say(None, f"数据库文件：{told}", f"the database file: {told}")


@contextmanager
def _as_it_lies(connection: Connection) -> Iterator[None]:
    """Bytes that are no text must not stop the reading: SQLite hands them over as they are."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    before, driver.text_factory = driver.text_factory, _lenient
    try:
        yield
    finally:
        driver.text_factory = before


def _lenient(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _follow(walk: _Walk, event: Event) -> None:
    """One event after the one before: its number, its link, its content, its anchor."""
    walk.events += 1
    digest = _digest(event)
    if event.seq != walk.seq + 1:
        _gap(walk, event.seq)
    elif digest == event.hash and walk.digest == walk.hash != event.previous:
        last = max(walk.seq, 1)
        walk.say(last, f"第 {last} 号事件已被替换：第 {event.seq} 号事件指向另一个哈希",
                 f"event {last} was replaced: event {event.seq} names another hash")  # fmt: skip
    if digest != event.hash:
        walk.say(event.seq, f"第 {event.seq} 号事件已被改动", f"event {event.seq} was altered")
    noted = walk.anchors.pop(event.seq, None)
    if noted is not None and noted.hash not in {event.hash, digest}:
        walk.say(event.seq, f"第 {event.seq} 号事件与 {noted.at} 的锚不符：历史已被重写",
                 f"event {event.seq} is not the one anchored at {noted.at}: "
                 "the history was rewritten")  # fmt: skip
    walk.seq, walk.hash, walk.digest = event.seq, event.hash, digest
    walk.standing.take(event)


def _gap(walk: _Walk, seq: int) -> None:
    first, last = walk.seq + 1, seq - 1
    if seq < first:
        walk.say(seq, f"编号 {seq} 不可能存在", f"there can be no event with number {seq}")
        return
    walk.say(first, f"第 {first} 至 {last} 号事件缺失", f"events {first} to {last} are missing")


def _digest(event: Event) -> str | None:
    """The hash the event should have; None where it holds what is no text at all."""
    try:
        return event.digest()
    except (TypeError, ValueError):
        return None


def _end(walk: _Walk, connection: Connection) -> None:
    """The head the store keeps, and what was anchored beyond it."""
    head = connection.execute(select(CHAIN_HEAD.c.seq, CHAIN_HEAD.c.hash)).one_or_none()
    if head is None:
        walk.say(walk.seq, "历史的链首记录缺失", "the head of the history is missing")
    elif head.seq > walk.seq:
        first = walk.seq + 1
        walk.say(first, f"第 {first} 至 {head.seq} 号事件被截去",
                 f"events {first} to {head.seq} were cut off")  # fmt: skip
    elif head.seq < walk.seq:
        walk.say(head.seq + 1, f"链首停在第 {head.seq} 号事件，其后事件为绕过程序所加",
                 f"the head stands at event {head.seq}: later ones were added past it")  # fmt: skip
    elif head.hash not in {walk.hash, walk.digest}:
        walk.say(walk.seq, f"第 {walk.seq} 号事件与链首不符：事件被替换或链首被改动",
                 f"event {walk.seq} is not the one the head names: one of the two was altered")  # fmt: skip
    for seq, noted in sorted(walk.anchors.items()):
        if seq > 0:
            walk.say(seq, f"{noted.at} 的锚指向第 {seq} 号事件，历史中没有",
                     f"the history lacks event {seq}, anchored at {noted.at}")  # fmt: skip
