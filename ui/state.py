"""What one browser tab remembers: ids and widget values only. The one file that names the session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ui.texts import LANGUAGES

LIST, MAP = "list", "map"
CHECK, VERDICTS, SCHOOL, LICENCES, TEXT = (
    "f_check",
    "f_verdicts",
    "f_school",
    "f_licences",
    "f_text",
)
LANGUAGE, DAY, RULES, HIDE = "language", "day", "rules", "f_hide"
SOURCE, STATES, TOWN, SCORE, AGE = "m_from", "f_states", "f_town", "f_score", "f_age"
UNPLACED = "f_unplaced"
SEEK, REACH = "m_seek", "m_reach"
DEFAULT_VERDICTS = ("inside", "borderline", "undecided")
SCENE_LIST, SCENE_MAP, STRIP = "scene_list", "scene_chart", "strip"
SCENE_TEXT, SCENE_KINDS = "s_text", "s_kinds"
DROP = "drop"
UPLOAD_FORM = (U_ZONE, U_COLLECTOR, U_SECOND, U_WHY, U_DAY, U_TIME, U_CRS, U_ERROR, U_HEIGHT, U_KIND,
               U_PLATFORM, U_SCHEME) = (
    "u_zone", "u_collector", "u_second", "u_why", "u_day", "u_time", "u_crs", "u_error", "u_height",
    "u_kind", "u_platform", "u_scheme",
)  # fmt: skip
KEPT: dict[str, tuple[str, ...]] = {
    "": (DAY, RULES, CHECK, VERDICTS, SCHOOL, LICENCES, TEXT, HIDE, SOURCE, STATES, TOWN, SCORE, AGE, UNPLACED, REACH),
    "scenes": (SCENE_TEXT, SCENE_KINDS),
    "upload": UPLOAD_FORM,
    "leads": ("l_view", "l_check", "l_states", "l_verdicts", "l_change", "l_score", "l_who", "l_agency", "l_town",
              "l_text", "l_sort"),
    "confirm": ("c_theme", "c_state", "c_order"),
}  # fmt: skip
"""Widgets whose values outlive a visit to another page, by the address of their page."""
ALL = "*"
"""The choice that leaves a filter open."""
_TURN, _BY_MAP = "turn", "by_map"
_PAGES, _SCENE, _OTHER, _SEEN_SCENE, _JOB = "pages", "scene", "other_scene", "seen_scene", "job"
_WISH = "wish"


def begin() -> None:
    """Take over what the address says, once per tab."""
    state = st.session_state
    if "begun" in state:
        return
    state["begun"] = True
    query = st.query_params
    state[LANGUAGE] = _first_language()
    state[_TURN], state[_BY_MAP] = 0, False
    state[_SCENE], state[_OTHER] = query.get("scene"), query.get("with")
    state[_JOB] = query.get("job")


def keep_widgets(shown: str) -> None:
    """Keep the widgets of the pages that are not `shown`: what is not drawn would lose its value.

    Those of the page itself are left alone: a value written here overwrites what is being typed.
    """
    state = st.session_state
    for page, keys in KEPT.items():
        for key in keys if page != shown else ():
            if key in state:
                state[key] = state[key]


def know_pages(pages: Mapping[str, StreamlitPage]) -> None:
    """Remember the pages of this run, so that a header can link to them."""
    st.session_state[_PAGES] = dict(pages)


def pages() -> dict[str, StreamlitPage]:
    """The pages by name."""
    found: dict[str, StreamlitPage] = st.session_state.get(_PAGES, {})
    return found


def scene() -> str | None:
    """Id of the scene shown, or `None`."""
    return st.session_state.get(_SCENE) or None


def other_scene() -> str | None:
    """Id of the scene it is compared with, or `None`."""
    return st.session_state.get(_OTHER) or None


def show_scene(scene_id: str | None, *, on_map: bool = False) -> None:
    """Show a scene; the address follows. The comparison ends."""
    state = st.session_state
    state[_SCENE], state[_OTHER], state[_BY_MAP] = scene_id, None, on_map
    state[_TURN] = turn() + 1
    _to_address("scene", scene_id)
    _to_address("with", None)


def compare_with(scene_id: str | None) -> None:
    """Compare the scene shown with another one, or with none."""
    st.session_state[_OTHER] = scene_id
    _to_address("with", scene_id)


def take_scene() -> None:
    """A row of the list of scenes was chosen."""
    value = st.session_state.get(SCENE_LIST)
    key = getattr(value, "select", None) if value is not None else None
    if key:
        show_scene(str(key))


def take_strip() -> None:
    """A picture of the time strip was chosen: it is compared with the scene shown."""
    value = st.session_state.get(STRIP)
    key = getattr(value, "select", None) if value is not None else None
    if key and key != scene():
        compare_with(None if key == other_scene() else str(key))
        st.session_state[f"compare:{scene()}"] = other_scene() or ALL


def take_comparison(key: str) -> None:
    """The second date was chosen, or none."""
    value = st.session_state.get(key)
    compare_with(None if value in (None, ALL) else str(value))


def take_scene_click() -> None:
    """An outline was clicked on the map of scenes."""
    answer: dict[str, Any] = st.session_state.get(SCENE_MAP) or {}
    count = answer.get("last_object_clicked_count")
    drawing = answer.get("last_active_drawing") or {}
    key = (drawing.get("properties") or {}).get("scene")
    if key and count != st.session_state.get(_SEEN_SCENE):
        show_scene(str(key), on_map=True)
    st.session_state[_SEEN_SCENE] = count


def scene_filters() -> tuple[str, tuple[str, ...]]:
    """What the list of scenes is narrowed by: words, kinds."""
    state = st.session_state
    return str(state.get(SCENE_TEXT) or "").strip().lower(), tuple(state.get(SCENE_KINDS) or ())


def job() -> str | None:
    """Id of the ingest this tab waits for."""
    return st.session_state.get(_JOB)


def follow(job_id: str | None) -> None:
    """Look at an ingest, or at none; `tell_job` puts it into the address."""
    st.session_state[_JOB] = job_id


def tell_job() -> None:
    """Let the address name the ingest looked at, so that a closed tab loses nothing."""
    if st.query_params.get("job") != job():
        _to_address("job", job())


def wish(what: str, *values: str) -> None:
    """Note what a click asked for; a callback, so that a run cut short by the next does not lose it.

    The page does it with `wished`, by what its widgets say then.
    """
    st.session_state[_WISH] = (what, values)


def wished(what: str) -> tuple[str, ...] | None:
    """The values of a wish for `what`; `None` where nobody wished it. It stays until `granted`."""
    asked: tuple[str, tuple[str, ...]] | None = st.session_state.get(_WISH)
    return asked[1] if asked is not None and asked[0] == what else None


def granted() -> None:
    """The wish was done, or cannot be; called as late as possible, for a run may end anywhere."""
    st.session_state.pop(_WISH, None)


def go(page: str, **query: str) -> None:
    """Leave for another page before this one is drawn: the language, drawn on neither, stays chosen."""
    st.session_state[LANGUAGE] = language()
    st.switch_page(pages()[page], query_params={"lang": language(), **query})


def recall(key: str, fallback: Any = None) -> Any:  # noqa: ANN401 - a widget's value or an id
    """What a page keeps under `key` for this tab: ids and widget values only."""
    return st.session_state.get(key, fallback)


def keep(key: str, value: object) -> None:
    """Keep an id or a widget's value under `key` for this tab."""
    st.session_state[key] = value


