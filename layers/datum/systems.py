"""The coordinate systems a person may choose from by name, each as text for `ground_crs`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class NamedSystem:
    """A system by its names; `text` is what `layers.datum.ground.ground_crs` reads."""

    text: str
    zh: str
    en: str


def zone_system(lon: float) -> NamedSystem:
    """The CGCS2000 3° plane (no zone number in the easting) whose meridian is nearest, degrees."""
    meridian = min(max(3 * round(lon / 3), 75), 135)
    return _plane(3, meridian, numbered=False)


@lru_cache(maxsize=1)
def named_systems() -> tuple[NamedSystem, ...]:
    """Every system offered: CGCS2000 planes by zone, degrees, UTM, and the plane of map tiles."""
    planes = [_plane(width, meridian, numbered=numbered)
              for width, first in ((3, 75), (6, 75)) for numbered in (False, True)
              for meridian in range(first, 136, width)]  # fmt: skip
    utm = [NamedSystem(f"EPSG:{32600 + zone}", f"WGS 84 / UTM {zone}N 带", f"WGS 84 / UTM zone {zone}N")
           for zone in range(43, 54)]  # fmt: skip
    degrees = [
        NamedSystem("EPSG:4490", "CGCS2000 经纬度", "CGCS2000 degrees"),
        NamedSystem("EPSG:4326", "WGS 84 经纬度", "WGS 84 degrees"),
        NamedSystem("EPSG:3857", "Web 墨卡托", "Web Mercator"),
    ]
    return (*planes, *degrees, *utm)


def _plane(width: int, meridian: int, *, numbered: bool) -> NamedSystem:
    """A Gauss-Krüger plane of CGCS2000; `numbered` = with the zone number in the easting."""
    zone = meridian // 3 if width == 3 else (meridian + 3) // 6
    first = {(3, True): 4513, (3, False): 4534, (6, True): 4491, (6, False): 4502}[width, numbered]
    code = first + (meridian - 75) // width
    how_zh = f"第 {zone} 带，东坐标带带号" if numbered else "东坐标不带带号"
    how_en = f"zone {zone} in the easting" if numbered else "no zone number in the easting"
    return NamedSystem(f"EPSG:{code}", f"CGCS2000 {width}° 带 中央经线 {meridian}°（{how_zh}）",
                       f"CGCS2000 {width}° zone, meridian {meridian}° ({how_en})")  # fmt: skip
