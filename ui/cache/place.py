"""The data folder as it is now: its layers, the rule packs, what the checks say, rows and tiles of it."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from checks import RulePack, catalogue, layers_for_one, rule_packs, run
from layers import LayerSet
from layers.errors import YichaError
from layers.paging import PagedRows
from layers.shelf import Shelf
from layers.shelf.about import Held, held
from ui import overlays
from ui.items import Board, Item, board
from ui.paged import board_rows, layer_rows
from ui.settings import CACHE, data_folder
from ui.texts import texts
from ui.tiles.base import THEMES
from ui.tiles.service import TileService, prune
from ui.workplace import Workplace, open_workplace, stamp_of

LIVE_MOST = 300_000
"""Objects that the page itself judges; of more it shows the leads of the last run."""


def workplace() -> Workplace:
    """The data folder as it is now, also without any layer; raises `YichaError` where it cannot be."""
    folder = data_folder()
    return _workplace(folder, stamp_of(folder))


def packs() -> dict[str, RulePack]:
    """The rule packs by place."""
    return {pack.place: pack for pack in _packs()}


def packs_changed() -> None:
    """A rule pack was taken in: read them anew, and judge anew by them."""
    _packs.clear()
    _results.clear()


def results(place: Workplace, rules: str | None, on_date: str) -> Board:
    """What all checks say about the data on `on_date` under the rule pack `rules`."""
    return _results(place.folder, place.stamp, rules, on_date)


def item_alone(place: Workplace, rules: str | None, on_date: str, key: str) -> Item | None:
    """The item called `key` of a county that is too large: its subject judged alone, where that can be."""
    return _item_alone(place.folder, place.stamp, rules, on_date, key)


def is_large(place: Workplace) -> bool:
    """Whether there are too many objects to judge them all while somebody waits."""
    themes = [name for name in place.layers if name not in THEMES]
    return sum(len(place.layers[name]) for name in themes) > LIVE_MOST


def paged_layer(theme: str) -> PagedRows:
    """The rows of a layer in the order of their ids; raises `YichaError` where there is no layer."""
    place = workplace()
    return _paged_layer(place.folder, place.stamp, theme)


def paged_findings(rules: str | None, on_date: str) -> PagedRows:
    """The findings of a day in the order of their keys."""
    place = workplace()
    return _paged_findings(place.folder, place.stamp, rules, on_date)


def tiles() -> TileService:
    """The tiles of the data folder as it is now."""
    place = workplace()
    return _tiles(place.folder, place.stamp)


def features(theme: str, lang: str) -> bytes:
    """A layer's features for the browser as JSON; raises `YichaError` where there is no layer."""
    place = workplace()
    return _features(place.folder, place.stamp, theme, lang)


def shelf() -> Shelf:
    """The layer files of the data folder as it is now, with their versions."""
    place = workplace()
    return _shelf(place.layers.path, place.stamp)


def held_layers(on_date: str) -> tuple[Held, ...]:
    """What stands in the data folder, file by file, with its age on a day."""
    place = workplace()
    return _held(place.layers.path, place.stamp, on_date)


@st.cache_resource(show_spinner=False, max_entries=2)
def _workplace(folder: Path, stamp: str) -> Workplace:  # noqa: ARG001 - the stamp is the key
    return open_workplace(folder, bare=True)


@st.cache_resource(show_spinner=False, max_entries=1)
def _packs() -> list[RulePack]:
    return list(rule_packs())


@st.cache_resource(show_spinner=False, max_entries=6)
def _results(folder: Path, stamp: str, rules: str | None, on_date: str) -> Board:
    return _judged(list(catalogue()), _workplace(folder, stamp).layers, rules, on_date)


@st.cache_resource(show_spinner=False, max_entries=64)
def _item_alone(folder: Path, stamp: str, rules: str | None, on_date: str, key: str) -> Item | None:
    check, _, subject = key.partition(":")
    entry = catalogue().get(check)
    layers = _workplace(folder, stamp).layers
    alone = entry and layers_for_one(entry, subject, layers, LIVE_MOST)
    return _judged([check], alone, rules, on_date).by_key(key) if alone else None


def _judged(checks: list[str], layers: LayerSet, rules: str | None, on_date: str) -> Board:
    pack = packs().get(rules) if rules else None
    result = run(checks, layers, pack, on_date, all_subjects=True)
    titles = {name: entry.check.title for name, entry in catalogue().items()}
    return board(result.findings, result.undecided, result.failures, layers, titles)


@st.cache_resource(show_spinner=False, max_entries=64)
def _paged_layer(folder: Path, stamp: str, theme: str) -> PagedRows:
    layers = _workplace(folder, stamp).layers
    if theme not in layers:
        raise YichaError(f"there is no layer {theme}", remedy="import it", field="theme")
    return layer_rows(layers[theme])


@st.cache_resource(show_spinner=False, max_entries=6)
def _paged_findings(folder: Path, stamp: str, rules: str | None, on_date: str) -> PagedRows:
    return board_rows(_results(folder, stamp, rules, on_date))


@st.cache_resource(show_spinner=False, max_entries=2)
def _tiles(folder: Path, stamp: str) -> TileService:
    prune(CACHE / "tiles")
    return TileService(_workplace(folder, stamp).layers, CACHE / "tiles")


@st.cache_resource(show_spinner=False, max_entries=64)
def _features(folder: Path, stamp: str, theme: str, lang: str) -> bytes:
    layers = _workplace(folder, stamp).layers
    if theme not in layers:
        raise YichaError(f"there is no layer {theme}", remedy="import it", field="theme")
    rows = overlays.features(layers[theme], texts(lang))
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


@st.cache_resource(show_spinner=False, max_entries=2)
def _shelf(folder: Path, stamp: str) -> Shelf:  # noqa: ARG001 - the stamp is the key
    return Shelf(folder)


@st.cache_resource(show_spinner=False, max_entries=4)
def _held(folder: Path, stamp: str, on_date: str) -> tuple[Held, ...]:
    return held(_shelf(folder, stamp), on_date)
