"""What the map may stand on: our own drawing, nothing, local tiles, scenes, and online maps where wished."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ui.map.online import OnlineBase
from ui.map.tile_files import TileFile
from ui.scenes.holdings import SceneRow
from ui.settings import at
from ui.texts import Texts

SCENES = 12
"""Scenes offered as a base at most, the newest."""


def bases(
    files: Mapping[str, TileFile], scenes: Sequence[tuple[SceneRow, str]], online: Sequence[OnlineBase], words: Texts
) -> list[dict[str, Any]]:  # fmt: skip
    """Every base as the panel of layers takes it; `scenes` are rows with the address of their tiles.

    A base has a `name`, its `tiles` (none for our own drawing), the deepest zoom and, where it covers
    only part of the map, a `box`; a scene lies over our own drawing (`over`).
    """
    found: list[dict[str, Any]] = [
        {"id": "vector", "name": words("bases.vector"), "tiles": []},
        {"id": "none", "name": words("bases.none"), "tiles": [], "blank": True},
    ]
    for name, one in files.items():
        found.append({"id": f"file:{name}", "name": name, "tiles": [at(f"/map/base/{name}/{{z}}/{{x}}/{{y}}")],
                      "first": one.zooms[0], "deepest": one.zooms[1]})  # fmt: skip
    found += [{"id": f"scene:{row.id}", "name": f"{row.title} {row.day or ''}".strip(), "tiles": [at(tiles)], "over": True,
               "deepest": 22, "box": _box(row)} for row, tiles in scenes[:SCENES]]  # fmt: skip
    found += [{"id": one.name, "name": words(f"bases.{one.name}"), "tiles": list(one.tiles), "deepest": one.deepest,
               "attribution": one.attribution} for one in online]  # fmt: skip
    return found


def _box(row: SceneRow) -> list[list[float]] | None:
    if row.outline is None:
        return None
    west, south, east, north = row.outline.bounds
    return [[south, west], [north, east]]
