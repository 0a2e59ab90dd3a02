"""The waste detector: rough heaps come first, explained, cut to what was asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import shapely

from imagery.detectors import Shot, catalogue
from imagery.detectors._cells import NAMES, Cells, cells_of
from imagery.detectors._look import OWN, features, shrunk, summed
from imagery.detectors._waste_rank import LOOKS_LIKE, WEIGHTS, WORDS, ranked, standing_out
from imagery.detectors.waste import PER_KM2, Sensitivity, Settings, detect
from imagery.windows import window as window_module
from layers.errors import Cancelled, ImageryError
from layers.measures import geodesic_distance
from tests.imagery.detectors.heaps import PIXEL_M, draw, ground

HEAP = (320, 300, 440, 400)
WHOLE = (0, 0, 640, 640)


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> Shot:
    return draw(tmp_path_factory.mktemp("heap"), "heap", [HEAP], fields=True)


def test_the_heap_is_the_best_candidate(shot: Shot) -> None:
    layer = detect(shot, area=ground(shot, *WHOLE))
    best = layer.frame.iloc[0]
    truth = ground(shot, *HEAP)
    shared = shapely.intersection(best.geometry, truth).area / truth.area
    assert shared > 0.6
    wanted = 120 * 100 * PIXEL_M**2
    assert abs(best.area_m2 - wanted) <= best.u_area_m2
    assert best.confirmed is None or best.isna()["confirmed"]
    assert best.detector == "waste 1.1.0"


def test_the_outline_lies_on_the_heap_not_a_cell_beside_it(shot: Shot) -> None:
    best = detect(shot, area=ground(shot, *WHOLE)).frame.geometry.iloc[0]
    middles = [best.centroid, ground(shot, *HEAP).centroid]
    lon, lat = zip(*((one.x, one.y) for one in middles), strict=True)
    assert geodesic_distance(lon[0], lat[0], lon[1], lat[1]) < Settings().cell_m / 2


def test_every_candidate_is_explained_in_both_languages(shot: Shot) -> None:
    layer = detect(shot, Settings(sensitivity="high"), area=ground(shot, *WHOLE))
    assert len(layer) > 1
    assert layer.frame["why_zh"].str.contains("准确率未测").all()
    assert layer.frame["why_en"].str.contains("accuracy not measured here").all()
    assert not layer.frame["why_en"].str.contains(r"[\u4e00-\u9fff]").any()
    assert layer.frame["score"].is_monotonic_decreasing
    manifest = catalogue()["waste"].detector
    assert "not measured" in manifest.caveat_en
    assert "没有测量" in manifest.caveat_zh
    assert set(WEIGHTS) <= set(WORDS) | set(LOOKS_LIKE)


def test_an_ignored_zone_has_no_candidate(shot: Shot) -> None:
    heap = ground(shot, *HEAP).buffer(1e-4)
    layer = detect(shot, Settings(ignore=heap, sensitivity="high"), area=ground(shot, *WHOLE))
    assert not layer.frame.geometry.intersects(ground(shot, *HEAP)).any()


def test_only_the_area_is_looked_at(shot: Shot) -> None:
    area = ground(shot, 0, 420, 640, 640)
    layer = detect(shot, Settings(sensitivity="high"), area=area)
    assert layer.frame.geometry.representative_point().within(area.buffer(1e-4)).all()


def test_more_sensitive_means_more_candidates(shot: Shot) -> None:
    area = ground(shot, *WHOLE)
    counts = [
        len(detect(shot, Settings(sensitivity=cast("Sensitivity", name)), area=area))
        for name in PER_KM2
    ]
    assert counts == sorted(counts)


def test_what_is_new_is_told(tmp_path: Path, shot: Shot) -> None:
    before = draw(tmp_path, "before", [], seed=2, fields=True)
    layer = detect(shot, Settings(sensitivity="low"), before=before, area=ground(shot, *WHOLE))
    heap = layer.frame[layer.frame.intersects(ground(shot, *HEAP))]
    assert len(heap)
    alone = detect(shot, Settings(sensitivity="low"), area=ground(shot, *WHOLE))
    assert heap["score"].max() > alone.frame["score"].max()


def test_furrows_are_named_as_what_they_may_be(tmp_path: Path) -> None:
    shot = draw(tmp_path, "fields", [], fields=True)
    layer = detect(shot, Settings(sensitivity="high"), area=ground(shot, *WHOLE))
    fields = layer.frame[layer.frame.intersects(ground(shot, 20, 20, 140, 140))]
    assert fields["why_zh"].str.contains("也可能是").any()


def patched(shot: Shot, where: tuple[slice, slice], **planes: float) -> Cells:
    """The cells of a scene, grass, with other features in a patch."""
    cells = cells_of(shot, 5.0)
    features = np.zeros_like(cells.features)
    features[NAMES.index("green")] = 0.2
    for name, value in planes.items():
        features[NAMES.index(name)][where] = value
    return replace(cells, features=features)


@pytest.mark.parametrize(
    ("where", "planes", "name", "other"),
    [
        (np.s_[4:28, 4:28], {"white": 1.0}, "snow", "glint"),
        (np.s_[15:17, 15:17], {"white": 1.0}, "glint", "snow"),
        (np.s_[10:20, 10:20], {"along": 0.9, "light": 0.7}, "greenhouse", "ploughed"),
        (np.s_[10:20, 10:20], {"along": 0.9, "light": 0.3}, "ploughed", "greenhouse"),
        (np.s_[2:30, 2:30], {"green": 0.0}, "wide", "glint"),
    ],
)
def test_what_else_it_may_be_is_named_by_a_measure(
    shot: Shot, where: tuple[slice, slice], planes: dict[str, float], name: str, other: str
) -> None:
    cells = patched(shot, where, **planes)
    rank = ranked(cells, cells.seen, None, None)
    parts = dict(zip(rank.names, rank.parts, strict=True))
    assert parts[name][16, 16] > 0.5
    assert parts[other][16, 16] < 0.5
    assert parts[name][0, 0] < 0.5


def test_a_heap_on_grass_is_no_quarry(shot: Shot) -> None:
    layer = detect(shot, area=ground(shot, *WHOLE))
    assert "quarry" not in layer.frame.iloc[0].why_en


def test_an_area_is_needed(shot: Shot) -> None:
    with pytest.raises(ImageryError, match="outlines that are known") as caught:
        detect(shot)
    assert caught.value.field == "area"


def test_the_grid_of_cells_does_not_depend_on_the_windows(shot: Shot) -> None:
    one = cells_of(shot, 5.0)
    assert one.side == 20
    whole = cells_of(shot, 160.0)
    assert one.features.shape == (len(NAMES), 32, 32)
    assert whole.features.shape == (len(NAMES), 1, 1)
    assert window_module.SIZE == 2048
    light = one.plane("light").mean()
    assert whole.plane("light")[0, 0] == pytest.approx(light, abs=1e-3)


def test_cancelling_stops(shot: Shot) -> None:
    with pytest.raises(Cancelled):
        detect(shot, area=ground(shot, *WHOLE), cancelled=lambda: True)


def test_cells_at_places(shot: Shot) -> None:
    cells = cells_of(shot, 5.0)
    assert cells.at(cells.middles()).tolist() == list(range(32 * 32))
    assert cells.at(np.array([[0.0, 0.0]])).tolist() == [-1]


def test_a_single_band_is_grey() -> None:
    rgb = shrunk(np.full((1, 16, 16), 128, np.uint8), 1, 255.0)
    told = features(summed(rgb, (0, 0), 8), 64)
    assert told.shape == (len(OWN), 2, 2)
    assert told[OWN.index("saturation")].max() < 0.01


def test_standing_out_is_bounded_and_one_sided() -> None:
    plane = np.array([[0.0, 0.1, 0.2, 0.1, 5.0]])
    wanted = np.ones_like(plane, dtype=bool)
    above = standing_out(plane, wanted)
    assert above.max() == 1.0
    assert above[0, 0] == 0.0
    assert standing_out(plane, wanted, below=True)[0, 4] == 0.0
    assert not standing_out(plane, ~wanted).any()


def test_a_scene_of_unfit_pixels_is_refused(shot: Shot) -> None:
    coarse = replace(shot.scene, gsd_m=30.0) if hasattr(shot.scene, "gsd_m") else None
    if coarse is None:
        pytest.fail("a scene tells its ground size")
    with pytest.raises(ImageryError, match="was made for"):
        detect(replace(shot, scene=coarse), area=ground(shot, *WHOLE))
