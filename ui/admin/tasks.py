"""What administration asks the worker for: a backup, a backup tried by restoring it, all of the history read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from office import Actor, Database
from office.backups import backup_folder, make_backup, try_backup
from office.policy import require
from office.shell_words import utc_text
from office.verify import verify
from ui.jobs.tasks import Tell
from ui.models.tasks import actor_from

BACKUP, TRY, VERIFY = "store-backup", "backup-try", "history-verify"
Order = Mapping[str, Any]
Stopped = Callable[[], bool]
_MOST = 200
"""Problems of a history that the page shows; the shell's command prints more."""


def back_up(order: Order, tell: Tell, stopped: Stopped) -> dict[str, Any]:  # noqa: ARG001 - one reading
    """A backup under the name of its moment; its file, hash and rows."""
    tell({"done": 0, "total": 1, "name": ""})
    with _store(order) as (db, actor, at):
        made = make_backup(db, _folder(order), actor=actor, at=at)
    return {"cancelled": False, "file": made.path.name, "sha256": made.sha256, "leads": made.rows["lead"],
            "events": made.rows["event"], "head_seq": made.head_seq, "head": made.head}  # fmt: skip


def try_one(order: Order, tell: Tell, stopped: Stopped) -> dict[str, Any]:  # noqa: ARG001 - one transaction
    """Restore one backup into a store that is thrown away; what it held and how its history reads."""
    tell({"done": 0, "total": 1, "name": ""})
    with _store(order) as (db, actor, at):
        done = try_backup(db, _folder(order), order["name"], actor=actor, at=at)
    read = done.verification
    return {"cancelled": False, "file": order["name"], "leads": done.rows["lead"], "events": read.events,
            "ok": read.ok, "head": read.head}  # fmt: skip


def read_history(order: Order, tell: Tell, stopped: Stopped) -> dict[str, Any]:  # noqa: ARG001 - one reading
    """Read all of the history again, against the heads noted outside where a file of them was given."""
    tell({"done": 0, "total": 1, "name": ""})
    anchors = Path(order["anchors"]) if order.get("anchors") else None
    with _store(order) as (db, actor, at):
        require(actor, "history.verify")
        found = verify(db, anchors=anchors)
    return {"cancelled": False, "ok": found.ok, "events": found.events, "head_seq": found.head_seq,
            "head": found.head, "found": found.found, "at": at, "anchored": anchors is not None,
            "problems": [asdict(one) for one in found.problems[:_MOST]]}  # fmt: skip


def _folder(order: Order) -> Path:
    return backup_folder(Path(order["data"]))


@contextmanager
def _store(order: Order) -> Iterator[tuple[Database, Actor, str]]:
    db = Database.open(order["address"])
    try:
        at = utc_text(datetime.fromisoformat(order["at"]).astimezone(UTC))
        yield db, actor_from(order), at
    finally:
        db.close()
