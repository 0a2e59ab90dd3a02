"""Bundles on their way to be verified: received as uploads of imagery are, in pieces onto the disk."""

from __future__ import annotations

import time
from pathlib import Path

import streamlit as st

from ui import cache
from ui.scenes.incoming import Incoming, UploadLimits

LIMITS = UploadLimits(days=1.0, files=100)


def bundles() -> Incoming:
    """Those of the data folder; what nobody touched for a day is swept every hour."""
    return _bundles(cache.outbox().root / "in")


@st.cache_resource(show_spinner=False, ttl=3600)
def _bundles(root: Path) -> Incoming:
    found = Incoming(root, LIMITS)
    found.sweep(time.time())
    return found
