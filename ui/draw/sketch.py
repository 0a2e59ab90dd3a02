"""What one tab has drawn and not yet saved: shapes from the map, words from the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import shapely
from shapely.geometry import mapping as geojson

from imagery.drawing import Drawings, Origin, Version, drawn_layer, read_features
from layers import Layer
from layers.errors import YichaError
from layers.problems import error_in_language
from ui import state
from ui.refused import must, refusal_told
from ui.scenes.holdings import SceneRow
from ui.texts import Texts, texts

THEME, SCENE = "d_theme", "d_scene"
GATE, CENTRELINE = "gate", "centreline"
_TURN, _AFTER, _NOTE, _LOADED = "d_turn", "d_after", "d_note", "d_loaded"


def map_key(theme: str, lang: str | None = None) -> str:
    """Key of the map: a new one where the shapes on it are laid anew."""
    return f"d_map:{theme}:{state.recall(_TURN, 0)}:{lang or state.language()}"


def load(drawings: Drawings, theme: str) -> list[dict[str, Any]]:
    """The shapes a map begins with, as GeoJSON features: the saved ones, kept until laid anew.

    A map that begins again because the language changed begins with what was on it.
    """
    known = state.recall(_LOADED)
    key = map_key(theme)
    if known and known[0] == key:
        found: list[dict[str, Any]] = known[1]
        return found
    same = known and known[0] == map_key(theme, known[2])
    if same:
        found = _on_map(known[0], known[1])
    else:
        version = drawings.standing(theme)
        state.keep(_AFTER, version.number)
        found = features_of(version.layer)
    state.keep(_LOADED, (key, found, state.language()))
    return found


def features_of(layer: Layer | None) -> list[dict[str, Any]]:
    """A drawn layer as the browser's features: areas and centrelines, then their gates."""
    if layer is None:
        return []
    areas, gates = [], []
    rows = layer.frame.drop(columns="geometry").to_dict("records")
    for row, shape in zip(rows, layer.frame.geometry, strict=True):
        told = {"key": row["id"], "name": _text(row["name"]), "role": "",
                "about": _text(row.get("reason")) or _text(row.get("class"))}  # fmt: skip
        if shape.geom_type == "LineString":
            told |= {"role": CENTRELINE, "width_m": float(row["width_m"])}
        areas.append(_feature(shape, told))
        lines = row.get("gates")
        parts = shapely.get_parts(shapely.from_wkt(str(lines))).tolist() if lines else []
        for n, line in enumerate(parts, 1):
            gates.append(
                _feature(line, {"key": f"{row['id'][:34]}-g{n}", "role": GATE, "name": ""})
            )
    return areas + gates


def shapes(theme: str, loaded: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The shapes on the map now: as the map last told, else as loaded."""
    return _on_map(map_key(theme), loaded)


def _on_map(key: str, loaded: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    told = (state.recall(key) or {}).get("all_drawings")
    return [dict(one) for one in (loaded if told is None else told)]


def offered(name: str, choices: Sequence[str], first: str) -> str:
    """Key of a widget with choices, one for each language: its words are part of what it keeps."""
    key = f"{name}:{state.language()}"
    known = state.recall(name)
    state.offer(key, choices, known if known in choices else first)
    return key


def once(name: str, theme: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - what a map is built from
    """The same answer for as long as the map stands: a changed base would throw its shapes away."""
    key = f"{map_key(theme)}:{name}"
    if state.recall(key) is None:
        state.keep(key, make())
    return state.recall(key)


def field(key: str, name: str) -> str:
    """Key of a widget of the form."""
    return f"d:{key}:{name}"


def key_of(feature: Mapping[str, Any]) -> str:
    """The shape's own key."""
    return str((feature.get("properties") or {}).get("key") or "")


def lay_anew() -> None:
    """Throw away what is not saved: the map shows what stands."""
    state.keep(_TURN, state.recall(_TURN, 0) + 1)


def note() -> tuple[str, str] | None:
    """What became of the last wish: ("ok" or "trouble", words); told once."""
    said: tuple[str, str] | None = state.recall(_NOTE)
    state.keep(_NOTE, None)
    return said


def save(drawings: Drawings, theme: str, scene: SceneRow | None, loaded: list[dict[str, Any]]) -> None:  # fmt: skip
    """A callback: keep what is on the map as the next version."""
    words = texts(state.language())
    try:
        if scene is None:
            raise YichaError(words("draw.no_scene"), remedy=words("draw.choose_scene"))
        version = _save(drawings, theme, scene, loaded)
    except YichaError as error:
        _refused(error, words)
        return
    count = 0 if version.layer is None else len(version.layer)
    state.keep(_AFTER, version.number)
    state.keep(_NOTE, ("ok", words("draw.saved", n=count, version=version.number)))


def _save(drawings: Drawings, theme: str, scene: SceneRow, loaded: list[dict[str, Any]]) -> Version:  # fmt: skip
    who = must("scene.judge").name
    origin = Origin(who, scene.id, scene.day, date.today().isoformat(), scene.u_m)  # noqa: DTZ011 - the office's own day
    told = [_with_words(one) for one in shapes(theme, loaded)]
    after = int(state.recall(_AFTER, 0))
    layer = drawn_layer(theme, read_features(told), origin, drawings.standing(theme).layer)
    return drawings.save(layer, after)


def _refused(error: YichaError, words: Texts) -> None:
    """Tell that nothing was saved, and why; one withheld by the policy in the history too."""
    refusal_told(error)
    problem, remedy = error_in_language(error, words.lang)
    state.keep(_NOTE, ("trouble", words("draw.refused", problem=problem, remedy=remedy)))


def undo(drawings: Drawings, theme: str) -> None:
    """A callback: take the last saving back and show the one before."""
    words = texts(state.language())
    try:
        must("scene.judge")
        version = drawings.undo(theme, int(state.recall(_AFTER, 0)))
    except YichaError as error:
        _refused(error, words)
    else:
        state.keep(_NOTE, ("ok", words("draw.undone", version=version.number)))
    lay_anew()


def saved_version() -> int:
    """Number of the version on the map; 0 where nothing was saved yet."""
    return int(state.recall(_AFTER, 0))


def _with_words(feature: Mapping[str, Any]) -> dict[str, Any]:
    """A shape with what the form says of it."""
    told = dict(feature.get("properties") or {})
    for name in ("name", "role", "width_m", "about"):
        value = state.recall(field(key_of(feature), name))
        told[name] = told.get(name) if value is None else value
    if told.get("role") == GATE:
        told["width_m"] = None
    return {**feature, "properties": told}


def _feature(shape: Any, told: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - a geometry
    return {"type": "Feature", "geometry": geojson(shape), "properties": told}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
