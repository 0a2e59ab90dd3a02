"""Covering on a copy: areas drawn on the picture, kept with who, why and when; the original stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from evidence.redaction.areas import REASONS, Drawn, drawn_on, record_areas
from evidence.redaction.cover import TREATMENTS
from evidence.redaction.release import Judged, story_of
from evidence.words import moment
from layers.errors import YichaError
from layers.problems import sentence
from office import Actor
from ui import cache, state
from ui.assets import text_of
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
    css=text_of("cover.css"),
    js=text_of("cover.js"),
)


def show_cover(who: Actor, words: Texts) -> None:
    """The picture to draw on, what is to be said of it, and the proof."""
    desk.order(who)
    lead_choice(who, words)
    report = looked(who, words)
    if report is None:
        return
    pictures = {one["file"]: one for one in report["pictures"] if one["frame"]}
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
            drawn_on(
                picture["frame"], one, str(state.recall(WHY)), state.recall(HOW), picture["plane"]
            )
            for one in outlines
        ]
        record_areas(cache.lead_store(), picture["scene"], areas, actor=who, at=now()[0],
                     anew=bool(state.recall(ANEW)),
                     seen=picture["frame"] if picture["plane"] == "ground" else None)  # fmt: skip
    except YichaError as error:
        desk.say(sentence(error, words.lang), good=False)
        return
    desk.say(words("evidence.covered_said", n=len(areas)))
    desk.look_again()


def _proof(picture: Mapping[str, Any], words: Texts) -> None:
    """How it stands; who covered, approved and returned what, when and why; the hash of the original that stays."""
    told = story_of(cache.lead_store(), picture["scene"])
    rows = (
        "".join(_row(one, words) for one in told)
        or f"<tr><td>{escape(words('evidence.not_looked'))}</td></tr>"
    )
    now_is = str(picture["state"])
    st.html(f'<p class="y-note ev-state-{now_is}">{escape(words(f"evidence.standing.{now_is}"))}</p>'
            f'<h3 class="ev-part">{escape(words("evidence.proof"))}</h3><table class="y-table y-plain ev-proof">{rows}</table>'
            f'<p class="y-quiet">{escape(words("evidence.original"))} <code>{escape(picture["scene"])}</code> SHA-256 '
            f'<code class="ev-hash">{escape(picture["sha256"])}</code></p>')  # fmt: skip


def _row(one: Drawn | Judged, words: Texts) -> str:
    """A line of the story."""
    if isinstance(one, Judged):
        said = (
            words("evidence.approved") if one.good else words("evidence.returned", why=one.reason)
        )
    else:
        said = what_drawn(one, words)
    return (f"<tr><td>{escape(moment(one.at))}</td><td>{escape(one.actor)}</td>"
            f"<td>{escape(said)}</td></tr>")  # fmt: skip


def what_drawn(one: Drawn, words: Texts) -> str:
    """What somebody drew, in words."""
    whys = [words(f"evidence.whys.{area.why}") for area in one.areas] + one.yards * [
        words("evidence.whys.yard")
    ]
    said = (
        words("evidence.drawn", n=len(whys), why="、".join(dict.fromkeys(whys)))
        if whys
        else words("evidence.cover_nothing")
    )
    return f"{said} · {words('evidence.anew_done')}" if one.anew else said
