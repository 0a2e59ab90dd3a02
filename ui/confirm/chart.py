"""The map of the queue: the candidate's scenes below it, outlines above, one of them to be mended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import folium
from folium.plugins import Draw
from shapely.geometry.base import BaseGeometry

from imagery.queue import Candidate
from ui.assets import app_url
from ui.cards.seen import rings_of
from ui.confirm.panel import number_of, state_words
from ui.scenes.chart import scene_group
from ui.scenes.holdings import Holdings
from ui.script import Call
from ui.texts import Texts

MOST = 1500
"""Outlines drawn at most; the list says so when there are more."""


def with_drawing(chart: folium.Map) -> folium.Map:
    """The map with the scripts that mend outlines, on this map alone."""
    chart.default_js = [
        *chart.default_js,
        *Draw.default_js,
        ("yicha_confirm", app_url("confirm.js")),
    ]
    chart.default_css = [*chart.default_css, *Draw.default_css]
    return chart


def groups(
    held: Holdings, found: Sequence[Candidate], one: Candidate | None, words: Texts, *,
    editing: bool, gentle: bool,
) -> list[folium.FeatureGroup]:  # fmt: skip
    """The scenes of the candidate shown, and the outlines of the queue.

    While an outline is mended only the scene it was found in is shown: no slider over its corners.
    """
    shown = held.by_id(one.scene_id) if one else None
    before = held.by_id(one.before_id) if one and one.before_id and not editing else None
    token = one.id if one else ""
    focus = None if one is None else _box(one.outline)
    scenes = scene_group(held, shown, before, (), words, token=token, gentle=gentle, focus=focus)
    group = folium.FeatureGroup(name="candidates", control=False)
    group.add_child(Call("candidates", _values(found, one, words, editing=editing), with_map=True))
    return [scenes, group]


def _values(
    found: Sequence[Candidate], one: Candidate | None, words: Texts, *, editing: bool
) -> dict[str, Any]:
    others = [each for each in found[:MOST] if one is None or each.id != one.id]
    rows = [[each.id, f"#{number_of(each)} · {state_words(each, words)}", each.answer or "open",
             rings_of(each.outline)] for each in others]  # fmt: skip
    chosen = None
    if one is not None:
        detected = rings_of(one.detected) if one.outline_by == "person" else None
        chosen = {"id": one.id, "rings": rings_of(one.outline), "detected": detected}
    return {"rows": rows, "chosen": chosen, "editing": bool(one) and editing,
            "words": {name: words(f"confirm.draw.{name}")
                      for name in ("save", "anew", "cancel", "start", "go_on", "close", "hint", "again")}}  # fmt: skip


def _box(shape: BaseGeometry) -> list[list[float]]:
    west, south, east, north = shape.bounds
    return [[south, west], [north, east]]
