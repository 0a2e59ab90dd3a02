"""The systems offered are the ones their names say."""

from __future__ import annotations

import re

import numpy as np
import pytest

from layers.datum.ground import ground_crs
from layers.datum.systems import NamedSystem, named_systems, zone_system


@pytest.mark.parametrize("system", named_systems(), ids=lambda system: system.en)
def test_the_system_is_what_its_name_says(system: NamedSystem) -> None:
    crs = ground_crs(system.text)
    told = re.search(r"meridian (\d+)°", system.en)
    if told is None:
        assert ("degrees" in system.en) is not crs.planar
        return
    lon, lat = crs.to_wgs84(np.array([_middle(system.en)]), np.array([3_300_000.0]))
    assert lon[0] == pytest.approx(float(told[1]), abs=1e-9)
    assert 29 < lat[0] < 31
    assert told[1] in system.zh
    assert f"CGCS2000 {'3' if '3° zone' in system.en else '6'}" in system.zh


def _middle(name: str) -> float:
    zone = re.search(r"zone (\d+) in", name)
    return 500_000.0 + (int(zone[1]) * 1e6 if zone else 0.0)


def test_every_system_is_offered_once() -> None:
    assert len({one.text for one in named_systems()}) == len(named_systems())
    assert len({one.zh for one in named_systems()}) == len(named_systems())


@pytest.mark.parametrize(("lon", "meridian"), [(114.2, 114), (115.6, 117), (60.0, 75), (140.0, 135)])  # fmt: skip
def test_the_nearest_meridian_is_proposed(lon: float, meridian: int) -> None:
    assert f"meridian {meridian}°" in zone_system(lon).en
    assert zone_system(lon) in named_systems()
