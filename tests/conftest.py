"""Fixtures every test may use: where the real data lie, and how loudly their absence is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests.lacking import lacking
from tests.stores import (
    database,
    empty_postgres,
    postgis,
    postgres_server,
    store_template,
    store_url,
)

__all__ = [
    "database", "empty_postgres", "postgis", "postgres_server", "store_template", "store_url",
]  # fmt: skip

settings.register_profile("suite", parent=settings(), deadline=None)
settings.load_profile("suite")  # how busy the machine is says nothing about what is tested

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def _need(path: Path) -> Path:
    if not path.is_dir():
        lacking(f"REAL DATA MISSING: {path} does not exist; this test did not run")
    return path


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the project; skips loudly without it, fails in CI."""
    return _need(SHARED / "data")


@pytest.fixture(scope="session")
def shared_imagery() -> Path:
    """The folder of real imagery beside the project; skips loudly without it, fails in CI."""
    return _need(SHARED / "imagery")


@pytest.fixture(scope="session")
def demo_layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The layers of the demo county: those at hand, else built."""
    at_hand = ROOT / "data" / "demo" / "layers"
    if at_hand.is_dir():
        return at_hand
    from demo.build import SEED, build

    out = tmp_path_factory.mktemp("county") / "demo"
    build(out, SEED)
    return out / "layers"


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root folder."""
    return ROOT
