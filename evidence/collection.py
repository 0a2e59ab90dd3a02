"""The collection record of an original: what intake knew, what people filled in, what is still blank.

Intake's part stands in the imagery store, people's entries and every hand-over in the chained history;
nothing is ever overwritten: the form shows the last word, the history all of them.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from checks import Text
from evidence.redaction.areas import subject_of
from evidence.words import moment
from imagery.store import Store
from layers.errors import YichaError
from layers.provenance import sha256_of
from office import Actor, Database, NewEvent, append, events
from office.policy import require

RECORDED, HANDED_OVER = "scene.recorded", "scene.handed_over"
WORDS = Path(__file__).resolve().parents[1] / "data" / "words" / "collection.toml"
_EVASIONS = frozenset({"-", "--", "—", "/", "\\", "无", "没有", "不详", "未知", "none", "n/a", "na", "unknown", "?", "？", "."})  # fmt: skip
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form; `known_from` is where intake's record has it."""

    name: str
    words: Text
    mandatory: bool
    fixed: bool
    kind: str
    known_from: str | None


@dataclass(frozen=True, slots=True)
class HandOver:
    """The original went from one to another; `matches`: it still had its hash."""

    giver: str
    receiver: str
    purpose: str
    at: str
    recorded_by: str
    sha256: str
    matches: bool


@dataclass(frozen=True, slots=True)
class Collection:
    """The record of one scene as it stands: `values` by field, `blank` mandatory fields, hand-overs in order."""

    scene: str
    values: Mapping[str, str]
    told_by: Mapping[str, str]
    blank: tuple[Field, ...]
    handovers: tuple[HandOver, ...]

    def said_by(self, name: str) -> str:
        """Who said what stands in a field, and when in local time; `intake` where nobody did."""
        told = self.told_by.get(name, "")
        who, _, at = told.rpartition(" ")
        return f"{who} {moment(at)}" if who else told

    def as_dict(self) -> dict[str, Any]:
        """As it goes into a bundle."""
        return {"scene": self.scene, "fields": dict(self.values), "told_by": dict(self.told_by),
                "blank": [one.name for one in self.blank],
                "hand_overs": [asdict(one) for one in self.handovers]}  # fmt: skip


@cache
def form(file: Path = WORDS) -> Mapping[str, Field]:
    """The fields by name, in the order of the form."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: Field(name, Text(told["zh"], told["en"]), told.get("mandatory", False), told.get("fixed", False),
                        told.get("kind", "text"), told.get("from"))
            for name, told in table.items()}  # fmt: skip


def collection_of(db: Database, store: Store, scene: str) -> Collection:
    """The record of a scene; `ImageryError` where the store has none or it was altered."""
    received = store.record(scene)[0]
    values = {one.name: text for one in form().values()
              if (text := _known(received, one.known_from)) is not None}  # fmt: skip
    told_by = dict.fromkeys(values, "intake")
    handed: list[HandOver] = []
    with db.read() as connection:
        for event in events(connection, subject_of(scene)):
            body = json.loads(event.body)
            if event.kind == RECORDED:
                values |= body
                told_by |= dict.fromkeys(body, f"{event.actor} {event.at}")
            elif event.kind == HANDED_OVER:
                handed.append(HandOver(**body, at=event.at, recorded_by=event.actor))
    blank = tuple(one for one in form().values() if one.mandatory and _is_blank(one, values))
    return Collection(scene, values, told_by, blank, tuple(handed))


def record_fields(
    db: Database, store: Store, scenes: Sequence[str], values: Mapping[str, str], *, actor: Actor, at: str
) -> None:  # fmt: skip
    """Write people's entries to the records of scenes, all or none.

    Raises `YichaError` naming the field: unknown, only intake's to say, not of its kind, evasive.
    """
    require(actor, "evidence.record")
    entered = {name: _checked(name, text) for name, text in values.items()}
    new = []
    for scene in scenes:
        _must_fit({**collection_of(db, store, scene).values, **entered}, set(entered))
        new.append(NewEvent(RECORDED, subject_of(scene), entered))
    with db.write() as connection:
        append(connection, new, actor=actor, at=at)


def hand_over(
    db: Database, store: Store, scene: str, told: tuple[str, str, str], *, actor: Actor, at: str
) -> HandOver:  # fmt: skip
    """Append a hand-over (`told`: from, to, purpose); the original is hashed again, and whether it is still the same is recorded.

    An altered original is recorded as such, not refused: that it was found so is evidence too.
    """
    require(actor, "evidence.record")
    for name, text in zip(("from", "to", "purpose"), told, strict=True):
        if not text.strip():
            raise YichaError("a hand-over names from, to and purpose", field=name,
                             remedy="--hand-over FROM TO PURPOSE")  # fmt: skip
    was = _known(store.record(scene)[0], "sha256")
    digest = sha256_of(store.original(scene))
    done = HandOver(*told, at=at, recorded_by=actor.name, sha256=digest, matches=digest == was)
    body = {name: value for name, value in asdict(done).items() if name not in ("at", "recorded_by")}  # fmt: skip
    with db.write() as connection:
        append(connection, [NewEvent(HANDED_OVER, subject_of(scene), body)], actor=actor, at=at)
    return done


def incomplete(db: Database, store: Store, scenes: Iterable[str]) -> dict[str, tuple[Field, ...]]:
    """The blank mandatory fields of those scenes that have any."""
    found = {scene: collection_of(db, store, scene).blank for scene in dict.fromkeys(scenes)}
    return {scene: blank for scene, blank in found.items() if blank}


def demand_complete(blank: Mapping[str, tuple[Field, ...]]) -> None:
    """`YichaError` listing every scene and every blank field, with the command that fills them."""
    if not blank:
        return
    lines = [f"{scene}: {', '.join(f'{one.name} {one.words.zh}' for one in fields)}"
             for scene, fields in blank.items()]  # fmt: skip
    listed = "\n  ".join(lines)
    raise YichaError(
        f"collection records are not complete · 采集记录不完整\n  {listed}\n",
        field=next(iter(blank.values()))[0].name,
        remedy=f"fill them with `python -m evidence record {next(iter(blank))} --set FIELD=VALUE …`, "
        "share a redacted copy (--share), or export with the gaps printed (--incomplete)")  # fmt: skip


def gaps(blank: Mapping[str, tuple[Field, ...]]) -> Text | None:
    """What a sheet says about blank fields; nothing where there are none."""
    if not blank:
        return None
    fields = dict.fromkeys(one for every in blank.values() for one in every)
    zh, en = (sep.join(re.split(r"[（(，,]", one.words.of(lang))[0].strip() for one in fields)
              for lang, sep in (("zh", "、"), ("en", ", ")))  # fmt: skip
    return Text(f"采集记录不完整（{len(blank)} 件影像），未填：{zh}",
                f"collection records are not complete ({len(blank)} {'scene' if len(blank) == 1 else 'scenes'}); blank: {en}")  # fmt: skip


def _known(received: Mapping[str, Any], where: str | None) -> str | None:
    """What intake's event says at `where` (`place.lon`, `collectors.0`); `None` where it says nothing."""
    if where is None:
        return None
    if where == "sha256":
        return next((one["value"] for one in received["hashes"] if one["algorithm"] == "sha256"), None)  # fmt: skip
    if where == "taken":
        taken = received["taken"]
        local = f"{taken['local']}{taken['zone']}" if taken["local"] and taken["zone"] else None
        return local or taken["utc"]
    if where == "device":
        device = received["device"]
        return " ".join(device[one] for one in ("make", "model") if device[one]) or None
    value: Any = received
    for part in where.split("."):
        if isinstance(value, list):
            value = value[int(part)] if int(part) < len(value) else None
        else:
            value = None if value is None else value.get(part)
    return None if value is None or value == "" else str(value)


