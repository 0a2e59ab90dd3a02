"""OpenDroneMap by NodeODM's REST API: photos go out, an orthophoto comes back, with lineage.

Nothing here runs unless the user names an engine. A task lives on at the engine: its id resumes
a run that was cut off.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyodm import Task
from pyodm.exceptions import NodeConnectionError, NodeServerError
from pyodm.types import TaskStatus
from pyodm.utils import MultipartEncoder, options_to_json

from imagery.engines.client import Engine, asked, engine_at, said_plainly
from imagery.engines.fetch import ORTHOPHOTO, fetch_orthophoto
from imagery.photos.segments import sha256_of
from layers.atomic import write_text
from layers.errors import Cancelled, ImageryError

_TASK = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_OLDEST = "1.4.0"
"""The first to take photos one by one."""
_FEWEST, _TRIES = 3, 3
_PAUSE_S = 5.0

Progress = Callable[[int, int, str], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What an engine says of itself; `most_photos` is missing where it sets no limit."""

    address: str
    engine: str
    engine_version: str
    api_version: str
    most_photos: int | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Made:
    """An orthophoto that an engine made: the file, the task, and how it came about."""

    path: Path
    task: str
    lineage: Mapping[str, Any]


def describe(address: str) -> EngineFacts:
    """Ask an engine what it is; raises `ImageryError` where it cannot be used."""
    return _describe(engine_at(address))


def submit(
    address: str,
    photos: Sequence[str | Path],
    *,
    options: Mapping[str, Any] | None = None,
    name: str = "photos",
    progress: Progress | None = None,
    cancelled: Stop | None = None,
    pause_s: float = _PAUSE_S,
) -> str:
    """Send photos and start a task; returns its id. `options` are the engine's own.

    Files travel under plain numbered names: nothing of the office's names leaves it.
    """
    engine, files = engine_at(address), [Path(photo) for photo in photos]
    _check(files, _describe(engine))
    fields = {"name": name, "options": options_to_json(dict(options or {})),
              "skipPostProcessing": "true", "outputs": json.dumps([ORTHOPHOTO])}  # fmt: skip
    task = _uuid(_post(engine, "/task/new/init", fields))
    for done, file in enumerate(files):
        _look(done, len(files), f"upload {file.name}", progress, cancelled)
        _upload(engine, task, f"{done:05d}{file.suffix.lower()}", file, pause_s, cancelled)
    _look(len(files), len(files), "start", progress, cancelled)
    return _uuid(_post(engine, f"/task/new/commit/{task}", {}))


def wait(
    address: str,
    task: str,
    *,
    progress: Progress | None = None,
    cancelled: Stop | None = None,
    pause_s: float = _PAUSE_S,
) -> Mapping[str, Any]:
    """Watch a task until it is done; returns what the engine says of it.

    When the user cancels, the task is cancelled at the engine and `Cancelled` raised. Raises
    `ImageryError` where it failed, or where the engine is gone (its id resumes it later).
    """
    engine, lost = engine_at(address), 0
    while True:
        if cancelled is not None and cancelled():
            cancel(address, task)
            raise Cancelled(f"the task {task} was cancelled at the engine")
        with said_plainly(engine):
            info = _info(engine, task)
        if info is None:
            lost += 1
            if lost >= _TRIES:
                raise _gone(engine, task)
        else:
            lost = 0
            if _finished(engine, task, info):
                return {"options": info.options, "photos": info.images_count,
                        "seconds": max(0, info.processing_time) / 1000}  # fmt: skip
            if progress is not None:
                progress(int(info.progress), 100, info.status.name.lower())
        threading.Event().wait(pause_s)


def cancel(address: str, task: str) -> bool:
    """Stop a task at the engine; whether it says that it did."""
    engine = engine_at(address)
    return bool(asked(engine, lambda: _task(engine, task).cancel()))


def make_orthophoto(
    address: str,
    photos: Sequence[str | Path],
    out: str | Path,
    *,
    task: str | None = None,
    options: Mapping[str, Any] | None = None,
    started: Callable[[str], None] | None = None,
    progress: Progress | None = None,
    cancelled: Stop | None = None,
    pause_s: float = _PAUSE_S,
) -> Made:
    """Photos in, orthophoto out; with `task` a former run is taken up again.

    `started(task)` is called as soon as the id is known. Writes `out` and beside it
    `out` + `.lineage.json`, each whole or not at all.
    """
    facts = describe(address)
    known = {"progress": progress, "cancelled": cancelled, "pause_s": pause_s}
    running = task or submit(address, photos, options=options, **known)  # type: ignore[arg-type]
    if started is not None:
        started(running)
    done = wait(address, running, **known)  # type: ignore[arg-type]
    engine = engine_at(address)
    path = fetch_orthophoto(engine, _checked(running), Path(out), progress, cancelled)
    lineage = _lineage(facts, running, done, photos, path)
    write_text(path.with_name(f"{path.name}.lineage.json"),
               json.dumps(lineage, ensure_ascii=False, indent=1) + "\n")  # fmt: skip
    return Made(path, running, lineage)


