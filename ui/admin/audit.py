"""The audit log: searched by time, person, kind, subject and text, paged, taken out with its chain."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from office import Actor, Database
from office.audit import Search, export, kind_words, local_text, search, utc_of
from office.history import Event
from ui import state
from ui.admin import desk
from ui.admin.desk import Ground, cell
from ui.settings import CACHE
from ui.texts import Texts, texts

_SINCE, _UNTIL, _WHO, _KIND, _ABOUT, _TEXT = (
    "a_l_since",
    "a_l_until",
    "a_l_who",
    "a_l_kind",
    "a_l_about",
    "a_l_text",
)
_BEFORE, _FILE = "a_l_before", "a_l_file"
PAGE = 50


def show(found: Ground) -> None:
    """Draw the view."""
    words = found.words
    desk.title(words("admin.audit.title"))
    _fields(words)
    befores: list[int] = state.recall(_BEFORE) or []
    page = search(
        found.db,
        _where(),
        actor=found.who,
        at=found.at,
        before=befores[-1] if befores else None,
        limit=PAGE,
    )
    _take(words)
    if not page.events:
        desk.empty(words("admin.audit.none"))
    else:
        rows = [_row(one, words) for one in page.events]
        desk.table(
            desk.heads(words, "audit", "seq", "at", "who", "kind", "about", "body"),
            rows,
            css="ad-audit",
        )
    with st.container(horizontal=True, key="ad_l_turn"):
        st.button(
            words("admin.audit.newer"),
            key="ad_l_newer",
            disabled=not befores,
            on_click=_turn,
            args=(None,),
        )
        st.button(words("admin.audit.older"), key="ad_l_older", disabled=page.after is None, on_click=_turn,
                  args=(page.after,))  # fmt: skip


def _fields(words: Texts) -> None:
    one, two, three = st.columns(3)
    lang = words.lang == "en"
    kinds = {kind: said[lang] for kind, said in kind_words().items()}
    groups = sorted({kind.split(".")[0] for kind in kinds})
    options = ["", *(entry for group in groups for entry in (group, *(kind for kind in kinds if kind.startswith(f"{group}."))))]  # fmt: skip
    one.text_input(
        words("admin.audit.since"), key=_SINCE, placeholder="2026-06-01", on_change=_anew
    )
    two.text_input(
        words("admin.audit.until"), key=_UNTIL, placeholder="2026-06-30", on_change=_anew
    )
    three.text_input(words("admin.audit.who"), key=_WHO, on_change=_anew)
    one, two, three = st.columns(3)  # on a phone one row after the other, as they are read
    one.selectbox(words("admin.audit.kind"), options, key=_KIND, on_change=_anew,
                  format_func=lambda kind: _kind_label(kind, kinds, words))  # fmt: skip
    two.text_input(words("admin.audit.about"), key=_ABOUT, on_change=_anew)
    three.text_input(words("admin.audit.text"), key=_TEXT, on_change=_anew)


def _kind_label(kind: str, kinds: dict[str, str], words: Texts) -> str:
    if not kind:
        return words("admin.audit.every_kind")
    return f"　{kinds[kind]} ({kind})" if kind in kinds else words("admin.audit.group", group=kind)


def _where() -> Search:
    since, until = utc_of(desk.text_of(_SINCE)), utc_of(desk.text_of(_UNTIL), last=True)
    return Search(since, until, *(desk.text_of(key) for key in (_WHO, _KIND, _ABOUT, _TEXT)))


def _row(one: Event, words: Texts) -> tuple[str, ...]:
    said = kind_words().get(one.kind)
    roles = "、".join(words.word("role_name", role) for role in str(one.roles).split(","))
    return (cell(one.seq), cell(local_text(one.at)), cell(one.actor, roles),
            cell(said[words.lang == "en"] if said else one.kind, one.kind), cell(one.subject),
            f"<small>{escape(str(one.body))}</small>")  # fmt: skip


def _anew() -> None:
    """Another question begins at the latest event, and the file of the one before is gone."""
    state.keep(_BEFORE, [])
    state.keep(_FILE, None)


def _turn(before: int | None) -> None:
    pages: list[int] = list(state.recall(_BEFORE) or ())
    state.keep(_BEFORE, [*pages, before] if before is not None else pages[:-1])


def _take(words: Texts) -> None:
    """Make a file of all that fits; offer it."""
    with st.container(horizontal=True, vertical_alignment="center", key="ad_l_take"):
        for form in ("csv", "json"):
            st.button(words(f"admin.audit.{form}"), key=f"ad_l_{form}", on_click=_make, args=(form,),
                      help=words(f"admin.audit.{form}_help"))  # fmt: skip
        made = state.recall(_FILE)
        file = Path(made) if made else None
        if file is not None and file.is_file():
            st.download_button(words("admin.audit.get", name=file.name), file.read_bytes(), file_name=file.name,
                               key="ad_l_get", on_click="ignore", icon=":material/download:", type="primary")  # fmt: skip


def _make(form: str) -> None:
    where = _where()

    def act(db: Database, who: Actor, at: str) -> str:
        stamp = "".join(sign for sign in at if sign.isdigit())
        file = CACHE / "audit" / f"yicha-audit-{stamp}.{form}"
        for old in file.parent.glob("yicha-audit-*"):
            old.unlink(missing_ok=True)  # what was taken out before stays nowhere here
        count = export(db, file, where, actor=who, at=at)
        state.keep(_FILE, str(file))
        return texts(state.language())("admin.audit.made", n=count)

    desk.do(act)
