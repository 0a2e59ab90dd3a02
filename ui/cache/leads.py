"""The store of leads, and what is read of it once for every state of it."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from layers.errors import YichaError
from leads.scope import READ, sight_of
from leads.store import count_by
from leads.views.feed import extent
from leads.views.marks import Mark, marks, stamp
from office import Actor, Database
from office.database import ENVIRONMENT
from office.policy import may_somewhere
from ui.cache.place import workplace
from ui.docket import demo
from ui.workplace import open_workplace


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


def filling() -> demo.Filling:
    """The taking-in of a generated county's findings; begun where they are new."""
    place = workplace()
    return _filling(place.folder, place.stamp)


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
