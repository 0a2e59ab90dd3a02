"""Collection records: one line of JSON per event, each naming the hash of the line before it.

A line changed or taken out later shows, offline and with any SHA-256 tool.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from layers.errors import ImageryError

FIRST = "0" * 64
"""What the first line names as the hash of the line before it."""
_BREAKS = "\x85\u2028\u2029"


def appended(path: Path, event: Mapping[str, Any]) -> str:
    """The record's text with one more event; without a file a new record begins."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = text.splitlines()
    previous = _hash(lines[-1]) if lines else FIRST
    line = _line({"n": len(lines) + 1, "previous": previous, **event})
    return f"{text}{line}\n"


def read_record(path: Path) -> tuple[dict[str, Any], ...]:
    """The events of a record, oldest first; raises `ImageryError` naming a line that was altered."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise ImageryError("the collection record is missing", file=path,
                           remedy="restore it from a backup of the store") from None  # fmt: skip
    events: list[dict[str, Any]] = []
    previous = FIRST
    for row, line in enumerate(lines, 1):
        try:
            event = dict(json.loads(line))
        except (ValueError, TypeError):
            event = {}
        if event.get("previous") != previous or event.get("n") != row:
            raise ImageryError("the collection record was altered after it was written", file=path,
                               row=row, remedy="restore it from a backup of the store")  # fmt: skip
        previous = _hash(line)
        events.append(event)
    return tuple(events)


def line_hash(event: Mapping[str, Any]) -> str:
    """The hash of an event as it stands in a record; the line after it names this hash."""
    return _hash(_line(event))


def _line(event: Mapping[str, Any]) -> str:
    text = json.dumps(event, ensure_ascii=False, sort_keys=True)
    for character in _BREAKS:  # JSON lets them stand, but they would end the line
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _hash(line: str) -> str:
    return hashlib.sha256(line.encode("utf-8")).hexdigest()
