"""Two kept runs of a model side by side: compared by the worker; a table, a map, files to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import folium
import streamlit as st
from streamlit_folium import st_folium

from checks import DIFFERENCES, WHY_NOT, KeptRun
from office import Actor
from ui import cache, mapping, overlays, state
from ui.docket.names import what_words
from ui.empty import empty_html, say_empty
from ui.jobs.panel import job_panel
from ui.map.panel import layer_panel
from ui.models import desk, held
from ui.models.runs import map_link, run_title, runs_of
from ui.models.tasks import PAIR, pair_folder
from ui.script import Call
from ui.texts import Texts
from ui.words import GLYPHS
from ui.workplace import Workplace

MOST, HEIGHT = 300, 380
"""Rows of the table; pixels of the map."""
_LOOKS: Mapping[str, str] = {"new": "inside", "gone": "outside", "changed": "borderline"}
"""The symbol of each kind of difference: those of verdicts, told apart by shape."""
Told = Mapping[str, Any]


def show_compare(place: Workplace, who: Actor, check: str, words: Texts) -> None:
    """Choose two runs, read what differs."""
    found = {run.id: run for run in runs_of(check)}
    if len(found) < 2:
        say_empty(words("models.two_needed"), words("models.two_needed_hint"))
        return
    before, after = _choose(found, words)
    if before == after:
        st.html(f'<p class="y-note">{escape(words("models.same_run"))}</p>')
        return
    told = held.compared(before, after)
    if told is None:
        _ask(who, before, after, words)
        return
    st.html(figures_html(told[check], words))
    if told[check]["differences"]:
        _exports(before, after, words)
        _map(place, told[check], words)
        st.html(table_html(told[check], found[before], found[after], words))


def _choose(found: Mapping[str, KeptRun], words: Texts) -> tuple[str, str]:
    ids = sorted(found, key=lambda one: (found[one].on_date, one))
    for key, first, name in zip(
        (desk.BEFORE, desk.AFTER), ids[-2:], ("before", "after"), strict=True
    ):
        desk.begin(key, first)
        state.offer(key, ids, first)
        st.selectbox(words(f"models.{name}"), ids, key=key, format_func=lambda run: run_title(found[run], words))  # fmt: skip
    return str(state.recall(desk.BEFORE)), str(state.recall(desk.AFTER))


def _ask(who: Actor, before: str, after: str, words: Texts) -> None:
    """The worker compares them; asked once for every pair, again where the person says so."""
    order = {"task": PAIR, "actor": who.name, "before": before, "after": after}
    job = cache.jobs().get(state.recall(desk.JOB_PAIR))
    asked: Told = (job.task or {}) if job is not None else {}
    if (asked.get("before"), asked.get("after")) != (before, after) or (
        job and job.state == "done"
    ):
        desk.follow(desk.JOB_PAIR, cache.jobs().ask(order))
    job_panel(state.recall(desk.JOB_PAIR), words("models.comparing"), words, key="mo_pair",
              close=lambda: desk.follow(desk.JOB_PAIR, None))  # fmt: skip


def figures_html(told: Told, words: Texts) -> str:
    """How many are new, gone, changed, each with its symbol; or why nothing can be said."""
    if told["why_not"]:
        why = WHY_NOT[told["why_not"]].of(words.lang)
        return f'<p class="y-note y-warn">{escape(words("models.uncompared", why=why))}</p>'
    figures = "".join(
        f'<div><label><span class="mo-{_LOOKS[kind]}">{GLYPHS[_LOOKS[kind]]}</span> '
        f"{escape(DIFFERENCES[kind].of(words.lang))}</label><b>{n:,}</b></div>"
        for kind, n in told["counts"].items()
    )
    none = "" if told["differences"] else empty_html(words("models.no_difference"), small=True)
    return f'<div class="y-figures mo-figures" role="status">{figures}</div>{none}'


def _exports(before: str, after: str, words: Texts) -> None:
    folder = pair_folder(before, after)
    with st.container(key="mo_exports", horizontal=True, vertical_alignment="center"):
        for name, kind in (
            (f"differences.{words.lang}.csv", "csv"),
            ("differences.geojson", "geojson"),
        ):
            st.download_button(words(f"models.export_{kind}"), (folder / name).read_bytes, key=f"mo_{kind}",
                               file_name=f"differences-{before[:15]}-{after[:15]}.{kind}", on_click="ignore",
                               icon=":material/download:")  # fmt: skip


def _map(place: Workplace, told: Told, words: Texts) -> None:
    """Where the differences lie; those without a place stand in the table alone."""
    bounds, points = mapping.extent(place.layers), points_of(told["differences"], words)
    if bounds is None or not points:
        return
    legend = [[_LOOKS[kind], one.of(words.lang)] for kind, one in DIFFERENCES.items()]
    chart = mapping.base_map(
        bounds, f"/base/{{z}}/{{x}}/{{y}}.png?v={cache.tiles().base_key}", overlays.attribution(place.layers),
        {**layer_panel(place, words), "verdicts": legend, "closed": True},
    )  # fmt: skip
    symbols = folium.FeatureGroup(name="findings", control=False)
    symbols.add_child(Call("findings", points, with_map=True))
    with st.container(key="mo_map"):
        st_folium(chart, key="mo_chart", height=HEIGHT, use_container_width=True, returned_objects=[],
                  feature_group_to_add=[symbols])  # fmt: skip


def points_of(differences: Sequence[Told], words: Texts) -> list[list[Any]]:
    """The differences that have a place, as symbols: key, look, longitude, latitude, what it says."""
    return [
        [one["subject_id"], _LOOKS[one["kind"]], one["lon"], one["lat"],
         f"{DIFFERENCES[one['kind']].of(words.lang)} · {one['name'] or one['subject_id']}"]
        for one in reversed(differences) if one["lon"] is not None
    ]  # fmt: skip


def table_html(told: Told, before: KeptRun, after: KeptRun, words: Texts) -> str:
    """The differences as a table; what is gone is shown as the earlier run judged it."""
    head = "".join(
        f"<th>{escape(words(f'models.diff.{name}'))}</th>"
        for name in ("kind", "name", "verdict", "what", "map")
    )
    rows = "".join(_row(one, before if one["kind"] == "gone" else after, words) for one in told["differences"][:MOST])  # fmt: skip
    total = sum(told["counts"].values())
    more = (
        f'<p class="y-quiet">{escape(words("models.more_differences", n=MOST, total=total, drawn=len(told["differences"])))}</p>'
        if total > MOST
        else ""
    )
    return (f'<div class="y-scroll mo-rows"><table class="y-table y-plain"><thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>{more}")  # fmt: skip


def _row(one: Told, run: KeptRun, words: Texts) -> str:
    verdicts = " → ".join(
        f"{GLYPHS[v]} {escape(words.word('verdict', v))}" if v else "—"
        for v in (one["before"], one["after"])
    )
    between = "；" if words.lang == "zh" else "; "
    what = between.join(what_words({name: pair for name, pair in one["what"].items() if name != "verdict"}, words))  # fmt: skip
    way = map_link(one["check"], one["subject_id"], run.on_date, run.rules, words)
    kind = f'<span class="mo-{_LOOKS[one["kind"]]}">{GLYPHS[_LOOKS[one["kind"]]]}</span> {escape(DIFFERENCES[one["kind"]].of(words.lang))}'
    cells = (kind, escape(one["name"] or one["subject_id"]), verdicts, escape(what),
             f'<a href="{escape(way)}" target="_self">{escape(words("models.on_map"))}</a>')  # fmt: skip
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
