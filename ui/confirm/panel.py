"""The panel of one candidate: chips at two scales, figures, why, and the answers by key or button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from imagery.detectors import catalogue
from imagery.queue import Candidate, all_reasons, reasons
from ui.assets import text_of
from ui.confirm import desk
from ui.confirm.fits import caveat_of
from ui.confirm.routes import chip_url
from ui.docket import names
from ui.person import acting
from ui.scenes.holdings import Holdings
from ui.scenes.words import day_of
from ui.texts import Texts

_HTML = (
    '<div class="confirm" tabindex="0" role="group"><div class="body"></div>'
    '<div class="acts"></div><div class="preload" aria-hidden="true"></div></div>'
)
_panel = st.components.v2.component(
    "yicha_confirm",
    html=_HTML,
    css=text_of("confirm.css"),
    js=text_of("confirm_panel.js"),
)


def show_panel(
    one: Candidate | None, following: Sequence[Candidate], held: Holdings, words: Texts,
) -> None:  # fmt: skip
    """Draw the panel; what a person asks for arrives at `desk.take_act`."""
    data = {
        "words": {key.removeprefix("panel."): text for key, text in words.entries.items()
                  if key.startswith("panel.")},
        "candidate": None if one is None else shown(one, held, words),
        "can": bool(acting()), "editing": desk.editing(), "note": desk.note(),
        "next": [chip_url(other, "near", "after") for other in following],
    }  # fmt: skip
    _panel(key=desk.PANEL, data=data, on_act_change=desk.take_act)


def shown(one: Candidate, held: Holdings, words: Texts) -> dict[str, Any]:
    """A candidate as the browser wants it: words, addresses of chips, what may be answered."""
    zh = words.lang == "zh"
    offered = {answer: [[reason.code, reason.zh if zh else reason.en]
                        for reason in reasons(one.theme, answer)] for answer in ("no", "unsure")}  # fmt: skip
    return {
        "id": one.id, "seen": one.seen, "title": words.word("confirm.things", one.theme),
        "state": one.answer or "open", "said": _said(one, words),
        "chips": [_chips(one, "near", held, words), _chips(one, "wide", held, words)],
        "facts": facts(one, words), "why": one.why_zh if zh else one.why_en,
        "caveat": _caveat(one, words), "reasons": offered,
    }  # fmt: skip


def facts(one: Candidate, words: Texts) -> list[list[str]]:
    """Name and value of each figure; an area only where the theme measures one."""
    rows = [[words("confirm.score"), f"{one.score:.2f}"]]
    if one.area_m2 is not None and one.area_mu is not None:
        u_m2 = one.u_area_m2 or 0.0
        u_mu = u_m2 / (one.area_m2 or 1.0) * one.area_mu
        rows.append([words("confirm.area"), words("confirm.m2", value=f"{one.area_m2:,.0f}", u=f"{u_m2:,.0f}")])  # fmt: skip
        rows.append([words("confirm.mu_name"), words("confirm.mu", value=f"{one.area_mu:.2f}", u=f"{u_mu:.2f}")])  # fmt: skip
    rows.append([words("confirm.outline"), words.word("confirm.outline_by", one.outline_by)])
    return rows


def number_of(one: Candidate) -> str:
    """The candidate's place in its run, as its id ends."""
    return one.id.rpartition("-")[2]


def state_words(one: Candidate, words: Texts) -> str:
    """What was answered, in a word."""
    return words.word("confirm.answers", one.answer or "open")


def _said(one: Candidate, words: Texts) -> str:
    """Who said what, and why."""
    if one.answer is None:
        return ""
    reason = all_reasons().get(one.reason or "")
    why = "" if reason is None else (reason.zh if words.lang == "zh" else reason.en)
    parts = [state_words(one, words), why, one.note, one.actor or "", names.day_of(one.at or "")]  # fmt: skip
    return " · ".join(part for part in parts if part)


def _chips(one: Candidate, scale: Any, held: Holdings, words: Texts) -> dict[str, Any]:  # noqa: ANN401 - a literal
    """One scale: address and label of the scene it was found in, and of the one before it."""
    found: dict[str, Any] = {"scale": scale, "label": words(f"confirm.{scale}")}
    scenes = {"after": one.scene_id, "before": one.before_id}
    for which, scene in scenes.items():
        row = held.by_id(scene)
        url = chip_url(one, scale, "before" if which == "before" else "after")
        label = "" if row is None else day_of(row, words)
        found[which] = None if scene is None else {"url": url, "label": label}
    return found


def _caveat(one: Candidate, words: Texts) -> str:
    name = one.detector.split(" ")[0]
    entry = catalogue().get(name)
    return words("confirm.by_hand") if entry is None else caveat_of(entry.detector, words.lang)
