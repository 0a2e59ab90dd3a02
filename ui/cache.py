"""What is slow is made once per state of the data folder."""

from __future__ import annotations

import json
import os
import time
from datetime import datetime
from pathlib import Path

import streamlit as st

from checks import RulePack, catalogue, rule_packs, run
from imagery.align import Alignment, estimate, ground_of
from imagery.catalogue.ages import AgeShare, ages_over
from imagery.detectors import Shot, shot_of
from imagery.queue import Queue
from imagery.store import Store
from layers.errors import YichaError
from layers.paging import PagedRows
from layers.shelf import Shelf
from layers.shelf.about import Held, held
from leads.feed import extent
from leads.marks import Mark, marks, stamp
from leads.scope import READ, sight_of
from leads.store import count_by
from office import Actor, Database
from office.database import ENVIRONMENT
from office.policy import may_somewhere
from ui import overlays
from ui.data_desk.staging import Staging
from ui.docket import demo
from ui.items import Board, board
from ui.jobs.table import Jobs, open_jobs
from ui.paged import board_rows, layer_rows
from ui.proof.outbox import Outbox, outbox_of
from ui.scenes.holdings import Holdings, open_holdings
from ui.scenes.incoming import Incoming
from ui.settings import CACHE, data_folder, is_demo
from ui.texts import texts
from ui.tiles.base import THEMES
from ui.tiles.service import TileService, prune
from ui.workplace import Workplace, imagery_folder, imagery_stamp, open_workplace, stamp_of

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


def holdings() -> Holdings | None:
    """The imagery store of the data folder as it is now; `None` where there is none."""
    root = imagery_folder(data_folder())
    return _holdings(root, imagery_stamp(root))


def imagery_ages(on_date: str) -> tuple[AgeShare, ...] | None:
    """The county by the age of its imagery; `None` without imagery or an outline of the county."""
    place, held = workplace(), holdings()
    if held is None or "township" not in place.layers:
        return None
    return _imagery_ages(place.folder, place.stamp, imagery_stamp(held.store.root), on_date)


def queue() -> Queue | None:
    """The queue of candidates of the data folder; `None` where there is no imagery."""
    held = holdings()
    return None if held is None else Queue.open(held.store)


def shot(scene_id: str) -> Shot:
    """A scene as detectors are handed it; raises `ImageryError` for one that lies nowhere."""
    root = imagery_folder(data_folder())
    return _shot(root, imagery_stamp(root), scene_id)


def alignment(before: str, after: str) -> Alignment | None:
    """How the second scene lies on the first; measured once for each state of the store."""
    held = holdings()
    if held is None:
        return None
    known = _alignments(held.store.root, imagery_stamp(held.store.root))
    if (before, after) not in known:
        first, second = (ground_of(held.store, name) for name in (before, after))
        known[before, after] = estimate(first, second)
    return known[before, after]


def known_alignment(before: str, after: str) -> Alignment | None:
    """The same where it was measured already; nothing is measured here."""
    root = imagery_folder(data_folder())
    return _alignments(root, imagery_stamp(root)).get((before, after))


def incoming() -> Incoming:
    """The uploads of the data folder; those that nobody touched for days are swept at the start."""
    return _incoming(data_folder() / "uploads")


def outbox() -> Outbox:
    """The boxes of evidence of the data folder; those that are over are swept at the start."""
    return _outbox(data_folder())


def jobs() -> Jobs:
    """The take-ins of the data folder; those that a stop of the app cut short begin again."""
    folder = data_folder()
    return _jobs(folder / "uploads" / "jobs", imagery_folder(folder))


def shelf() -> Shelf:
    """The layer files of the data folder as it is now, with their versions."""
    place = workplace()
    return _shelf(place.layers.path, place.stamp)


def held_layers(on_date: str) -> tuple[Held, ...]:
    """What stands in the data folder, file by file, with its age on a day."""
    place = workplace()
    return _held(place.layers.path, place.stamp, on_date)


def staging() -> Staging:
    """The tables on their way in; those that nobody touched for days are swept at the start."""
    return _staging(data_folder() / "uploads" / "tables")


def store_address() -> str | None:
    """Where the store of leads is: what a process of its own opens."""
    return demo.store_of(workplace())


def lead_store() -> Database:
    """The store of leads: the county's own where it is generated, else the one the commands use.

    Raises `StoreError` with the remedy where it cannot be opened.
    """
    address = demo.store_of(workplace()) or os.environ.get(ENVIRONMENT)
    file = Path(address) if address else None
    there = file.stat().st_ino if file is not None and file.is_file() else 0
    return _lead_store(address, there)


def lead_counts(column: str, who: Actor) -> dict[str, int]:
    """How many leads, of those a person may read, per value of a column; counted once for every state
    of the store.
    """
    db = lead_store()
    return _lead_counts(db.shown, stamp(db), column, sight_of(who), who)


def lead_extent(
    who: Actor,
) -> tuple[tuple[float, float, float, float] | None, tuple[str, str] | None]:
    """Bounds and days of the leads a person may read; looked up once for every state of the store."""
    db = lead_store()
    return _lead_extent(db.shown, stamp(db), sight_of(who), who)


def has_leads() -> bool:
    """Whether there is a store of leads that answers."""
    return _has_lead_store(demo.store_of(workplace()) or os.environ.get(ENVIRONMENT))


