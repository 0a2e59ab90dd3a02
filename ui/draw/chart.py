"""The drawing tools on the map: our own script over Leaflet.draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import folium
from branca.element import MacroElement
from folium.plugins import Draw
from folium.template import Template

from ui.assets import app_url
from ui.texts import Texts

_WORDS = (
    "polygon", "polyline", "finish", "delete_last", "cancel", "save_edit", "cancel_edit", "clear",
    "edit", "remove", "start", "go_on", "close", "line_start", "line_go_on", "line_end", "edit_hint",
    "edit_more", "remove_hint", "crossing", "nothing_edit", "nothing_remove",
)  # fmt: skip


def with_drawing(chart: folium.Map) -> folium.Map:
    """The map with the scripts that draw, on this map alone."""
    chart.default_js = [*chart.default_js, *Draw.default_js, ("yicha_draw", app_url("draw.js"))]
    chart.default_css = [*chart.default_css, *Draw.default_css]
    return chart


class DrawMap(MacroElement):
    """The tools and the shapes they work on; the map tells the page of every change."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "window.drawnItems = yicha.drawing({{ this._parent.get_name() }}, {{ this.values | tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, features: Sequence[Mapping[str, Any]], theme: str, words: Texts) -> None:
        super().__init__()
        self._name = "DrawMap"
        self.values = {
            "features": list(features), "theme": theme, "lines": theme == "fire_lane",
            "words": {name: words(f"draw.tools.{name}") for name in _WORDS},
        }  # fmt: skip
