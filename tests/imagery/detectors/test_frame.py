"""The catalogue, complete manifests, and what is refused before a pixel is read."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import shapely

from imagery.detectors import DetectorEntry, catalogue, check_needs, detector
from imagery.detectors._cards import cards
from layers.errors import ImageryError
from layers.themes import THEMES
from tests.imagery.detectors import made

ENTRIES = [pytest.param(entry, id=name) for name, entry in catalogue().items()]


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_manifest_is_whole_in_both_languages(entry: DetectorEntry) -> None:
    one = entry.detector
    assert all(text.strip() for text in (one.title_zh, one.title_en, one.caveat_zh, one.caveat_en))
    assert len(one.caveat_zh) > 30
    assert len(one.caveat_en) > 60
    assert one.theme in THEMES
    assert 0 < one.needs.gsd_m[0] < one.needs.gsd_m[1]
    assert dataclasses.is_dataclass(entry.settings)
    assert entry.settings() == entry.settings()


def test_the_change_and_obstruction_detectors_are_found_by_walking_the_folder() -> None:
    assert {"change_multispectral", "change_rgb", "obstruction"} <= set(catalogue())


def test_an_unknown_detector_is_refused_naming_the_known_ones() -> None:
    with pytest.raises(ImageryError, match="obstruction"):
        detector("no_such_thing")


def test_what_a_detector_was_not_made_for_is_refused(tmp_path: Path) -> None:
    one = detector("obstruction").detector
    fine = made.shot(tmp_path / "a.tif", made.ground(64, 64))
    coarse = made.shot(tmp_path / "b.tif", made.ground(64, 64), pixel=2.0)
    grey = made.shot(tmp_path / "c.tif", made.ground(64, 64, bands=1))
    lane = made.polygon(fine, 5, 5, 50, 20)
    check_needs(one, fine, fine, lane)
    for shot, before, area, word in (
        (fine, fine, None, "outlines"), (coarse, fine, lane, "2 m"),
        (fine, coarse, lane, "2 m"), (grey, fine, lane, "1 bands"),
        (fine, fine, shapely.box(0, 0, 1, 1), "outside"), (fine, fine, shapely.Polygon(), "extent"),
    ):  # fmt: skip
        with pytest.raises(ImageryError, match=word):
            check_needs(one, shot, before, area)
    check_needs(one, fine, None, lane)
    with pytest.raises(ImageryError, match="one scene"):
        check_needs(detector("change_rgb").detector, fine, None, lane)


def test_transparency_is_no_band(tmp_path: Path) -> None:
    shot = made.shot(
        tmp_path / "a.tif", np.zeros((4, 32, 32), np.uint8), bands=("r", "g", "b", "alpha")
    )
    with pytest.raises(ImageryError, match="3 bands"):
        check_needs(detector("change_multispectral").detector, shot, shot, None)


def test_every_detector_has_its_card_with_its_caveat() -> None:
    page = cards()
    for name, entry in catalogue().items():
        assert f"\n## {name}\n" in page
        assert entry.detector.caveat_en in page
