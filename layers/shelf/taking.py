"""One file on its way into the folder: looked at, tried out, put up. Nothing stands before it is put up.

`prepare` does all the work and writes the layer beside the folder; `put_up` lets it stand. Between
the two a person reads the report. Both are what the command, the page and the worker call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import shapely

from layers.errors import Cancelled, LayerError, YichaError
from layers.folder import LayerFolder
from layers.importing import Imported, ImportReport, Manifest, Note
from layers.importing.columns import ColumnMap, settle_columns
from layers.importing.declared import same_datum
from layers.importing.importer import import_table
from layers.importing.look import readings_for
from layers.importing.originals import keep_original
from layers.importing.policy import privacy_of
from layers.importing.readings import Ground
from layers.layer import Layer, merge, read_layer
from layers.shelf.quality import partner_of, quality_of
from layers.shelf.records import Version
from layers.shelf.shelf import SOURCES, VERSIONS, Shelf
from layers.sources import DEFAULT_LIMITS, Limits, RawTable, read_source
from layers.themes import theme

STEPS = ("read", "place", "rows", "measure", "write")
"""The steps of `prepare`, for who watches."""
DOUBT = 0.5
"""A proposal this sure that speaks for another datum than the one told is said loudly."""
TRUSTED = ("school", "road", "place")
Tell = Callable[[int, str], None]
Stopped = Callable[[], bool]


@dataclass(frozen=True)
class Taken:
    """What `prepare` made: the outcome, its numbers, what the known places say of the datum."""

    imported: Imported
    quality: Mapping[str, Any] | None
    doubt: Mapping[str, Any] | None


def raw_table(path: str | Path, manifest: Manifest, shown: str = "", limits: Limits = DEFAULT_LIMITS) -> RawTable:  # fmt: skip
    """A file as read; `shown` is the name it goes by (that on the disk says nothing).

    Raises `SourceError` without the path on this machine.
    """
    try:
        table = read_source(
            path, encoding=manifest.encoding, sheet=manifest.sheet, table=manifest.table,
            unit=manifest.unit, header_row=manifest.header_row, limits=limits,
        )  # fmt: skip
    except YichaError as error:
        raise type(error)(error.problem, remedy=error.remedy, file=shown or Path(path).name,
                          row=error.row, field=error.field) from error  # fmt: skip
    return replace(table, path=Path(shown)) if shown else table


def ground_of(folder: str | Path, about: str, sha256: str) -> Ground:
    """What the folder knows of the ground, for a file of a theme with this hash.

    A layer that was made of this very file alone is no witness for it, nor is one whose own datum
    is in doubt.
    """
    try:
        layers = LayerFolder(folder)
    except LayerError:
        return Ground()
    trusted, shelf = {}, Shelf(folder)
    for name in dict.fromkeys((*TRUSTED, about)):
        sound = [file for file in layers.files(name) if not _doubted(shelf, file)]
        parts = [read_layer(file) for file in sound]
        others = [one for one in parts if any(source.sha256 != sha256 for source in one.provenance)]
        if others and len(found := merge(others)) and len(found.placed):
            trusted[name] = found
    buildings = layers["building"].placed.geometry.to_numpy() if "building" in layers else ()
    return Ground(area_of(layers), buildings, trusted)


def _doubted(shelf: Shelf, file: Path) -> bool:
    """Whether the version that stands lies beside the known places."""
    if not (shelf.folder / VERSIONS / file.stem).is_dir():
        return False
    now = shelf.standing(file.stem)
    return now is not None and now.doubt is not None


def area_of(layers: Mapping[str, Layer]) -> Any:  # noqa: ANN401 - a geometry or nothing
    """The office's ground: its townships together; `None` where nobody drew them."""
    if "township" not in layers or not len(layers["township"].placed):
        return None
    return shapely.union_all(layers["township"].placed.geometry.to_numpy())


