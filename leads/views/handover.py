"""The hand-over sheet: chosen leads in the columns the receiver wants, as Excel or CSV.

The columns are data (`data/agencies/handover.toml`). No cell can run as a formula, and every
hand-over is told in the history: to whom, why, which file.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from sqlalchemy import Connection, select

from checks import Text
from layers.atomic import written_whole
from layers.errors import LeadError
from layers.safe_csv import safe_cell
from leads.states import STATE_WORDS
from leads.steps.changing import lock_many, write
from office import Actor, Database
from office.agencies import FOLDER
from office.policy import require_somewhere
from office.schema import LEAD

FORMS = FOLDER / "handover.toml"
KINDS = ("text", "number", "date")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDTHS = (8, 60)
_CHUNK = 500
_CELL = 32_000
"""Characters of one cell; Excel takes no more than 32767."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a form: its words, the path of its value (`a|b`: the first that says something)."""

    words: Text
    value: str
    kind: str


@dataclass(frozen=True, slots=True)
class Form:
    """A receiver's form."""

    id: str
    words: Text
    encoding: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A written sheet: the file, its SHA-256, how many leads it holds."""

    path: Path
    sha256: str
    leads: int


@cache
def load_forms(file: Path = FORMS) -> dict[str, Form]:
    """The receivers' forms by name; raises `LeadError` naming the key that is wrong."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        return {name: _form(name, row) for name, row in table.items()}
    except (OSError, ValueError, KeyError, TypeError, LookupError) as error:
        raise LeadError(f"the forms of hand-over cannot be read ({error!r})", file=file,
                        remedy="give every form zh, en, columns with zh, en, value") from error  # fmt: skip


def hand_over(
    db: Database, lead_ids: Sequence[str], path: str | Path, *, form: str, receiver: str,
    reason: str, actor: Actor, at: str, lang: str = "zh",
) -> HandedOver:  # fmt: skip
    """Write the sheet (`.xlsx` or `.csv`, by the file's name) and tell it in every lead's history.

    The file is written before the history: an event never names a sheet that does not exist.
    Raises `LeadError` for an unknown form, lead or file type, or without receiver or reason.
    """
    require_somewhere(actor, "lead.handover")
    chosen = load_forms().get(form)
    if chosen is None:
        raise LeadError(f"there is no form {form!r}", field="form",
                        remedy=f"use one of {', '.join(load_forms())}")  # fmt: skip
    for name, value in (("receiver", receiver), ("reason", reason)):
        if not value.strip():
            raise LeadError(f"no {name} is given", field=name, remedy=f"say it: --{name} …")
    if not lead_ids:
        raise LeadError("no lead is named", field="lead", remedy="name ids or numbers")
    target, named = Path(path), list(dict.fromkeys(lead_ids))
    with db.write() as connection:
        changes = [one for start in range(0, len(named), _CHUNK)
                   for one in lock_many(connection, named[start : start + _CHUNK], actor=actor,
                                         operation="lead.handover")]  # fmt: skip
        rows = list(sheet_rows(connection, [one.id for one in changes], chosen))
        raw = _raw(target, chosen, rows, lang)
        with written_whole(target) as beside:
            beside.write_bytes(raw)
        digest = hashlib.sha256(raw).hexdigest()
        for change in changes:
            change.tell("lead.handed_over", number=change.row["number"], receiver=receiver, reason=reason,
                        form=form, file=target.name, sha256=digest)  # fmt: skip
        write(connection, changes, actor=actor, at=at)
    return HandedOver(target, digest, len(rows))


def sheet_rows(connection: Connection, lead_ids: Sequence[str], form: Form) -> Iterator[list[Any]]:
    """The cells of every lead, in the order asked."""
    query = select(*[c for c in LEAD.columns if c.name != "geometry"]).where(
        LEAD.c.id.in_(lead_ids)
    )
    rows = {row["id"]: dict(row) for row in connection.execute(query).mappings()}
    for number, lead_id in enumerate(lead_ids, 1):
        record = _record(rows[lead_id], number)
        yield [_cell(record, column) for column in form.columns]


def _record(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    data = json.loads(row["data"])
    state = STATE_WORDS.get(row["state"], Text(row["state"], row["state"]))
    return {**row, "row": number, "finding": json.loads(row["finding"]), "data": data,
            "routing": data.get("routing") or {}, "state_words": state.as_dict()}  # fmt: skip


def _cell(record: Mapping[str, Any], column: Column) -> str | float | None:
    values: list[Any] = []
    for path in column.value.split("|"):
        values = values or [v for v in _reach(record, path.split(".")) if v is not None]
    if column.kind == "number" and len(values) == 1 and isinstance(values[0], int | float):
        return values[0]
    return _CONTROL.sub("", "; ".join(map(str, values)))[:_CELL] if values else None


def _reach(value: Any, path: Sequence[str]) -> Iterator[Any]:  # noqa: ANN401 - JSON is anything
    """The values at the end of a path; `*` goes into every one of a list."""
    if not path:
        yield value
        return
    first, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        yield from _reach(value.get(first), rest)
    elif isinstance(value, list) and first == "*":
        for one in value:
            yield from _reach(one, rest)
    elif isinstance(value, list) and first.isdigit() and int(first) < len(value):
        yield from _reach(value[int(first)], rest)


def _raw(target: Path, form: Form, rows: Sequence[Sequence[Any]], lang: str) -> bytes:
    header = [column.words.of(lang) for column in form.columns]
    if target.suffix.lower() == ".csv":
        return _csv(header, rows, form.encoding)
    if target.suffix.lower() == ".xlsx":
        return _xlsx(form.words.of(lang), header, rows)
    raise LeadError(f"{target.suffix or 'no suffix'} is no kind of sheet", file=target,
                    remedy="end the file's name in .xlsx or .csv")  # fmt: skip


def _csv(header: Sequence[str], rows: Sequence[Sequence[Any]], encoding: str) -> bytes:
    """Texts are made safe; a number stays one."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(
        [v if isinstance(v, int | float) else safe_cell(v) for v in row] for row in rows
    )
    return stream.getvalue().encode(encoding, errors="replace")


def _xlsx(title: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Texts are texts whatever they begin with (also when the sheet is saved as CSV later)."""
    book = Workbook()
    sheet = book.active
    sheet.title = title[:31]
    for at, row in enumerate([header, *rows], 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(row=at, column=column)
            if isinstance(value, str):
                cell.value, cell.data_type = value, "s"
                cell.quotePrefix = safe_cell(value) != value
            else:
                cell.value = value
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for column, words in enumerate(header, 1):
        longest = max((len(str(row[column - 1] or "")) for row in rows), default=0)
        width = min(max(_WIDTHS[0], 2 * len(words) + 2, longest + 2), _WIDTHS[1])
        sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.cell(row=1, column=column).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _form(name: str, row: Mapping[str, Any]) -> Form:
    "".encode(row["encoding"])
    columns = tuple(Column(Text(one["zh"], one["en"]), one["value"], one.get("kind", "text"))
                    for one in row["columns"])  # fmt: skip
    wrong = [one.kind for one in columns if one.kind not in KINDS]
    if wrong or not columns:
        raise ValueError(f"{name}: kind is one of {', '.join(KINDS)}")
    return Form(name, Text(row["zh"], row["en"]), row["encoding"], columns)
