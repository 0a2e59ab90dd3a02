"""Doing something to a lead from the page: by whom, when, from the version seen; what came of it.

All are callbacks, so that no run cut short loses them. Where somebody else was faster nothing is
written, the person is told what changed, and what was typed stays in the form.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from layers.errors import ConflictError, LeadError, YichaError
from layers.problems import error_in_language, sentence
from leads.routing import reroute
from leads.steps.handling import assign, note, see_to_deadline
from leads.steps.moves import move
from leads.steps.reinspecting import reinspect
from leads.steps.workflow import Field, load_workflow
from leads.store import card
from leads.views.handover import hand_over
from office import Actor, Database
from office.agencies import load_agencies
from office.doors.refusals import refusals_told
from office.working_days import Period
from ui import cache, state
from ui.docket import desk
from ui.docket.names import day_of, state_word
from ui.docket.told import event_words
from ui.settings import CACHE
from ui.texts import Texts, texts

_Do = Callable[[Database, str, str], str]
"""(store, moment, day) → what to say."""


def field_key(lead_id: str, form: str, name: str) -> str:
    """The key of a form's widget: typed values belong to one lead and one form."""
    return f"l:{lead_id}:{form}:{name}"


def entered(lead_id: str, form: str, names: tuple[str, ...]) -> dict[str, Any]:
    """What is typed into a form, as the steps take it."""
    found: dict[str, Any] = {}
    for name in names:
        value = state.recall(field_key(lead_id, form, name))
        found[name] = value.isoformat() if isinstance(value, date) else value
    return {name: value for name, value in found.items() if value not in (None, "", [], False)}


def take_step(
    lead_id: str, to: str, required: tuple[str, ...], optional: tuple[str, ...], who: Actor
) -> None:
    """Move the lead, with its case where the step says so."""
    words, table = _words(), load_workflow()
    values = entered(lead_id, to, (*required, *optional))
    missing = [table.fields[name] for name in required if name not in values]
    if missing:
        desk.say(words("leads.missing", names=_names(missing, words)))
        return
    on_day = state.recall(field_key(lead_id, to, "on"))

    def act(db: Database, at: str, day: str) -> str:
        on = on_day.isoformat() if isinstance(on_day, date) else day
        done = move(
            db, lead_id, to, fields=values, actor=who, at=at, on_date=on, version=desk.version()
        )
        papers = "、".join(one.of(words.lang) for one in done.step.documents)
        said = words("leads.moved", state=state_word(done.state, words))
        if len(done.leads) > 1:
            said += words("leads.moved_case", n=len(done.leads))
        return said + (words("leads.to_make", papers=papers) if papers else "")

    _try(lead_id, who, act)


def give(lead_id: str, who: Actor) -> None:
    """Assign the lead to a person."""
    name = str(state.recall(field_key(lead_id, "assign", "person")) or "")
    words = _words()

    def act(db: Database, at: str, _: str) -> str:
        assign(db, lead_id, name, actor=who, at=at, version=desk.version())
        return words("leads.assigned", name=name.strip() or words("leads.nobody"))

    _try(lead_id, who, act)


def write_note(lead_id: str, who: Actor) -> None:
    """Keep a note in the lead's history."""
    key = field_key(lead_id, "note", "text")
    text = str(state.recall(key) or "")
    if not text.strip():
        desk.say(_words()("leads.no_text"))
        return

    def act(db: Database, at: str, _: str) -> str:
        note(db, lead_id, text, actor=who, at=at, version=desk.version())
        state.keep(key, "")
        return _words()("leads.noted")

    _try(lead_id, who, act)


def send_elsewhere(lead_id: str, place: str, who: Actor) -> None:
    """Give the lead to another agency, with a reason."""
    agency = str(state.recall(field_key(lead_id, "route", "agency")) or "")
    reason = str(state.recall(field_key(lead_id, "route", "reason")) or "")
    if not reason.strip() or not agency:
        desk.say(_words()("leads.no_reason"))
        return

    def act(db: Database, at: str, day: str) -> str:
        reroute(db, lead_id, agency, reason=reason, table=load_agencies(place), actor=who, at=at,
                on_date=day, version=desk.version())  # fmt: skip
        return _words()("leads.routed")

    _try(lead_id, who, act)


