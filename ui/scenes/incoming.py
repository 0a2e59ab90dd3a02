"""Files on their way in: received in pieces onto the disk, never held in memory, never served.

    <data>/uploads/<id>/about.json   what was announced: name, folder, size, whose
    <data>/uploads/<id>/content      the bytes that have arrived; its size is the offset

The disk is the only truth: after a restart every upload goes on where its file ends.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from layers.atomic import write_text
from layers.errors import ImageryError, YichaError
from ui.scenes.names import clean_folder, clean_name

GIBIBYTE = 1 << 30
_ABOUT, _CONTENT = "about.json", "content"
_ID, _BATCH = re.compile(r"[0-9a-f]{32}"), re.compile(r"[A-Za-z0-9_-]{16,64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PIECE = 1 << 20
_SAID = {
    "unknown": ("there is no such upload", "announce the file again"),
    "offset": ("the piece does not begin where the file ends", "go on at the offset told"),
    "superseded": ("somebody else goes on with this file", "ask for the offset and go on there"),
    "piece_hash": ("the piece arrived with other bytes than it was sent with", "send it again"),
    "whole_hash": ("the file arrived with another hash than announced", "send all of it again"),
    "piece": ("the piece has no offset, or is too large", "see the limits of the answer"),
    "too_long": ("more bytes came than were announced", "announce the file again"),
    "busy": ("too many pieces arrive at once", "wait a moment and go on"),
    "origin": ("only this app's own pages may upload", "open the upload page of this app"),
    "announcement": ("the announcement is not complete", "tell batch, name and size"),
    "name": ("{why}", "rename the file and choose it again"),
    "empty": ("the file is empty", "copy it again from the card"),
    "file_size": ("the file is larger than {most} bytes", "split it, or use `python -m imagery ingest`"),
    "all_size": ("all uploads together are larger than {most} bytes", "take in what is here first"),
    "too_many": ("more than {most} files wait", "pack the folder as one zip"),
    "disk_full": ("the disk has only {free} bytes left", "make room on the server's disk"),
    "disk": ("the disk refused: {why}", "ask who looks after the server"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How much may come in: bytes per file, bytes and files waiting in all, disk left free.

    `days` is how long an upload may lie untouched, `parallel` how many pieces arrive at once,
    `idle_s` how long a line may be silent before it counts as dead.
    """

    file_bytes: int = 64 * GIBIBYTE
    all_bytes: int = 256 * GIBIBYTE
    free_bytes: int = 2 * GIBIBYTE
    files: int = 10_000
    piece_bytes: int = 64 << 20
    parallel: int = 6
    idle_s: float = 60.0
    days: float = 7.0


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on its way: `offset` of `size` bytes are here; `owner`: who began it."""

    id: str
    batch: str
    name: str
    folder: str
    size: int
    modified: int
    sha256: str | None
    offset: int
    owner: str = ""

    @property
    def complete(self) -> bool:
        """Whether every byte has arrived."""
        return self.offset == self.size


class UploadError(YichaError):
    """Why a file or a piece is not taken: a code, the status of the answer, and numbers.

    The page says it in its own language; problem and remedy are for other clients.
    """

    def __init__(self, code: str, status: int, **facts: object) -> None:
        problem, remedy = _SAID[code]
        super().__init__(problem.format(**facts), remedy=remedy)
        self.code, self.status, self.facts = code, status, facts


@dataclass
class Incoming:
    """The uploads below `root`; safe to use from several threads of one process."""

    root: Path
    limits: UploadLimits = UploadLimits()
    lock: threading.Lock = field(default_factory=threading.Lock)
    writers: dict[str, object] = field(default_factory=dict)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)

    def begin(self, told: dict[str, Any], owner: str = "") -> Upload:
        """Announce a file of this person; raises `UploadError` where its name, size or the disk forbid it."""
        upload = replace(_announced(told), owner=owner)
        with self.lock:
            known = self.all()
            self._must_fit(upload, known)
            folder = self.root / upload.id
            try:
                folder.mkdir(parents=True)
                (folder / _CONTENT).touch()
                about = {name: value for name, value in asdict(upload).items() if name != "offset"}
                write_text(folder / _ABOUT, json.dumps(about, ensure_ascii=False))
            except OSError as error:
                raise UploadError("disk", 507, why=error.strerror) from None
        return upload

    def get(self, upload_id: str) -> Upload:
        """The upload; raises `UploadError` for an unknown one."""
        found = self._read(upload_id) if _ID.fullmatch(upload_id) else None
        if found is None:
            raise UploadError("unknown", 404)
        return found

    def all(self, batch: str | None = None) -> list[Upload]:
        """Every upload (of one batch), by folder and name."""
        names = [path.name for path in self.root.iterdir()] if self.root.is_dir() else []
        found = [one for name in names if _ID.fullmatch(name) and (one := self._read(name))]
        mine = [one for one in found if batch is None or one.batch == batch]
        return sorted(mine, key=lambda one: (one.folder, one.name, one.id))

    def claim(self, upload_id: str, offset: int) -> object:
        """Become the one who writes; an older writer of the same file (a dead line) ends.

        Raises `UploadError` (409 with the offset) where the piece does not begin at the end.
        """
        with self.lock:
            here = self.get(upload_id).offset
            if offset != here:
                raise UploadError("offset", 409, offset=here)
            self.writers[upload_id] = token = object()
        return token

    def append(self, upload_id: str, token: object, data: bytes) -> None:
        """Write the next bytes; raises `UploadError` where they are too many or not wanted."""
        upload = self.get(upload_id)
        with self.lock:
            if self.writers.get(upload_id) is not token:
                raise UploadError("superseded", 409, offset=upload.offset)
            path = self.content(upload_id)
            if path.stat().st_size + len(data) > upload.size:
                raise UploadError("too_long", 400, size=upload.size)
            try:
                with path.open("ab") as stream:
                    stream.write(data)
            except OSError as error:
                raise UploadError("disk", 507, why=error.strerror) from None

    def cut(self, upload_id: str, token: object, offset: int) -> None:
        """Forget what arrived after `offset`, unless somebody else writes by now."""
        with self.lock:
            if self.writers.get(upload_id) is token and self.content(upload_id).is_file():
                os.truncate(self.content(upload_id), offset)

    def release(self, upload_id: str, token: object) -> None:
        """Stop being the one who writes."""
        with self.lock:
            if self.writers.get(upload_id) is token:
                del self.writers[upload_id]

    def finish(self, upload_id: str) -> None:
        """Put the whole file safely on the disk; raises `UploadError` where its hash is another."""
        upload, path = self.get(upload_id), self.content(upload_id)
        with path.open("r+b") as stream:
            os.fsync(stream.fileno())
        if upload.sha256 and _sha256(path) != upload.sha256:
            os.truncate(path, 0)
            raise UploadError("whole_hash", 422, offset=0)

    def discard(self, upload_id: str) -> None:
        """Remove an upload and its bytes."""
        self.get(upload_id)
        with self.lock:
            self.writers.pop(upload_id, None)
            shutil.rmtree(self.root / upload_id, ignore_errors=True)

    def hand_over(self, ids: Iterable[str], folder: Path, owner: str = "") -> list[str]:
        """Move complete uploads below `folder` under the names they had; returns these names.

        Those of somebody else than `owner` are none, as unknown ones are. Two files of one name go
        to different folders, so that none takes the other's place.
        """
        names = []
        for upload_id in ids:
            try:
                upload = self.get(upload_id)
            except UploadError:
                continue  # taken or removed by now, perhaps from another tab
            if upload.complete and upload.owner in ("", owner):
                names.append(self._move(upload, folder))
        return names

    def sweep(self, now: float) -> int:
        """Remove uploads that nothing was added to for `limits.days`; returns how many. `now` in s.

        Also what is none (any more): a kill while it was announced, moved or removed.
        """
        most = self.limits.days * 86_400
        with self.lock:
            names = [one.name for one in self.root.iterdir()] if self.root.is_dir() else []
            old = [name for name in names if _ID.fullmatch(name) and now - self._touched(name) > most]  # fmt: skip
            for name in old:
                shutil.rmtree(self.root / name, ignore_errors=True)
        return len(old)

    def _touched(self, upload_id: str) -> float:
        """When bytes were added last, in s."""
        content = self.content(upload_id)
        return (content if content.is_file() else content.parent).stat().st_mtime

    def move(self, upload: Upload, target: Path) -> None:
        """Put the bytes of a complete upload at `target`, with the time the file had; it is gone here."""
        with self.lock:
            self._put(upload, target)

    def _move(self, upload: Upload, folder: Path) -> str:
        with self.lock:
            inside = Path(upload.folder) / upload.name
            again = 1
            while (folder / inside).exists():
                again += 1
                inside = Path(f"{again}") / upload.folder / upload.name
            self._put(upload, folder / inside)
        return inside.as_posix()

    def _put(self, upload: Upload, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(self.content(upload.id), target)
        if upload.modified:
            os.utime(target, (upload.modified / 1000,) * 2)
        shutil.rmtree(self.root / upload.id, ignore_errors=True)

    def _must_fit(self, upload: Upload, known: list[Upload]) -> None:
        limits = self.limits
        if upload.size > limits.file_bytes:
            raise UploadError("file_size", 413, most=limits.file_bytes)
        if len(known) >= limits.files:
            raise UploadError("too_many", 429, most=limits.files)
        if sum(one.size for one in known) + upload.size > limits.all_bytes:
            raise UploadError("all_size", 413, most=limits.all_bytes)
        self.root.mkdir(parents=True, exist_ok=True)
        coming = sum(one.size - one.offset for one in known) + upload.size
        free = shutil.disk_usage(self.root).free
        if free - coming < limits.free_bytes:
            raise UploadError("disk_full", 507, free=free, most=limits.free_bytes)

    def _read(self, upload_id: str) -> Upload | None:
        folder = self.root / upload_id
        try:
            if upload_id not in self.told:
                self.told[upload_id] = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
            return Upload(offset=(folder / _CONTENT).stat().st_size, **self.told[upload_id])
        except (OSError, ValueError, TypeError):
            self.told.pop(upload_id, None)  # being made or removed just now
            return None

    def content(self, upload_id: str) -> Path:
        """The file with the bytes that have arrived."""
        return self.root / upload_id / _CONTENT


def _announced(told: dict[str, Any]) -> Upload:
    """What was announced, checked; raises `UploadError`."""
    try:
        name, folder = clean_name(told["name"]), clean_folder(told.get("folder") or "")
        size, modified = int(told["size"]), int(told.get("modified") or 0)
        batch, sha256 = str(told["batch"]), told.get("sha256")
    except ImageryError as error:
        raise UploadError("name", 400, why=error.problem) from None
    except (KeyError, TypeError, ValueError, OverflowError):
        raise UploadError("announcement", 400) from None
    hashed = sha256 is None or (isinstance(sha256, str) and _SHA256.fullmatch(sha256))
    if not _BATCH.fullmatch(batch) or not hashed or not 0 <= modified < 1 << 43:
        raise UploadError("announcement", 400)
    if size <= 0:
        raise UploadError("empty", 400)
    return Upload(secrets.token_hex(16), batch, name, folder, size, modified, sha256, 0)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while data := stream.read(_PIECE):
            digest.update(data)
    return digest.hexdigest()
