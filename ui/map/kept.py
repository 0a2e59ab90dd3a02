"""What the map keeps beside `ui.cache`: its tables, panel, symbols and bases, once per state of their data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from layers.find import find_places
from leads.views.marks import stamp
from leads.views.on_map import lead_table
from office import Actor
from ui import cache, overlays
from ui.items import Board
from ui.map.bases import SCENES
from ui.map.bases import bases as bases_of
from ui.map.crowd import Shown
from ui.map.online import online_bases
from ui.map.table import Marks, of_board, of_leads
from ui.map.tile_files import FOLDER as BASEMAPS
from ui.map.tile_files import TileFile
from ui.map.tile_files import tile_files as found_tile_files
from ui.scenes.holdings import SceneRow
from ui.settings import data_folder
from ui.texts import texts
from ui.words import GLYPHS
from ui.workplace import Workplace


def marks_of(
    place: Workplace, found: Board, key: tuple[str | None, str], who: Actor | None
) -> Marks:
    """The table of a day's findings, with what this person may read of their leads; `key` = rules, day."""
    reads = who if who is not None and cache.has_leads() else None
    told = _lead_words(reads)
    return _board_marks(place.folder, place.stamp, *key, *told, found, reads, place)


def lead_map(who: Actor) -> tuple[Marks, pd.DataFrame]:
    """The table of the leads that this person may read, and their columns (`leads.views.on_map`)."""
    return _lead_map(*_lead_words(who), who)


def shown() -> Shown:
    """The sets of symbols that pages show now."""
    return _shown()


def layer_panel(place: Workplace, lang: str) -> Mapping[str, Any]:
    """What the map's panel of layers shows, apart from the bases; the same as long as the layers are."""
    return _layer_panel(place.folder, place.stamp, lang, place)


def bases(lang: str) -> list[dict[str, Any]]:
    """The bases that the map may stand on."""
    held = cache.holdings()
    scenes: list[tuple[SceneRow, str]] = []
    for row in held.rows if held else ():
        facts = held.reader.facts(row.id) if held and row.drawn and len(scenes) < SCENES else None
        if facts is not None:
            scenes.append((row, f"/imagery/{row.id}/{{z}}/{{x}}/{{y}}?v={facts.content[:16]}"))
    return bases_of(tile_files(), scenes, online_bases(), texts(lang))


def tile_files() -> dict[str, TileFile]:
    """The local base maps of the data folder, by name."""
    folder = data_folder() / BASEMAPS
    files = sorted(folder.glob("*.pmtiles")) if folder.is_dir() else []
    return _tile_files(data_folder(), tuple((one.name, one.stat().st_mtime_ns) for one in files))


def found_places(place: Workplace, text: str, most: int) -> pd.DataFrame:
    """What the layers hold under these words."""
    return _found_places(place.folder, place.stamp, text, most, place)


def _lead_words(who: Actor | None) -> tuple[str, str, str]:
    """What the store's answers to a person hang on: the store, its state, the person's rights."""
    if who is None:
        return "", "", ""
    db = cache.lead_store()
    return db.shown, stamp(db), repr(who)


@st.cache_resource(show_spinner=False)
def _shown() -> Shown:
    return Shown()


@st.cache_resource(show_spinner=False, max_entries=4)
def _layer_panel(folder: Path, stamp: str, lang: str, _place: Workplace) -> Mapping[str, Any]:  # noqa: ARG001 - the keys
    words, layers, service = texts(lang), _place.layers, cache.tiles()
    keys = {name: service.overlay_key(name) for name in layers}
    return {
        "title": words("map.layers"), "map": words("map.keys"),
        "units": {"m": words("list.metres", value="").strip(), "km": words("tools.km", n="").strip()},
        "zoom": {"in": words("map.zoom_in"), "out": words("map.zoom_out")}, "layers": overlays.describe(layers, keys, words),
        "verdicts": [[name, words("verdict." + name)] for name in GLYPHS],
    }  # fmt: skip


@st.cache_resource(show_spinner=False, max_entries=2)
def _tile_files(folder: Path, stamps: tuple[tuple[str, int], ...]) -> dict[str, TileFile]:  # noqa: ARG001 - the key
    return found_tile_files(folder)


@st.cache_resource(show_spinner=False, max_entries=64)
def _found_places(
    folder: Path, stamp: str, text: str, most: int, _place: Workplace,  # noqa: ARG001 - the keys
) -> pd.DataFrame:  # fmt: skip
    return find_places(_place.layers, text, most=most)


@st.cache_resource(show_spinner=False, max_entries=4)
def _lead_map(shown: str, seen: str, rights: str, _who: Actor) -> tuple[Marks, pd.DataFrame]:  # noqa: ARG001 - the keys
    found = lead_table(cache.lead_store(), actor=_who)
    return of_leads(found), found


@st.cache_resource(show_spinner=False, max_entries=6)
def _board_marks(  # noqa: PLR0917 - the keys
    folder: Path, stamp: str, rules: str | None, on_date: str, shown: str, seen: str, rights: str,  # noqa: ARG001
    _found: Board, _who: Actor | None, _place: Workplace,
) -> Marks:  # fmt: skip
    leads = _lead_map(shown, seen, rights, _who)[1] if _who is not None else None
    return of_board(_found, leads, _place.layers.get("township"))
