"""The demo county's layers: those at hand, else built."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.build import SEED, build


@pytest.fixture(scope="session")
def demo_layers(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    at_hand = root / "data" / "demo" / "layers"
    if not at_hand.is_dir():
        out = tmp_path_factory.mktemp("county") / "demo"
        build(out, SEED)
        return out / "layers"
    return at_hand
