"""The shift of web maps in China is recognised, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

from imagery.align import gcj_hint
from layers.datum import from_wgs84
from layers.datum.ground import ground_crs, local_plane


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize(("lon", "lat"), [(116.4, 39.9), (105.48, 26.2), (113.1, 36.2)])
def test_a_shifted_scene_is_told(datum: str, lon: float, lat: float) -> None:
    shown = from_wgs84([lon], [lat], datum)
    plane = ground_crs(local_plane(float(shown[0][0]), float(shown[1][0])))
    east, north = plane.from_wgs84(np.array([lon]), np.array([lat]))
    hint = gcj_hint(float(shown[0][0]), float(shown[1][0]), float(east[0]) + 1, float(north[0]) - 1)
    assert hint.datum == datum
    assert hint.off_m < 3
    assert "人工确认" in hint.text_zh


def test_another_shift_is_not() -> None:
    assert gcj_hint(116.4, 39.9, 3.0, -2.0).datum is None
    assert gcj_hint(116.4, 39.9, 556.0, 0.0).datum is None


def test_outside_china_there_is_no_such_shift() -> None:
    assert gcj_hint(-92.0, 46.8, 0.5, 0.5).datum is None