def address(names: Sequence[str]) -> dict[str, str]:
    """What the address says of these names."""
    return {name: st.query_params[name] for name in names if st.query_params.get(name)}


def to_address(values: Mapping[str, str | None]) -> None:
    """Let the address say these values; an empty one is left out."""
    for name, value in values.items():
        if (st.query_params.get(name) or None) != (value or None):
            _to_address(name, value)


def language() -> str:
    """The page's language."""
    return str(st.session_state.get(LANGUAGE) or "zh")


def remember_language() -> None:
    """Write the chosen language into the address."""
    if not st.session_state.get(LANGUAGE):
        st.session_state[LANGUAGE] = st.query_params.get("lang", "zh")
    st.query_params["lang"] = language()


def turn() -> int:
    """A number that grows with every choice, so that the map moves once for each."""
    return int(st.session_state.get(_TURN, 0))


def chosen_on_map() -> bool:
    """Whether the last choice was made on the map (which then keeps its view)."""
    return bool(st.session_state.get(_BY_MAP))


def turned(*, on_map: bool = False) -> None:
    """Something else is looked at: chosen on the map, which then keeps its view, or elsewhere."""
    st.session_state[_TURN], st.session_state[_BY_MAP] = turn() + 1, on_map


def start(key: str, value: object) -> None:
    """Give a widget its first value; one the user has set stays."""
    if st.session_state.get(key) is None:
        st.session_state[key] = value


def day() -> str:
    """The day to judge by, ISO."""
    return str(st.session_state[DAY].isoformat())


def rules() -> str | None:
    """The chosen rule pack's place, or `None` for no local rules."""
    place = st.session_state.get(RULES)
    return None if place in (None, ALL) else str(place)


def offer(key: str, choices: Sequence[object], fallback: object) -> None:
    """Give a widget a value among its choices before it is drawn."""
    if st.session_state.get(key) not in choices:
        st.session_state[key] = fallback


def _first_language() -> str:
    named = st.query_params.get("lang") or st.context.cookies.get("yicha_lang")
    if named in LANGUAGES:
        return str(named)
    return "en" if str(st.context.locale or "zh").lower().startswith("en") else "zh"


def _to_address(name: str, value: str | None) -> None:
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
