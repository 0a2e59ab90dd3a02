"""Kept runs and measurements, read once for every state of the data folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import streamlit as st

from checks import KeptRun, Spread, brief_rows, findings_of, load_spread
from checks import kept_runs as kept_below
from ui.models.tasks import BRIEF, RUNS, pair_folder
from ui.settings import data_folder


def kept_runs() -> list[KeptRun]:
    """The kept runs, the newest first; read again when one is added or removed."""
    folder = data_folder() / RUNS
    names = tuple(sorted(one.name for one in folder.iterdir())) if folder.is_dir() else ()
    return _kept_runs(folder, names)


def run_rows(run_id: str, check: str, most: int) -> list[tuple[str, str, str]]:
    """(subject's id, name, verdict) of a kept run's findings of one check, worst first."""
    return _run_rows(data_folder() / RUNS, run_id, check, most)


def compared(before: str, after: str) -> dict[str, Any] | None:
    """What two kept runs say differently, by check; `None` where the worker has not compared them yet."""
    file = pair_folder(before, after) / BRIEF
    return _compared(file) if file.is_file() else None


def measured(file: Path) -> Spread | None:
    """A measurement for moving a limit, where the worker has made it."""
    return _measured(file) if file.is_file() else None


@st.cache_resource(show_spinner=False, max_entries=2)
def _kept_runs(folder: Path, names: tuple[str, ...]) -> list[KeptRun]:  # noqa: ARG001 - the key
    return kept_below(folder)


@st.cache_resource(show_spinner=False, max_entries=32)
def _run_rows(folder: Path, run_id: str, check: str, most: int) -> list[tuple[str, str, str]]:
    return brief_rows(findings_of(folder, run_id), check, most)


@st.cache_resource(show_spinner=False, max_entries=8)
def _compared(file: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return told


@st.cache_resource(show_spinner=False, max_entries=8)
def _measured(file: Path) -> Spread:
    return load_spread(file)
