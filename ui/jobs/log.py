"""What a job's process said beside its answers, and when it began and ended: a short file per job."""

from __future__ import annotations

import re
import threading
from pathlib import Path

_EVENT = "= "
"""Lines of our own begin so; all others are the process's words."""
_CODE = re.compile(
    r'Traceback |  File "[^"]*[\\/](\w+\.py)", line \d+, in \S+$|(\w+\.)*\w*(Error|Exception|Warning)\b'
)
"""Lines that tell where code broke and not on what."""


class Log:
    """One file; of more than `most` bytes the last half stays."""

    def __init__(self, path: Path, most: int) -> None:
        self.path, self.most = path, most
        self._lock = threading.Lock()

    def event(self, at: str, text: str) -> None:
        """One line of our own: no content, no names."""
        self.add(f"{_EVENT}{at} {text}\n")

    def add(self, text: str) -> None:
        """More words; a full disk loses them, never the work."""
        with self._lock:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with self.path.open("a", encoding="utf-8", errors="replace") as stream:
                    stream.write(text[-self.most :])
                if self.path.stat().st_size > self.most:
                    kept = self.path.read_bytes()[-self.most // 2 :].decode("utf-8", "replace")
                    self.path.write_text("…" + kept, encoding="utf-8")
            except OSError:
                return

    def read(self, *, content: bool) -> str:
        """The lines; without `content` only what says when, how it ended and where code broke."""
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return text if content else "".join(_without_content(line) for line in text.splitlines())


def _without_content(line: str) -> str:
    if line.startswith(_EVENT):
        return line + "\n"
    found = _CODE.match(line)
    return f"{found.group(0)}\n" if found else ""
