"""dBase tables (.dbf), the attribute part of a shapefile: every value as the text it is."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from layers.errors import SourceError
from layers.sources.cells import damaged_text
from layers.sources.decoding import REPLACEMENT, decode
from layers.sources.raw import Limits, RowProblem, text_frame, unique_names

_MULTIBYTE = frozenset({"utf-8", "gb18030", "big5", "big5hkscs", "cp950", "shift_jis", "cp932"})
_ALIASES = {"936": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "65001": "utf-8",
            "utf8": "utf-8"}  # fmt: skip
_FLAGS = {b"T": "true", b"Y": "true", b"F": "false", b"N": "false"}
_DELETED = ord("*")


@dataclass(frozen=True)
class DbfTable:
    """The rows of a .dbf; `deleted` marks rows that are only still there physically."""

    frame: pd.DataFrame
    deleted: np.ndarray
    encoding: str
    problems: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    name: bytes
    kind: str
    start: int
    length: int


def read_dbf(
    data: bytes, code_page: bytes, path: Path, limits: Limits, encoding: str | None
) -> DbfTable:
    """Read a .dbf from its bytes.

    Parameters
    ----------
    data, code_page : the bytes of the .dbf and of the .cpg (empty if there is none).
    path : named in error messages.
    encoding : what the user declares; otherwise the .cpg and the cells themselves tell.
    """
    fields, body = _layout(data, path, limits)
    raw = [_cells(field, body) for field in fields]
    texts = [cell for field, column in zip(fields, raw, strict=True) if field.kind == "C"
             for cell in column if not cell.isascii()]  # fmt: skip
    names = [field.name for field in fields]
    found = _encoding(b"\n".join(names + texts), code_page, path, encoding)
    columns = unique_names([_text(name, found) or "column" for name in names])
    values = [[_value(field, cell, found) for cell in column]
              for field, column in zip(fields, raw, strict=True)]  # fmt: skip
    problems = tuple(
        damaged_text(row, name)
        for name, column in zip(columns, values, strict=True)
        for row, cell in enumerate(column, 1)
        if cell and REPLACEMENT in cell
    )
    frame = text_frame(columns, values) if columns else pd.DataFrame(index=range(len(body)))
    return DbfTable(frame, body[:, 0] == _DELETED, found, problems)


def _layout(data: bytes, path: Path, limits: Limits) -> tuple[list[_Field], np.ndarray]:
    """The fields, and the records as a byte matrix of shape (records, record length)."""
    if len(data) < 33:
        raise _damaged(path)
    count, header, width = struct.unpack_from("<IHH", data, 4)
    fields, start, at = [], 1, 32
    while at + 32 <= min(header, len(data)) and data[at] != 0x0D:
        length = data[at + 16]
        name = data[at : at + 11].split(b"\0")[0].strip()
        fields.append(_Field(name, chr(data[at + 11]), start, length))
        start, at = start + length, at + 32
    too_many = count * len(fields) > limits.max_cells
    if too_many or count > limits.max_rows or len(fields) > limits.max_columns:
        raise SourceError(
            f"the table has {count:,} rows and {len(fields)} columns", remedy="split it", file=path
        )
    if width < start or not width or header + count * width > len(data):
        raise _damaged(path)
    body = np.frombuffer(data, dtype=np.uint8, count=count * width, offset=header)
    return fields, body.reshape(count, width)


def _damaged(path: Path) -> SourceError:
    return SourceError(
        "the .dbf table is damaged or cut off", remedy="copy or export it again", file=path
    )


def _cells(field: _Field, body: np.ndarray) -> list[bytes]:
    if not field.length or not len(body):
        return [b""] * len(body)
    block = np.ascontiguousarray(body[:, field.start : field.start + field.length])
    cells: list[bytes] = block.view(f"S{field.length}").ravel().tolist()
    return cells


def _encoding(raw: bytes, code_page: bytes, path: Path, declared: str | None) -> str:
    """The declared encoding; a multi-byte code page that fits; else what the cells tell."""
    if declared:
        return decode(raw, path, declared).encoding
    page = _code_page(code_page)
    if raw.isascii():
        return page or "ascii"
    if page in _MULTIBYTE and _fits(raw, page):
        return page
    try:
        return decode(raw, path).encoding
    except SourceError:
        if page and _fits(raw, page):
            return page
        raise


def _code_page(data: bytes) -> str | None:
    """The encoding a .cpg file names, as Python calls it."""
    name = data[:40].decode("ascii", errors="ignore").strip("\0 \r\n\t").lower()
    name = re.sub(r"^(ansi|cp|oem)[\s_-]*", "", name)
    return (
        f"cp{name}" if name.isdigit() and name not in _ALIASES else _ALIASES.get(name, name)
    ) or None


def _fits(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except (LookupError, UnicodeError):
        return False
    return True


def _text(cell: bytes, encoding: str) -> str:
    """A cell in its encoding; one cut off inside a character keeps a mark for the lost one."""
    return cell.decode("latin-1" if cell.isascii() else encoding, errors="replace").strip("\0 \t")


def _value(field: _Field, cell: bytes, encoding: str) -> str | None:
    if field.kind == "C":
        return _text(cell, encoding) or None
    if field.kind == "L":
        return _FLAGS.get(cell.strip().upper())
    if field.kind == "I" and field.length == 4:
        return str(int.from_bytes(cell.ljust(4, b"\0"), "little", signed=True))
    text = cell.decode("ascii", errors="replace").strip("\0 \t*")
    if field.kind == "D" and re.fullmatch(r"\d{8}", text):
        return None if text == "00000000" else f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or None
