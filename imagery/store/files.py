"""Small file operations that hold after a kill or a power cut, on every system."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

_READ_ONLY = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


def protect(path: Path) -> None:
    """Make a file read-only (a system that has no such mark keeps it as it is)."""
    with contextlib.suppress(OSError):
        path.chmod(_READ_ONLY)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder survive a power cut; Windows does so without being asked."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:  # some network file systems cannot
        pass
    finally:
        os.close(handle)


def place(partial: Path, target: Path) -> None:
    """Rename a finished file of the same file system to `target`, replacing what is there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(partial, target)
    sync_folder(target.parent)


def write_durably(partial: Path, target: Path, text: str) -> Path:
    """Write UTF-8 text to `partial`, down to the disk, then rename it to `target`."""
    with partial.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    place(partial, target)
    return target


def link_or_copy(source: Path, target: Path) -> None:
    """The same bytes under another name: a hard link where the file system has them."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def remove_tree(folder: Path) -> None:
    """Remove a folder with everything in it, read-only files included."""

    def insist(function: Callable[[str], Any], name: str, _error: object) -> None:
        # on Windows a read-only file is not removed before the mark is taken off
        with contextlib.suppress(OSError):
            Path(name).chmod(stat.S_IWRITE | stat.S_IREAD)
            function(name)

    shutil.rmtree(folder, onerror=insist)
