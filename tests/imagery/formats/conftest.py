"""A working folder apart from the files that are read."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """An empty folder, the only one that may be written to."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder
