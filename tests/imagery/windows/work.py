"""Functions sent to other processes: at the top of a module, as the iterator asks."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np

from imagery.windows import Window, map_windows


def total(window: Window) -> tuple[int, int]:
    """Number of the window and the sum of its valid core."""
    core = window.array[:, *window.core]
    return window.index, int(core[:, window.valid[window.core]].sum(dtype=np.int64))


def scaled(factor: int, window: Window) -> dict[str, Any]:
    """A result with an array in it."""
    return {"mean": window.array[:, *window.core].mean(axis=(1, 2)) * factor, "n": window.index}


def failing(window: Window) -> int:
    """Fails on the third window."""
    if window.index == 2:
        raise ValueError("window 2")
    return window.index


def counted(folder: str, window: Window) -> int:
    """Leaves a file per call, so that a test can count which windows were worked on."""
    (Path(folder) / f"{window.index}-{os.getpid()}").touch()
    return window.index


def killed_after(wanted: int, image: str, journal: str) -> None:
    """Work in this process until `wanted` windows are in the journal, then die without a word."""
    for number, _ in enumerate(
        map_windows(total, image, size=256, processes=1, resume=Path(journal)), 1
    ):
        if number == wanted:
            os._exit(9)


if __name__ == "__main__":
    killed_after(int(sys.argv[1]), sys.argv[2], sys.argv[3])
