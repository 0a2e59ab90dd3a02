"""The addresses of chips: by id and fixed words, never by a path."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image

from imagery.queue import Queue
from tests.ui.test_routes import ask
from ui.confirm.routes import chip_url
from ui.scenes.holdings import Holdings
from ui.settings import VARIABLE


@pytest.fixture
def county(tmp_path: Path, held: Holdings, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(held.store.root, tmp_path / "imagery")
    (tmp_path / "county.json").write_text(
        '{"generated": true}', encoding="utf-8"
    )  # nobody signs in
    monkeypatch.setenv(VARIABLE, str(tmp_path))


@pytest.mark.usefixtures("county")
def test_a_chip_is_a_jpeg_that_browsers_keep(queue: Queue) -> None:
    one = queue.candidates(state="all")[0]
    for pixels in (160, 512):
        path, _, query = chip_url(one, "near", "before", pixels).partition("?")
        status, headers, body = ask(path, query)
        assert status == 200
        assert headers["content-type"] == "image/jpeg"
        assert "immutable" in headers["cache-control"]
        assert Image.open(io.BytesIO(body)).size == (pixels, pixels)


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("path", ["nobody-1/near-after", "../items/near-after", "{0}/far-after", "{0}/near-during",
                                  "{0}-9/near-after"])  # fmt: skip
def test_anything_else_is_not_found(queue: Queue, path: str) -> None:
    one = queue.candidates(state="all")[0]
    status, _, _ = ask(f"/imagery/queue/{path.format(one.id)}.jpg")
    assert status == 404
