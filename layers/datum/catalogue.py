"""The datums a source may declare, by name, and the ones that are refused with the remedy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from layers.datum.epsg import describe_epsg
from layers.errors import DatumError

Family = Literal["wgs84", "gcj02", "bd09", "bd09mc", "gk", "crs"]

KNOWN = (
    "wgs84, cgcs2000, gcj02, bd09, bd09mc, cgcs2000-gk3 (zone number in the easting), "
    "cgcs2000-gk3-105 (by central meridian), cgcs2000-gk6, cgcs2000-gk6-105, epsg:CODE"
)


@dataclass(frozen=True, slots=True)
class Datum:
    """What the coordinates of a source mean.

    `u_datum_m`: position error of the conversion to WGS 84, metres (95 %-ish); `planar`:
    coordinates are metres, x = easting, y = northing, not degrees. Gauss-Krüger only:
    `width` 3 or 6 degrees, `zone` the declared zone number (missing: every easting
    carries its own); `epsg` for any other coordinate reference system.
    """

    name: str
    zh: str
    en: str
    u_datum_m: float
    planar: bool
    family: Family = "wgs84"
    width: int | None = None
    zone: int | None = None
    epsg: int | None = None

    @property
    def meridian(self) -> int | None:
        """Central meridian of the declared Gauss-Krüger zone, degrees east."""
        if self.zone is None or self.width is None:
            return None
        return 3 * self.zone if self.width == 3 else 6 * self.zone - 3


WGS84 = Datum("wgs84", "WGS 84", "WGS 84", 0.0, planar=False)
# Epoch 2000.0 against today's WGS 84: plate motion of a few decimetres, treated as equal.
CGCS2000 = Datum("cgcs2000", "2000国家大地坐标系", "CGCS2000", 0.2, planar=False)
# The inverse is exact, the formula is not: it is a public reconstruction which leaves
# 0.7 m (median) against a provider's own pairs, and platforms add noise to their pins.
GCJ02 = Datum("gcj02", "GCJ-02(火星坐标)", "GCJ-02", 1.5, planar=False, family="gcj02")
# Baidu adds a second unpublished step on top of GCJ-02: up to 0.2 m more.
BD09 = Datum("bd09", "BD-09(百度经纬度)", "BD-09", 1.6, planar=False, family="bd09")
BD09MC = Datum("bd09mc", "BD-09MC(百度平面米)", "BD-09MC", 1.6, planar=True, family="bd09mc")

_ALIASES = {
    WGS84: "wgs84 wgs1984 4326 gps crs84 urnogcdefcrsogc13crs84 ogccrs84",
    CGCS2000: "cgcs2000 4490 china2000 国家2000 2000国家大地坐标系 国家大地坐标系2000 大地2000",
    GCJ02: "gcj02 gcj mars amap gaode autonavi tencent 火星 火星坐标 火星坐标系 高德 腾讯 高德坐标",
    BD09: "bd09 bd09ll baidu 百度 百度经纬度 百度坐标",
    BD09MC: "bd09mc bd09m 百度墨卡托 百度平面",
}
_BY_ALIAS = {alias: datum for datum, words in _ALIASES.items() for alias in words.split()}
_PARAMETERS = (
    "ask the local surveying office for the seven parameters or the grid and convert it there, "
    "or have the file exported again in CGCS2000 (需向当地自然资源主管部门申请坐标转换参数，或请提供单位改用CGCS2000导出)"
)
_DECLARE = (
    f"declare one of {KNOWN}; if nobody knows, import with a trusted layer of schools or roads "
    "beside it and let the datum be proposed"
)
_UNKNOWN = {"", "unknown", "undeclared", "none", "nan", "null", "未知", "不详", "未声明"}
_REFUSED: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("Xi'an 1980 (西安80)", lambda word: "xian" in word or "西安" in word),
    ("Beijing 1954 (北京54)", lambda word: "beijing" in word or "北京" in word or word == "bj54"),
    ("a local independent grid (地方独立坐标系)",
     lambda word: "local" in word or "独立" in word or "地方" in word or "城建" in word),
)  # fmt: skip
_GK = re.compile(
    r"(?:cgcs2000|gk)?(?:gk|gausskruger)?(?P<width>[36])(?:deg|度带?)?(?:(?P<how>zone|cm)?(?P<number>\d{2,3})e?)?"
)


def parse_datum(text: str) -> Datum:
    """The datum called `text` (any case; `epsg:CODE` and the usual nicknames count too).

    Raises `DatumError` with the remedy for unknown names, for Xi'an 80, Beijing 54 and
    local grids, and for codes which can only be converted by guessing.
    """
    word = re.sub(r"[\s_\-()'’.:/]", "", unicodedata.normalize("NFKC", str(text))).lower()
    if word in _UNKNOWN:
        raise DatumError("the datum is unknown", remedy=_DECLARE, field="datum")
    if word in _BY_ALIAS:
        return _BY_ALIAS[word]
    if found := re.fullmatch(r"(?:urnogcdefcrs)?epsg(?:\d*v[\d]*)??(\d{4,6})", word):
        return _by_epsg(int(found.group(1)))
    if (found := _GK.fullmatch(word)) and re.search("gk|gauss|度", word):
        return _gauss_kruger(text, int(found["width"]), found["how"], found["number"])
    for name, matches in _REFUSED:
        if matches(word):
            raise _no_parameters(name)
    raise DatumError(f"{text!r} is no known datum", remedy=_DECLARE, field="datum")


def gauss_kruger(width: int, zone: int | None = None, *, prefixed: bool = True) -> Datum:
    """A CGCS2000 Gauss-Krüger plane of 3° or 6° zones; `zone=None` reads it per easting."""
    base = Datum("", "", "", CGCS2000.u_datum_m, planar=True, family="gk", width=width, zone=zone)
    name, zh, en = f"cgcs2000-gk{width}", f"CGCS2000 {width}度带", f"CGCS2000 {width}-degree GK"
    if zone is not None:
        name += f"-zone{zone}" if prefixed else f"-{base.meridian}"
        zh += f"第{zone}带(中央经线{base.meridian}°)"
        en += f" zone {zone} (central meridian {base.meridian}°)"
    return replace(base, name=name, zh=zh, en=en)


ZONES = {3: range(25, 46), 6: range(13, 24)}
"""Zone numbers in use in China by width: 3° zones 25-45, 6° zones 13-23."""


def _gauss_kruger(text: str, width: int, how: str | None, number: str | None) -> Datum:
    if number is None:
        return gauss_kruger(width)
    value = int(number)
    zone = value if how == "zone" or (how is None and value < 60) else _zone_of(width, value)
    if zone not in ZONES[width]:
        raise DatumError(
            f"{text!r} names no {width}-degree zone of China",
            remedy="3-degree: zones 25-45, meridians 75, 78 … 135; 6-degree: zones 13-23, "
            "meridians 75, 81 … 135",
            field="datum",
        )
    return gauss_kruger(width, zone, prefixed=value == zone)


def _zone_of(width: int, meridian: int) -> int:
    """Zone number of a central meridian, or -1 where none has it."""
    zone, rest = divmod(meridian, 3) if width == 3 else divmod(meridian + 3, 6)
    return -1 if rest else zone


_GK_CODES = ((4513, 3, 25, 21, True), (4534, 3, 25, 21, False),
             (4491, 6, 13, 11, True), (4502, 6, 13, 11, False))  # fmt: skip


def _by_epsg(code: int) -> Datum:
    if code in (4326, 4490):
        return WGS84 if code == 4326 else CGCS2000
    for first, width, zone, count, prefixed in _GK_CODES:
        if first <= code < first + count:
            return gauss_kruger(width, zone + code - first, prefixed=prefixed)
    found = describe_epsg(code)
    for name, matches in _REFUSED[:2]:
        if matches(re.sub(r"\W", "", found.datum).lower()):
            raise _no_parameters(f"EPSG:{code} ({name})")
    accuracy = found.accuracy_m
    if accuracy is None:
        raise _no_parameters(f"EPSG:{code} ({found.name})")
    return Datum(f"epsg:{code}", found.name, found.name, accuracy, planar=found.planar,
                 family="crs", epsg=code)  # fmt: skip


def _no_parameters(name: str) -> DatumError:
    return DatumError(
        f"{name} cannot be converted without local parameters: a silent shift of tens of metres "
        "to more than a hundred would remain",
        remedy=_PARAMETERS,
        field="datum",
    )
