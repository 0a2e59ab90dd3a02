"""What one tab remembers of the table it imports: ids and widget values; and the orders to the worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from layers.importing.manifest import Manifest
from office import Actor
from ui import cache, state
from ui.data_desk.staging import Staged
from ui.data_desk.work import LOOK, PUT, TRY

VIEW, LAYER, THEME, DROP = "dd_view", "dd_layer", "dd_theme", "dd_drop"
SOURCES, IMPORT = "sources", "import"
IMPORT_RIGHT = "layer.import"
TO_MAP = "dd_to_map"
"""The wish to see on the map what was imported."""
_STAGED, _TARGET, _FIRST = "dd_staged", "dd_target", "dd_first"
_JOBS = {LOOK: "dd_look", TRY: "dd_try", PUT: "dd_put"}
ABOUT = ("source", "owner", "licence", "agreement", "retrieved", "state_of")
"""What a person says of where the table came from."""


def staged() -> Staged | None:
    """The table of this tab, where there is one."""
    return cache.staging().get(state.recall(_STAGED))


def begin(table: Staged, target: str | None = None, settings: Mapping[str, Any] | None = None) -> None:  # fmt: skip
    """Take up a table: it is looked at. `target` is the layer it shall replace."""
    state.keep(_STAGED, table.id)
    state.keep(_TARGET, target)
    state.keep(_FIRST, dict(settings or {}))
    for key in _JOBS.values():
        state.keep(key, None)


def leave() -> None:
    """Lay the table aside; what was tried out with it goes."""
    table = staged()
    if table is not None:
        cache.staging().discard(table.id)
    for key in (_STAGED, _TARGET, _FIRST, *_JOBS.values()):
        state.keep(key, None)


def first_settings() -> dict[str, Any]:
    """The settings a table came with: those of the version that is mended."""
    return dict(state.recall(_FIRST) or {})


def target() -> str | None:
    """The layer that is mended."""
    found = state.recall(_TARGET)
    return str(found) if found else None


def job_id(kind: str) -> str | None:
    """The id of this tab's job of a kind."""
    found = state.recall(_JOBS[kind])
    return str(found) if found else None


def report_of(kind: str) -> dict[str, Any] | None:
    """What came of this tab's job of a kind; `None` while it is under way, or went wrong."""
    job = cache.jobs().get(job_id(kind))
    return job.report if job is not None and job.state == "done" else None


def ask(kind: str, who: Actor, manifest: Manifest, **more: Any) -> None:  # noqa: ANN401 - plain JSON
    """Have the worker do it with the table of this tab; later steps begin anew."""
    table = staged()
    if table is None:
        return
    order = {
        "task": kind, "actor": who.name, "by": who.name, "roles": list(who.roles), "staged": table.id,
        "folder": str(cache.shelf().folder), "root": str(cache.staging().root),
        "manifest": manifest.as_dict(), "address": cache.store_address(), **more,
    }  # fmt: skip
    state.keep(_JOBS[kind], cache.jobs().ask(order))
    kinds = list(_JOBS)
    for later in kinds[kinds.index(kind) + 1 :]:
        state.keep(_JOBS[later], None)


def forget(kind: str) -> None:
    """Close the account of a job."""
    state.keep(_JOBS[kind], None)


def today() -> str:
    """The day by which age is judged, ISO."""
    return now().date().isoformat()


def now() -> datetime:
    """The moment, with its offset."""
    return datetime.now().astimezone()