def prepare(
    table: RawTable, manifest: Manifest, shelf: Shelf, target: Path, ground: Ground,
    *, trusted: Layer | None = None, tell: Tell = lambda *_: None, stopped: Stopped = lambda: False,
) -> Taken:  # fmt: skip
    """Import a table and write the layer to `target`, which nobody reads yet.

    Raises what `import_table` raises, and `Cancelled` between two steps.
    """
    _step(1, tell, stopped)
    doubt = None if manifest.datum_column else _doubt(table, manifest, ground)
    _step(2, tell, stopped)
    imported = import_table(table, manifest, trusted=trusted)
    return written(imported, shelf, target, ground, doubt, tell=tell, stopped=stopped)


def written(
    imported: Imported, shelf: Shelf, target: Path, ground: Ground,
    doubt: Mapping[str, Any] | None = None,
    *, tell: Tell = lambda *_: None, stopped: Stopped = lambda: False,
) -> Taken:  # fmt: skip
    """What was imported, measured and written to `target`; `doubt` is told in its report."""
    if doubt is not None and same_datum(str(doubt["best"]), imported.report.datum):
        doubt = None
    if doubt is not None:
        note = Note("datum_doubt", detail=f"{doubt['zh']} / {doubt['en']}")
        report = replace(imported.report, notes=(*imported.report.notes, note))
        imported = replace(imported, report=report)
    if imported.layer is None:
        return Taken(imported, None, doubt)
    _step(3, tell, stopped)
    quality = quality_of(imported.layer, ground.area, _partner(imported.layer, shelf))
    _step(4, tell, stopped)
    imported.layer.write(target)
    return Taken(imported, quality, doubt)


def put_up(
    shelf: Shelf, name: str, layer: Path, told: Mapping[str, Any], original: Path | None,
    *, by: str, at: str, expected: str | None = None,
) -> Version:  # fmt: skip
    """Keep the original byte for byte, then let the prepared layer stand; see `Shelf.put`."""
    if original is not None:
        keep_original(original, shelf.folder / SOURCES)
    return shelf.put(name, layer, told, by=by, at=at, expected=expected)


def told_of(taken: Taken, shown: str) -> dict[str, Any]:
    """What `put_up` is told of a prepared layer: the fields of its record, and the report."""
    report, layer = taken.imported.report, taken.imported.layer
    return {
        "theme": report.theme, "rows": report.rows_out, "file": shown,
        "sources": (report.sha256,), "datum": _datum_of(report, layer),
        "manifest": taken.imported.manifest.as_dict(), "counts": counts_of(report),
        "quality": taken.quality, "doubt": taken.doubt, "report": report.as_dict(),
    }  # fmt: skip


def counts_of(report: ImportReport) -> dict[str, int]:
    """The rows of a report: in, out, rejected, set aside, unplaced, and fields emptied."""
    return {"in": report.rows_in, "out": report.rows_out, "rejected": len(report.rejected),
            "aside": report.aside, "unplaced": report.unplaced, "fields": len(report.fields)}  # fmt: skip


def _datum_of(report: ImportReport, layer: Layer | None) -> str:
    return layer.provenance[0].datum if layer is not None else report.datum


def _step(number: int, tell: Tell, stopped: Stopped) -> None:
    if stopped():
        raise Cancelled
    tell(number, STEPS[number])


def _doubt(table: RawTable, manifest: Manifest, ground: Ground) -> dict[str, Any] | None:
    """What the known places speak for, where they speak clearly."""
    if not ground.trusted:
        return None
    about = theme(manifest.theme or "")
    columns = _columns(table, manifest, about.name)
    try:
        found = None if columns is None else readings_for(table, about, columns, manifest, ground)
    except YichaError:
        return None
    told = found.as_dict() if found is not None else {}
    if not told.get("best") or told["confidence"] < DOUBT:
        return None
    return told


def _columns(table: RawTable, manifest: Manifest, about: str) -> ColumnMap | None:
    try:
        return settle_columns(table.frame, theme(about), manifest.columns, propose=not manifest.complete,
                              placed_by_geometry=table.geometry is not None, file=table.path,
                              barred=privacy_of(table, manifest).barred)  # fmt: skip
    except YichaError:  # the import itself tells it
        return None


def _partner(layer: Layer, shelf: Shelf) -> Layer | None:
    if not shelf.folder.is_dir():
        return None
    layers = LayerFolder(shelf.folder)
    return next((layers[name] for name in partner_of(layer.theme.name) if name in layers), None)
