"""What comes in and goes out: uploads, tables on their way, jobs, boxes of evidence."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import streamlit as st

from ui.data_desk.staging import Staging
from ui.jobs.table import Jobs, open_jobs
from ui.proof.outbox import Outbox, outbox_of
from ui.scenes.incoming import Incoming
from ui.settings import data_folder
from ui.workplace import imagery_folder


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


def staging() -> Staging:
    """The tables on their way in; those that nobody touched for days are swept at the start."""
    return _staging(data_folder() / "uploads" / "tables")


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


@st.cache_resource(show_spinner=False)
def _staging(root: Path) -> Staging:
    found = Staging(root)
    found.sweep(time.time())
    return found
