"""Scripts, styles and fonts of the page, all served from this machine.

`static/` holds our own; `dist/` (ignored by git) holds what `python -m ui.assets` installed.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from layers.errors import AssetError
from ui.settings import at

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
DIST = HERE / "dist"
STAMP = "installed.sha256"
LIB_URL = "/assets/lib"
APP_URL = "/assets/app"
REMEDY = "run `python -m ui.assets` once (it needs npm, or fetches it from PyPI)"


def installed(dist: Path = DIST) -> bool:
    """Whether the third-party assets were installed."""
    return (dist / STAMP).is_file()


def font_file(weight: str = "Regular", dist: Path = DIST) -> Path:
    """The TrueType file of Noto Sans SC, `Regular` or `Medium`; raises `AssetError` without it."""
    file = dist / "fonts" / f"NotoSansSC-{weight}.ttf"
    if not file.is_file():
        raise AssetError("the Chinese font is not installed", remedy=REMEDY, file=file)
    return file


@lru_cache(maxsize=64)
def app_url(name: str) -> str:
    """The address of one of our own files, changing with its content so no browser keeps an old one."""
    content = (STATIC / name).read_bytes()
    return f"{at(APP_URL)}/{name}?v={hashlib.sha256(content).hexdigest()[:10]}"


def text_of(*names: str) -> str:
    """Our own files one after the other, for a component that wants its script or style as text."""
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in names)


def lib_url(name: str) -> str:
    """The address of an installed file, by its path below `dist/`."""
    return f"{at(LIB_URL)}/{name}"