def lead_marks(who: Actor | None) -> dict[tuple[str, str], Mark]:
    """(check, subject id) → lead, of leads that somebody has done something about and the person may
    read; none without a store, or for nobody.
    """
    if who is None or not may_somewhere(who, READ) or not has_leads():
        return {}
    db = lead_store()
    return _lead_marks(db.shown, stamp(db), sight_of(who), who)


def is_large(place: Workplace) -> bool:
    """Whether there are too many objects to judge them all while somebody waits."""
    themes = [name for name in place.layers if name not in THEMES]
    return sum(len(place.layers[name]) for name in themes) > LIVE_MOST


def filling() -> demo.Filling:
    """The taking-in of a generated county's findings; begun where they are new."""
    place = workplace()
    return _filling(place.folder, place.stamp)


def warm_up() -> None:
    """Do the slow things once before the first visitor asks; what fails will be told to him."""
    incoming()
    jobs()
    try:
        place = workplace()
        default = place.rules if place.rules in packs() else None
        if place.on_date and not is_large(place):
            results(place, default, place.on_date)
        tiles().base(0, 0, 0)
        if is_demo(place.folder):
            filling()
    except YichaError:
        return


@st.cache_resource(show_spinner=False, max_entries=2)
def _workplace(folder: Path, stamp: str) -> Workplace:  # noqa: ARG001 - the stamp is the key
    return open_workplace(folder, bare=True)


@st.cache_resource(show_spinner=False, max_entries=2)
def _shelf(folder: Path, stamp: str) -> Shelf:  # noqa: ARG001 - the stamp is the key
    return Shelf(folder)


@st.cache_resource(show_spinner=False, max_entries=4)
def _held(folder: Path, stamp: str, on_date: str) -> tuple[Held, ...]:
    return held(_shelf(folder, stamp), on_date)


@st.cache_resource(show_spinner=False)
def _staging(root: Path) -> Staging:
    found = Staging(root)
    found.sweep(time.time())
    return found


@st.cache_resource(show_spinner=False, max_entries=2)
def _holdings(root: Path, stamp: str) -> Holdings | None:  # noqa: ARG001 - the stamp is the key
    return open_holdings(root)


@st.cache_resource(show_spinner=False, max_entries=4)
def _imagery_ages(folder: Path, stamp: str, seen: str, on_date: str) -> tuple[AgeShare, ...]:  # noqa: ARG001 - the keys
    townships = _workplace(folder, stamp).layers["township"].frame.geometry
    return ages_over(Store.open(imagery_folder(folder), create=False), townships, on_date)


@st.cache_resource(show_spinner=False, max_entries=64)
def _shot(root: Path, stamp: str, scene_id: str) -> Shot:  # noqa: ARG001 - the stamp is the key
    return shot_of(Store.open(root, create=False), scene_id)


@st.cache_resource(show_spinner=False, max_entries=2)
def _alignments(root: Path, stamp: str) -> dict[tuple[str, str], Alignment]:  # noqa: ARG001
    return {}


@st.cache_resource(show_spinner=False)
def _incoming(root: Path) -> Incoming:
    found = Incoming(root)
    found.sweep(time.time())
    return found


@st.cache_resource(show_spinner=False, ttl=3600)
def _outbox(data: Path) -> Outbox:
    found = outbox_of(data)
    found.sweep(datetime.now().astimezone())
    return found


@st.cache_resource(show_spinner=False)
def _jobs(root: Path, store: Path) -> Jobs:
    return open_jobs(root, store, lambda: datetime.now().astimezone())


@st.cache_resource(show_spinner=False, max_entries=2)
def _lead_store(address: str | None, there: int) -> Database:  # noqa: ARG001 - another file is another store
    return Database.open(address)


@st.cache_resource(show_spinner=False, max_entries=2, ttl=10)
def _has_lead_store(address: str | None) -> bool:
    """Whether there is one that answers; the map makes none and does not wait for one."""
    try:
        Database.open(address, create=False, wait_s=1.0).close()
    except YichaError:
        return False
    return True


@st.cache_resource(show_spinner=False, max_entries=64)
def _lead_counts(shown: str, seen: str, column: str, sight: str, _who: Actor) -> dict[str, int]:  # noqa: ARG001 - the keys
    return count_by(lead_store(), column, actor=_who)


@st.cache_resource(show_spinner=False, max_entries=64)
def _lead_extent(  # the texts are the key
    shown: str, seen: str, sight: str, _who: Actor  # noqa: ARG001
) -> tuple[tuple[float, float, float, float] | None, tuple[str, str] | None]:  # fmt: skip
    return extent(lead_store(), actor=_who)


@st.cache_resource(show_spinner=False, max_entries=8)
def _lead_marks(  # the texts are the key
    shown: str, seen: str, sight: str, _who: Actor  # noqa: ARG001
) -> dict[tuple[str, str], Mark]:  # fmt: skip
    return marks(lead_store(), actor=_who)


@st.cache_resource(show_spinner=False, max_entries=2)
def _filling(folder: Path, stamp: str) -> demo.Filling:  # noqa: ARG001 - the stamp is the key
    return demo.start(open_workplace(folder))


@st.cache_resource(show_spinner=False, max_entries=1)
def _packs() -> list[RulePack]:
    return list(rule_packs())


@st.cache_resource(show_spinner=False, max_entries=6)
def _results(folder: Path, stamp: str, rules: str | None, on_date: str) -> Board:
    layers = _workplace(folder, stamp).layers
    entries = catalogue()
    pack = packs().get(rules) if rules else None
    result = run(list(entries), layers, pack, on_date, all_subjects=True)
    titles = {name: entry.check.title for name, entry in entries.items()}
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
