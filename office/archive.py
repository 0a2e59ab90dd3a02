"""The form of a backup: a zip with one file of JSON lines per table and a manifest of their hashes.

It knows neither of the two databases: a backup of SQLite is restored into PostGIS and the other
way round. A row is a JSON array in the order of the manifest's columns; bytes are Base64. What is
read is checked against the manifest and the tables before a row of it is believed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Boolean, Column, Float, Integer, LargeBinary, Table

from layers.errors import StoreError
from office.canonical import canonical

FORMAT, VERSION = "yicha-store-backup", 1
MANIFEST = "manifest.json"
_MANIFEST_BYTES = 1 << 20
_LINE_BYTES = 256 << 20
_TOTAL_BYTES = 200 << 30
_STAMP = (1980, 1, 1, 0, 0, 0)
_REMEDY = "take another backup: this one is damaged or was changed"
_BROKEN = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a backup: its columns, and how many rows and bytes with which hash."""

    columns: tuple[str, ...]
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself: form of the store, when and by whom, the history's head."""

    form: str
    at: str
    by: str
    head_seq: int
    head: str
    parts: Mapping[str, Part]


def write_part(archive: zipfile.ZipFile, table: Table, rows: Iterable[Sequence[Any]]) -> Part:
    """Write a table's rows into the archive."""
    columns = list(table.columns)
    digest, count, size = hashlib.sha256(), 0, 0
    packers = [_packer(column) for column in columns]
    entry = zipfile.ZipInfo(f"{table.name}.jsonl", _STAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as file:
        for row in rows:
            packed = [pack(value) for pack, value in zip(packers, row, strict=True)]
            line = (canonical(packed) + "\n").encode("utf-8")
            file.write(line)
            digest.update(line)
            count, size = count + 1, size + len(line)
    return Part(tuple(column.name for column in columns), count, size, digest.hexdigest())


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Close the archive with its manifest."""
    tables = {name: {"columns": list(part.columns), "rows": part.rows, "bytes": part.bytes,
                     "sha256": part.sha256} for name, part in manifest.parts.items()}  # fmt: skip
    told = {"format": FORMAT, "version": VERSION, "form": manifest.form, "at": manifest.at,
            "by": manifest.by, "head": {"seq": manifest.head_seq, "hash": manifest.head},
            "tables": tables}  # fmt: skip
    archive.writestr(zipfile.ZipInfo(MANIFEST, _STAMP), canonical(told))


def read_manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """The manifest, checked against what the archive holds; `StoreError` for anything else."""
    names = [entry.filename for entry in archive.infolist()]
    if MANIFEST not in names or archive.getinfo(MANIFEST).file_size > _MANIFEST_BYTES:
        raise _refused("this is no backup of a store", path)
    try:
        told = json.loads(archive.read(MANIFEST))
        if (told["format"], told["version"]) != (FORMAT, VERSION):
            raise _refused(f"this backup is of kind {told['format']} {told['version']}", path)
        parts = {str(name): Part(tuple(map(str, part["columns"])), int(part["rows"]),
                                 int(part["bytes"]), str(part["sha256"]))
                 for name, part in told["tables"].items()}  # fmt: skip
        manifest = Manifest(str(told["form"]), str(told["at"]), str(told["by"]),
                            int(told["head"]["seq"]), str(told["head"]["hash"]), parts)  # fmt: skip
    except (*_BROKEN, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _refused("the manifest of the backup cannot be read", path) from error
    if sorted(names) != sorted([MANIFEST, *(f"{name}.jsonl" for name in parts)]):
        raise _refused("the backup holds other files than its manifest names", path)
    if sum(part.bytes for part in parts.values()) > _TOTAL_BYTES:
        raise _refused("the backup is larger than any store", path)
    return manifest


def read_part(
    archive: zipfile.ZipFile, name: str, part: Part, table: Table, path: Path
) -> Iterator[dict[str, Any]]:
    """A table's rows, each value of its column's type; raises at the end where the hash differs."""
    if part.columns != tuple(table.columns.keys()):
        raise _refused(f"table {name} has other columns than this store", path, field=name)
    readers = [(column.name, _reader(column), bool(column.nullable)) for column in table.columns]
    digest, count, size = hashlib.sha256(), 0, 0
    try:
        with archive.open(f"{name}.jsonl") as file:
            for line in _lines(file, part.bytes, path, name):
                digest.update(line)
                count, size = count + 1, size + len(line)
                yield _row(line, readers, f"{path}: {name}.jsonl", count)
    except _BROKEN as error:
        raise _refused(f"{name}.jsonl cannot be read: {error}", path, row=count + 1) from error
    if (count, size, digest.hexdigest()) != (part.rows, part.bytes, part.sha256):
        raise _refused(f"{name}.jsonl is not what the manifest says", path)


def _lines(file: IO[bytes], most: int, path: Path, name: str) -> Iterator[bytes]:
    left = most
    while line := file.readline(min(_LINE_BYTES, left + 1)):
        left -= len(line)
        if left < 0 or not line.endswith(b"\n"):
            raise _refused(f"{name}.jsonl is longer than the manifest says", path)
        yield line


def _row(
    line: bytes, readers: Sequence[tuple[str, Callable[[Any], Any], bool]], file: str, number: int
) -> dict[str, Any]:
    try:
        values = json.loads(line)
        if not isinstance(values, list) or len(values) != len(readers):
            raise ValueError("another number of values")
    except (ValueError, RecursionError) as error:
        raise _refused("this is no row of the table", file, row=number) from error
    row: dict[str, Any] = {}
    for (name, read, nullable), value in zip(readers, values, strict=True):
        try:
            if value is None and not nullable:
                raise ValueError("missing")
            row[name] = None if value is None else read(value)
        except (ValueError, TypeError) as error:
            raise _refused("the value is not of its column's kind", file, row=number,
                           field=name) from error  # fmt: skip
    return row


def _packer(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, LargeBinary):
        return lambda value: None if value is None else base64.b64encode(value).decode("ascii")
    if isinstance(column.type, Float):  # JSON has no NaN
        return lambda value: str(value) if value is not None and not math.isfinite(value) else value
    return lambda value: value


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, LargeBinary):
        return lambda value: base64.b64decode(_is(value, str), validate=True)
    if isinstance(column.type, Boolean):
        return lambda value: _is(value, bool)
    if isinstance(column.type, Float):
        return lambda value: float(_is(value, int, float, str))
    return _whole if isinstance(column.type, Integer) else _text


def _is(value: Any, *kinds: type) -> Any:  # noqa: ANN401 - a value of JSON
    if type(value) not in kinds:
        raise TypeError(type(value).__name__)
    return value


def _whole(value: Any) -> int:  # noqa: ANN401
    if not -(1 << 63) <= _is(value, int) < 1 << 63:
        raise ValueError("beyond 64 bits")
    return int(value)


def _text(value: Any) -> str:  # noqa: ANN401
    _is(value, str).encode("utf-8")  # half a surrogate pair is no text
    return str(value)


def _refused(
    problem: str, file: str | Path, *, row: int | None = None, field: str | None = None
) -> StoreError:
    return StoreError(problem, file=file, row=row, field=field, remedy=_REMEDY)
