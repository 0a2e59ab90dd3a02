"""Tests of permissions: they need a user who may not do everything, also where root runs them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534
needs_permissions = pytest.mark.skipif(
    not hasattr(os, "seteuid"), reason="this system keeps no permissions of files as POSIX does"
)


@contextmanager
def plain_folder() -> Iterator[Path]:
    """A folder of its own; inside the block the superuser is `nobody`, who owns it."""
    folder = Path(tempfile.mkdtemp(prefix="yicha-plain-"))
    root = os.geteuid() == 0
    if root:
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        for path in folder.rglob("*"):
            if path.is_dir():
                path.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
