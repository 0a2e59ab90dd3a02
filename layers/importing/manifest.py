"""The source manifest: everything a user says about one kind of file, kept as TOML.

The next export of the same kind is imported with `--manifest FILE` alone. Unknown keys are
refused: a misspelt setting must not be silently without effect.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from layers.atomic import write_text
from layers.cleaning.dates import Order
from layers.cleaning.privacy import POLICIES, Policy
from layers.datum import parse_datum
from layers.errors import ColumnError, DatumError, YichaError
from layers.importing.precision import POSITION_KINDS
from layers.themes import THEMES, is_record

Members = Literal["theme", "all"]
Far = Literal["unplace", "keep"]


@dataclass(frozen=True)
class Manifest:
    """Settings of an import; every one may stay unsaid.

    Attributes
    ----------
    theme, datum, datum_column : what the layer is about; the datum of the file, or the column
        that names the datum of each row.
    columns : field → header; `complete` means that no further column is proposed.
    encoding, sheet, table, unit, header_row : handed to the reader; `unit` is that of a drawing,
        `header_row` the file's row that names the columns (0: none does).
    where : filters such as `licence_type~Retail`; all must hold.
    members : `theme` sets rows aside that are not of the theme, `all` keeps them.
    far : what becomes of positions far from all others: `unplace` or `keep`.
    personal, not_personal, keep_columns : policy for personal columns, columns that only look
        personal, and columns to carry along beyond those of the theme.
    position_kind, position_error : how the positions were obtained (a key of `POSITION_KINDS`)
        or their error in metres.
    date_order, utc_offset : day and month of 3/4/2023; clock of dates in seconds since 1970.
    source, licence, owner, retrieved, state_of, generated : provenance.
    agreement : under which agreement and for what purpose the data were handed over.
    """

    theme: str | None = None
    datum: str | None = None
    datum_column: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    complete: bool = False
    encoding: str | None = None
    sheet: str | None = None
    table: str | None = None
    unit: str | None = None
    header_row: int | None = None
    where: tuple[str, ...] = ()
    members: Members = "theme"
    far: Far = "unplace"
    personal: Policy = "drop"
    not_personal: tuple[str, ...] = ()
    keep_columns: tuple[str, ...] = ()
    position_kind: str | None = None
    position_error: float | None = None
    date_order: Order | None = None
    utc_offset: float = 8.0
    source: str | None = None
    licence: str | None = None
    owner: str | None = None
    retrieved: str | None = None
    state_of: str | None = None
    agreement: str | None = None
    generated: bool = False

    def with_(self, **changes: object) -> Manifest:
        """A copy with the given settings; `None` leaves one as it is, `columns` are added."""
        said = {name: _settled(value) for name, value in changes.items() if value is not None}
        if "columns" in said:
            said["columns"] = {**self.columns, **said["columns"]}
        return validate(replace(self, **said))

    def as_dict(self) -> dict[str, Any]:
        """Settings that differ from the default, in the order of the class."""
        default = Manifest()
        pairs = ((entry.name, getattr(self, entry.name)) for entry in fields(self))
        said = {name: value for name, value in pairs if value != getattr(default, name)}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in said.items()}


_CHOICES: Mapping[str, tuple[str, ...]] = {
    "theme": (*THEMES, "record/NAME"),
    "members": ("theme", "all"),
    "far": ("unplace", "keep"),
    "personal": POLICIES,
    "position_kind": tuple(POSITION_KINDS),
    "date_order": ("mdy", "dmy"),
}
_LISTS = ("where", "not_personal", "keep_columns")
_FLAGS = ("complete", "generated")
_NUMBERS = {
    "position_error": (0.0, 100_000.0),
    "utc_offset": (-14.0, 14.0),
    "header_row": (0, 1_048_576),
}
_LARGEST = 1 << 20  # bytes of a manifest


def read_manifest(path: str | Path) -> Manifest:
    """Read and check a manifest; raises `ColumnError` naming file, key and remedy."""
    file = Path(path)
    try:
        if file.stat().st_size > _LARGEST:
            raise ColumnError("this is no manifest (too large)", remedy=_MAKE, file=file)
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ColumnError(
            f"the manifest cannot be read ({type(error).__name__})", remedy=_MAKE, file=file
        ) from error
    except (ValueError, RecursionError) as error:  # decoding and TOML errors alike
        raise ColumnError(f"the manifest is no TOML: {error}", remedy=_MAKE, file=file) from error
    return manifest_from_dict(table, file)


def manifest_from_dict(table: Mapping[str, Any], file: Path | None = None) -> Manifest:
    """The manifest with these settings; raises `ColumnError` for unknown keys and wrong values."""
    known = {entry.name for entry in fields(Manifest)}
    for key in table:
        if key not in known:
            raise _wrong(file, key, "is no setting", f"use one of {', '.join(sorted(known))}")
    said = {name: _settled(value) for name, value in table.items()}
    return validate(Manifest(**said), file)


def write_manifest(manifest: Manifest, path: str | Path) -> Path:
    """Write a manifest as TOML, atomically; returns the path."""
    lines = ["# Source manifest: how files of this kind are imported."]
    columns: Mapping[str, str] = {}
    for key, value in manifest.as_dict().items():
        if key == "columns":
            columns = value
        else:
            lines.append(f"{key} = {_toml(value)}")
    if columns:
        lines += ["", "[columns]", *(f"{name} = {_toml(h)}" for name, h in columns.items())]
    return write_text(path, "\n".join(lines) + "\n")


def _settled(value: Any) -> Any:  # noqa: ANN401 - settings are of many types
    """Lists as tuples: a manifest does not change under the hands of who made it."""
    return tuple(value) if isinstance(value, list) else value


def validate(manifest: Manifest, file: Path | None = None) -> Manifest:
    """The manifest itself when every value is allowed; else `ColumnError` or `DatumError`."""
    for entry in fields(manifest):
        value = getattr(manifest, entry.name)
        if value is not None:
            _check_value(entry.name, value, file)
    if manifest.datum is not None:
        try:
            parse_datum(manifest.datum)
        except DatumError as error:
            raise DatumError(error.problem, remedy=error.remedy, file=file, field="datum") from None
    return manifest


def _check_value(key: str, value: object, file: Path | None) -> None:
    """Raise `ColumnError` when a setting has the wrong type or an unknown word."""
    if key == "columns":
        pairs = value.items() if isinstance(value, Mapping) else [(None, None)]
        _need(_all_text(text for pair in pairs for text in pair), file, key,
              "must be a table", 'write name = "header" under [columns]')  # fmt: skip
    elif key in _LISTS:
        _need(isinstance(value, tuple) and _all_text(value), file, key,
              "must be a list of texts", f'write {key} = ["…"]')  # fmt: skip
    elif key in _FLAGS:
        _need(isinstance(value, bool), file, key, "must be true or false", f"write {key} = true")
    elif key in _NUMBERS:
        low, high = _NUMBERS[key]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        _need(number and low <= float(str(value)) <= high, file, key,
              f"must be a number from {low:g} to {high:g}", "correct it")  # fmt: skip
    else:
        _need(isinstance(value, str), file, key, "must be a text", f'write {key} = "…"')
        allowed = _CHOICES.get(key, (value,))
        record = key == "theme" and is_record(str(value))
        _need(record or value in allowed, file, key, f"{value!r} is not allowed",
              f"use one of {', '.join(map(str, allowed))}")  # fmt: skip


def _all_text(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def _need(holds: bool, file: Path | None, key: str, problem: str, remedy: str) -> None:
    if not holds:
        raise _wrong(file, key, problem, remedy)


_MAKE = "write one with `python -m layers import … --save-manifest FILE`"


def _wrong(file: Path | None, key: str, problem: str, remedy: str) -> YichaError:
    return ColumnError(f"setting {key}: {problem}", remedy=remedy, file=file, field=key)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(entry) for entry in value) + "]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    escaped = "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in text)
    return f'"{escaped}"'
