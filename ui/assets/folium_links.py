"""The one place where folium's links are replaced by our own, and the guard behind it.

Importing this module is enough. Anything folium would fetch from outside raises `AssetError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import folium
import streamlit_folium
from folium.plugins import Draw
from streamlit.runtime import Runtime

from layers.errors import AssetError
from ui.assets import app_url, lib_url


def checked(links: Iterable[str]) -> list[str]:
    """The links as they are; raises `AssetError` for the first that leaves this machine."""
    found = list(links)
    for link in found:
        if "://" in link or link.startswith("//"):
            raise AssetError(
                f"the map would load {link}",
                remedy="serve the file from /assets and name it in ui/assets/folium_links.py",
            )
    return found


def guarded(component: Callable[..., Any]) -> Callable[..., Any]:
    """The map's component, refusing links that leave this machine."""

    def call(**arguments: Any) -> Any:  # noqa: ANN401 - streamlit's own signature
        checked(arguments.get("js_links") or ())
        checked(arguments.get("css_links") or ())
        return component(**{**arguments, "default": _as_a_new_map(arguments.get("default"))})

    call.__dict__["guarded"] = True
    return call


def _as_a_new_map(default: Mapping[str, object] | None) -> dict[str, object]:
    """What a map that nobody touched says of itself: the browser counts clicks from 0, the library's
    default is `None`, and the difference alone would make every page run a second time once its map
    stands.
    """
    told = dict(default or {})
    if "last_object_clicked_count" in told:
        told["last_object_clicked_count"] = 0
    return told


def replace_links() -> None:
    """Let folium's map load our files only; calling it twice changes nothing."""
    folium.Map.default_js = [
        ("leaflet", lib_url("leaflet/leaflet.js")),
        ("yicha", app_url("yicha.js")),
        ("yicha_marks", app_url("marks.js")),
        ("yicha_tools", app_url("tools.js")),
        ("yicha_scenes", app_url("scenes.js")),
    ]
    folium.Map.default_css = [
        ("font_css", lib_url("fonts/noto-sans-sc.css")),
        ("leaflet_css", lib_url("leaflet/leaflet.css")),
        ("yicha_css", app_url("map.css")),
    ]
    Draw.default_js = [("leaflet_draw", lib_url("leaflet-draw/leaflet.draw.js"))]
    Draw.default_css = [("leaflet_draw_css", lib_url("leaflet-draw/leaflet.draw.css"))]
    component = streamlit_folium._component_func
    if not getattr(component, "guarded", False):
        if Runtime.exists():  # a component registers itself only where a visitor's run imports it
            Runtime.instance().component_registry.register_component(component)
        streamlit_folium._component_func = guarded(component)


replace_links()
