"""The hamlet as a demo county of its own, and the page of administration as one of its people."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from office import Database
from ui.settings import VARIABLE

_SCRIPT = """
from ui import state
from ui.admin import page
state.begin()
page.show()
"""


@pytest.fixture
def folder(hamlet_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(hamlet_folder, tmp_path / "hamlet")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "hamlet"))
    monkeypatch.delenv("YICHA_DATABASE_URL", raising=False)
    return tmp_path / "hamlet"


@pytest.fixture
def store(folder: Path) -> Iterator[Database]:
    db = Database.open(folder / "store" / "leads.sqlite")
    yield db
    db.close()


@pytest.fixture
def as_one(store: Database) -> Callable[..., AppTest]:  # noqa: ARG001 - the store is there first
    """The page as one of the demo's people, on a view."""

    def come(name: str, lang: str = "zh", **query: str) -> AppTest:
        test = AppTest.from_string(_SCRIPT, default_timeout=60)
        test.query_params["lang"] = lang
        for key, value in query.items():
            test.query_params[key] = value
        test.session_state["p_who"] = name
        test.run()
        assert not test.exception
        return test

    return come
