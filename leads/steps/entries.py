"""What a person enters with a step: read, checked against the table, told by name where wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from layers.errors import LeadError
from leads.steps.workflow import Field, Workflow
from office.working_days import parse_day

YES = frozenset({"yes", "true", "1", "是"})
NO = frozenset({"no", "false", "0", "否"})
LONGEST = 4000
"""Characters of one text; a document belongs into the file, not into a field."""


def read_entries(
    entered: Mapping[str, Any], required: Sequence[str], optional: Sequence[str],
    workflow: Workflow, on_date: str,
) -> dict[str, Any]:  # fmt: skip
    """The entries as they are kept: texts, ISO days, `True`/`False`, codes, lists of codes.

    Values may come as text (from a shell or a form) or as what they are; empty ones count as
    missing. Raises `LeadError` naming the field: not of this step, missing, not understood.
    """
    foreign = [name for name in entered if name not in {*required, *optional}]
    if foreign:
        known = ", ".join((*required, *optional)) or "none"
        raise LeadError(f"this step takes no {foreign[0]!r}", field=foreign[0],
                        remedy=f"it takes: {known}")  # fmt: skip
    found = {name: _value(value, workflow.fields[name], on_date)
             for name, value in entered.items() if not _empty(value)}  # fmt: skip
    missing = [workflow.fields[name] for name in required if name not in found]
    if missing:
        names = ", ".join(f"{one.id} ({one.words.zh} · {one.words.en})" for one in missing)
        raise LeadError(f"not entered: {names}", field=missing[0].id,
                        remedy=f"give {', '.join(hint(one) for one in missing)}")  # fmt: skip
    return found


def hint(field: Field) -> str:
    """What to write for a field, as the shell takes it."""
    takes = {"date": "YYYY-MM-DD", "flag": "yes|no"}.get(field.kind, "|".join(field.choices) or "…")
    return f"{field.id}={takes}"


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], ())


def _value(value: object, field: Field, on_date: str) -> object:
    if field.kind == "flag":
        return _flag(value, field)
    if field.kind == "choices":
        parts = value.split(",") if isinstance(value, str) else list(_sequence(value, field))
        return sorted({_choice(part, field) for part in parts})
    if field.kind == "choice":
        return _choice(value, field)
    text = str(value).strip()
    if field.kind == "date":
        return _day(text, field, on_date)
    if len(text) > LONGEST:
        raise LeadError(f"the text has {len(text)} characters", field=field.id,
                        remedy=f"keep it under {LONGEST}, put the rest into a document")  # fmt: skip
    return text


def _day(text: str, field: Field, on_date: str) -> str:
    day = parse_day(text, field.id).isoformat()
    if field.past and day > on_date:
        raise LeadError(f"{day} lies after the day of the step ({on_date})", field=field.id,
                        remedy="give the day on which it happened, or the step a later day")  # fmt: skip
    return day


def _flag(value: object, field: Field) -> bool:
    text = str(value).strip().lower()
    if text in YES | NO:
        return text in YES
    raise LeadError(
        f"{value!r} is neither yes nor no", field=field.id, remedy=f"give {hint(field)}"
    )


def _choice(value: object, field: Field) -> str:
    code = str(value).strip()
    if code in field.choices:
        return code
    raise LeadError(
        f"{code!r} is none of the choices", field=field.id, remedy=f"give {hint(field)}"
    )


def _sequence(value: object, field: Field) -> Sequence[object]:
    if isinstance(value, list | tuple):
        return value
    raise LeadError(
        f"{value!r} is no list of choices", field=field.id, remedy=f"give {hint(field)}"
    )
