"""Files from other offices, and files that go along with leads: received in pieces onto the disk."""

from __future__ import annotations

import time
from pathlib import Path

import streamlit as st
from starlette.routing import BaseRoute

from ui.scenes.incoming import Incoming, UploadLimits
from ui.scenes.uploads import upload_routes
from ui.settings import data_folder

PATH, RIGHT = "/between/files", "lead.receive"
LIMITS = UploadLimits(days=1.0, files=100)


def root_of(data: Path) -> Path:
    """Where they lie, of a data folder, until they were read."""
    return data / "exchange" / "in"


def arriving() -> Incoming:
    """Those of the data folder; what nobody touched for a day is swept every hour."""
    return _arriving(root_of(data_folder()))


def between_routes() -> list[BaseRoute]:
    """The addresses they come in by."""
    return upload_routes(arriving, PATH, RIGHT)


@st.cache_resource(show_spinner=False, ttl=3600)
def _arriving(root: Path) -> Incoming:
    found = Incoming(root, LIMITS)
    found.sweep(time.time())
    return found
