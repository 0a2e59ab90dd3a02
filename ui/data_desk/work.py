"""What the worker does with a table: looks at it, tries it out, puts it up; and measures layers.

Orders are plain JSON: `folder` (of the layers), `root` and `staged` (the table), `manifest`, `by` and
`roles` of who asks, `address` of the store.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from layers.atomic import write_text
from layers.errors import Cancelled, SourceError, YichaError
from layers.folder import LayerFolder
from layers.importing.look import look_at
from layers.importing.manifest import Manifest, manifest_from_dict
from layers.layer import read_layer
from layers.shelf import (
    Shelf,
    ground_of,
    partner_of,
    prepare,
    put_up,
    quality_of,
    raw_table,
    told_of,
)
from layers.shelf.taking import STEPS, area_of
from office import Actor
from office import layer_deeds as deeds
from office.policy import require
from ui.data_desk.staging import Staged, Staging
from ui.jobs.tasks import Tell

LOOK, TRY, PUT, MEASURE = "table-look", "table-try", "table-put", "table-measure"
Stopped = Callable[[], bool]
_SHOWN = 100
"""Rejected rows that go with the answer; the file to download has them all."""


def look(order: Mapping[str, Any], tell: Tell, stopped: Stopped) -> dict[str, Any]:
    """Read the table and say what it looks like."""
    staged, manifest = _of(order)
    tell({"done": 0, "total": 2, "name": ""})
    table = raw_table(staged.path, manifest, staged.name)
    if stopped():
        return {"cancelled": True}
    tell({"done": 1, "total": 2, "name": ""})
    ground = ground_of(order["folder"], str(manifest.theme), table.sha256)
    return {"cancelled": False, **look_at(table, manifest, ground)}


def try_out(order: Mapping[str, Any], tell: Tell, stopped: Stopped) -> dict[str, Any]:
    """Import the table beside the layers, where nobody reads it, and say what came of it."""
    staged, manifest = _of(order)
    shelf = Shelf(order["folder"])
    tell({"done": 0, "total": len(STEPS), "name": f"step.{STEPS[0]}"})
    table = raw_table(staged.path, manifest, staged.name)
    ground = ground_of(shelf.folder, str(manifest.theme), table.sha256)
    try:
        taken = prepare(
            table, manifest, shelf, staged.layer, ground, stopped=stopped,
            tell=lambda done, step: tell({"done": done, "total": len(STEPS), "name": f"step.{step}"}),
        )  # fmt: skip
    except Cancelled:
        return {"cancelled": True}
    told = told_of(taken, staged.name)
    staged.keep_ready({**told, "refused": taken.imported.layer is None})
    report = told.pop("report")
    return {
        "cancelled": False, **told, "refused": taken.imported.layer is None,
        "text": {lang: taken.imported.report.text(lang) for lang in ("zh", "en")},
        "rejected": report["rejected"][:_SHOWN], "fields": report["fields"][:_SHOWN],
    }  # fmt: skip


def put(order: Mapping[str, Any], tell: Tell, stopped: Stopped) -> dict[str, Any]:
    """Let what was tried out stand; an event of the history."""
    staged, who = _staged(order), Actor(order["by"], tuple(order["roles"]))
    require(who, deeds.IMPORT)
    told = staged.ready()
    if told is None or told.pop("refused") or stopped():
        raise SourceError("nothing was tried out that could stand", remedy="make the dry run again")
    tell({"done": 0, "total": 1, "name": ""})
    at, shelf = datetime.fromisoformat(order["at"]), Shelf(order["folder"])
    told["sources"] = tuple(told["sources"])
    made, mine = shelf.standing(order["name"]), (who.name, order["at"])
    if made is None or (made.by, made.at) != mine:  # else: it stood already before a kill
        made = put_up(shelf, order["name"], staged.layer, told, staged.path, by=who.name, at=order["at"],
                      expected=order["expected"])  # fmt: skip
    deeds.tell(shelf, [order["name"]], who=who, at=at, address=order["address"])
    return {"cancelled": False, "name": order["name"], "version": made.number, "rows": made.rows}


def measure(order: Mapping[str, Any], tell: Tell, stopped: Stopped) -> dict[str, Any]:
    """The quality of layers that nobody measured yet: `files` are name → file of the answer."""
    shelf = Shelf(order["folder"])
    layers = LayerFolder(shelf.folder)
    area, files = area_of(layers), order["files"]
    for done, (name, target) in enumerate(files.items()):
        if stopped():
            return {"cancelled": True}
        tell({"done": done, "total": len(files), "name": name})
        try:
            layer = read_layer(shelf.file(name))
            partner = next(
                (layers[one] for one in partner_of(layer.theme.name) if one in layers), None
            )
            found: dict[str, Any] = quality_of(layer, area, partner)
        except YichaError as error:
            found = {"problem": error.problem, "remedy": error.remedy}
        write_text(Path(target), json.dumps(found, ensure_ascii=False) + "\n")
    return {"cancelled": False, "measured": len(files)}


def _of(order: Mapping[str, Any]) -> tuple[Staged, Manifest]:
    return _staged(order), manifest_from_dict(order["manifest"])


def _staged(order: Mapping[str, Any]) -> Staged:
    found = Staging(Path(order["root"])).get(order["staged"])
    if found is None:
        raise SourceError("the table is not here any more", remedy="bring the file again")
    return found
