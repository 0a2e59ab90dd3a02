"""Chips: the whole object with room around it, before and after over the same ground."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
import shapely
from PIL import Image

from imagery.queue import chip
from imagery.queue.chips import frame_of
from imagery.view import TileReader
from layers.errors import ImageryError
from tests.imagery.queue.conftest import Place
from tests.imagery.queue.made import AT


def _picture(raw: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(raw)) as image:
        assert image.format == "JPEG"
        return np.asarray(image.convert("RGB")).astype(int)


def test_the_near_chip_leaves_the_object_s_size_on_every_side(place: Place) -> None:
    one = place.queue.candidate(place.ids["one"])
    frame = frame_of(one, "near")
    assert frame.width_m == pytest.approx(3 * 25.0, rel=0.02)
    assert frame_of(one, "wide").width_m == 300.0
    large = replace(one, outline=one.outline.buffer(0.002))
    assert frame_of(large, "wide").width_m > frame_of(large, "near").width_m > 300.0
    tiny = shapely.affinity.scale(one.outline, 0.01, 0.01)
    assert frame_of(replace(one, outline=tiny, detected=tiny), "near").width_m == 15.0


def test_before_and_after_show_the_same_ground(place: Place) -> None:
    store, one = place.queue.store, place.queue.candidate(place.ids["three"])
    after, before = (
        _picture(chip(store, one, "near", which, outlined=False)) for which in ("after", "before")
    )
    assert after.shape == before.shape == (512, 512, 3)
    middle, edge = np.s_[220:290, 220:290], np.s_[10:60, 150:400]
    assert np.abs(after[middle].mean((0, 1)) - before[middle].mean((0, 1))).max() > 40
    assert np.abs(after[edge].mean((0, 1)) - before[edge].mean((0, 1))).max() < 15


def test_the_outline_is_drawn_where_the_object_is(place: Place) -> None:
    store, one = place.queue.store, place.queue.candidate(place.ids["three"])
    plain, drawn = (_picture(chip(store, one, outlined=outlined)) for outlined in (False, True))
    rows, columns = np.nonzero(np.abs(plain - drawn).max(2) > 60)
    low, high = 512 / 3, 2 * 512 / 3
    for side in (rows, columns):
        assert side.min() == pytest.approx(low, abs=6)
        assert side.max() == pytest.approx(high, abs=6)
    inner = np.s_[200:310, 200:310]
    assert np.abs(plain[inner] - drawn[inner]).max() < 60


def test_an_edited_outline_is_shown_beside_the_detected_one(place: Place) -> None:
    id_ = place.ids["three"]
    now = place.queue.decide(
        id_, "yes", outline=place.shapes["three"].buffer(5e-5), actor="李某", at=AT
    )
    picture = _picture(
        chip(place.queue.store, now, reader=(reader := TileReader(place.queue.store)))
    )
    reader.close()
    blue = (picture[:, :, 2] > picture[:, :, 0] + 80).sum()
    yellow = ((picture[:, :, 0] > 180) & (picture[:, :, 2] < 110)).sum()
    assert blue > 200
    assert yellow > 200


def test_without_a_scene_of_before_there_is_no_chip_of_it(place: Place) -> None:
    one = replace(place.queue.candidate(place.ids["one"]), before_id=None)
    with pytest.raises(ImageryError, match="found in one scene"):
        chip(place.queue.store, one, "near", "before")


def test_beyond_the_scene_is_white(place: Place) -> None:
    picture = _picture(chip(place.queue.store, place.queue.candidate(place.ids["one"]), "wide"))
    assert (picture[5:20, 5:20] > 250).all()
