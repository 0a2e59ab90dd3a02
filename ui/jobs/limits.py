"""How much may be under way at once: said by the environment, else by the processors at hand."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from layers.errors import YichaError

Lane = Literal["heavy", "light"]
HEAVY, LIGHT, MEMORY = "YICHA_WORKERS", "YICHA_LIGHT_WORKERS", "YICHA_WORKER_MB"
_MOST = 64


@dataclass(frozen=True, slots=True)
class Limits:
    """Worker processes of each lane, jobs that may wait (in all, and of one person), ended jobs kept.

    `grace_s` seconds after it was told to stop a process is ended; `log_bytes` of its words are
    kept; a line of it may have `line_chars`. `attempts`: how often a job is begun before it is told
    as cut off.
    """

    heavy: int = 1
    light: int = 1
    waiting: int = 200
    each: int = 20
    kept: int = 500
    grace_s: float = 30.0
    log_bytes: int = 64_000
    line_chars: int = 32_000_000
    attempts: int = 3

    def workers(self, lane: Lane) -> int:
        """Processes of a lane."""
        return self.heavy if lane == "heavy" else self.light


def limits_of(environ: Mapping[str, str], cores: int | None = None) -> Limits:
    """The limits as the environment says them: half the processors do heavy work, one of two.

    Raises `YichaError` where a number cannot be read.
    """
    half = max(1, (cores or os.cpu_count() or 1) // 2)
    return Limits(heavy=_number(environ, HEAVY, half), light=_number(environ, LIGHT, 1))


def memory_mb(environ: Mapping[str, str]) -> int | None:
    """What a worker process may hold, in megabytes; `None` where nobody said."""
    return _number(environ, MEMORY, 0, most=1 << 22) or None


def _number(environ: Mapping[str, str], name: str, fallback: int, most: int = _MOST) -> int:
    said = environ.get(name, "").strip()
    if not said:
        return fallback
    if not said.isascii() or not said.isdigit() or not 1 <= int(said[:9]) <= most:
        raise YichaError(f"{name}={said[:20]} is no number of 1 to {most}", field=name,
                         remedy=f"set {name} to a whole number, or leave it out")  # fmt: skip
    return int(said[:9])
