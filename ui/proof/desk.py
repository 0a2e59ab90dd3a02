"""What one tab does with evidence: the view, the leads chosen, what was asked of the worker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evidence.redaction.release import OPERATION
from evidence.words import LANGS
from office import Actor
from office.policy import may_somewhere
from ui import cache, state
from ui.jobs.job import Job
from ui.models.tasks import actor_told
from ui.proof.outbox import Outbox
from ui.proof.tasks import LOOK

CHOOSE, SHEETS, COVER, APPROVE, RECORDS, LEAVE, LEDGER, VERIFY = VIEWS = (
    "choose", "sheets", "cover", "approve", "records", "leave", "ledger", "verify",
)  # fmt: skip
VIEW, LEAD, MODE, LANG, PAPER = "e_view", "e_lead", "e_mode", "e_lang", "e_paper"
CHECK, STATES, TEXT, LIST = "e_check", "e_states", "e_text", "e_list"
LOOKED, JOB, VERIFIED = "e_looked", "e_job", "e_verified"
SECOND, REVIEWER = "e_second", "e_reviewer"
KIND, FORM, REASON, RECIPIENT, UNTIL, KNOWN, STAMP, SIGN = (
    "e_kind", "e_form", "e_reason", "e_recipient", "e_until", "e_known", "e_stamp", "e_sign",
)  # fmt: skip
SHARED, FULL = "shared", "full"
MOST = 1000
"""Leads at once."""
_IN_ADDRESS = 40
_CHOSEN, _ASKED, _TOLD, _SAID = "e_chosen", "e_asked", "e_told", "e_said"
_HELD = (LEAD, MODE, LANG, PAPER, CHECK, STATES, TEXT, SECOND, REVIEWER, KIND, FORM, REASON, RECIPIENT, UNTIL,
         STAMP, SIGN)  # fmt: skip


def arrive() -> None:
    """Take over what the address says where it is another than this tab told last."""
    said = state.address(("lead", "view", "case"))
    if not said or said == state.recall(_TOLD):
        return
    if said.get("lead"):
        choose([one for one in said["lead"].split(",") if one][:MOST])
    if said.get("view") in VIEWS:
        state.keep(VIEW, said["view"])


def tell(view: str) -> None:
    """Let the address say view and leads, where they are few enough for one."""
    leads = ",".join(chosen()) if len(chosen()) <= _IN_ADDRESS else ""
    said = {"view": view, "lead": leads or None}
    state.to_address({**said, "case": None})
    state.keep(_TOLD, {name: value for name, value in said.items() if value})


def hold() -> None:
    """Keep the widgets of views that are not shown: what is not drawn would lose its value."""
    for key in _HELD:
        if state.recall(key) is not None:
            state.keep(key, state.recall(key))


def views(who: Actor) -> list[str]:
    """The views this person may see; who may only verify sees just that."""
    out = may_somewhere(who, "lead.read") and bool(modes(who))
    rights = {CHOOSE: out, SHEETS: out, COVER: out and may_somewhere(who, "evidence.redact"),
              APPROVE: may_somewhere(who, OPERATION),
              RECORDS: out and may_somewhere(who, "evidence.record"), LEAVE: out,
              LEDGER: may_somewhere(who, "evidence.ledger"), VERIFY: may_somewhere(who, "evidence.verify")}  # fmt: skip
    return [one for one in VIEWS if rights[one]]


def modes(who: Actor) -> list[str]:
    """Redacted copy or originals: what this person may let out."""
    rights = {SHARED: "evidence.share", FULL: "evidence.export"}
    return [one for one, right in rights.items() if may_somewhere(who, right)]


def chosen() -> tuple[str, ...]:
    """Ids of the leads chosen."""
    return tuple(state.recall(_CHOSEN) or ())


def choose(leads: Sequence[str]) -> None:
    """Choose these leads and no others."""
    state.keep(_CHOSEN, tuple(dict.fromkeys(leads))[:MOST])


def toggle(lead: str) -> None:
    """Choose a lead, or no longer."""
    now = chosen()
    choose([one for one in now if one != lead] if lead in now else [*now, lead])


def take_row() -> None:
    """A row of the list was clicked."""
    key = getattr(state.recall(LIST), "select", None)
    if key:
        toggle(str(key))


def say(text: str, good: bool = True) -> None:
    """Say something on the next drawing."""
    state.keep(_SAID, ("ok" if good else "bad", text) if text else None)


def said() -> tuple[str, str] | None:
    """What is to be said, once."""
    told: tuple[str, str] | None = state.recall(_SAID)
    state.keep(_SAID, None)
    return told


def mode(who: Actor) -> str:
    """Redacted copy or originals."""
    state.offer(MODE, modes(who), modes(who)[0])
    return str(state.recall(MODE))


def order(who: Actor) -> dict[str, Any]:
    """What every task of this page is told."""
    state.offer(LANG, LANGS, state.language())
    state.offer(PAPER, ("A4", "A3"), "A4")
    state.offer(LEAD, chosen(), next(iter(chosen()), None))
    return {**actor_told(who), "address": cache.store_address(), "leads": list(chosen()),
            "shared": mode(who) == SHARED, "lang": state.recall(LANG), "paper": state.recall(PAPER),
            "lead": state.recall(LEAD), "kind": "sheet", "form": "", "incomplete": False,
            "second": str(state.recall(SECOND) or ""), "reviewer": str(state.recall(REVIEWER) or "")}  # fmt: skip


def looked(who: Actor, *, anew: bool = False) -> Job | None:
    """The look at the leads as they are chosen now; asked for where there is none."""
    if not chosen():
        return None
    asked = order(who)
    key = repr(sorted((name, str(value)) for name, value in asked.items()))
    if anew or state.recall(_ASKED) != key:
        earlier = cache.jobs().get(state.recall(LOOKED))
        if earlier is not None and earlier.active:
            cache.jobs().cancel(earlier.id)
        state.keep(LOOKED, cache.jobs().ask({**asked, "task": LOOK, "box": Outbox.new()}))
        state.keep(_ASKED, key)
    return cache.jobs().get(state.recall(LOOKED))


def look_again() -> None:
    """What was looked at has changed."""
    state.keep(_ASKED, None)
