"""The sheets before they leave: what is missing, and the pages as they would look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from evidence.photos import MOST, choose_photos
from evidence.words import LANGS
from layers.errors import LeadError, YichaError
from layers.problems import sentence
from leads.store import card
from office import Actor
from ui import cache, state
from ui.docket.desk import now
from ui.docket.listing import name_of
from ui.jobs.job import Job
from ui.jobs.panel import job_panel
from ui.proof import desk
from ui.proof.routes import FILES
from ui.settings import at
from ui.texts import Texts


def show_sheets(who: Actor, words: Texts) -> None:
    """Which lead, mode, language and paper; what is missing; the pages."""
    desk.order(who)
    lead_choice(who, words)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        mode_choice(who, words)
        st.segmented_control(words("evidence.lang"), LANGS, key=desk.LANG, required=True,
                             format_func=lambda one: words(f"evidence.langs.{one}"))  # fmt: skip
        st.segmented_control(words("evidence.paper"), ("A4", "A3"), key=desk.PAPER, required=True)
    report = looked(who, words)
    if report is None:
        return
    choose_photos_of(str(report["lead"]), report["photos"], who, words)
    show_lacks(report["lacks"], words)
    box = box_of()
    st.html("".join(
        f'<figure class="ev-page"><img src="{at(f"{FILES}/{box}/{name}")}" alt="{escape(words("evidence.page", n=n))}"></figure>'
        for n, name in enumerate(report["pages"], 1)))  # fmt: skip


def choose_photos_of(
    lead: str, photos: Sequence[Mapping[str, Any]], who: Actor, words: Texts
) -> None:
    """Which photos of visits stand on the sheet; nothing where there are none."""
    if not photos:
        return
    known = {str(one["sha256"]): one for one in photos}
    key = f"e_photos:{state.recall(desk.LOOKED)}"  # a new look asks anew what is chosen
    st.multiselect(words("evidence.photos"), list(known), key=key, default=[name for name, one in known.items() if one["chosen"]],
                   format_func=lambda name: _photo_name(known[name], words), max_selections=MOST, help=words("evidence.photos_hint"),
                   placeholder=words("evidence.photos_none"), on_change=_choose, args=(lead, key, who, words))  # fmt: skip


def _photo_name(photo: Mapping[str, Any], words: Texts) -> str:
    told = [photo["taken"], photo["by"], photo["caption"][:30], "" if photo["here"] else words("evidence.photo_away")]  # fmt: skip
    return " · ".join(one for one in told if one)


def _choose(lead: str, key: str, who: Actor, words: Texts) -> None:
    try:
        choose_photos(cache.lead_store(), lead, list(state.recall(key) or ()), actor=who, at=now()[0])  # fmt: skip
    except YichaError as error:
        desk.say(sentence(error, words.lang), good=False)
        return
    desk.look_again()


def mode_choice(who: Actor, words: Texts) -> None:
    """Redacted copy or originals."""
    st.segmented_control(words("evidence.mode"), desk.modes(who), key=desk.MODE, required=True,
                         format_func=lambda one: words(f"evidence.modes.{one}"))  # fmt: skip


def lead_choice(who: Actor, words: Texts) -> None:
    """Which of the chosen leads is looked at."""
    names = {}
    for lead in desk.chosen()[:200]:
        try:
            one = card(cache.lead_store(), lead, actor=who).lead
        except LeadError:
            continue
        names[lead] = f"{one['number']} · {name_of(one)}"
    state.offer(desk.LEAD, list(names), next(iter(names), None))
    st.selectbox(words("evidence.lead"), list(names), key=desk.LEAD, format_func=lambda one: names.get(one, one))  # fmt: skip


def looked(who: Actor, words: Texts) -> Mapping[str, Any] | None:
    """The report of the look; while it is under way how far it is."""
    job = desk.looked(who)
    if job is not None and job.state == "done" and job.report:
        return job.report
    _wait(job, words)
    return None


def _wait(job: Job | None, words: Texts) -> None:
    if job is not None:
        job_panel(job.id, words("evidence.looking"), words, key="e_look", close=desk.look_again)


def box_of() -> str:
    """The box of the look shown."""
    job = cache.jobs().get(state.recall(desk.LOOKED))
    return str((job.task or {}).get("box", "")) if job else ""


def show_lacks(found: Sequence[Mapping[str, Any]], words: Texts) -> None:
    """What is missing or not verified, by sort."""
    if not found:
        st.html(f'<p class="y-note ev-whole">✓ {escape(words("evidence.nothing_lacks"))}</p>')
        return
    items = "".join(
        f'<li><b>{escape(words.word("evidence.lack", one["sort"]))}</b> {escape(str(one[words.lang]))}'
        f'<span class="y-quiet"> · {escape(" · ".join(filter(None, (one["scene"], _concerned(one["leads"], words)))))}</span></li>' for one in found)  # fmt: skip
    st.html(f'<details class="ev-lacks" open><summary>⚠ {escape(words("evidence.lacks", n=len(found)))}</summary>'
            f"<ul>{items}</ul></details>")  # fmt: skip


def _concerned(numbers: Sequence[str], words: Texts) -> str:
    return (
        ", ".join(numbers)
        if len(numbers) <= 3
        else words("evidence.of_leads", n=len(numbers), first=numbers[0])
    )
