"""The hamlet as a folder of its own, which runs may be written into."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def folder(hamlet_folder: Path, tmp_path: Path) -> Path:
    shutil.copytree(hamlet_folder, tmp_path / "hamlet")
    return tmp_path / "hamlet"
