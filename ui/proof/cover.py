"""Covering on a copy: areas drawn on the picture, kept with who, why and when; the original stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from evidence.redaction.areas import REASONS, drawn_on, proof_of, record_areas
from evidence.redaction.cover import TREATMENTS
from layers.errors import YichaError
from office import Actor
from ui import cache, state
from ui.assets import STATIC
from ui.docket.desk import now
from ui.proof import desk
from ui.proof.routes import FILES
from ui.proof.sheets import box_of, lead_choice, looked
from ui.settings import at
from ui.texts import Texts

PICTURE, WHY, HOW, ANEW, DRAWN = "e_picture", "e_why", "e_how", "e_anew", "e_drawn"

_canvas = st.components.v2.component(
    "yicha_cover",
    html='<div class="cover"></div>',
    css=(STATIC / "cover.css").read_text(encoding="utf-8"),
    js=(STATIC / "cover.js").read_text(encoding="utf-8"),
)


def show_cover(who: Actor, words: Texts) -> None:
    """The picture to draw on, what is to be said of it, and the proof."""
    desk.order(who)
    lead_choice(who, words)
    report = looked(who, words)
    if report is None:
        return
    pictures = {one["file"]: one for one in report["pictures"] if one["bounds"]}
    if not pictures:
        st.html(f'<p class="y-note">{escape(words("evidence.no_picture"))}</p>')
        return
    state.offer(PICTURE, list(pictures), next(iter(pictures)))
    left, right = st.columns([60, 40], gap="medium")
    with right:
        st.selectbox(words("evidence.picture"), list(pictures), key=PICTURE,
                     format_func=lambda one: f"{pictures[one]['taken']} · {words.word('evidence.role', pictures[one]['role'])}")  # fmt: skip
    chosen = pictures[str(state.recall(PICTURE))]
    with left:
        outlines = _drawing(chosen, words)
    with right:
        _said(chosen, outlines, who, words)
        _proof(chosen, words)


def _drawing(picture: Mapping[str, Any], words: Texts) -> list[Any]:
    """The copy to draw on; returns the outlines in shares of its width and height."""
    said = {key.removeprefix("evidence.draw."): text for key, text in words.entries.items()
            if key.startswith("evidence.draw.")}  # fmt: skip
    address = at(f"{FILES}/{box_of()}/{picture['file']}")
    answer = _canvas(
        key=DRAWN,
        data={"src": address, "words": said},
        default={"drawn": {}},
        on_drawn_change=_nothing,
    )
    told: Any = answer.get("drawn") or {}
    if picture["covered"]:
        done = at(f"{FILES}/{box_of()}/{picture['covered']}")
        st.html(f'<figure class="ev-covered"><img src="{done}" alt="">'
                f"<figcaption>{escape(words('evidence.covered'))}</figcaption></figure>")  # fmt: skip
    return list(told.get("shapes", ())) if told.get("src") == address else []


def _nothing() -> None:
    """A change draws the page again; nothing else is to be done."""


def _said(picture: Mapping[str, Any], outlines: list[Any], who: Actor, words: Texts) -> None:
    st.selectbox(words("evidence.why"), REASONS, key=WHY, format_func=lambda one: words(f"evidence.whys.{one}"))  # fmt: skip
    st.segmented_control(words("evidence.how"), TREATMENTS, key=state_of(HOW), required=True,
                         format_func=lambda one: words(f"evidence.hows.{one}"))  # fmt: skip
    st.checkbox(words("evidence.anew"), key=ANEW)
    with st.container(horizontal=True):
        st.button(words("evidence.cover", n=len(outlines)), key="e_cover", type="primary", disabled=not outlines,
                  on_click=_record, args=(picture, outlines, who, words))  # fmt: skip
        st.button(words("evidence.cover_nothing"), key="e_nothing", on_click=_record, args=(picture, [], who, words))  # fmt: skip
    st.html(f'<p class="y-quiet">{escape(words("evidence.cover_note"))}</p>')


def state_of(key: str) -> str:
    """The key of the treatment, with a first value."""
    state.offer(key, TREATMENTS, TREATMENTS[0])
    return key


def _record(picture: Mapping[str, Any], outlines: list[Any], who: Actor, words: Texts) -> None:
    try:
        areas = [
            drawn_on(picture["bounds"], one, str(state.recall(WHY)), state.recall(HOW))
            for one in outlines
        ]
        record_areas(cache.lead_store(), picture["scene"], areas, actor=who, at=now()[0],
                     anew=bool(state.recall(ANEW)))  # fmt: skip
    except YichaError as error:
        desk.say(f"{error.problem}  \n{error.remedy}", good=False)
        return
    desk.say(words("evidence.covered_said", n=len(areas)))
    desk.look_again()


def _proof(picture: Mapping[str, Any], words: Texts) -> None:
    """Who covered what, when and why; the hash of the original that stays."""
    rows = []
    for one in proof_of(cache.lead_store(), picture["scene"]):
        why = "、".join(words(f"evidence.whys.{area.why}") for area in one.areas) or words(
            "evidence.cover_nothing"
        )
        rows.append(f"<tr><td>{escape(one.at.replace('T', ' ').replace('Z', ''))}</td><td>{escape(one.actor)}</td>"
                    f"<td>{len(one.areas)}</td><td>{escape(why)}{' · ' + escape(words('evidence.anew_done')) if one.anew else ''}</td></tr>")  # fmt: skip
    body = "".join(rows) or f'<tr><td colspan="4">{escape(words("evidence.not_looked"))}</td></tr>'
    st.html(f'<h3 class="ev-part">{escape(words("evidence.proof"))}</h3><table class="y-table y-plain">{body}</table>'
            f'<p class="y-quiet">{escape(words("evidence.original"))} <code>{escape(picture["scene"])}</code> SHA-256 '
            f'<code title="{escape(picture["sha256"])}">{escape(picture["sha256"][:16])}</code></p>')  # fmt: skip
