"""Folders of layers for tests of standing watches: a few of the demo county's, to be changed at will."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

BARS = ("school", "school_gate", "school_gate-named", "bar")
"""What the check of bars near schools looks at."""


def some_layers(source: Path, out: Path, names: Sequence[str] = BARS) -> Path:
    """A new folder with these files of the demo county's layers and its walking network."""
    made = out / "layers"
    made.mkdir()
    for name in names:
        shutil.copy(source / f"{name}.parquet", made)
    shutil.copytree(source / "walking", made / "walking")
    return made
