"""The import of a table, from top to bottom: the file, how it is read, where it lies, the dry run, done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from layers.errors import YichaError
from layers.importing.manifest import Manifest, manifest_from_dict
from layers.importing.report_table import rejected_csv
from layers.problems import sentence
from layers.shelf.about import Held
from layers.shelf.taking import DOUBT
from office import Actor
from ui import cache, mapping, overlays, state
from ui.data_desk import chart, desk, form
from ui.data_desk.choose import choose
from ui.data_desk.staging import Staged
from ui.data_desk.work import LOOK, PUT, TRY
from ui.jobs.job import Job
from ui.jobs.panel import job_panel
from ui.map.work import layer_panel
from ui.texts import Texts
from ui.workplace import Workplace


def show(place: Workplace, held: Sequence[Held], who: Actor, words: Texts) -> None:
    """Draw the steps that have been reached."""
    table = desk.staged()
    if table is None:
        choose(who, words)
        return
    _head(table, words)
    look = desk.report_of(LOOK)
    if look is None:
        job_panel(
            desk.job_id(LOOK), words("data.step.look"), words, key="dd_look", close=desk.leave
        )
        return
    key, theme = str(desk.job_id(LOOK)), _theme_of(LOOK)
    manifest = _settings(place, look, key, who, words)
    if manifest is None:
        return
    name = form.target(cache.shelf(), held, theme, key, words)
    # A wish, not a callback with its arguments: what was chosen just before the click counts, too.
    st.button(words("data.try"), key="dd_do_try", type="primary", on_click=state.wish, args=(TRY,))
    _granted(TRY, who, manifest)
    job_panel(desk.job_id(TRY), words("data.step.try"), words, key="dd_try", close=_close_try,
              result=lambda job: _tried(job, manifest, name, who, words))  # fmt: skip


def _close_try() -> None:
    desk.forget(TRY)


def _head(table: Staged, words: Texts) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        mend = desk.target()
        title = words("data.mending", name=mend) if mend else words("data.importing")
        st.html(f'<h3 class="y-part">{escape(title)} · {escape(table.name)}</h3>', width="stretch")
        st.button(words("data.discard"), key="dd_discard", on_click=desk.leave)


def _theme_of(kind: str) -> str:
    job = cache.jobs().get(desk.job_id(kind))
    return str((job.task or {})["manifest"]["theme"]) if job else ""


def _granted(kind: str, who: Actor, manifest: Manifest, **more: str) -> None:
    """Do what a click wished for, with what the widgets say now."""
    if state.wished(kind) is not None:
        state.granted()
        _ask(kind, who, manifest, **more)
        st.rerun()


def _ask(kind: str, who: Actor, manifest: Manifest, **more: str) -> None:
    try:
        desk.ask(kind, who, manifest, **more)
    except YichaError as error:
        state.keep("dd_said", ("error", sentence(error, state.language())))


def _settings(
    place: Workplace, look: Mapping[str, Any], key: str, who: Actor, words: Texts
) -> Manifest | None:  # fmt: skip
    """All that is said of the table; `None` while the datum is still open."""
    first, theme = desk.first_settings(), _theme_of(LOOK)
    st.html(
        f'<h4 class="dd-step">1 · {escape(words("data.part.read", n=look["rows"], format=look["format"]))}</h4>'
    )
    _notes(look, words)
    read = form.reading(look, key, words)
    st.html(form.sample(look, words))
    st.html(f'<h4 class="dd-step">2 · {escape(words("data.part.columns"))}</h4>')
    told = form.columns(look, key, words)
    settings = {**first, "theme": theme, **read}
    again = _manifest(
        {**settings, "columns": {name: header for name, header in told.items() if header}}
    )
    st.button(words("data.read_again"), key="dd_again", on_click=state.wish, args=(LOOK,),
              help=words("data.read_again_help"), icon=":material/refresh:")  # fmt: skip
    _granted(LOOK, who, again)
    st.html(f'<h4 class="dd-step">3 · {escape(words("data.part.datum"))}</h4>')
    datum = _datum(place, look, key, words, first.get("datum"))
    st.html(f'<h4 class="dd-step">4 · {escape(words("data.part.about"))}</h4>')
    about = form.about(key, words, first)
    if look["datum"] is not None and not datum:
        st.info(words("data.datum_first"))
        return None
    open_place = {
        name: value for name, value in settings.items() if name not in ("datum", "datum_column")
    }
    return _manifest({**open_place, **datum, **about, "columns": told, "complete": True})


def _manifest(settings: Mapping[str, Any]) -> Manifest:
    return manifest_from_dict(
        {name: value for name, value in settings.items() if value not in (None, "")}
    )


def _notes(look: Mapping[str, Any], words: Texts) -> None:
    if look["notes"]:
        with st.expander(words("data.notes", n=len(look["notes"]))):
            st.text("\n".join(look["notes"]))


def _datum(
    place: Workplace, look: Mapping[str, Any], key: str, words: Texts, given: str | None
) -> dict[str, str]:  # fmt: skip
    """The proposal, the map of all readings, and what the person says."""
    told = look["datum"]
    if told is None:
        st.caption(words("data.no_places"))
        return {}
    left, right = st.columns([44, 56], gap="medium")
    with left:
        sentence = told["zh" if words.lang == "zh" else "en"]
        st.html(f'<p class="y-note">{escape(sentence or words("data.no_proposal"))}</p>')
        st.html(chart.legend(told["readings"], told["rows"], _best(told), words))
        st.caption(words("data.reading.help"))
        said = form.datum(look, key, words, given)
    with right, st.container(key="dd_map"):
        _map(place, told, key, words, said.get("datum"))
    return said


def _best(told: Mapping[str, Any]) -> str | None:
    """The datum proposed, where the places speak clearly enough."""
    return str(told["best"]) if told["best"] and told["confidence"] >= DOUBT else None


def _map(
    place: Workplace, told: Mapping[str, Any], key: str, words: Texts, chosen: str | None
) -> None:
    readings = told["readings"]
    names = [one["datum"] for one in readings]
    bounds = chart.box(readings) or mapping.extent(place.layers)
    if bounds is None:
        return
    pair = [one for one in dict.fromkeys((told["best"], chosen, *names)) if one in names]
    shown = st.pills(words("data.reading.shown"), names, default=pair[:2] if len(pair) > 1 else pair, key=f"dd_shown:{key}",
                     selection_mode="multi", format_func=lambda name: chart.datum_name(name, words))  # fmt: skip
    base = chart.base(bounds, f"/base/{{z}}/{{x}}/{{y}}.png?v={cache.tiles().base_key}",
                      overlays.attribution(place.layers), layer_panel(place, words))  # fmt: skip
    st_folium(base, key=f"dd_chart:{key}", height=380, use_container_width=True, returned_objects=[],
              feature_group_to_add=chart.groups(readings, shown or [], words))  # fmt: skip


def _tried(job: Job, manifest: Manifest, name: str, who: Actor, words: Texts) -> None:
    """What the dry run made, and the button that lets it stand."""
    found, table = job.report, desk.staged()
    if found is None or job.state != "done" or table is None:
        return
    counts = found["counts"]
    st.html(f'<p class="y-tally" role="status">{escape(words("data.counts", **counts))}</p>')
    changed = _settled(manifest) != _settled(manifest_from_dict((job.task or {})["manifest"]))
    if changed:
        st.info(words("data.changed"))
    doubt = found["doubt"]
    if doubt:
        sentence = doubt["zh" if words.lang == "zh" else "en"]
        st.error(words("data.doubt_long", text=sentence), icon=":material/wrong_location:")
    with st.expander(words("data.report")):
        st.text(found["text"]["zh" if words.lang == "zh" else "en"])
    st.download_button(words("data.download"), data=lambda: _csv(table, words), key="dd_csv", mime="text/csv",
                       file_name=f"{table.name.rpartition('.')[0] or table.name}-rejected.csv",
                       disabled=not any(counts[one] for one in ("rejected", "aside", "unplaced", "fields")))  # fmt: skip
    if found["refused"]:
        st.warning(words("data.refused"))
        return
    sure = not doubt or st.checkbox(words("data.anyway"), key=f"dd_sure:{job.id}")
    st.button(words("data.put", n=counts["out"]), key="dd_do_put", type="primary", disabled=not sure or changed,
              on_click=state.wish, args=(PUT,))  # fmt: skip
    if sure and not changed:
        _granted(PUT, who, manifest, name=name, expected=cache.shelf().hash(name) or "")
    job_panel(desk.job_id(PUT), words("data.step.put"), words, key="dd_put", close=desk.leave,
              result=lambda put: _stands(put, words), again=False)  # fmt: skip


def _settled(manifest: Manifest) -> dict[str, Any]:
    """The settings without columns that hold nothing."""
    told = manifest.as_dict()
    return {
        **told,
        "columns": {name: header for name, header in told.get("columns", {}).items() if header},
    }


def _csv(table: Staged, words: Texts) -> bytes:
    told = table.ready() or {}
    return rejected_csv(told["report"], words.lang).encode("utf-8")


def _stands(job: Job, words: Texts) -> None:
    if job.state != "done" or job.report is None:
        return
    told = job.report
    st.success(
        words("data.stands", name=told["name"], n=f"{told['rows']:,}", version=told["version"])
    )
    with st.container(horizontal=True):
        st.button(words("data.to_sources"), key="dd_to_sources", on_click=_to_sources, args=(told["name"],))  # fmt: skip
        st.button(words("data.to_map"), key="dd_to_map", on_click=state.wish, args=(desk.TO_MAP,))


def _to_sources(name: str) -> None:
    desk.leave()
    state.keep(desk.VIEW, desk.SOURCES)
    state.keep(desk.LAYER, name)
