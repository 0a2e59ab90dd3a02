"""Files already read: the same file twice is not read twice.

An entry holds for a path only while size, time of change and the file's own number are those of
the day it was read. A file changed within two seconds of being read is not remembered: its
time could stay the same through another change. Paths are kept as hashes. Losing entries costs
a second reading, nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from imagery.store.layout import SEEN
from imagery.store.staging import Run

_MANY_FILES = 16
_STILL_NS = 2_000_000_000


@dataclass(frozen=True)
class Seen:
    """What was read before, by the mark of a file (path, size, times, number)."""

    file: Path
    hashes: dict[str, str]

    def sha256(self, path: Path, stat: os.stat_result) -> str | None:
        """The hash of a file that was read before and has not changed since."""
        return self.hashes.get(_mark(path, stat))

    def remember(self, path: Path, stat: os.stat_result, sha256: str, now_ns: int) -> None:
        """Keep the hash; `now_ns` = the file system's clock when the reading had ended."""
        if now_ns - max(stat.st_mtime_ns, stat.st_ctime_ns) < _STILL_NS:
            return
        mark = _mark(path, stat)
        self.hashes[mark] = sha256
        with contextlib.suppress(OSError), self.file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps([mark, sha256]) + "\n")


def read_seen(run: Run) -> Seen:
    """Everything remembered by earlier runs; many small files become one."""
    folder = run.root / SEEN
    files = sorted(folder.glob("*.jsonl"))
    hashes: dict[str, str] = {}
    for file in files:
        hashes.update(_entries(file))
    seen = Seen(folder / f"{run.id}.jsonl", hashes)
    if len(files) > _MANY_FILES:
        text = "".join(json.dumps([mark, sha256]) + "\n" for mark, sha256 in hashes.items())
        seen.file.write_text(text, encoding="utf-8", newline="\n")
        for file in files:
            with contextlib.suppress(OSError):  # another run writes it; it is read next time
                file.unlink()
    return seen


def _entries(file: Path) -> dict[str, str]:
    """The entries of one file; a line torn by a kill is left out."""
    found: dict[str, str] = {}
    with contextlib.suppress(OSError):
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            with contextlib.suppress(ValueError, TypeError):
                mark, sha256 = json.loads(line)
                found[str(mark)] = str(sha256)
    return found


def _mark(path: Path, stat: os.stat_result) -> str:
    facts = (str(path.absolute()), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino,
             stat.st_dev)  # fmt: skip
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
