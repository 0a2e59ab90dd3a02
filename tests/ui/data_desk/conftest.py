"""An app on the invented town, with an empty store beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.layers.shelf.conftest import folder

__all__ = ["folder", "place"]


@pytest.fixture
def place(folder: Path) -> Path:
    """The data folder around the town's layers."""
    about = {"name": {"zh": "石桥县", "en": "Shiqiao"}, "generated": True, "on_date": "2026-06-30"}
    (folder.parent / "county.json").write_text(json.dumps(about), encoding="utf-8")
    return folder.parent