def look_again(lead_id: str, who: Actor) -> None:
    """Record what a look-back found."""

    def get(name: str) -> Any:  # noqa: ANN401 - a widget's value
        return state.recall(field_key(lead_id, "look", name))

    words, result, tests = _words(), get("result"), list(get("tests") or ())
    if result is None or bool(tests) != (result == "still_there"):
        desk.say(words("leads.look_tests" if result else "leads.look_none"))
        return
    on = get("on")

    def act(db: Database, at: str, day: str) -> str:
        done = reinspect(db, lead_id, str(result), actor=who, at=at, version=desk.version(), tests=tests,
                         on_date=on.isoformat() if isinstance(on, date) else day, note=str(get("note") or ""))  # fmt: skip
        said = words("leads.looked")
        if done.relapse:
            said += words("leads.relapse")
        return said + (
            words("leads.reopened", state=state_word(done.reopened, words)) if done.reopened else ""
        )

    _try(lead_id, who, act)


def see_to(lead_id: str, who: Actor) -> None:
    """Say that a deadline is met, extend it, stop its clock or set it going."""

    def get(name: str) -> str:
        return str(state.recall(field_key(lead_id, "deadline", name)) or "").strip()

    words, how = _words(), get("act")
    if how != "met" and not get("reason"):
        desk.say(words("leads.no_reason"))
        return

    def act(db: Database, at: str, day: str) -> str:
        period = Period.parse(get("period")) if how == "extend" and get("period") else None
        done = see_to_deadline(db, lead_id, get("kind"), how, actor=who, at=at, on_date=day, version=desk.version(),
                               reason=get("reason"), by=get("by") or "chief", period=period)  # fmt: skip
        return words("leads.deadline_done", due=done.due_on)

    _try(lead_id, who, act)


def make_sheet(lead_id: str, leads: tuple[str, ...], who: Actor) -> None:
    """Write the hand-over sheet; the page then offers it for download."""

    def get(name: str) -> str:
        return str(state.recall(field_key(lead_id, "sheet", name)) or "").strip()

    words = _words()
    if not get("receiver") or not get("reason"):
        desk.say(words("leads.no_receiver"))
        return

    def act(db: Database, at: str, day: str) -> str:
        file = CACHE / "handover" / f"handover-{day}-{lead_id[:9]}.{get('kind') or 'xlsx'}"
        done = hand_over(db, leads, file, form=get("form"), receiver=get("receiver"), reason=get("reason"),
                         actor=who, at=at, lang=words.lang)  # fmt: skip
        state.keep(field_key(lead_id, "sheet", "file"), str(done.path))
        return words("leads.sheet_made", n=done.leads)

    _try(lead_id, who, act)


def _try(lead_id: str, who: Actor, act: _Do) -> None:
    """Do it; whatever goes wrong is told and nothing of it is written."""
    words = _words()
    at, day = desk.now()
    try:
        with refusals_told(cache.lead_store(), who, at=at, source="page"):
            desk.say(act(cache.lead_store(), at, day), good=True)
    except ConflictError:
        desk.say(words("leads.conflict", what=_since(lead_id, who, words)))
    except LeadError as error:
        problem, remedy = error_in_language(error, words.lang)
        desk.say(words("leads.refused", problem=problem, remedy=remedy))
    except YichaError as error:
        desk.say(sentence(error, words.lang))


def _since(lead_id: str, who: Actor, words: Texts) -> str:
    """What others did to the lead after the version that this tab saw."""
    seen = desk.version() or 0
    found = card(cache.lead_store(), lead_id, actor=who)
    later = [one for one in found.history if _version(one.body) > seen]
    return (
        "; ".join(f"{day_of(one.at)[11:]} {one.actor} {event_words(one, words)}" for one in later)
        or "—"
    )


def _version(text: str) -> int:
    told: Mapping[str, Any] = json.loads(text)
    found = told.get("version")
    return found if isinstance(found, int) else 0


def _names(fields: list[Field], words: Texts) -> str:
    return ("、" if words.lang == "zh" else ", ").join(one.words.of(words.lang) for one in fields)


def _words() -> Texts:
    return texts(state.language())
