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
_WORKER = "sw.js"
_PREFIX = "field."


def words(lang: str) -> bytes:
    """The page's texts in a language, by key."""
    found = texts(lang)
    told = {key.removeprefix(_PREFIX): text for key, text in found.entries.items() if key.startswith(_PREFIX)}  # fmt: skip
    return json.dumps({"lang": found.lang, **told}, ensure_ascii=False).encode()


def files() -> dict[str, bytes]:
    """Every file of the page by its address below `/field/`, but the worker itself."""
    found = {path.relative_to(FOLDER).as_posix(): path.read_bytes()
             for path in sorted(FOLDER.rglob("*")) if path.is_file() and path.name != _WORKER}  # fmt: skip
    return found | {f"words/{lang}.json": words(lang) for lang in LANGUAGES}


def worker() -> str:
    """The service worker's script with its files and version."""
    kept = files()
    digest = sha256()
    for name, content in kept.items():
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    names = sorted("./" if name == "index.html" else name for name in kept)
    head = f"const VERSION = {json.dumps(digest.hexdigest()[:16])}, FILES = {json.dumps(names)};\n"
    return head + (FOLDER / _WORKER).read_text(encoding="utf-8")
