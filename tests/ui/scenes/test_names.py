"""Names keep their letters, fit every file system, and never lead anywhere."""

from __future__ import annotations

import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import ImageryError
from ui.scenes.names import clean_folder, clean_name


@pytest.mark.parametrize("name", ["影像 2026-05-21（终）.tif", "DJI_0001.JPG", "été.tif", "a.b.c.zip", ".hidden"])  # fmt: skip
def test_usual_names_stay(name: str) -> None:
    assert clean_name(name) == unicodedata.normalize("NFC", name)


def test_a_decomposed_name_is_the_same_as_a_composed_one() -> None:
    assert clean_name(unicodedata.normalize("NFD", "été.tif")) == "été.tif"


def test_a_long_name_is_shortened_and_keeps_its_suffix() -> None:
    short = clean_name("影" * 200 + ".tif")
    assert len(short.encode()) <= 200
    assert short.endswith("影.tif")


@given(st.text(max_size=60))
def test_whatever_is_told_a_name_stays_in_its_folder(told: str) -> None:
    try:
        name = clean_name(told)
    except ImageryError:
        return
    assert PurePosixPath(name).name == name
    assert PureWindowsPath(name).name == name
    assert not PureWindowsPath(name).drive
    assert name not in {".", ".."}
    assert clean_name(name) == name


@given(st.text(alphabet="a./\\:.", max_size=12))
def test_a_folder_never_leads_up(told: str) -> None:
    try:
        folder = clean_folder(told)
    except ImageryError:
        return
    assert (Path("/x") / folder).resolve().is_relative_to("/x")
    assert not PureWindowsPath(folder).is_absolute()
