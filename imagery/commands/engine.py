"""Have an office's own photogrammetry engine (NodeODM) make an orthophoto from drone photos.

Photos are sent to the address given, and only there. --task takes up a run that was cut off.
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imagery.shell_words import add_language, language_of
from layers.errors import ImageryError

if TYPE_CHECKING:
    from imagery.engines.nodeodm import Made


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("photos", nargs="*", type=Path, metavar="PHOTO", help="all of one flight")
    parser.add_argument("--url", required=True, help="http(s)://host:port[/?token=…]")
    parser.add_argument("--out", type=Path, metavar="FILE", help="GeoTIFF to write")
    parser.add_argument("--task", metavar="ID", help="take up a task that was started before")
    parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE",
                        help="an option of the engine, such as orthophoto-resolution=3")  # fmt: skip
    parser.add_argument("--store", type=Path, metavar="DIR", help="take the result into this store")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Send, wait, fetch; without photos and task only say what the engine is."""
    from imagery.engines.nodeodm import describe, make_orthophoto  # nothing connects unasked

    if not arguments.photos and not arguments.task:
        facts = describe(arguments.url)
        print(f"{facts.address}: {facts.engine} {facts.engine_version}, NodeODM "
              f"{facts.api_version}, {facts.waiting} waiting, at most {facts.most_photos} photos")  # fmt: skip
        return 0
    if arguments.out is None:
        raise ImageryError("there is nowhere to put the orthophoto", field="--out",
                           remedy="give --out FILE")  # fmt: skip
    made = make_orthophoto(
        arguments.url, arguments.photos, arguments.out, task=arguments.task,
        options=dict(_option(text) for text in arguments.option),
        started=lambda task: print(f"task {task}", flush=True), progress=_progress,
    )  # fmt: skip
    print(made.path)
    return _into_store(made, arguments) if arguments.store else 0


def _option(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not name:
        raise ImageryError(f"{text!r} is no option", remedy="write NAME=VALUE", field="--option")
    words: dict[str, Any] = {"true": True, "false": False}
    if not equals:
        return name, True
    try:
        return name, words[value.lower()] if value.lower() in words else float(value)
    except ValueError:
        return name, value


def _into_store(made: Made, arguments: argparse.Namespace) -> int:
    """The orthophoto as a scene of the store whose item says how it was made."""
    from imagery.ingest import ingest
    from imagery.store import Store

    store = Store.open(arguments.store)
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    report = ingest([made.path], store, received=now)
    for scene in report.scenes:
        with store.run() as kept, store.locked(scene):
            document = store.document(scene)
            document["properties"].setdefault("yicha:lineage", []).append(dict(made.lineage))
            event = {"event": "lineage", "at": now, **made.lineage}
            store.write_item(kept, document, event)
    print(report.text(language_of(arguments)))
    return 1 if report.refused else 0


def _progress(done: int, total: int, name: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{100 * done // max(total, 1):3d} %  {name[-60:]}")
        sys.stderr.flush()
