"""The folder of backups: made with a name of its own, listed by what each says, tried by restoring it.

A backup that nobody ever restored is a hope. `try_backup` restores one into a store that is thrown
away, verifies its history, and the history of the real store tells how it went.
"""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from layers.errors import StoreError
from office.actors import Actor
from office.archive import read_manifest
from office.backup import Backup, backup
from office.database import Database
from office.history import NewEvent, append
from office.policy import require
from office.restore import Restored, restore

ENVIRONMENT = "YICHA_BACKUPS"
_NAME = re.compile(r"yicha-[0-9TZ]+\.zip")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of the folder: when and by whom, rows it holds, the history's end; `problem` where it is
    no backup.
    """

    path: Path
    bytes: int
    at: str = ""
    by: str = ""
    form: str = ""
    leads: int = 0
    events: int = 0
    head_seq: int = 0
    head: str = ""
    problem: str = ""


def backup_folder(data: Path) -> Path:
    """Where backups lie: named by `YICHA_BACKUPS` (better another disk), else beside the data."""
    named = os.environ.get(ENVIRONMENT, "").strip()
    return Path(named).expanduser() if named else data / "backups"


def make_backup(db: Database, folder: Path, *, actor: Actor, at: str) -> Backup:
    """A backup under the name of its moment."""
    return backup(db, folder / f"yicha-{re.sub('[^0-9TZ]', '', at)}.zip", actor=actor, at=at)


def kept_backups(folder: Path, *, actor: Actor) -> tuple[Kept, ...]:
    """Every backup of the folder, the latest first."""
    require(actor, "store.backup")
    files = [file for file in folder.glob("*.zip") if _NAME.fullmatch(file.name)]
    return tuple(_kept(file) for file in sorted(files, key=lambda one: one.name, reverse=True))


def try_backup(db: Database, folder: Path, name: str, *, actor: Actor, at: str) -> Restored:
    """Restore one backup into a scratch store that is thrown away, and tell the history how it went.

    Raises `StoreError` where it does not restore (told too), `PolicyError` where the person may not.
    """
    require(actor, "store.restore")
    path = folder / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise StoreError(f"there is no backup {name}", file=folder, field="name",
                         remedy="see `python -m office backups list`")  # fmt: skip
    try:
        with tempfile.TemporaryDirectory() as scratch:
            into = Database.open(Path(scratch) / "tried.sqlite")
            try:
                done = restore(path, into, actor=actor, at=at)
            finally:
                into.close()
    except StoreError as error:
        _tell(db, {"file": name, "ok": False, "problem": error.problem}, actor, at)
        raise
    read = done.verification
    told = {"file": name, "ok": True, "leads": done.rows["lead"], "events": read.events, "head": read.head}  # fmt: skip
    _tell(db, told, actor, at)
    return done


def _tell(db: Database, body: dict[str, object], actor: Actor, at: str) -> None:
    with db.write() as connection:
        append(connection, [NewEvent("store.tried", "store", body)], actor=actor, at=at)


def _kept(file: Path) -> Kept:
    size = file.stat().st_size
    try:
        with zipfile.ZipFile(file) as archive:
            told = read_manifest(archive, file)
    except (StoreError, zipfile.BadZipFile, OSError, ValueError) as error:
        return Kept(file, size, problem=getattr(error, "problem", None) or str(error))
    rows = {name: part.rows for name, part in told.parts.items()}
    return Kept(file, size, told.at, told.by, told.form, rows.get("lead", 0), rows.get("event", 0),
                told.head_seq, told.head)  # fmt: skip
