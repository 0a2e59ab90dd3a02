"""What one tab does between offices: the view, the filters, what is looked at, what the worker was asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from leads.exchange.answers import VERDICTS
from leads.exchange.listing import DIRECTIONS, STATES
from leads.exchange.offices import Offices, load_offices
from office import Actor
from office.policy import may_somewhere
from ui import cache, state
from ui.between.tasks import WORK
from ui.docket.invented_offices import CAME as READY
from ui.docket.invented_offices import file_of
from ui.jobs.job import Job
from ui.models.tasks import actor_told
from ui.proof.outbox import Outbox

LIST, SEND, RECEIVE, OFFICES = VIEWS = ("list", "send", "receive", "offices")
VIEW, WAY, STATE, TO, TEXT, REASON, DISK, REFUSAL = (
    "b_view", "b_way", "b_state", "b_to", "b_text", "b_reason", "b_disk", "b_refusal",
)  # fmt: skip
ROWS, LEADS, DROP, ATTACH = "b_rows", "b_leads", "b_drop", "b_attach"
JOB, SENDING, CAME, DONE, CHECKED = "b_job", "b_sending", "b_came", "b_done", "b_checked"
"""Jobs: on one transfer, an offer, a file looked at, a file done with, histories read again."""
MOST = 200
"""Leads of one offer, as one chooses them here."""
_SHOWN, _CHOSEN, _FILES, _TOLD, _SAID = "b_shown", "b_chosen", "b_files", "b_told", "b_said"
_HELD = (WAY, STATE, TO, TEXT, REASON, DISK, REFUSAL)


def arrive() -> None:
    """Take over what the address says where it is another than this tab told last."""
    said = state.address(("view", "lead", "transfer"))
    if not said or said == state.recall(_TOLD):
        return
    if said.get("view") in VIEWS:
        state.keep(VIEW, said["view"])
    if said.get("lead"):
        state.keep(
            _CHOSEN, tuple(dict.fromkeys(one for one in said["lead"].split(",") if one))[:MOST]
        )
    if said.get("transfer"):
        state.keep(_SHOWN, said["transfer"])


def tell(view: str) -> None:
    """Let the address say view and transfer."""
    said = {"view": view, "transfer": shown() if view == LIST else None}
    state.to_address({**said, "lead": None})
    state.keep(_TOLD, {name: value for name, value in said.items() if value})


def hold() -> None:
    """Keep the widgets of views that are not shown: what is not drawn would lose its value."""
    for key in _HELD:
        if state.recall(key) is not None:
            state.keep(key, state.recall(key))


def offices() -> Offices:
    """Our office and its partners; `LeadError` says how to name them."""
    return load_offices(file_of(cache.workplace()))


def invented() -> bool:
    """Whether they are a generated county's: nobody stands behind them."""
    return file_of(cache.workplace()) is not None


def ready() -> Path | None:
    """The package an invented office sent; `None` where there is none."""
    file = file_of(cache.workplace())
    found = file and file.with_name(READY)
    return found if found and found.is_file() else None


def views(who: Actor) -> list[str]:
    """The views this person may use."""
    rights = {LIST: "lead.read", SEND: "lead.send", RECEIVE: "lead.receive", OFFICES: "lead.read"}
    return [one for one in VIEWS if may_somewhere(who, rights[one])]


def shown() -> str | None:
    """The transfer looked at: direction and id, with a colon between."""
    found: str | None = state.recall(_SHOWN)
    return found or None


def look_at(key: str | None) -> None:
    """Look at a transfer, or at none; what was asked about the last one is forgotten."""
    if key != shown():
        state.keep(JOB, None)
    state.keep(_SHOWN, key)


def take_row() -> None:
    """A row of the list was chosen."""
    key = getattr(state.recall(ROWS), "select", None)
    if key:
        look_at(str(key))


def filters() -> tuple[str | None, str | None]:
    """Direction and state that are listed; `None` for all."""
    way, stands = state.recall(WAY), state.recall(STATE)
    return (way if way in DIRECTIONS else None, stands if stands in STATES else None)


def chosen() -> tuple[str, ...]:
    """Ids of the leads to be sent."""
    return tuple(state.recall(_CHOSEN) or ())


def toggle(lead: str) -> None:
    """Send a lead too, or no longer."""
    now = chosen()
    state.keep(
        _CHOSEN, tuple(one for one in now if one != lead) if lead in now else (*now, lead)[:MOST]
    )


def take_lead() -> None:
    """A row of the leads that may be sent was clicked."""
    key = getattr(state.recall(LEADS), "select", None)
    if key:
        toggle(str(key))


def files() -> tuple[tuple[str, str], ...]:
    """(upload, name) of the files that go along."""
    return tuple(state.recall(_FILES) or ())


def came(key: str) -> tuple[str, str] | None:
    """(upload, name) of what was dropped just now."""
    told = getattr(state.recall(key), "came", None)
    return (str(told["box"]), str(told["name"])[:200]) if told else None


def attach() -> None:
    """A file that is to go along was dropped."""
    one = came(ATTACH)
    if one is not None and one not in files():
        state.keep(_FILES, (*files(), one))


def detach(upload: str) -> None:
    """It is not to go along."""
    state.keep(_FILES, tuple(one for one in files() if one[0] != upload))


def went() -> None:
    """Where the leads chosen are on their way, nothing is chosen any more."""
    sent = job(SENDING)
    if (
        sent is None
        or sent.state != "done"
        or not set((sent.task or {}).get("leads", ())) & set(chosen())
    ):
        return
    state.keep(_CHOSEN, ())
    state.keep(_FILES, ())
    state.keep(REASON, "")


def ask(key: str, who: Actor, what: str, **more: object) -> None:
    """Ask the worker for something; a callback."""
    state.keep(key, cache.jobs().ask({**ground(who), "task": WORK, "what": what, **more}))


def ground(who: Actor) -> dict[str, Any]:
    """What every order says: who asks, the store, the offices, where a file that is made will lie."""
    file = file_of(cache.workplace())
    return {"box": Outbox.new(), "address": cache.store_address(), "offices": str(file) if file else None,
            **actor_told(who)}  # fmt: skip


def job(key: str) -> Job | None:
    """What the worker was asked under this key."""
    return cache.jobs().get(state.recall(key))


def close(key: str) -> None:
    """It was read."""
    state.keep(key, None)


def settled(stands: str) -> bool:
    """Whether a transfer in this state has its answer."""
    return stands in VERDICTS


def say(text: str, *, good: bool = False) -> None:
    """Say something on the next drawing."""
    state.keep(_SAID, (text, good) if text else None)


def said() -> tuple[str, bool] | None:
    """What is to be said, once."""
    told: tuple[str, bool] | None = state.recall(_SAID)
    state.keep(_SAID, None)
    return told
