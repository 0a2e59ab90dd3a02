"""What the person says about the files: their own word comes first, this fills the gaps."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import streamlit as st

from layers.datum.systems import named_systems, zone_system
from ui import state
from ui.jobs.table import Order
from ui.texts import Texts

ZONES = ("+08:00", "+06:00", "+07:00", "+09:00", "+00:00")
KINDS = ("orthophoto", "satellite", "photo", "tiles", "picture")
PLATFORMS = ("drone", "aeroplane", "satellite", "phone")


def statement(lon: float | None, words: Texts) -> Order:
    """Draw the form; `lon` (degrees) of the county puts its own plane first among the systems."""
    st.html(f'<h3 class="y-part">{words("upload.about")}</h3><p class="y-quiet">{words("upload.about_note")}</p>')  # fmt: skip
    zone = st.selectbox(words("upload.zone"), ZONES, key=state.U_ZONE,
                        format_func=lambda one: words.word("upload.zones", one))  # fmt: skip
    collector, second = st.columns(2)
    first = collector.text_input(words("upload.collector"), key=state.U_COLLECTOR)
    other = second.text_input(words("upload.second"), key=state.U_SECOND)
    why = st.text_input(words("upload.why"), key=state.U_WHY)
    with st.expander(words("upload.gaps")):
        stated = _gaps(lon, words)
    stated["zone"] = zone
    told = {name: value for name, value in stated.items() if value is not None}
    return Order(told, _text(first), _text(other), _text(why))


def _gaps(lon: float | None, words: Texts) -> dict[str, Any]:
    """What matters only where a file does not say it itself."""
    day, clock = st.columns(2)
    on = day.date_input(words("upload.taken"), value=None, key=state.U_DAY, format="YYYY-MM-DD",
                        min_value=date(1980, 1, 1), max_value=date(2100, 1, 1))  # fmt: skip
    at = clock.time_input(words("upload.taken_time"), value=None, key=state.U_TIME, step=300)
    crs = _system(lon, words)
    left, right = st.columns(2)
    u_m = left.number_input(words("upload.u_m"), min_value=0.01, max_value=10_000.0, value=None, key=state.U_ERROR)  # fmt: skip
    height = right.number_input(words("upload.height"), min_value=1.0, max_value=20_000.0, value=None, key=state.U_HEIGHT)  # fmt: skip
    kind = left.selectbox(words("upload.kind"), (state.ALL, *KINDS), key=state.U_KIND,
                          format_func=lambda one: _or_file(one, "scene_kind", words))  # fmt: skip
    platform = right.selectbox(words("upload.platform"), (state.ALL, *PLATFORMS), key=state.U_PLATFORM,
                               format_func=lambda one: _or_file(one, "platform", words))  # fmt: skip
    scheme = st.selectbox(words("upload.scheme"), (state.ALL, "xyz", "tms"), key=state.U_SCHEME,
                          format_func=lambda one: words.word("upload.schemes", one))  # fmt: skip
    return {"taken": _taken(on, at), "crs": crs, "u_m": u_m, "height_m": height, "kind": _told(kind),
            "platform": _told(platform), "tile_scheme": _told(scheme)}  # fmt: skip


def _system(lon: float | None, words: Texts) -> str | None:
    """The system of world files without a .prj; nothing is assumed until it is chosen."""
    near = () if lon is None else (zone_system(lon),)
    systems = list(dict.fromkeys((*near, *named_systems())))
    names = {one.text: one.zh if words.lang == "zh" else one.en for one in systems}
    chosen = st.selectbox(words("upload.crs"), (state.ALL, *names), key=state.U_CRS, help=words("upload.crs_help"),
                          format_func=lambda one: names.get(one, words("upload.crs_none")))  # fmt: skip
    return _told(chosen)


def _taken(on: date | None, at: time | None) -> str | None:
    if on is None:
        return None
    return on.isoformat() if at is None else f"{on.isoformat()}T{at:%H:%M}"


def _or_file(value: str, group: str, words: Texts) -> str:
    return words("upload.by_file") if value == state.ALL else words.word(group, value)


def _told(value: str | None) -> str | None:
    return None if value in (None, state.ALL) else value


def _text(value: str | None) -> str | None:
    return (value or "").strip() or None
