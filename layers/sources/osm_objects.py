"""Records between the OpenStreetMap reader and the layers made of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from layers.themes import SHOP_THEMES

KEPT_WHOLE = frozenset({"school", "gate", *SHOP_THEMES})
"""Themes whose objects keep all their tags; of others only `NAME_TAGS` are kept (memory)."""
NAME_TAGS = ("name", "name:zh", "bridge")


@dataclass
class Found:
    """Objects of one theme, in lists of one length.

    `tag` is the `key=value` that made the object part of the theme; `geometry` holds hexadecimal
    WKB in WGS 84 longitude/latitude.
    """

    ids: list[str] = field(default_factory=list)
    tags: list[dict[str, str]] = field(default_factory=list)
    tag: list[str] = field(default_factory=list)
    geometry: list[str] = field(default_factory=list)

    def add(self, theme: str, id_: str, tags: dict[str, str], tag: str, geometry: str) -> None:
        """Append one object; tags that nobody reads are dropped."""
        if theme not in KEPT_WHOLE:
            tags = {key: tags[key] for key in NAME_TAGS if key in tags}
        self.ids.append(id_)
        self.tags.append(tags)
        self.tag.append(tag)
        self.geometry.append(geometry)


@dataclass(frozen=True)
class Lost:
    """An area that could not be closed: what is known of its outline.

    `lines` are the known pieces, (n, 2) arrays of longitude and latitude; may be empty.
    """

    id: str
    tags: dict[str, str]
    themes: dict[str, str]
    lines: tuple[np.ndarray, ...]


@dataclass
class Objects:
    """What one file holds: objects by theme, areas that could not be closed, and counts.

    `ways_cut` are the ways that refer to nodes which the file does not have; `nowhere`
    the objects without a place (a node off the globe, a way of fewer than two places); `building_schools` buildings tagged as school buildings.
    """

    themes: dict[str, Found] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)
    ways_cut: list[int] = field(default_factory=list)
    nowhere: list[str] = field(default_factory=list)
    building_schools: int = 0
    state_of: str | None = None
    sorted_first: bool = False
