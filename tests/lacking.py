"""What a test does where the machine lacks something it needs."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def lacking(message: str) -> NoReturn:
    """Skip and say why; fail in CI, where nothing may skip."""
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
