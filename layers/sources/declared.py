"""What a file itself says about its datum: a CRS name, a column name or a line above the table.

Nothing is inferred from coordinates here; a datum that is not written down is `None`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyproj import CRS
from pyproj.exceptions import CRSError

_WGS84 = frozenset({"EPSG:4326", "EPSG:4979", "OGC:CRS84", "OGC:CRS84H", "OGC:84"})
_URN = re.compile(r"urn:(?:x-)?ogc:def:crs:(\w+):[^:]*:(\w+)$", re.IGNORECASE)
_LEAST_CONFIDENCE = 60
_WORDS = (
    (r"bd[-_ ]?09[-_ ]?mc|百度墨卡托", "bd09mc"),
    (r"bd[-_ ]?09(?:ll)?|百度坐标", "bd09"),
    (r"gcj[-_ ]?02(?:ll)?|火星坐标|高德坐标", "gcj02"),
    (r"wgs[-_ ]?(?:19)?84", "wgs84"),
    (r"(?:西安|xi'?an)[-_ ]?80|80西安", "xian80"),
    (r"(?:北京|beijing)[-_ ]?54|54北京", "beijing54"),
    (r"cgcs[-_ ]?2000|国家2000|2000国家|大地2000", "cgcs2000"),
)
_PATTERNS = tuple((re.compile(rf"(?<![a-z]){word}", re.IGNORECASE), name) for word, name in _WORDS)
_ZONE = re.compile(r"([36三六])\s*[°度]\s*(?:分?带|高斯)")
_MERIDIAN = re.compile(r"中央(?:子午线|经线)\D{0,6}(\d{2,3})")
_AMAP = ({"typecode", "location"}, {"typecode", "pname", "cityname", "adname"})
_BAIDU = ({"uid", "location.lat", "location.lng"}, {"uid", "lat", "lng"})


def datum_of_crs(text: str | None) -> tuple[str | None, str | None]:
    """The datum name ("wgs84", "epsg:4490", …) of a CRS name, code, WKT or PROJJSON.

    Returns `(datum, note)`; `datum` is `None` with a note where the CRS cannot be told.
    """
    if not text or not text.strip():
        return None, None
    urn = _URN.match(text.strip())
    name = f"{urn[1]}:{urn[2]}".upper() if urn else text.strip()
    if name.upper() in _WGS84:
        return "wgs84", None
    try:
        crs = CRS.from_user_input(name)
        found = crs.to_authority(min_confidence=_LEAST_CONFIDENCE)
    except (CRSError, ValueError):
        return None, f"the file names a coordinate system that is unknown: {text.strip()[:80]}"
    if found is None:
        return None, f"the coordinate system {crs.name!r} has no known code; declare the datum"
    code = ":".join(found)
    return ("wgs84" if code.upper() in _WGS84 else code.lower()), None


def datum_of_text(text: str) -> str | None:
    """The datum a sentence names: "坐标系：CGCS2000 3度带" → "cgcs2000-gk3"; `None` if none or two."""
    found = {name for pattern, name in _PATTERNS if pattern.search(text)}
    found -= {"bd09"} if "bd09mc" in found else set()
    if len(found) != 1:
        return None
    name = found.pop()
    zone, meridian = _ZONE.search(text), _MERIDIAN.search(text)
    if name == "cgcs2000" and (zone or meridian):
        width = "6" if zone and zone[1] in "6六" else "3"
        return f"{name}-gk{width}" + (f"-{meridian[1]}" if meridian else "")
    return name


def datum_of_columns(columns: Iterable[str]) -> tuple[str | None, str | None]:
    """The datum that column names tell: "lon_gcj02", "经度(WGS84)", or a provider's column set.

    Returns `(datum, note)`; two different datums give `None` and a note.
    """
    names = [name.strip() for name in columns]
    named = {datum for name in names if (datum := datum_of_text(name))}
    if len(named) > 1:
        return None, f"the columns name several datums: {', '.join(sorted(named))}"
    if named:
        datum = named.pop()
        return datum, f"the column names say that the coordinates are {datum}"
    keys = {name.lower() for name in names}
    if any(signature <= keys for signature in _AMAP):
        return "gcj02", "the columns are those of an Amap export, whose coordinates are gcj02"
    if any(signature <= keys for signature in _BAIDU):
        return "bd09", BAIDU_NOTE
    return None, None


def datum_of_table(columns: Iterable[str], lines: Iterable[str]) -> tuple[str | None, str | None]:
    """The datum that a table declares by its columns, else by the lines above or below it."""
    datum, note = datum_of_columns(columns)
    if datum or note:
        return datum, note
    text = " ".join(lines)
    datum = datum_of_text(text)
    return datum, f"a line beside the table says that the datum is {datum}" if datum else None


BAIDU_NOTE = (
    "the columns are those of a Baidu export, whose coordinates are bd09 unless "
    "ret_coordtype=gcj02ll was asked for; then declare gcj02"
)
