"""The app around `page.py`, with the same assets and headers as ours."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from ui.assets import APP_URL, DIST, LIB_URL, STATIC

app = st.App(
    Path(__file__).with_name("page.py"),
    routes=[
        Mount(LIB_URL, StaticFiles(directory=DIST)),
        Mount(APP_URL, StaticFiles(directory=STATIC)),
    ],
)
