"""A portable copy of the whole store, made while others go on writing."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from layers.atomic import written_whole
from layers.errors import StoreError
from office.actors import Actor
from office.archive import Manifest, write_manifest, write_part
from office.database import Database
from office.history import NewEvent, append
from office.migrations import HEAD
from office.policy import require
from office.schema import CHAIN_HEAD, METADATA

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was written: its file and hash, rows by table, the history's head in it."""

    path: Path
    sha256: str
    rows: Mapping[str, int]
    head_seq: int
    head: str


def backup(database: Database, path: Path, *, actor: Actor, at: str) -> Backup:
    """Write one consistent state of all tables to a new file, whole or not at all.

    Afterwards an event `store.backup` tells the file's name and hash. `StoreError` where the file
    exists or cannot be written, `PolicyError` where the person may not.
    """
    require(actor, "store.backup")
    if path.exists():
        raise StoreError("the file exists already", file=path,
                         remedy="name a new file: a backup never takes another's place")  # fmt: skip
    try:
        with written_whole(path) as partial:
            partial.touch(mode=0o600)
            with database.read() as connection, zipfile.ZipFile(partial, "w") as archive:
                manifest = _write(connection, archive, actor.name, at)
            digest = _synced(partial)
    except OSError as error:
        raise StoreError(f"the backup cannot be written: {error.strerror}", file=path,
                         remedy="name a file in a folder with room where you may write") from error  # fmt: skip
    made = Backup(path, digest, {name: part.rows for name, part in manifest.parts.items()},
                  manifest.head_seq, manifest.head)  # fmt: skip
    with database.write() as connection:
        body = {"file": path.name, "sha256": digest, "head_seq": made.head_seq, "head": made.head}
        append(connection, [NewEvent("store.backup", "store", body)], actor=actor, at=at)
    return made


def _write(connection: Connection, archive: zipfile.ZipFile, by: str, at: str) -> Manifest:
    head = connection.execute(select(CHAIN_HEAD.c.seq, CHAIN_HEAD.c.hash)).one_or_none()
    parts = {}
    for table in METADATA.sorted_tables:
        query = select(table).order_by(*table.primary_key.columns)
        rows = connection.execute(query, execution_options={"yield_per": _BATCH})
        parts[table.name] = write_part(archive, table, rows)
    seq, hash_ = (0, "") if head is None else (head.seq, head.hash)
    manifest = Manifest(HEAD, at, by, seq, hash_, parts)
    write_manifest(archive, manifest)
    return manifest


def _synced(path: Path) -> str:
    """Bring it to the disk and read it back: the hash of what lies there."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()
