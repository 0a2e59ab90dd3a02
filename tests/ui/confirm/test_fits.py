"""Which detectors fit a scene, and why the others do not, in both languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from imagery.detectors import Shot, catalogue, shot_of
from ui.confirm.fits import fits
from ui.scenes.holdings import Holdings
from ui.texts import texts


@pytest.fixture(scope="module")
def pair(held: Holdings, scenes: tuple[Path, dict[str, str]]) -> tuple[Shot, Shot]:
    return shot_of(held.store, scenes[1]["after"]), shot_of(held.store, scenes[1]["before"])


def why(pair: tuple[Shot, Shot | None], where: str, lang: str = "en") -> dict[str, str]:
    found = fits(catalogue(), pair, pair[0].ground.footprint, where, texts(lang))
    assert len(found) == len(catalogue())
    return {one.name: one.why_not for one in found}


def test_what_fits_comes_first_and_the_rest_says_why(pair: tuple[Shot, Shot]) -> None:
    told = why(pair, "whole")
    assert next(iter(told)) == "waste"
    assert told["waste"] == ""
    assert "needs ≥ 4 bands" in told["change_multispectral"]
    assert "lanes" in told["obstruction"]
    assert "known site" in told["change_rgb"]
    assert "ONNX" in told["onnx_model"]


def test_a_lane_is_for_the_detector_of_obstacles_first(pair: tuple[Shot, Shot]) -> None:
    told = why(pair, "fire_lane")
    assert told["obstruction"] == "made for pixels of 0.005–0.25 m, this scene has 0.25 m"
    assert told["change_rgb"] == ""
    entry = catalogue()["obstruction"]
    wider = replace(entry.detector, needs=replace(entry.detector.needs, gsd_m=(0.005, 1.0)))
    entries = {**catalogue(), "obstruction": replace(entry, detector=wider)}
    found = fits(entries, pair, pair[0].ground.footprint, "fire_lane", texts("en"))
    assert (found[0].name, found[0].why_not) == ("obstruction", "")


def test_without_an_earlier_scene(pair: tuple[Shot, Shot]) -> None:
    told = why((pair[0], None), "fire_lane", "zh")
    assert told["waste"] == ""
    assert told["change_rgb"] == "要比较两期：请选前期影像"


def test_without_an_area(pair: tuple[Shot, Shot]) -> None:
    told = {one.name: one.why_not for one in fits(catalogue(), pair, None, "whole", texts("en"))}
    assert told["waste"] == "needs a known outline (a site or a lane)"
