"""The demo county, built once for all tests of this folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from demo.build import SEED, build
from demo.scene import Play, stage


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A freshly built demo county."""
    out = tmp_path_factory.mktemp("demo") / "county"
    assert build(out, SEED)
    return out


@pytest.fixture(scope="session")
def play() -> Play:
    """The same county as it stands in memory before anything is written."""
    return stage(SEED)


@pytest.fixture(scope="session")
def truth(county: Path) -> dict[str, Any]:
    """The planted truth."""
    content: dict[str, Any] = json.loads((county / "truth.json").read_text(encoding="utf-8"))
    return content
