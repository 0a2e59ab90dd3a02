"""Heads of the history noted outside the store, in a file that is only ever added to.

Who can write to the store can rewrite its history to the end and make a chain that fits again. A
head noted elsewhere before then no longer fits it. Keep the file where the store's keeper cannot
write, or print it.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from layers.errors import StoreError
from office.canonical import canonical


@dataclass(frozen=True, slots=True)
class Anchor:
    """The history's last event at a time: its number, its hash, and when that was noted."""

    seq: int
    hash: str
    at: str


def anchor_line(anchor: Anchor) -> str:
    """The line of an anchor, to keep in a file outside or to print."""
    return canonical({"seq": anchor.seq, "hash": anchor.hash, "at": anchor.at})


def note_anchor(path: Path, anchor: Anchor) -> None:
    """Add a line; on disk when it returns. `StoreError` where the file cannot be written."""
    line = anchor_line(anchor)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(f"the anchor file cannot be written: {error.strerror}", file=path,
                         remedy="name a file in a folder where you may write") from error  # fmt: skip


def read_anchors(path: Path) -> tuple[tuple[Anchor, ...], tuple[int, ...]]:
    """The anchors, and the numbers of the lines that are none. `StoreError` without the file."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise StoreError(f"the anchor file cannot be read: {error.strerror}", file=path,
                         remedy="name the file that `verify --note` wrote") from error  # fmt: skip
    found = [(number, _parsed(line)) for number, line in enumerate(lines, 1) if line.strip()]
    return (tuple(one for _, one in found if one is not None),
            tuple(number for number, one in found if one is None))  # fmt: skip


def _parsed(line: str) -> Anchor | None:
    try:
        told = json.loads(line)
        seq, hash_, at = told["seq"], told["hash"], told["at"]
    except (ValueError, KeyError, TypeError):
        return None
    fits = isinstance(seq, int) and isinstance(hash_, str) and isinstance(at, str)
    return Anchor(seq, hash_, at) if fits and re.fullmatch("[0-9a-f]{64}", hash_) else None
