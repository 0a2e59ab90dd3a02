"""The panel of layers that every map has."""

from __future__ import annotations

from typing import Any

from ui.map import kept
from ui.texts import Texts
from ui.workplace import Workplace

MAP_HEIGHT = 640
"""Height of a map before the style sheet fits it to the window."""


def layer_panel(place: Workplace, words: Texts) -> dict[str, Any]:
    """What the panel shows: the layers with symbol, source and age, and the symbols of verdicts."""
    return dict(kept.layer_panel(place, words.lang))


def with_bases(panel: dict[str, Any], words: Texts) -> dict[str, Any]:
    """The same with the bases to choose among."""
    return {**panel, "bases": kept.bases(words.lang), "baseTitle": words("bases.title"),
            "opacity": words("map.opacity")}  # fmt: skip
