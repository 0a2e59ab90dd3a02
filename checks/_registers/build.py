"""From outcomes to findings: one per subject, with the register row that decides and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from checks._cells import as_dicts, text
from checks._records import Check, Finding, Undecided, Verdict
from checks._registers.seen import (
    ROW,
    SUBJECT,
    Seen,
    added_facts,
    deciding,
    notes_held,
    own_columns,
)
from checks._registers.spec import Register
from checks._registers.words import (
    ADD_FACTS,
    CLASSES,
    DIFFERS,
    NO_REGISTER,
    SHARED,
    STRENGTH,
    TOO_LITTLE,
    outcome_words,
    register_age,
)
from checks._text import Text
from layers.matching import reason_text

METHOD = "register_match"


def build(check: Check, seen: Seen, all_subjects: bool) -> Iterator[Finding | Undecided]:
    """Findings in the order of the subjects; those outside only where `all_subjects` is set."""
    table = deciding(seen)
    shown = table if all_subjects else table[(table["verdict"] != "outside") | bool(seen.missing)]
    shown = shown.assign(**own_columns(seen, shown["subject"].to_numpy(int)))
    shown["notes"] = notes_held(seen, shown["subject"].to_numpy(int))
    extra = added_facts(seen, shown["subject"].to_numpy(int))
    ages = [register_age(seen.layers[one.theme], seen.on_date) for one in seen.registers]
    for row, facts in zip(as_dicts(shown), extra, strict=True):
        age = ages[row["which"]]
        row["faults"] = tuple(_said(words, row) for words in row["faults"] or ())
        if row["verdict"] == "undecided" or (row["verdict"] == "outside" and seen.missing):
            yield _undecided(check, seen, row, facts)
        else:
            yield _finding(check, seen, row, facts, age)
    if all_subjects:
        yield from _exempted(check, seen)


def _finding(
    check: Check, seen: Seen, row: Mapping[str, Any], facts: dict[str, Any], age: Text | None
) -> Finding:
    asked = seen.registers[row["which"]]
    return Finding(
        check=check.id, title=check.title, rule=None, verdict=row["verdict"], measured=None,
        limit=None, unit="", comparator=None, method=METHOD, error_band=None,
        subject_id=str(row["subject_id"]), subject_name=text(row["subject_name"]),
        subject_theme=seen.subjects.theme.name, object_id=text(row["register_id"]),
        object_name=text(row["register_name"]), object_theme=asked.theme, on_date=seen.on_date,
        reasons=tuple(_reasons(seen, row, age)), layers=seen.refs, geometry=_place(row),
        facts=_told(seen, row) | {k: v for k, v in facts.items() if v is not None},
        licence_class=row["licence_class"], strength=STRENGTH[row["licence_class"]],
    )  # fmt: skip


def _reasons(seen: Seen, row: Mapping[str, Any], age: Text | None) -> Iterator[Text]:
    asked = seen.registers[row["which"]]
    yield from outcome_words(row, asked.what, seen.on_date, len(seen.layers[asked.theme]))
    for number, other in enumerate(seen.registers):
        if number != row["which"]:
            name = CLASSES[_outcome(number, row)["licence_class"]]
            yield Text(f"{other.what.zh}：{name.zh}", f"{other.what.en}: {name.en}")
    for number in row["notes"]:
        yield seen.licensing.notes[number].says
    if age is not None:
        yield age


def _said(words: Text, row: Mapping[str, Any]) -> Text:
    return words.fill(count=row["sharers"]) if words is SHARED else words


def _outcome(number: int, row: Mapping[str, Any]) -> dict[str, str]:
    """What the subject is in the register of this number."""
    return {name: row[f"{name}_{number}"] for name in ("verdict", "licence_class")}


def _told(seen: Seen, row: Mapping[str, Any]) -> dict[str, Any]:
    """What the card shows beside the verdict; missing values left out."""
    facts: dict[str, Any] = _own(row)
    facts["registers"] = {
        one.theme: _outcome(number, row) for number, one in enumerate(seen.registers)
    }
    if row["link"] >= 0:
        facts |= _linked(seen.registers[row["which"]], row)
    return {name: value for name, value in facts.items() if value is not None}


def _own(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the source says of the subject itself; missing values left out."""
    told = {fact: row.get(f"subject_{name}") for name, fact in SUBJECT.items()}
    return {name: value for name, value in told.items() if value is not None}


def _linked(asked: Register, row: Mapping[str, Any]) -> dict[str, Any]:
    codes = row["reasons"]
    register = {name: row[f"register_{name}"] for name in (*ROW, *asked.told)
                if row.get(f"register_{name}") is not None}  # fmt: skip
    facts = {name: register.get(name) for name in ROW if name not in ("id", "source_row")}
    del facts["name"], facts["address"], facts["credit_code"]
    return facts | {
        "licence_name": register.get("name"), "state": row["state"], "zone": row["zone"],
        "score": row["score"], "match_reasons": list(codes), "register": register,
        "match_text": {"zh": reason_text(codes), "en": reason_text(codes, "en")},
        "differs": sorted({DIFFERS[code] for code in codes if code in DIFFERS}),
        "faults": [words.as_dict() for words in row["faults"]],
        "register_m": row["metres"], "links": row["count"],
        "decided_by": row["decided_by"], "decided_why": row["decided_why"],
    }  # fmt: skip


def _undecided(
    check: Check, seen: Seen, row: Mapping[str, Any], facts: dict[str, Any]
) -> Undecided:
    """A subject that says too little, or is in order only as far as there are registers."""
    code, reason = "too_little", TOO_LITTLE
    if row["verdict"] == "outside":
        what = [one.what for one in seen.missing]
        named = Text("、".join(w.zh for w in what), ", ".join(w.en for w in what))
        code, reason = "register_missing", NO_REGISTER.fill(what=named)
    return Undecided(
        check.id, code, reason, ADD_FACTS, seen.on_date, subject_id=str(row["subject_id"]),
        subject_name=text(row["subject_name"]), subject_theme=seen.subjects.theme.name,
        geometry=_place(row), facts=_told(seen, row) | facts,
    )  # fmt: skip


def _exempted(check: Check, seen: Seen) -> Iterator[Finding]:
    """Subjects of whom the law asks nothing here, with the reason why."""
    exempt = np.flatnonzero(seen.exempt >= 0)
    verdict: Verdict = "outside"
    table = pd.DataFrame(own_columns(seen, exempt)).assign(exempt=seen.exempt[exempt], link=-1)
    for row in as_dicts(table):
        yield Finding(
            check=check.id, title=check.title, rule=None, verdict=verdict, measured=None,
            limit=None, unit="", comparator=None, method=METHOD, error_band=None,
            subject_id=str(row["subject_id"]), subject_name=text(row["subject_name"]),
            subject_theme=seen.subjects.theme.name, object_id=None, object_name=None,
            object_theme=seen.licensing.registers[0].theme, on_date=seen.on_date,
            reasons=(seen.exemptions[row["exempt"]].says,), layers=seen.refs,
            geometry=_place(row), licence_class="not_needed",
            facts=_own(row),
            strength=STRENGTH["not_needed"],
        )  # fmt: skip


def _place(row: Mapping[str, Any]) -> BaseGeometry | None:
    """Where the subject is; never where its licence says it is."""
    shape = row["shape"]
    return None if shape is None or shape.is_empty else shape.centroid
