"""A place written by a person: degrees, degrees-minutes-seconds or projected metres, in any datum."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from layers.datum import Datum, parse_datum, to_wgs84
from layers.errors import DatumError

_MARKS = str.maketrans({
    "″": '"', "”": '"', "“": '"', "＂": '"', "′": "'", "’": "'", "‘": "'", "＇": "'", "º": "°", "˚": "°",
    "，": " ", "；": " ", "、": " ", "（": " ", "）": " ", "：": " ", "｜": " ",
})  # fmt: skip
_AXES = {"东经": "E", "西经": "W", "北纬": "N", "南纬": "S", "经度": "E", "纬度": "N",
         "longitude": "E", "latitude": "N", "lon": "E", "lng": "E", "lat": "N"}  # fmt: skip
_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_ANGLE = re.compile(
    rf"(?P<before>[NSEW])?\s*(?P<d>{_NUMBER})\s*"
    r"(?:(?:°|度)\s*(?:(?P<m>\d+(?:\.\d+)?)\s*(?:'|分)\s*(?:(?P<s>\d+(?:\.\d+)?)\s*(?:\"|''|秒)?\s*)?)?)?"
    r"(?P<after>[NSEW](?![A-Za-z]))?",
)
_WORD = re.compile(r"[A-Za-z\u4e00-\u9fff][\w\u4e00-\u9fff'.:/\-]*")
_DEGREES, _METRES = 180.0, 100_000.0
"""Most that degrees may be, and least that an easting or northing of a plane is."""
_WHERE_CHINA = ((3.0, 54.0), (73.0, 136.0))
"""Latitudes and longitudes that tell which of two unlabelled numbers is which."""
_ZONES = ((25, 45, "cgcs2000-gk3"), (13, 23, "cgcs2000-gk6"))


@dataclass(frozen=True, slots=True)
class Position:
    """A place read from text: `lon`, `lat` in WGS 84 degrees, the `datum` it was read in, and whether
    that was only assumed because the text does not say it. `given` are the two numbers as x, y.
    """

    lon: float
    lat: float
    datum: Datum
    assumed: bool
    given: tuple[float, float]


def read_position(text: str, assume: Datum | str = "wgs84") -> Position | None:
    """The place that `text` names by its coordinates; `None` where it is no coordinate.

    `112.93,28.23 gcj02`, `28°13'48"N 112°55'48"E`, `北纬28.23 东经112.93 百度`, `37512345.6 3123456.7`,
    `512345 3123456 cgcs2000-gk3-111`. Degrees without a datum are read in `assume`. Raises
    `DatumError` where there are coordinates but no way to place them.
    """
    rest, datum, said = _datum(unicodedata.normalize("NFKC", text.translate(_MARKS)).strip())
    if rest is None:
        return None
    found = _angles(rest)
    if found is None:
        return None
    if said is not None:
        raise said
    x, y, planar = found
    if datum is None:
        datum = _projected(x, y) if planar else parse_datum(str(getattr(assume, "name", assume)))
        assumed = not planar
    else:
        assumed = False
    lon, lat = to_wgs84(np.array([x]), np.array([y]), datum)
    return Position(float(lon[0]), float(lat[0]), datum, assumed, (x, y))


def _datum(text: str) -> tuple[str | None, Datum | None, DatumError | None]:
    """The text without its words, the datum that they name, and what is wrong with it.

    A word that is neither an axis nor a datum makes it a name, not a coordinate.
    """
    for word, axis in _AXES.items():
        text = re.sub(rf"{word}\s*[:=]?", f" {axis} ", text, flags=re.IGNORECASE)
    text = re.sub(
        r"\b([nsew])(?=\b|\d)", lambda one: f"{one[1].upper()} ", text, flags=re.IGNORECASE
    )
    datum: Datum | None = None
    for found in list(_WORD.finditer(text))[::-1]:
        word = found[0]
        if word in set("NSEW") or set(word) <= set("度分秒"):
            continue
        if found.start() and text[found.start() - 1] in "0123456789°'\"" and word[0] in "度分秒":
            continue
        try:
            datum = parse_datum(word)
        except DatumError as error:
            known = re.search(r"[0-9]|坐标|系|独立|地方|epsg", word, re.IGNORECASE)
            return (text[: found.start()], None, error) if known else (None, None, None)
        text = f"{text[: found.start()]} {text[found.end() :]}"
    return text, datum, None


def _angles(text: str) -> tuple[float, float, bool] | None:
    """x, y and whether they are metres; `None` for anything but two numbers with their marks."""
    spans = [one for one in _ANGLE.finditer(text) if one["d"]]
    left = _ANGLE.sub(" ", text).replace(",", " ").replace(";", " ").strip(" ()[]/|")
    if len(spans) != 2 or left:
        return None
    values = [_value(one) for one in spans]
    axes = [one["before"] or one["after"] for one in spans]
    if None in axes and spans[0]["before"] is None and spans[0]["after"] is None and axes[1]:
        axes[0] = "N" if axes[1] in "EW" else "E"
    if max(map(abs, values)) > _DEGREES:
        return (values[0], values[1], True) if min(values) >= _METRES else None
    northing_first = axes[0] in ("N", "S") if axes[0] else _latitude_first(*values)
    y, x = values if northing_first else values[::-1]
    return x, y, False


def _value(one: re.Match[str]) -> float:
    degrees = float(one["d"])
    size = abs(degrees) + float(one["m"] or 0) / 60 + float(one["s"] or 0) / 3600
    west = (one["before"] or one["after"]) in ("W", "S")
    return -size if west or degrees < 0 else size


def _latitude_first(first: float, second: float) -> bool:
    (south, north), (west, east) = _WHERE_CHINA
    return abs(second) > 90 or (south <= first <= north and west <= second <= east)


def _projected(x: float, y: float) -> Datum:
    """The plane of metres without a datum: only an easting with its zone number says it."""
    for value in (x, y):
        zone = int(value // 1_000_000)
        for first, last, name in _ZONES:
            if first <= zone <= last:
                return parse_datum(name)
    raise DatumError(
        f"{x:g}, {y:g} are metres without a zone", field="datum",
        remedy="add the plane, such as `cgcs2000-gk3-111` (by central meridian), or the zone number before the easting "
        "(请注明投影，如 cgcs2000-gk3-111，或在横坐标前加带号)",
    )  # fmt: skip
