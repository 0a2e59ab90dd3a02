"""The imagery of the data folder as it is now."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from imagery.align import Alignment, estimate, ground_of
from imagery.catalogue.ages import AgeShare, ages_over
from imagery.detectors import Shot, shot_of
from imagery.queue import Queue
from imagery.store import Store
from ui.cache.place import workplace
from ui.scenes.holdings import Holdings, open_holdings
from ui.settings import data_folder
from ui.workplace import Workplace, imagery_folder, imagery_stamp


def holdings() -> Holdings | None:
    """The imagery store of the data folder as it is now; `None` where there is none."""
    root = imagery_folder(data_folder())
    return _holdings(root, imagery_stamp(root))


def imagery_ages(on_date: str) -> tuple[AgeShare, ...] | None:
    """The county by the age of its imagery; `None` without imagery or an outline of the county."""
    place, held = workplace(), holdings()
    if held is None or "township" not in place.layers:
        return None
    return _imagery_ages(place.folder, place.stamp, imagery_stamp(held.store.root), on_date, place)


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


@st.cache_resource(show_spinner=False, max_entries=2)
def _holdings(root: Path, stamp: str) -> Holdings | None:  # noqa: ARG001 - the stamp is the key
    return open_holdings(root)


@st.cache_resource(show_spinner=False, max_entries=4)
def _imagery_ages(  # the texts are the key
    folder: Path, stamp: str, seen: str, on_date: str, _place: Workplace  # noqa: ARG001
) -> tuple[AgeShare, ...]:  # fmt: skip
    townships = _place.layers["township"].frame.geometry
    return ages_over(Store.open(imagery_folder(folder), create=False), townships, on_date)


@st.cache_resource(show_spinner=False, max_entries=64)
def _shot(root: Path, stamp: str, scene_id: str) -> Shot:  # noqa: ARG001 - the stamp is the key
    return shot_of(Store.open(root, create=False), scene_id)


@st.cache_resource(show_spinner=False, max_entries=2)
def _alignments(root: Path, stamp: str) -> dict[tuple[str, str], Alignment]:  # noqa: ARG001
    return {}
