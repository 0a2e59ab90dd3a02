"""Base maps from outside: none, unless the environment names one and says that the machine is online.

`YICHA_ONLINE=yes` with `YICHA_BASE=tianditu` (and `YICHA_TIANDITU_KEY`) or `YICHA_BASE=osm`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

ONLINE, BASE, KEY = "YICHA_ONLINE", "YICHA_BASE", "YICHA_TIANDITU_KEY"
_YES = frozenset({"1", "yes", "true", "on"})
_TIANDITU = (
    "https://t0.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)


@dataclass(frozen=True, slots=True)
class OnlineBase:
    """A base map from outside: what it is called in the texts, its tiles (drawn in this order), whose it is."""

    name: str
    tiles: tuple[str, ...]
    attribution: str
    deepest: int


def online_bases(environment: Mapping[str, str] = os.environ) -> tuple[OnlineBase, ...]:
    """The base maps the environment asks for; empty unless it says that this machine is online."""
    if environment.get(ONLINE, "").strip().lower() not in _YES:
        return ()
    named = environment.get(BASE, "").strip().lower()
    key = environment.get(KEY, "").strip()
    if named == "osm":
        tiles = ("https://tile.openstreetmap.org/{z}/{x}/{y}.png",)
        return (OnlineBase("osm", tiles, "© OpenStreetMap contributors", 19),)
    if named == "tianditu" and key.isalnum():
        pairs = (("tianditu", ("vec", "cva")), ("tianditu_image", ("img", "cia")))
        return tuple(OnlineBase(name, tuple(_TIANDITU.format(layer=one, key=key) for one in layers), "© 天地图", 18)
                     for name, layers in pairs)  # fmt: skip
    return ()


def online_hosts(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The hosts that pictures of the page may come from beside this machine, for its content policy."""
    found = (url.split("/", 3)[:3] for base in online_bases(environment) for url in base.tiles)
    return tuple(dict.fromkeys("/".join(parts) for parts in found))
