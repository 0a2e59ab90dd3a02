"""Where the page's data lie: `YICHA_DATA`, or the demo county."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "data" / "demo"
CACHE = ROOT / "data" / "cache"
VARIABLE = "YICHA_DATA"


def data_folder() -> Path:
    """The folder with the layers: named by the environment, or the demo county."""
    named = os.environ.get(VARIABLE, "").strip()
    return Path(named).expanduser().resolve() if named else DEMO


def is_demo(folder: Path) -> bool:
    """Whether this is the folder the demo command writes to."""
    return folder == DEMO
