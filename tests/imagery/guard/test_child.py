"""The process that meets hostile files: it may die, hang or starve; the question is answered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from imagery.guard import DEFAULT_LIMITS
from imagery.guard.child import Child, child, probe_apart
from imagery.guard.worker import answer
from layers.errors import ImageryError
from tests.imagery.formats.made import bare, pixels, write


def ask(made: Child, path: Path, seconds: float = 30.0) -> dict[str, object]:
    arguments = {"path": str(path), "driver": "GTiff", "sample_blocks": 4}
    return dict(made.ask("probe", arguments, seconds, path))


def test_it_answers_and_lives_on(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif")
    made = Child(0)
    try:
        assert ask(made, path)["width"] == 64
        assert ask(made, path)["height"] == 48
        assert made._asked == 2
    finally:
        made.close()


def test_a_death_is_an_error_and_the_next_question_is_answered(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif")
    made = Child(0)
    try:
        with pytest.raises(ImageryError, match=r"KeyError|crashed"):
            made.ask("no such task", {}, 30.0, path)
        assert ask(made, path)["width"] == 64
    finally:
        made.close()


def test_silence_is_an_error_and_the_next_question_is_answered(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif")
    made = Child(0)
    try:
        ask(made, path)
        with pytest.raises(ImageryError, match="longer than"):
            ask(made, path, seconds=0.0)
        assert ask(made, path)["width"] == 64
    finally:
        made.close()


def test_hunger_is_an_error(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    assert resource.RLIMIT_AS
    path = write(tmp_path / "a.tif", pixels(size=(2000, 2000)))
    made = Child(200 << 20)
    try:
        with pytest.raises(ImageryError, match="memory") as caught:
            ask(made, path)
        assert caught.value.remedy
    finally:
        made.close()


def test_one_process_for_all(tmp_path: Path) -> None:
    assert child(DEFAULT_LIMITS.memory_bytes) is child(DEFAULT_LIMITS.memory_bytes)
    facts = probe_apart(bare(tmp_path / "a.png"), "PNG", DEFAULT_LIMITS)
    assert facts["outline_known"] is True
    assert facts["mask"] == "none"


def test_its_error_names_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", pixels(size=(512, 512)), compress="deflate")
    data = bytearray(path.read_bytes())
    data[-2000:-1000] = bytes(1000)
    path.write_bytes(data)
    with pytest.raises(ImageryError, match="damaged") as caught:
        probe_apart(path, "GTiff", DEFAULT_LIMITS)
    assert caught.value.file == str(path)


def test_whatever_a_library_raises_becomes_words(tmp_path: Path) -> None:
    said = answer({"task": "probe", "arguments": {"path": str(tmp_path), "driver": "GTiff"}})
    assert "TypeError" in said["problem"]
    assert said["remedy"]


def test_a_large_picture_is_sampled_not_read_whole(tmp_path: Path) -> None:
    import numpy as np
    import rasterio

    path = tmp_path / "a.tif"
    with rasterio.open(path, "w", driver="GTiff", width=30_000, height=20_000, count=3, dtype="uint8",
                       tiled=True, blockxsize=512, blockysize=512, compress="deflate", sparse_ok=True,
                       crs="EPSG:32648", transform=rasterio.Affine(0.1, 0, 747_900, 0, -0.1, 2_901_500)) as made:  # fmt: skip
        made.write(
            np.full((3, 512, 512), 9, np.uint8), window=rasterio.windows.Window(0, 0, 512, 512)
        )
    facts = probe_apart(path, "GTiff", replace(DEFAULT_LIMITS, sample_blocks=10))
    assert facts["sampled"]["windows"] <= 14
    assert facts["sampled"]["blocks"] == 59 * 40
