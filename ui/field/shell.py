"""The files of the field page, and the service worker that keeps them on the phone.

The worker names every file and a version made of their bytes: a new version is fetched as a whole
or not at all.
"""

from __future__ import annotations

import json
from hashlib import sha256

from ui.assets import STATIC
from ui.texts import LANGUAGES, texts

FOLDER = STATIC / "field"
_WORKER, _SENDS, _MANIFEST = "sw.js", "sw_sync.js", "manifest.webmanifest"
_IMPORT = 'import { Sync, TAG } from "./sync.js";\n'
_PREFIX = "field."
PATH = "/field"
WORKER = f"{PATH}/{_WORKER}"
MODULES = ("sync.js", "db.js", "sense.js")
"""What the worker imports as a module."""
ICONS = ("icon.svg", "icon-192.png", "icon-512.png", "icon-full.png")
"""On the phone's home screen; `full` fills its square, for systems that cut a shape of their own."""
OPEN = (*MODULES, *ICONS)
OPEN_PATHS = frozenset({WORKER, *(f"{PATH}/{name}" for name in OPEN)})
"""Browsers fetch these without the person's cookie. They hold no data and are answered to everybody."""


def words(lang: str) -> bytes:
    """The page's texts in a language, by key."""
    found = texts(lang)
    told = {key.removeprefix(_PREFIX): text for key, text in found.entries.items() if key.startswith(_PREFIX)}  # fmt: skip
    return json.dumps({"lang": found.lang, **told}, ensure_ascii=False).encode()


def manifest(lang: str) -> bytes:
    """What the phone installs: the page under its name in a language."""
    found = texts(lang)
    title = found("field.title")
    told = {
        "name": title,
        "short_name": title,
        "lang": found.lang,
        **json.loads(_script(_MANIFEST)),
    }
    return json.dumps(told, ensure_ascii=False).encode()


def files() -> dict[str, bytes]:
    """Every file of the page by its address below `/field/`, but the worker itself."""
    found = {path.relative_to(FOLDER).as_posix(): path.read_bytes()
             for path in sorted(FOLDER.rglob("*")) if path.is_file() and path.name not in {_WORKER, _SENDS, _MANIFEST}}  # fmt: skip
    for lang in LANGUAGES:
        found |= {f"words/{lang}.json": words(lang), f"manifest.{lang}.webmanifest": manifest(lang)}
    return found


def worker(*, sends: bool = False) -> str:
    """The service worker's script with its files and version; as a module it also `sends` what waits."""
    kept = files()
    digest = sha256()
    for name, content in kept.items():
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    names = sorted("./" if name == "index.html" else name for name in kept)
    head = f"const VERSION = {json.dumps(digest.hexdigest()[:16])}, FILES = {json.dumps(names)};\n"
    parts = [head, _script(_WORKER)]
    return "".join([_IMPORT, *parts, _script(_SENDS)] if sends else parts)


def _script(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
