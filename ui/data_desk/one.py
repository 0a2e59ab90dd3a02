"""One layer of the table of sources: its quality, its history, and what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from layers.errors import YichaError
from layers.importing.report_table import rejected_csv
from layers.problems import sentence
from layers.shelf import Version, settings_to_mend
from layers.shelf.about import Held
from office import Actor
from office.layer_deeds import undo
from office.policy import may
from ui import cache, state
from ui.data_desk import desk, overview
from ui.data_desk.work import LOOK
from ui.docket.names import day_of
from ui.refused import refusal_told
from ui.texts import Texts

SAID = "dd_said"


def show(one: Held, quality: Mapping[str, Any] | None, who: Actor, words: Texts) -> None:
    """Draw it."""
    st.html(
        f'<h3 class="y-part">{escape(overview.theme_name(one.theme, words))} · {escape(one.name)}</h3>'
    )
    for age in dict.fromkeys(one.ages):
        if age.state != "fresh":
            st.html(f'<p class="dd-warn">{escape(age.text(words.lang))}</p>')
    _doubt(one, who, words)
    if quality is not None and "problem" not in quality:
        lines = "".join(f"<li>{escape(text)}</li>" for text in overview.facts(one, quality, words))
        datums = " · ".join(_datum(entry, words) for entry in quality["datums"])
        st.html(f'<ul class="dd-facts">{lines}<li>{escape(datums)}</li></ul>')
        with st.expander(words("data.columns")):
            st.html(overview.columns_html(quality, one.theme, words))
    _history(one, who, words)


def _datum(entry: Mapping[str, Any], words: Texts) -> str:
    name = overview.datum_name(str(entry["name"]), words)
    return name if entry["u_m"] is None else words("data.datum_error", datum=name, u=entry["u_m"])


def _doubt(one: Held, who: Actor, words: Texts) -> None:
    """The warning of a layer that lies beside the known places, and the way to mend it."""
    version = one.version
    if version is None or version.manifest is None:
        return
    if overview.doubtful(one) and version.doubt:
        sentence = version.doubt["zh" if words.lang == "zh" else "en"]
        st.error(words("data.shifted", text=sentence), icon=":material/wrong_location:")
    if may(who, "layer.import"):
        st.button(words("data.mend"), key="dd_mend", on_click=_mend, args=(one.name, who),
                  help=words("data.mend_help"), icon=":material/build:",
                  type="primary" if overview.doubtful(one) else "secondary")  # fmt: skip


def _mend(name: str, who: Actor) -> None:
    """Take the kept original up again, with the settings it was imported with."""
    try:
        original, manifest, shown = settings_to_mend(cache.shelf(), name)
        at = desk.now().isoformat(timespec="seconds")
        staged = cache.staging().keep(shown, original, by=who.name, at=at)
        desk.begin(staged, name, manifest.as_dict())
        state.keep(desk.VIEW, desk.IMPORT)
        desk.ask(LOOK, who, manifest)
    except YichaError as error:
        refusal_told(error)
        state.keep(SAID, ("error", sentence(error, state.language())))


def _history(one: Held, who: Actor, words: Texts) -> None:
    """Every version: who, when, from what; undo, bring back, report."""
    shelf = cache.shelf()
    versions = shelf.versions(one.name)
    st.html(f'<h4 class="dd-step">{escape(words("data.history"))}</h4>')
    if not versions:
        st.caption(words("data.no_history"))
    for version in reversed(versions):
        stands = one.version is not None and version.number == one.version.number
        with st.container(horizontal=True, vertical_alignment="top", key=f"dd_v{version.number}"):
            st.html(_version(version, words, stands=stands), width="stretch")
            _buttons(one, version, who, words, stands=stands)


def _version(version: Version, words: Texts, *, stands: bool) -> str:
    mark = f'<span class="y-tag y-ok">{escape(words("data.standing"))}</span>' if stands else ""
    mark = (
        f'<span class="y-tag">{escape(words("data.undone"))}</span>'
        if version.undone and not stands
        else mark
    )
    who = words("data.found") if version.kind == "found" else version.by or "—"
    counts = version.counts or {}
    rows = words("data.version_rows", n=f"{version.rows:,}", rejected=counts.get("rejected", 0))
    lines = [f"<b>{version.number}</b> · {escape(day_of(version.at))} · {escape(who)} {mark}",
             f"{escape(version.file)} · {escape(overview.datum_name(version.datum, words))} · {escape(rows)}"]  # fmt: skip
    lines += [escape(f"{words.word('data.deed', deed['what'])} · {day_of(deed['at'])} · {deed['by']} {deed['why']}")
              for deed in version.deeds]  # fmt: skip
    sources = "".join(
        f'<code title="{escape(one)}">{escape(one[:12])}</code> ' for one in version.sources
    )
    return f'<div class="dd-version">{"<br>".join(lines)}<br><small>SHA-256 {sources}</small></div>'


def _buttons(one: Held, version: Version, who: Actor, words: Texts, *, stands: bool) -> None:
    if version.counts is not None:
        st.download_button(words("data.rejected_short"), data=lambda: _csv(one.name, version.number, words),
                           file_name=f"{one.name}-{version.number}-rejected.csv", mime="text/csv",
                           key=f"dd_rep:{one.name}:{version.number}", help=words("data.download"))  # fmt: skip
    if not may(who, "layer.import"):
        return
    if stands and version.kind != "found":
        st.button(words("data.undo"), key="dd_undo", on_click=_undo, args=(one, None, who, words),
                  help=words("data.undo_help"), icon=":material/undo:")  # fmt: skip
    elif not stands:
        st.button(words("data.bring_back"), key=f"dd_back:{version.number}", on_click=_undo,
                  args=(one, version.number, who, words))  # fmt: skip


def _undo(one: Held, to: int | None, who: Actor, words: Texts) -> None:
    try:
        now = undo(cache.shelf(), one.name, to, who=who, at=desk.now(), address=cache.store_address(),
                   expected=one.sha256)  # fmt: skip
        said = words("data.gone") if now is None else words("data.stands_now", n=now.number)
        state.keep(SAID, ("ok", said))
    except YichaError as error:
        refusal_told(error)
        state.keep(SAID, ("error", sentence(error, state.language())))


def _csv(name: str, number: int, words: Texts) -> bytes:
    report = cache.shelf().report(name, number)
    return b"" if report is None else rejected_csv(report, words.lang).encode("utf-8")
