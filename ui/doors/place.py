"""Which desk stands behind the door now: by the data folder and by what the environment names.

The demo's open door is for a folder that says it is generated, and only while no store is named: a
store that somebody named is never opened without signing in.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from layers.errors import YichaError
from office import Database
from office.database import DEFAULT_FILE, ENVIRONMENT
from office.doors.keys import ENVIRONMENT as KEY_FILE
from office.doors.keys import Keys, key_file, load_keys
from office.doors.provider_rules import load_provider
from office.doors.rules import load_doors
from ui import cache
from ui.docket.demo import PEOPLE
from ui.doors.desk import Desk
from ui.settings import data_folder
from ui.workplace import ABOUT

WAIT_S = 10.0
"""So long the doors wait for whoever writes to the store; pages stand still meanwhile."""
AGAIN_S = 5.0
"""After so long a desk that stayed shut is tried anew."""
_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def utc_now() -> str:
    """The time as the doors reckon it."""
    return datetime.now(UTC).strftime(_FORMAT)


def is_open_demo(folder: Path) -> bool:
    """Whether the folder is a generated county with its own store."""
    if os.environ.get(ENVIRONMENT):
        return False
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(about, dict) and about.get("generated") is True


class _Hall:
    """Keeps the desk that was opened last, while nothing it depends on changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple[object, ...] = ()
        self._desk: Desk | None = None
        self._until = 0.0

    def desk(self) -> Desk:
        folder = data_folder()
        key = (folder, os.environ.get(ENVIRONMENT), os.environ.get(KEY_FILE),
               _state(folder / ABOUT), _state(Path(os.environ.get(KEY_FILE) or ".none")), _inode())  # fmt: skip
        with self._lock:
            old = self._desk
            stale = old is not None and old.problem is not None and time.monotonic() > self._until
            if old is None or key != self._key or stale:
                self._desk = old = open_desk(folder)
                self._key = (*key[:-1], _inode())  # opening may have made the file
                self._until = time.monotonic() + AGAIN_S
            return old


def open_desk(folder: Path) -> Desk:
    """The desk of a folder; one that stays shut where keys or store are missing."""
    rules = load_doors()
    if is_open_demo(folder):
        return Desk(_passing_keys(), rules, utc_now, people=PEOPLE, county=_county)
    try:
        keys = load_keys(key_file())
        provider = load_provider()
        return Desk(keys, rules, utc_now, db=Database.open(wait_s=WAIT_S), provider=provider)
    except YichaError as error:
        return Desk(_passing_keys(), rules, utc_now, problem=error)


def _county() -> Database | None:
    """The demo's store, where it is made already."""
    return cache.lead_store() if cache.has_leads() else None


def _passing_keys() -> Keys:
    """Keys for as long as the program runs: nothing is sealed under them."""
    return Keys("passing", {"passing": secrets.token_bytes(32)})


def _state(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _inode() -> int:
    """Another file in the store's place is another store."""
    named = os.environ.get(ENVIRONMENT) or str(DEFAULT_FILE)
    if "://" in named and not named.startswith("sqlite:///"):
        return 0
    try:
        return Path(named.removeprefix("sqlite:///")).stat().st_ino
    except OSError:
        return 0


_HALL = _Hall()


def desk() -> Desk:
    """The desk of the data folder as it is now."""
    return _HALL.desk()
