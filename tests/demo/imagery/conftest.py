"""The flights over the demo county, rendered once for all tests of this folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from demo.build import SEED
from demo.imagery.build import build_imagery


@pytest.fixture(scope="session")
def flights(root: Path) -> Path:
    """The demo's scenes where `python -m demo` puts them; made here where they are missing."""
    folder = root / "data" / "demo"
    build_imagery(folder, SEED)
    return folder


@pytest.fixture(scope="session")
def planted(flights: Path) -> dict[str, Any]:
    """The truth about the scenes."""
    found: dict[str, Any] = json.loads(
        (flights / "flights" / "truth.json").read_text(encoding="utf-8")
    )
    return found
