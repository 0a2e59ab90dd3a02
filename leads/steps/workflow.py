"""The one table of states and allowed steps, read from `data/workflow/`.

Names, articles, periods, required fields and documents are data with dates, because the law is
changing; what happens at a step (`leads.steps.moves`) is written once and asks this table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from checks import Text
from layers.errors import LeadError
from office.working_days import Period

FOLDER = Path(__file__).resolve().parents[2] / "data" / "workflow"
PROCEDURES = ("administrative", "civil")
BACK = "back"
"""A step whose aim is the state from which the lead came."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a row rests on: document, article, days in force (both inclusive), whether read."""

    law: Text
    article: str
    verified: bool
    effective_from: str
    effective_to: str

    def on(self, day: str) -> bool:
        """Whether it is in force on the ISO day."""
        return self.effective_from <= day <= self.effective_to

    @property
    def words(self) -> Text:
        """Document and article, marked where the text was not read."""
        zh = f"{self.law.zh}第{self.article}条" if self.article else self.law.zh
        en = f"{self.law.en}, art. {self.article}" if self.article else self.law.en
        if self.verified:
            return Text(zh, en)
        return Text(f"{zh}【未核实】", f"{en} [unverified]")


@dataclass(frozen=True, slots=True)
class State:
    """A state: its words, its basis, the kinds of case that know it."""

    id: str
    words: Text
    basis: Basis
    procedures: tuple[str, ...] = PROCEDURES


@dataclass(frozen=True, slots=True)
class Field:
    """What a person enters: `kind` text, date, flag, choice or choices; `past`: it has happened."""

    id: str
    words: Text
    kind: str
    choices: Mapping[str, Text] = field(default_factory=dict)
    past: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """Who may lengthen a period by how much; without a period, by whatever is granted."""

    by: str
    words: Text
    period: Period | None


@dataclass(frozen=True, slots=True)
class DeadlineKind:
    """A period of the table: `instead` = (field, period) pairs that replace it where entered."""

    id: str
    words: Text
    period: Period
    whose: str
    basis: Basis
    instead: tuple[tuple[str, Period], ...] = ()
    extensions: tuple[Extension, ...] = ()
    stops: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Start:
    """A deadline that a step starts; `anchor` a date field, `due:KIND`, or "" = the step's day."""

    deadline: str
    anchor: str = ""
    when: str = ""
    procedures: tuple[str, ...] = PROCEDURES


@dataclass(frozen=True, slots=True)
class Step:
    """An allowed step; see the head of `data/workflow/transitions.toml` for every key."""

    origins: tuple[str, ...]
    to: str
    operation: str
    basis: Basis
    fields: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    documents: tuple[Text, ...] = ()
    procedures: tuple[str, ...] = PROCEDURES
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    starts: tuple[Start, ...] = ()
    meets: tuple[tuple[str, str], ...] = ()
    ends: bool = False
    suspends: bool = False
    resumes: bool = False
    together: bool = False
    looks_back: str = ""


@dataclass(frozen=True, slots=True)
class Workflow:
    """The whole table; every question names the day."""

    states: tuple[State, ...]
    fields: Mapping[str, Field]
    deadlines: tuple[DeadlineKind, ...]
    steps: tuple[Step, ...]

    def state(self, name: str, day: str) -> State:
        """The state as it is called on that day; raises `LeadError` naming the known ones."""
        found = next((s for s in self.states if s.id == name and s.basis.on(day)), None)
        if found is None:
            known = ", ".join(dict.fromkeys(s.id for s in self.states if s.basis.on(day)))
            raise LeadError(f"{name!r} is no state of a lead on {day}", field="state",
                            remedy=f"use one of {known}")  # fmt: skip
        return found

    def deadline(self, name: str, day: str) -> DeadlineKind:
        """The period as it is on that day; raises `LeadError` naming the known ones."""
        found = next((d for d in self.deadlines if d.id == name and d.basis.on(day)), None)
        if found is None:
            known = ", ".join(dict.fromkeys(d.id for d in self.deadlines if d.basis.on(day)))
            raise LeadError(f"{name!r} is no deadline on {day}", field="deadline",
                            remedy=f"use one of {known}")  # fmt: skip
        return found

    def steps_from(self, state: str, procedure: str, day: str) -> tuple[Step, ...]:
        """The steps allowed from a state on that day."""
        return tuple(s for s in self.steps
                     if state in s.origins and procedure in s.procedures and s.basis.on(day))  # fmt: skip

    def step(self, state: str, to: str, procedure: str, day: str, came_from: str = "") -> Step:
        """The step from `state` to `to`; `came_from`: where the lead was before `state`.

        Raises `LeadError` telling where one may go from there.
        """
        self.state(to, day)
        allowed = self.steps_from(state, procedure, day)
        for one in allowed:
            if one.to == to or (one.to == BACK and to == came_from):
                return one
        aims = dict.fromkeys(came_from if one.to == BACK else one.to for one in allowed)
        raise LeadError(
            f"there is no step from {state} to {to} ({self._path(state, to, day)})", field="state",
            remedy=f"from {state} go to {', '.join(a for a in aims if a) or 'nowhere: it has ended'}",
        )  # fmt: skip

    def _path(self, state: str, to: str, day: str) -> str:
        return f"{self.state(state, day).words.zh} → {self.state(to, day).words.zh}"


@cache
def load_workflow(folder: Path = FOLDER) -> Workflow:
    """The table of a folder; raises `LeadError` naming file and key of what is wrong."""
    from leads.steps.workflow_file import read_workflow

    return read_workflow(folder)


def joined(words: Iterable[Text]) -> Text:
    """Several texts as one, in both languages."""
    found = list(words)
    return Text("、".join(w.zh for w in found), ", ".join(w.en for w in found))
