"""Tables while they arrive: in pieces onto the disk, as imagery does, gone on with after a cut line."""

from __future__ import annotations

import time
from pathlib import Path

import streamlit as st
from starlette.routing import BaseRoute

from layers.sources import DEFAULT_LIMITS
from ui import cache
from ui.data_desk.desk import IMPORT_RIGHT
from ui.scenes.incoming import Incoming, UploadLimits
from ui.scenes.uploads import upload_routes

PATH = "/data/uploads"
MOST_BYTES = DEFAULT_LIMITS.max_bytes
"""What the readers take; what is larger need not come at all."""


def coming() -> Incoming:
    """The tables on their way into the data folder; those that nobody touched for a day are swept."""
    return _coming(cache.staging().root / "coming")


@st.cache_resource(show_spinner=False, ttl=3600)
def _coming(root: Path) -> Incoming:
    found = Incoming(root, UploadLimits(file_bytes=MOST_BYTES, days=1.0, files=100))
    found.sweep(time.time())
    return found


ROUTES: list[BaseRoute] = upload_routes(coming, PATH, IMPORT_RIGHT)