def _lineage(
    facts: EngineFacts, task: str, done: Mapping[str, Any], photos: Sequence[str | Path], path: Path
) -> dict[str, Any]:
    sources = [{"file": Path(photo).name, "sha256": sha256_of(photo)} for photo in photos]
    return {"made": "orthophoto", "by": facts.engine, "version": facts.engine_version,
            "interface": f"NodeODM {facts.api_version}", "address": facts.address, "task": task,
            "from": sources, "sha256": sha256_of(path), **done}  # fmt: skip


def _describe(engine: Engine) -> EngineFacts:
    found = asked(engine, engine.info)
    facts = EngineFacts(engine.base, str(found.engine), str(found.engine_version),
                        str(found.version), found.max_images, int(found.task_queue_count or 0))  # fmt: skip
    if engine.compare_version(facts.api_version, _OLDEST) < 0:
        raise ImageryError(
            f"the engine at {engine.base} speaks NodeODM {facts.api_version[:20]}",
            remedy=f"ask its keeper to bring it to NodeODM {_OLDEST} or later",
        )
    return facts


def _check(files: Sequence[Path], facts: EngineFacts) -> None:
    missing = next((file for file in files if not file.is_file()), None)
    if missing is not None:
        raise ImageryError("there is no such photo", remedy="check the path", file=missing)
    if len(files) < _FEWEST:
        raise ImageryError(
            f"{len(files)} photos are too few for an orthophoto",
            remedy="give all photos of the flight, overlapping by 70 % or more",
        )
    if facts.most_photos is not None and len(files) > facts.most_photos:
        raise ImageryError(
            f"the engine takes {facts.most_photos} photos, here are {len(files)}",
            remedy="send a part of the flight, or ask the engine's keeper for a higher limit",
        )


def _upload(  # noqa: PLR0917
    engine: Engine, task: str, name: str, file: Path, pause_s: float, cancelled: Stop | None
) -> None:
    fields = {"images": [(name, file.read_bytes(), "image/jpeg")]}
    for tried in range(1, _TRIES + 1):
        body = MultipartEncoder(fields=fields)
        try:
            engine.post(f"/task/new/upload/{task}", data=body,
                        headers={"Content-Type": body.content_type})  # fmt: skip
        except (NodeConnectionError, NodeServerError) as error:
            if tried == _TRIES:
                with said_plainly(engine):
                    raise error
            _look(0, 0, "", None, cancelled)
            threading.Event().wait(pause_s)
        else:
            return


def _post(engine: Engine, call: str, fields: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    body = MultipartEncoder(fields=dict(fields)) if fields else None
    headers = {"Content-Type": body.content_type} if body is not None else {}
    return asked(engine, lambda: engine.post(call, data=body, headers=headers))


def _uuid(answer: Any) -> str:  # noqa: ANN401 - JSON of somebody else
    told = answer.get("uuid") if isinstance(answer, dict) else None
    return _checked(str(told))


def _checked(task: str) -> str:
    if not _TASK.fullmatch(task):
        raise ImageryError(
            f"{task[:60]!r} is no task id",
            remedy="give the id that was printed when the task was started",
            field="task",
        )
    return task


def _task(engine: Engine, task: str) -> Task:
    return Task(engine, _checked(task))


def _info(engine: Engine, task: str) -> Any:  # noqa: ANN401 - pyodm is untyped
    """What the engine says of a task; None where it does not answer just now."""
    try:
        return _task(engine, task).info()
    except (NodeConnectionError, NodeServerError):
        return None


def _finished(engine: Engine, task: str, info: Any) -> bool:  # noqa: ANN401 - pyodm is untyped
    if info.status == TaskStatus.COMPLETED:
        return True
    if info.status in {TaskStatus.FAILED, TaskStatus.CANCELED}:
        ended = "was cancelled" if info.status == TaskStatus.CANCELED else "failed"
        why = f" ({str(info.last_error)[:200]})" if info.last_error else ""
        raise ImageryError(
            f"the task {task} at {engine.base} {ended}{why}",
            remedy="give more photos with more overlap, or fewer at a time where memory ran out",
        )
    return False


def _gone(engine: Engine, task: str) -> ImageryError:
    return ImageryError(
        f"the engine at {engine.base} was lost while task {task} ran",
        remedy=f"run again with --task {task} when it is back: nothing is sent twice",
    )


def _look(
    done: int, total: int, what: str, progress: Progress | None, cancelled: Stop | None
) -> None:
    if cancelled is not None and cancelled():
        raise Cancelled("sending photos was cancelled")
    if progress is not None:
        progress(done, total, what)
