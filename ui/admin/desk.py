"""What one tab does in administration: the view, what was told last, a secret shown once.

Every act goes through `do`: as who acts now, told in the history where it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from layers.errors import YichaError
from layers.problems import sentence
from office import Actor, Database
from office.doors.refusals import refusals_told
from office.doors.rules import DoorRules
from office.policy import may_somewhere
from ui import cache, state
from ui.docket.names import day_of
from ui.doors import place as doors
from ui.doors.place import utc_now
from ui.empty import say_empty
from ui.person import person
from ui.table import table_html
from ui.texts import Texts, texts
from ui.workplace import Workplace

VIEWS = {
    "people": "person.read", "tokens": "token.read", "sessions": "session.read", "audit": "audit.read",
    "ledger": "evidence.ledger", "verify": "history.verify", "rules": "rule.read",
    "agencies": "agency.manage", "health": "health.read", "backup": "store.backup",
    "retention": "retention.run",
}  # fmt: skip
"""Views and the right each asks for."""
VIEW, JOB = "a_view", "a_job"
_TOLD, _SECRET = "a_told", "a_secret"
Do = Callable[[Database, Actor, str], str]
"""An act: what it is done to, by whom, when; it returns what is told of it."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a view works with."""

    db: Database
    who: Actor
    place: Workplace
    words: Texts
    at: str

    @property
    def rules(self) -> DoorRules:
        """The rules of the doors."""
        return doors.desk().rules

    @property
    def is_demo(self) -> bool:
        """Whether the door stands open: nothing here guards a real office."""
        return doors.desk().is_demo


def views_of(who: Actor) -> tuple[str, ...]:
    """The views a person may see, in order."""
    if not may_somewhere(who, "admin.open"):
        return ()
    return tuple(name for name, right in VIEWS.items() if may_somewhere(who, right))


def ground(place: Workplace, who: Actor, words: Texts) -> Ground:
    """What a view works with now."""
    return Ground(cache.lead_store(), who, place, words, utc_now())


def do(act: Do) -> None:
    """Carry an act out as who acts now, and keep what is to be told."""
    words, who = texts(state.language()), person()
    if who is None:
        say(words("admin.signed_out"))
        return
    try:
        db, at = cache.lead_store(), utc_now()
        with refusals_told(db, who, at=at, source="page"):
            say(act(db, who, at), good=True)
    except YichaError as error:
        say(sentence(error, words.lang))


def say(text: str, *, good: bool = False) -> None:
    """Tell something until the next act."""
    state.keep(_TOLD, (text, good))


def show_once(title: str, secret: str) -> None:
    """Keep a secret for this tab until it is noted."""
    who = person()
    state.keep(_SECRET, (title, secret, who.name if who else ""))


def quiet() -> None:
    """Another view: what was told and shown is over."""
    state.keep(_TOLD, None)
    state.keep(_SECRET, None)


def tell(who: Actor, words: Texts) -> None:
    """Draw what was told last, and a secret that was not noted yet."""
    told = state.recall(_TOLD)
    if told:
        text, good = told
        st.html(f'<p class="y-note{"" if good else " y-warn"}" role="{"status" if good else "alert"}">{escape(text)}</p>')  # fmt: skip
    secret = state.recall(_SECRET)
    if secret and secret[2] == who.name:
        with st.container(key="ad_secret", border=True):
            st.html(
                f'<p class="ad-once"><b>{escape(secret[0])}</b> · {escape(words("admin.once"))}</p>'
            )
            st.code(secret[1], language=None, wrap_lines=True)
            st.button(words("admin.noted"), key="ad_noted", on_click=quiet)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, css: str = "") -> None:
    """A table whose cells are HTML made by `cell`."""
    st.html(table_html(heads, rows, css=css))


def heads(words: Texts, group: str, *names: str) -> list[str]:
    """The headings of a table, by their keys."""
    return [words(f"admin.{group}.{name}") for name in names]


def cell(text: object, small: str = "") -> str:
    """A cell's text, with a quiet second line."""
    more = f"<br><small>{escape(small)}</small>" if small else ""
    return f"{escape(str(text))}{more}"


def tag(text: str, kind: str = "") -> str:
    """A word in a frame: `ok`, `unverified`, or plain."""
    return f'<span class="y-tag{f" y-{kind}" if kind else ""}">{escape(text)}</span>'


def title(text: str) -> None:
    """The heading of a part."""
    st.html(f'<h2 class="y-heading">{escape(text)}</h2>')


def note(text: str, *, warn: bool = False) -> None:
    """A line that explains."""
    st.html(f'<p class="y-note{" y-warn" if warn else ""}">{escape(text)}</p>')


def empty(text: str, hint: str = "") -> None:
    """Nothing is there."""
    say_empty(text, hint, small=True)


def when(at: str | None) -> str:
    """A moment as all pages show it: China's day and time."""
    return day_of(at) if at else "—"


def text_of(key: str) -> str:
    """What stands in a field."""
    return str(state.recall(key) or "").strip()
