"""From outcomes to findings: one per subject, with the register row that decides and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from checks._records import Check, Finding, LayerRef, Undecided, Verdict
from checks._register_judge import worst
from checks._register_spec import Exempt, Licensing, Register
from checks._register_words import (
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
from layers import Layer, LayerSet
from layers.matching import reason_text

METHOD = "register_match"
_LINK = ("zone", "score", "reasons", "metres", "decided_by", "decided_why", "state", "faults",
         "sure", "sharers")  # fmt: skip
_ROW = ("id", "name", "address", "credit_code", "licence_no", "licence_status", "first_issued",
        "last_renewed", "valid_to", "source_row")  # fmt: skip
_SUBJECT = ("address", "category", "credit_code", "platform", "source_row")


@dataclass(frozen=True)
class Seen:
    """What was seen of the subjects of one theme in all registers.

    `asked` are positions of those the law asks something of, `exempt` numbers the exemption of
    every subject (-1: none); `links` and `outcomes` go with `registers` and count by `asked`.
    """

    subjects: Layer
    asked: np.ndarray
    exempt: np.ndarray
    exemptions: tuple[Exempt, ...]
    licensing: Licensing
    registers: tuple[Register, ...]
    links: tuple[pd.DataFrame, ...]
    outcomes: tuple[pd.DataFrame, ...]
    layers: LayerSet
    on_date: str
    refs: tuple[LayerRef, ...] = ()
    missing: tuple[Register, ...] = ()


def build(check: Check, seen: Seen, all_subjects: bool) -> Iterator[Finding | Undecided]:
    """Findings in the order of the subjects; those outside only where `all_subjects` is set."""
    table = _table(seen)
    shown = table if all_subjects else table[(table["verdict"] != "outside") | bool(seen.missing)]
    shown = shown.assign(**_texts(seen, shown["subject"].to_numpy(int)))
    shown["notes"] = _notes(seen, shown["subject"].to_numpy(int))
    extra = _facts(seen, shown["subject"].to_numpy(int))
    ages = [register_age(seen.layers[one.theme], seen.on_date) for one in seen.registers]
    for row, facts in zip(_records(shown), extra, strict=True):
        age = ages[row["which"]]
        row["faults"] = tuple(_said(words, row) for words in row["faults"] or ())
        if row["verdict"] == "undecided" or (row["verdict"] == "outside" and seen.missing):
            yield _undecided(check, seen, row, facts)
        else:
            yield _finding(check, seen, row, facts, age)
    if all_subjects:
        yield from _exempted(check, seen)


def _table(seen: Seen) -> pd.DataFrame:
    """One row per asked subject: the outcome of the register that decides, its link and row."""
    which = worst(list(seen.outcomes))
    parts = []
    for number, (links, outcome) in enumerate(zip(seen.links, seen.outcomes, strict=True)):
        mine = np.flatnonzero(which == number)
        chosen = outcome.iloc[mine].reset_index(drop=True)
        at = chosen["link"].to_numpy(int)
        frame = seen.layers[seen.registers[number].theme].frame
        told = [*_ROW, *(name for name in seen.registers[number].told if name in frame)]
        rows = pd.DataFrame(frame[told]).iloc[links["register"].to_numpy(int)]
        rows = rows.rename(columns={name: f"register_{name}" for name in told})
        both = pd.concat([links[list(_LINK)], rows.reset_index(drop=True)], axis=1)
        linked = both.astype(object).reindex(np.where(at < 0, len(both), at)).reset_index(drop=True)
        parts.append(pd.concat([chosen, linked], axis=1).assign(
            subject=seen.asked[mine], which=number, mine=mine))  # fmt: skip
    return pd.concat(parts, ignore_index=True).sort_values("subject", ignore_index=True)


def _texts(seen: Seen, subjects: np.ndarray) -> dict[str, pd.Series | np.ndarray]:
    """Columns of the subjects themselves, by their positions."""
    frame = seen.subjects.frame.iloc[subjects]
    names = [name for name in ("id", "name", *_SUBJECT) if name in frame]
    shapes = frame.geometry.to_numpy()
    return {f"subject_{name}": frame[name].to_numpy(dtype=object) for name in names} | {
        "shape": shapes
    }


def _facts(seen: Seen, subjects: np.ndarray) -> list[dict[str, Any]]:
    """What the check itself adds about the reported subjects."""
    if seen.licensing.facts is None:
        return [{} for _ in subjects]
    frame = seen.subjects.frame.iloc[subjects]
    return _records(seen.licensing.facts(seen.layers, frame, seen.on_date))


def _notes(seen: Seen, subjects: np.ndarray) -> list[tuple[int, ...]]:
    """Numbers of the notes that hold, subject by subject."""
    frame = seen.subjects.frame.iloc[subjects]
    masks = [np.asarray(note.test(frame), dtype=bool) for note in seen.licensing.notes]
    hold = np.array(masks, dtype=bool).reshape(len(masks), len(frame)).T
    return [tuple(np.flatnonzero(row).tolist()) for row in hold]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as they are written out: missing values `None`."""
    plain = table.astype(object).where(table.notna(), None)
    return cast("list[dict[str, Any]]", plain.to_dict("records"))


