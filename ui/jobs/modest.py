"""A worker leaves room for the page: lower priority, no more memory than it was given.

What the system does not offer (Windows has neither) is left out.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from ui.jobs.limits import memory_mb

PATIENT, BRISK = 5, 2
"""Niceness of long work, and of what somebody waits for: on two cores the page goes before both."""


def hold_back(environ: Mapping[str, str], *, brisk: bool = False) -> None:
    """Let the page go first and bound this process's memory where `YICHA_WORKER_MB` says so."""
    most = memory_mb(environ)
    if sys.platform != "win32":
        import resource

        os.nice(BRISK if brisk else PATIENT)
        if most is not None:
            resource.setrlimit(resource.RLIMIT_DATA, (most << 20, most << 20))


def peak_mb() -> int | None:
    """The most memory this process held so far, megabytes."""
    if sys.platform == "win32":
        return None
    if (
        sys.platform == "linux"
    ):  # what getrusage says there counts the process that started this one
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        told = next((line for line in lines if line.startswith("VmHWM:")), None)
        if told is not None:
            return round(int(told.split()[1]) / (1 << 10))
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (1 << 20 if sys.platform == "darwin" else 1 << 10))
