"""Reading `data/workflow/`: every key, name, period and date is checked, errors name the file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

from checks import Text
from layers.errors import LeadError
from leads.states import DISMISSED, FOLLOW_UP, REGISTERED
from leads.steps.workflow import (
    BACK,
    PROCEDURES,
    Basis,
    DeadlineKind,
    Extension,
    Field,
    Start,
    State,
    Step,
    Workflow,
)
from office.working_days import CalendarError, Period

Table = Mapping[str, Any]
WORDS = Path(__file__).resolve().parents[2] / "data" / "words"
KINDS = ("text", "date", "flag", "choice", "choices")
WHOSE = ("procuratorate", "agency", "others")
_END = date(9999, 12, 31)
_ROW = {"law", "article", "verified", "effective_from", "effective_to", "procedures", "zh", "en"}
_STEP = _ROW - {"zh", "en"} | {
    "from", "to", "operation", "fields", "optional", "documents", "needs", "starts", "meets",
    "ends", "suspends", "resumes", "together", "looks_back",
}  # fmt: skip


def read_workflow(folder: Path) -> Workflow:
    """The table in `folder` (laws, states, fields, deadlines, transitions), whole or not at all."""
    laws = _toml(folder / "laws.toml")
    table = Workflow(
        states=tuple(_states(folder / "states.toml", laws)),
        fields=_fields(folder / "fields.toml"),
        deadlines=tuple(_deadlines(folder / "deadlines.toml", laws)),
        steps=tuple(_steps(folder / "transitions.toml", laws)),
    )
    _agree(table, folder / "transitions.toml")
    return table


def words_file(name: str, folder: Path = WORDS) -> dict[str, Text]:
    """The choices in a file of `data/words/`: code → words."""
    file = folder / f"{name}.toml"
    return {code: _text(entry, file, code) for code, entry in _toml(file).items()}


def _states(file: Path, laws: Table) -> Iterator[State]:
    for name, row in _rows(file):
        _known(row, _ROW, file, name)
        yield State(name, _text(row, file, name), _basis(row, laws, file, name),
                    _procedures(row, file, name))  # fmt: skip


def _fields(file: Path) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for name, row in _rows(file):
        _known(row, {"type", "zh", "en", "past", "choices", "words"}, file, name)
        if row.get("type") not in KINDS:
            raise _wrong(file, f"{name}.type", f"use one of {', '.join(KINDS)}")
        choices = {code: _text(one, file, f"{name}.choices.{code}")
                   for code, one in row.get("choices", {}).items()}  # fmt: skip
        choices |= words_file(row["words"]) if "words" in row else {}
        if bool(choices) != row["type"].startswith("choice"):
            raise _wrong(file, f"{name}.choices", "a choice has choices (or words), others none")
        found[name] = Field(name, _text(row, file, name), row["type"], choices,
                            bool(row.get("past", False)))  # fmt: skip
    return found


def _deadlines(file: Path, laws: Table) -> Iterator[DeadlineKind]:
    for name, row in _rows(file):
        _known(row, _ROW | {"period", "whose", "instead", "extensions", "stops"}, file, name)
        if row.get("whose") not in WHOSE:
            raise _wrong(file, f"{name}.whose", f"use one of {', '.join(WHOSE)}")
        yield DeadlineKind(
            name, _text(row, file, name), _period(row.get("period"), file, name), row["whose"],
            _basis(row, laws, file, name),
            tuple((one["field"], _period(one["period"], file, name)) for one in row.get("instead", ())),
            tuple(Extension(one["by"], _text(one, file, name),
                            _period(one["period"], file, name) if "period" in one else None)
                  for one in row.get("extensions", ())),
            tuple(_text(one, file, name) for one in row.get("stops", ())),
        )  # fmt: skip


def _steps(file: Path, laws: Table) -> Iterator[Step]:
    for number, row in enumerate(_toml(file).get("steps", ()), 1):
        where = f"steps[{number}] to {row.get('to')}"
        _known(row, _STEP, file, where)
        if not row.get("from") or not row.get("to") or not row.get("operation"):
            raise _wrong(file, where, "give from, to and operation")
        yield Step(
            tuple(row["from"]), row["to"], row["operation"], _basis(row, laws, file, where),
            tuple(row.get("fields", ())), tuple(row.get("optional", ())),
            tuple(_text(one, file, where) for one in row.get("documents", ())),
            _procedures(row, file, where),
            {what: tuple(kinds) for what, kinds in row.get("needs", {}).items()},
            tuple(Start(one["deadline"], one.get("from", ""), one.get("when", ""),
                        _procedures(one, file, where)) for one in row.get("starts", ())),
            tuple((one["deadline"], one.get("on", "")) for one in row.get("meets", ())),
            ends=bool(row.get("ends", False)), suspends=bool(row.get("suspends", False)),
            resumes=bool(row.get("resumes", False)), together=bool(row.get("together", False)),
            looks_back=row.get("looks_back", ""),
        )  # fmt: skip


def _agree(table: Workflow, file: Path) -> None:
    """Every name a step uses exists, no two steps answer the same question on the same day."""
    states = {state.id for state in table.states}
    if not {REGISTERED, DISMISSED, FOLLOW_UP} <= states:
        raise _wrong(file, "states", f"keep {REGISTERED}, {DISMISSED} and {FOLLOW_UP}")
    kinds = {kind.id for kind in table.deadlines}
    for step in table.steps:
        fields = {*step.fields, *step.optional}
        anchors = {s.anchor for s in step.starts if s.anchor and not s.anchor.startswith("due:")}
        dates = anchors | {on for _, on in step.meets if on}
        asked = ({*step.origins, step.to} - {BACK} - states) | (fields - set(table.fields))
        asked |= ({s.deadline for s in step.starts} | {kind for kind, _ in step.meets}) - kinds
        asked |= {s.anchor for s in step.starts
                  if s.anchor.startswith("due:") and s.anchor[4:] not in kinds}  # fmt: skip
        asked |= {name for name in dates if name not in fields or table.fields[name].kind != "date"}
        asked |= {s.when for s in step.starts if s.when} - fields
        if asked or step.looks_back not in ("", "plan", "cancel"):
            raise _wrong(file, f"step to {step.to}",
                         f"{', '.join(sorted(asked)) or step.looks_back} is not known there")  # fmt: skip
    for one, other in combinations(table.steps, 2):
        if one.to == other.to and _meet(one, other):
            raise _wrong(file, f"step to {one.to}", "two steps from one state overlap in time")


def _meet(one: Step, other: Step) -> bool:
    return bool(
        set(one.origins) & set(other.origins)
        and set(one.procedures) & set(other.procedures)
        and one.basis.effective_from <= other.basis.effective_to
        and other.basis.effective_from <= one.basis.effective_to
    )


def _rows(file: Path) -> Iterator[tuple[str, Table]]:
    """Rows by name; a name with several versions is a list of tables."""
    for name, entry in _toml(file).items():
        for row in entry if isinstance(entry, list) else [entry]:
            if not isinstance(row, dict):
                raise _wrong(file, name, "write it as a table")
            yield name, row


def _basis(row: Table, laws: Table, file: Path, where: str) -> Basis:
    law = laws.get(row.get("law", ""))
    if law is None or "article" not in row:
        raise _wrong(file, f"{where}.law", f"name article and law (one of {', '.join(laws)})")
    days = [row.get(key, law.get(key, other))
            for key, other in (("effective_from", None), ("effective_to", _END))]  # fmt: skip
    if any(type(day) is not date for day in days) or days[0] > days[1]:
        raise _wrong(file, f"{where}.effective_from", "give days as 2026-01-01, the first first")
    return Basis(Text(law["zh"], law["en"]), row["article"],
                 bool(row.get("verified", law.get("verified", False))),
                 days[0].isoformat(), days[1].isoformat())  # fmt: skip


def _procedures(row: Table, file: Path, where: str) -> tuple[str, ...]:
    found = tuple(row.get("procedures", PROCEDURES))
    if not found or set(found) - set(PROCEDURES):
        raise _wrong(file, f"{where}.procedures", f"use {', '.join(PROCEDURES)}")
    return found


def _period(value: object, file: Path, where: str) -> Period:
    try:
        return Period.parse(str(value))
    except CalendarError as error:
        raise _wrong(file, f"{where}.period", error.remedy) from error


def _text(row: object, file: Path, where: str) -> Text:
    if not isinstance(row, dict) or not row.get("zh") or not row.get("en"):
        raise _wrong(file, where, "give the words in zh and in en")
    return Text(str(row["zh"]), str(row["en"]))


def _known(row: Table, keys: set[str], file: Path, where: str) -> None:
    unknown = set(row) - keys
    if unknown:
        raise _wrong(file, f"{where}.{min(unknown)}", f"use only {', '.join(sorted(keys))}")


def _wrong(file: Path, where: str, remedy: str) -> LeadError:
    return LeadError("the workflow table is wrong here", file=file, field=where, remedy=remedy)


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LeadError(f"the workflow table cannot be read ({error})", file=file,
                        remedy="put the file back as it came, or mend it") from error  # fmt: skip
