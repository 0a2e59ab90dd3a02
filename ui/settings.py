"""Where the page's data lie (`YICHA_DATA`, or the demo county), and where the app lies (`YICHA_BASE`)."""

from __future__ import annotations

import os
import re
from pathlib import Path

from layers.errors import PolicyError

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "data" / "demo"
CACHE = ROOT / "data" / "cache"
VARIABLE = "YICHA_DATA"
BASE = "YICHA_BASE"
_PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*){1,4}")


def data_folder() -> Path:
    """The folder with the layers: named by the environment, or the demo county."""
    named = os.environ.get(VARIABLE, "").strip()
    return Path(named).expanduser().resolve() if named else DEMO


def is_demo(folder: Path) -> bool:
    """Whether this is the folder the demo command writes to."""
    return folder == DEMO


def base() -> str:
    """The path below which browsers reach the app: empty, or like `/yicha`; raises `PolicyError`."""
    named = os.environ.get(BASE, "").strip().strip("/")
    if not named:
        return ""
    path = f"/{named}"
    if not _PATH.fullmatch(path):
        raise PolicyError("this is no path that the app can lie below", field=BASE,
                          remedy=f"set {BASE} to a path like /yicha, or not at all")  # fmt: skip
    return path


def at(path: str) -> str:
    """An address of this app as a browser asks for it; addresses of other machines stay as they are.

    Inside, the app knows its own paths only (`/auth/login`): `ui.border` takes the path below which
    it lies off what comes in, and puts it before where answers lead to.
    """
    return f"{base()}{path}" if path.startswith("/") else path
