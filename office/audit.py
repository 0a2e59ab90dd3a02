"""The audit log: the history searched by time, person, kind and subject, and taken out so that it verifies.

Who may is the auditor. Nothing here changes or deletes an event; taking some out is an event itself.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import ColumnElement, Connection, Select, select

from layers.atomic import written_whole
from layers.errors import StoreError
from layers.safe_csv import safe_cell
from office.actors import Actor
from office.canonical import canonical, sha256
from office.database import Database
from office.doors.refusals import tell_counted
from office.history import Event, NewEvent, append
from office.policy import require
from office.schema import CHAIN_HEAD, EVENT

FORMAT, VERSION = "yicha-audit", 1
KIND = "audit.exported"
MOST = 1000
"""Events of one page."""
_CHINA = timezone(timedelta(hours=8))
_WORDS = Path(__file__).resolve().parent.parent / "data" / "words" / "events.toml"
_HEADER = ("seq", "at", "actor", "roles", "kind", "words", "subject", "body", "previous", "hash")
_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Search:
    """Which events: every field that is set must hold. `since` and `until` are ISO days or times in
    UTC, both inclusive; `kind` is one (`lead.moved`) or a group (`lead`); `text` stands in the body.
    """

    since: str = ""
    until: str = ""
    who: str = ""
    kind: str = ""
    about: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of events, the latest first; `after` is what the next page is asked for with (None: no more)."""

    events: tuple[Event, ...]
    after: int | None


def utc_of(told: str, *, last: bool = False) -> str:
    """A day or a minute by China's clock as `Search` takes it, in UTC; `last`: all of it belongs to it.

    What is neither (a time that already says its zone, half a word) stays as it is.
    """
    text = told.strip().replace("T", " ")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?", text):
        return told
    try:
        first = datetime.fromisoformat(text).replace(tzinfo=_CHINA)
    except ValueError:
        return told
    spans = timedelta(days=1) if len(text) == 10 else timedelta(minutes=1)
    moment = first + spans - timedelta(seconds=1) if last else first
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_text(at: str) -> str:
    """A moment of the history by China's clock, to the second."""
    return datetime.fromisoformat(at).astimezone(_CHINA).strftime("%Y-%m-%d %H:%M:%S")


def search(
    db: Database,
    where: Search,
    *,
    actor: Actor,
    at: str,
    before: int | None = None,
    limit: int = 100,
) -> Found:
    """The latest events that fit, numbered below `before`; refusals that were only counted are told first."""
    require(actor, "audit.read")
    tell_counted(db, at=at)
    asked = max(1, min(limit, MOST))
    query = _asked(where)
    if before is not None:
        query = query.where(EVENT.c.seq < before)
    with db.read() as connection:
        rows = connection.execute(query.order_by(EVENT.c.seq.desc()).limit(asked + 1)).all()
    events = tuple(Event(*row) for row in rows[:asked])
    return Found(events, events[-1].seq if len(rows) > asked else None)


def export(db: Database, path: Path, where: Search, *, actor: Actor, at: str) -> int:
    """Write the events that fit, oldest first, as `.csv` or `.json`; how many.

    No cell of the CSV runs as a formula. The JSON carries the chain from the first of them to the last,
    so that `verify_export` finds any event altered or left out of the chain. The history tells of the
    file before it has its name. `StoreError` for another ending.
    """
    require(actor, "audit.read")
    if path.suffix.lower() not in (".csv", ".json"):
        raise StoreError(f"{path.suffix or 'no ending'} is no kind of export", file=path,
                         remedy="end the file's name in .csv or .json")  # fmt: skip
    tell_counted(db, at=at)
    told = {"at": at, "by": actor.name, "where": {k: v for k, v in asdict(where).items() if v}}
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as partial:
        with partial.open("w", encoding="utf-8-sig" if path.suffix.lower() == ".csv" else "utf-8",
                          newline="") as file, db.read() as connection:  # fmt: skip
            write = _csv if path.suffix.lower() == ".csv" else _json
            count = write(file, connection, where, told)
        with partial.open("rb") as made:
            digest = hashlib.file_digest(made, "sha256").hexdigest()
        body = {"file": path.name, "sha256": digest, "events": count, "where": told["where"]}
        with db.write() as connection:
            append(connection, [NewEvent(KIND, "store", body)], actor=actor, at=at)
    return count


