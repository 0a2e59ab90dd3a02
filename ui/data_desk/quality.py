"""The quality of every layer file as it stands: answers kept by content, measured by the worker."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from layers.cache import code_version
from layers.shelf import partner_of
from layers.shelf.about import Held
from ui import cache, state
from ui.data_desk.work import MEASURE
from ui.settings import CACHE

_ASKED = "dd_measuring"


def known(held: Sequence[Held]) -> dict[str, dict[str, Any] | None]:
    """Name → quality as measured; `None` where it is not yet. What is missing is asked for once."""
    files = {one.name: _file(one, held) for one in held}
    found = {name: _read(file) for name, file in files.items()}
    missing = {name: str(files[name]) for name, told in found.items() if told is None}
    if missing:
        _ask(missing)
    return found


def measuring() -> str | None:
    """The id of the job that measures, where one is under way."""
    job = cache.jobs().get(state.recall(_ASKED))
    return job.id if job is not None and job.active else None


def _ask(missing: dict[str, str]) -> None:
    """Have the worker measure, unless it does, or has ended without them: it would again."""
    key = sha256(json.dumps(sorted(missing.values())).encode()).hexdigest()
    for job in cache.jobs().recent(5, MEASURE):
        if (job.task or {}).get("key") == key:
            state.keep(_ASKED, job.id)
            return
    order = {"task": MEASURE, "key": key, "folder": str(cache.shelf().folder), "files": missing}
    state.keep(_ASKED, cache.jobs().ask(order))


def _file(one: Held, held: Sequence[Held]) -> Path:
    """Named by all that the answer hangs on: the layer, its partner, the county, the code."""
    themes = {"township", *partner_of(one.theme)}
    beside = sorted(other.sha256 for other in held if other.theme in themes)
    told = json.dumps([one.sha256, beside, code_version()])
    return CACHE / "quality" / f"{sha256(told.encode()).hexdigest()}.json"


def _read(file: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