def _finding(
    check: Check, seen: Seen, row: Mapping[str, Any], facts: dict[str, Any], age: Text | None
) -> Finding:
    asked = seen.registers[row["which"]]
    return Finding(
        check=check.id, title=check.title, rule=None, verdict=row["verdict"], measured=None,
        limit=None, unit="", comparator=None, method=METHOD, error_band=None,
        subject_id=str(row["subject_id"]), subject_name=_text(row["subject_name"]),
        subject_theme=seen.subjects.theme.name, object_id=_text(row["register_id"]),
        object_name=_text(row["register_name"]), object_theme=asked.theme, on_date=seen.on_date,
        reasons=tuple(_reasons(seen, row, age)), layers=seen.refs, geometry=_place(row),
        facts=_told(seen, row) | {k: v for k, v in facts.items() if v is not None},
        licence_class=row["licence_class"], strength=STRENGTH[row["licence_class"]],
    )  # fmt: skip


def _reasons(seen: Seen, row: Mapping[str, Any], age: Text | None) -> Iterator[Text]:
    asked = seen.registers[row["which"]]
    yield from outcome_words(row, asked.what, seen.on_date, len(seen.layers[asked.theme]))
    for number, other in enumerate(seen.registers):
        if number != row["which"]:
            name = CLASSES[_outcome(seen, number, row)["licence_class"]]
            yield Text(f"{other.what.zh}：{name.zh}", f"{other.what.en}: {name.en}")
    for number in row["notes"]:
        yield seen.licensing.notes[number].says
    if age is not None:
        yield age


def _said(words: Text, row: Mapping[str, Any]) -> Text:
    return words.fill(count=row["sharers"]) if words is SHARED else words


def _outcome(seen: Seen, number: int, row: Mapping[str, Any]) -> dict[str, str]:
    """What the subject is in the register of this number."""
    outcome = seen.outcomes[number]
    return {name: str(outcome[name].to_numpy()[row["mine"]])
            for name in ("verdict", "licence_class")}  # fmt: skip


def _told(seen: Seen, row: Mapping[str, Any]) -> dict[str, Any]:
    """What the card shows beside the verdict; missing values left out."""
    facts = {name: row.get(f"subject_{name}") for name in _SUBJECT}
    facts["registers"] = {
        one.theme: _outcome(seen, number, row) for number, one in enumerate(seen.registers)
    }
    if row["link"] >= 0:
        facts |= _linked(seen.registers[row["which"]], row)
    return {name: value for name, value in facts.items() if value is not None}


def _linked(asked: Register, row: Mapping[str, Any]) -> dict[str, Any]:
    codes = row["reasons"]
    register = {name: row[f"register_{name}"] for name in (*_ROW, *asked.told)
                if row.get(f"register_{name}") is not None}  # fmt: skip
    facts = {name: register.get(name) for name in _ROW if name not in ("id", "source_row")}
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
        subject_name=_text(row["subject_name"]), subject_theme=seen.subjects.theme.name,
        geometry=_place(row), facts=_told(seen, row) | facts,
    )  # fmt: skip


def _exempted(check: Check, seen: Seen) -> Iterator[Finding]:
    """Subjects of whom the law asks nothing here, with the reason why."""
    rows = np.flatnonzero(seen.exempt >= 0)
    verdict: Verdict = "outside"
    table = pd.DataFrame(_texts(seen, rows)).assign(exempt=seen.exempt[rows], link=-1)
    for row in _records(table):
        yield Finding(
            check=check.id, title=check.title, rule=None, verdict=verdict, measured=None,
            limit=None, unit="", comparator=None, method=METHOD, error_band=None,
            subject_id=str(row["subject_id"]), subject_name=_text(row["subject_name"]),
            subject_theme=seen.subjects.theme.name, object_id=None, object_name=None,
            object_theme=seen.licensing.registers[0].theme, on_date=seen.on_date,
            reasons=(seen.exemptions[row["exempt"]].says,), layers=seen.refs,
            geometry=_place(row), licence_class="not_needed",
            facts={name: row[f"subject_{name}"] for name in _SUBJECT if row.get(f"subject_{name}") is not None},
            strength=STRENGTH["not_needed"],
        )  # fmt: skip


def _place(row: Mapping[str, Any]) -> BaseGeometry | None:
    """Where the subject is; never where its licence says it is."""
    shape = row["shape"]
    return None if shape is None or shape.is_empty else shape.centroid


def _text(value: object) -> str | None:
    return None if value is None else str(value)
