"""The queue's files: `candidates/<run>/` with what was seen, what was said, and `run.json`.

    candidates.parquet    the layer of candidates, never written again
    decisions.jsonl       one line per event, hash-chained like the collection records
    run.json              the commit point: a run exists once this file does

Every file is written beside its place, down to the disk, and renamed: a kill loses at most the
event under way. Files that did not change are not read again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from imagery.queue.entries import Run
from imagery.store import Store
from imagery.store.files import place, write_durably
from imagery.store.layout import CANDIDATES
from imagery.store.records import appended, line_hash, read_record
from imagery.store.staging import Run as Staging
from layers import Layer, read_layer
from layers.errors import ImageryError

LAYER, EVENTS, RUN = "candidates.parquet", "decisions.jsonl", "run.json"
_RUN_ID = re.compile(r"[0-9a-f]{12}")
_KEPT = 512
Stamp = tuple[int, int, int]
Stamps = tuple[Stamp, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the record: what it tells, and its own hash."""

    told: Mapping[str, Any]
    sha256: str


def run_id(*parts: object) -> str:
    """Id of a run: 12 hex digits of the hash of what it was asked (plain JSON)."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


def folder_of(store: Store, run: str) -> Path:
    """Where a run's files lie; raises `ImageryError` for a text that is no id (never a path)."""
    if not _RUN_ID.fullmatch(run):
        raise unknown(run, "run")
    return store.root / CANDIDATES / run


def run_ids(store: Store) -> tuple[str, ...]:
    """Ids of all runs that were written whole."""
    folder = store.root / CANDIDATES
    names = (path.parent.name for path in folder.glob(f"*/{RUN}"))
    return tuple(sorted(name for name in names if _RUN_ID.fullmatch(name)))


def read_run(store: Store, run: str) -> Run:
    """A run; raises `ImageryError` for an unknown one and for a damaged file."""
    path = folder_of(store, run) / RUN
    if not path.is_file():
        raise unknown(run, "run")
    return _run(path, _stamp(path))


def read_candidates(store: Store, run: str) -> Layer:
    """The layer of a run as it was handed in; shared, so nobody may write into its frame."""
    path = folder_of(store, run) / LAYER
    return _layer(path, _stamp(path))


def stamps(store: Store, run: str) -> Stamps:
    """Sizes, times of change and numbers of what a run saw."""
    folder = folder_of(store, run)
    return tuple(_stamp(folder / name) for name in (LAYER, RUN))


def read_events(store: Store, run: str) -> tuple[Event, ...]:
    """What was said of a run's candidates, oldest first; raises `ImageryError` where it was altered."""
    path = folder_of(store, run) / EVENTS
    return _events(path, _stamp(path))


def placed_of(store: Store, scene_id: str, before_id: str | None) -> str:
    """Hash of where one scene or two lie; empty where one cannot be read."""
    paths = [store.item_path(one) for one in (scene_id, before_id) if one is not None]
    try:
        return hashlib.sha256("".join(_place_of(one, _stamp(one)) for one in paths).encode()).hexdigest()  # fmt: skip
    except (ImageryError, ValueError, KeyError):
        return ""


def write_run(store: Store, staging: Staging, run: Run, layer: Layer) -> None:
    """Write a run's files, `run.json` last; call it with the queue locked."""
    folder = folder_of(store, run.id)
    partial = layer.write(staging.partial())
    with partial.open("rb+") as stream:
        os.fsync(stream.fileno())
    digest = hashlib.sha256(partial.read_bytes()).hexdigest()
    place(partial, folder / LAYER)
    (folder / EVENTS).unlink(missing_ok=True)
    write_event(store, staging, run.id, {
        "event": "added", "run": run.id, "sha256": digest, "actor": run.added_by, "at": run.added_at,
    })  # fmt: skip
    text = json.dumps({**run.as_dict(), "sha256": digest}, ensure_ascii=False, indent=1)
    write_durably(staging.partial(), folder / RUN, text + "\n")


def write_event(store: Store, staging: Staging, run: str, event: Mapping[str, Any]) -> None:
    """Append one event; call it with the run locked."""
    path = folder_of(store, run) / EVENTS
    write_durably(staging.partial(), path, appended(path, event))


def unknown(text: str, what: str) -> ImageryError:
    """There is no such run or candidate."""
    return ImageryError(f"the queue has no such {what}", field=text[:60],
                        remedy="take an id from `python -m imagery queue`")  # fmt: skip


@lru_cache(_KEPT)
def _run(path: Path, _stamp: Stamp) -> Run:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Run(**{name: told[name] for name in Run.__dataclass_fields__ if name in told})
    except (ValueError, KeyError, TypeError):
        raise ImageryError("the run is damaged", file=path,
                           remedy="restore it from a backup of the store") from None  # fmt: skip


@lru_cache(_KEPT)
def _place_of(path: Path, _stamp: Stamp) -> str:
    document = json.loads(path.read_text(encoding="utf-8"))
    return json.dumps(document["geometry"], sort_keys=True)


@lru_cache(_KEPT)
def _layer(path: Path, _stamp: Stamp) -> Layer:
    return read_layer(path)


@lru_cache(_KEPT)
def _events(path: Path, _stamp: Stamp) -> tuple[Event, ...]:
    # read once: another may append at any moment; a line's hash stands in the line after it
    told = read_record(path)
    hashes = [str(event["previous"]) for event in told[1:]]
    return tuple(map(Event, told, [*hashes, *(line_hash(event) for event in told[-1:])]))


def _stamp(path: Path) -> Stamp:
    try:
        told = path.stat()
    except FileNotFoundError:
        raise ImageryError("a file of the queue is missing", file=path,
                           remedy="restore it from a backup of the store") from None  # fmt: skip
    return told.st_size, told.st_mtime_ns, told.st_ino