def verify_export(path: Path) -> list[str]:
    """What is wrong with an exported `.json`, in words; nothing where it is as it was written.

    Every event must have the hash its fields give, stand in the chain under its number, and the chain
    must run on without a gap. Compare its last hash with the store's, or with one noted outside.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if (told["format"], told["version"]) != (FORMAT, VERSION):
            raise ValueError("another format")
        links = {int(seq): (str(before), str(own)) for seq, before, own in told["links"]}
        events = [Event(**one) for one in told["events"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"this is no export of the audit log: {error}", file=path,
                         remedy="name a .json that `python -m office audit` wrote") from error  # fmt: skip
    wrong = [f"event {one.seq} was altered" for one in events if one.digest() != one.hash]
    wrong += [f"event {one.seq} is not the one of the chain" for one in events
              if links.get(one.seq) != (one.previous, one.hash)]  # fmt: skip
    numbers = sorted(links)
    wrong += [f"the chain breaks before event {seq}" for last, seq in pairwise(numbers)
              if seq != last + 1 or links[seq][0] != links[last][1]]  # fmt: skip
    if sha256(canonical([one.hash for one in events])) != told["events_sha256"]:
        wrong.append("events were added or left out")
    return wrong


@cache
def kind_words(path: Path = _WORDS) -> Mapping[str, tuple[str, str]]:
    """Words of every kind of event in Chinese and English."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {f"{group}.{name}": (entry["zh"], entry["en"])
            for group, entries in table.items() for name, entry in entries.items()}  # fmt: skip


def _asked(where: Search) -> Select[Any]:
    return select(EVENT).where(*_clauses(where))


def _clauses(where: Search) -> Iterator[ColumnElement[bool]]:
    if where.since:
        yield EVENT.c.at >= where.since
    if where.until:  # a day or a minute means all of it: what follows it sorts below "~"
        yield EVENT.c.at <= where.until + "~"
    if where.who:
        yield EVENT.c.actor == where.who
    if where.about:
        yield EVENT.c.subject == where.about
    if "." in where.kind:
        yield EVENT.c.kind == where.kind
    elif where.kind:  # "/" follows "." : every kind of the group, by the index
        yield EVENT.c.kind > f"{where.kind}."
        yield EVENT.c.kind < f"{where.kind}/"
    if where.text:
        yield EVENT.c.body.contains(where.text, autoescape=True)


def _oldest_first(connection: Connection, where: Search) -> Iterator[Event]:
    query = _asked(where).order_by(EVENT.c.seq)
    for row in connection.execute(query, execution_options={"yield_per": _BATCH}):
        yield Event(*row)


def _csv(file: TextIO, connection: Connection, where: Search, _: Mapping[str, Any]) -> int:
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(_HEADER)
    count = 0
    for one in _oldest_first(connection, where):
        words = " · ".join(kind_words().get(one.kind, ()))
        row = (
            one.at,
            one.actor,
            one.roles,
            one.kind,
            words,
            one.subject,
            one.body,
            one.previous,
            one.hash,
        )
        writer.writerow([one.seq, *(safe_cell(value) for value in row)])
        count += 1
    return count


def _json(file: TextIO, connection: Connection, where: Search, told: Mapping[str, Any]) -> int:
    head = connection.execute(select(CHAIN_HEAD.c.seq, CHAIN_HEAD.c.hash)).one()
    start = {"format": FORMAT, "version": VERSION, **told, "head": [head.seq, head.hash]}
    file.write(canonical(start)[:-1] + ',"events":[\n')
    hashes: list[str] = []
    first = last = 0
    for one in _oldest_first(connection, where):
        file.write((",\n" if hashes else "") + canonical(asdict(one)))
        hashes.append(one.hash)
        first, last = first or one.seq, one.seq
    file.write(f'\n],"events_sha256":"{sha256(canonical(hashes))}","links":[\n')
    query = select(EVENT.c.seq, EVENT.c.previous, EVENT.c.hash).where(
        EVENT.c.seq.between(first, last)
    )
    rows = connection.execute(query.order_by(EVENT.c.seq), execution_options={"yield_per": _BATCH})
    file.writelines(
        (",\n" if number else "") + canonical(list(row)) for number, row in enumerate(rows)
    )
    file.write("\n]}\n")
    return len(hashes)
