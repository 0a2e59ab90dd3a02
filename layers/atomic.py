"""Files written whole or not at all: beside the target first, then renamed."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def written_whole(path: str | Path) -> Iterator[Path]:
    """A file beside `path` to write into, renamed to it when the block ends without an error.

    Makes the folder. A kill at any moment leaves the old file or the new one; two threads or
    processes writing the same target do not meet.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}-{threading.get_ident()}.partial")
    try:
        yield partial
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: str | Path, text: str) -> Path:
    """Write UTF-8 text whole or not at all; returns the path."""
    with written_whole(path) as partial:
        partial.write_text(text, encoding="utf-8")
    return Path(path)


def sweep_partials(
    folder: str | Path, now: float, hours: float = 24.0, skip: Path | None = None
) -> int:
    """Remove what killed writers left below `folder` and nobody touched for `hours`; how many.

    `now` in seconds. A writer that still lives has touched its file since. Not below `skip`.
    """
    swept = 0
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if Path(where, name) != skip]
        for name in names:
            if name.startswith(".") and ".partial" in name:
                path = Path(where, name)
                with suppress(OSError):
                    if now - path.stat().st_mtime > hours * 3600:
                        path.unlink()
                        swept += 1
    return swept
