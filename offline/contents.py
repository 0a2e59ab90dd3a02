"""What goes to the other machine: the program, its web assets, the demo county; not what it made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from layers.errors import AssetError

ROOT = Path(__file__).resolve().parent.parent
DEMO = PurePosixPath("data/demo")
_MADE_HERE = {
    "data/cache",
    "data/run",
    "benchmarks/results",
    "out",
    "data/demo/store",
    "data/demo/uploads",
}
"""Folders of the program that hold what this machine made."""
_NEVER = {"__pycache__", "node_modules", "tests"}
"""Folders left out wherever they stand: nobody runs the tests where nothing can be installed."""


def program_files(root: Path = ROOT, *, demo: bool = True) -> Iterator[tuple[PurePosixPath, Path]]:
    """Name inside the program's folder, file. Hidden files are left out but for the app's settings.

    Raises `AssetError` with the command where web assets or the demo county are missing.
    """
    if not (root / "ui" / "assets" / "dist" / "installed.sha256").is_file():
        raise AssetError("the web assets are not installed", remedy="run `python -m ui.assets` first",
                         file=root / "ui" / "assets" / "dist")  # fmt: skip
    if demo and not (root / DEMO / "county.json").is_file():
        raise AssetError("the demo county is not there", file=root / DEMO,
                         remedy="run `python -m demo` first, or build with --without-demo")  # fmt: skip
    for folder, names, files in os.walk(root):
        here = PurePosixPath(Path(folder).relative_to(root).as_posix())
        names[:] = sorted(name for name in names if _wanted(here / name, demo=demo))
        for name in sorted(files):
            if not name.startswith(".") and not name.endswith((".pyc", ".log")):
                yield here / name, Path(folder, name)


def _wanted(folder: PurePosixPath, *, demo: bool) -> bool:
    if folder.name in _NEVER or str(folder) in _MADE_HERE or (folder == DEMO and not demo):
        return False
    return not folder.name.startswith(".") or folder.name == ".streamlit"
