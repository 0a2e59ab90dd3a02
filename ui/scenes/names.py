"""Names of received files: kept as they are written, and never a path."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

from layers.errors import ImageryError

_FORBIDDEN = set('/\\:*?"<>|')
_DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in "123456789")}
_LONGEST, _DEEPEST = 200, 12
"""Bytes of one name and folders above it, so that a path fits every file system."""


def clean_name(told: Any) -> str:  # noqa: ANN401 - from outside
    """The name in composed letters; raises `ImageryError` where it is no plain file name."""
    if not isinstance(told, str):
        raise _refused("a file needs a name")
    name = unicodedata.normalize("NFC", told).strip()
    if not name or set(name) <= {".", " "}:
        raise _refused("the name is empty or only dots")
    if _FORBIDDEN & set(name) or not name.isprintable():
        raise _refused("the name holds a character of paths or one that does not print")
    if name.endswith(".") or name.split(".")[0].strip().lower() in _DEVICES:
        raise _refused("Windows cannot keep a file of this name")
    return _fitting(name)


def clean_folder(told: Any) -> str:  # noqa: ANN401 - from outside
    """Folders below what was chosen, joined by `/`; raises `ImageryError` for one that is no name."""
    if not isinstance(told, str):
        raise _refused("the folder is no text")
    parts = told.split("/") if told else []
    if len(parts) > _DEEPEST:
        raise _refused("the file lies too deep in folders")
    return "/".join(clean_name(part) for part in parts)


def _fitting(name: str) -> str:
    """Shorten a name that file systems would refuse; its suffix stays."""
    if len(name.encode()) <= _LONGEST:
        return name
    suffix = Path(name).suffix if len(Path(name).suffix.encode()) <= 12 else ""
    start = name.encode()[: _LONGEST - len(suffix.encode())].decode(errors="ignore")
    return f"{start.rstrip()}{suffix}"


def _refused(problem: str) -> ImageryError:
    return ImageryError(problem, remedy="rename the file and choose it again", field="name")