def _is_blank(field: Field, values: Mapping[str, str]) -> bool:
    if not values.get(field.name, "").strip():
        return True
    return field.name == "second" and values["second"] == values.get("collector")


def _checked(name: str, text: str) -> str:
    field = form().get(name)
    if field is None:
        raise _wrong(name, "there is no such field", f"fields: {', '.join(form())}")
    if field.fixed:
        raise _wrong(name, "only the intake says this", "leave it; a wrong file is taken in again")
    value = " ".join(text.split())
    if not value or value.casefold() in _EVASIONS:
        raise _wrong(name, f"{text[:20]!r} says nothing", "say what it is, or why there is none")
    if len(value) > _LONGEST:
        raise _wrong(name, "the text is too long", f"at most {_LONGEST} signs")
    if field.kind == "number":
        _number(name, value)
    elif field.kind == "time":
        _time(name, value)
    return value


def _number(name: str, value: str) -> None:
    bounds = {"lon": (-180, 180), "lat": (-90, 90), "accuracy_m": (0, 1e6)}
    low, high = bounds.get(name, (-math.inf, math.inf))
    try:
        fits = math.isfinite(float(value)) and low <= float(value) <= high
    except ValueError:
        fits = False
    if not fits:
        raise _wrong(name, f"{value[:20]!r} is no number that fits", "write digits, e.g. -2.5")


def _time(name: str, value: str) -> datetime:
    try:
        told = datetime.fromisoformat(value)
    except ValueError:
        told = None
    if told is None or told.tzinfo is None:
        raise _wrong(name, f"{value[:40]!r} is no time with a zone", "write 2026-05-21T10:30:00+08:00")  # fmt: skip
    return told


def _must_fit(values: Mapping[str, str], entered: set[str]) -> None:
    """What two fields say together, where one of them was entered now."""
    if entered & {"collector", "second"} and values.get("second") == values.get("collector"):
        raise _wrong("second", "the second person is somebody else", "name another person")
    if entered & {"begun", "ended"} and values.get("begun") and values.get("ended"):
        begun, ended = (_time(name, values[name]) for name in ("begun", "ended"))
        if ended < begun:
            raise _wrong("ended", "it ended before it began", "check both times and their zones")


def _wrong(field: str, problem: str, remedy: str) -> YichaError:
    return YichaError(problem, field=field, remedy=remedy)
