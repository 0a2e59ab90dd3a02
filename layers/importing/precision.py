"""How well a source knows its places: typical position errors in metres, with the reason.

The figures are the upper half of the typical ranges (domain notes 3.3: geocoded address 20-200 m,
pin of a map provider 5-30 m, gate digitised on a 0.5 m image 2-5 m, GPS of a phone 3-10 m, RTK
0.05 m). They are practice, not law: `--position-error` replaces them where more is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.cleaning.text import clean_text


@dataclass(frozen=True, slots=True)
class PositionKind:
    """A way to obtain positions, its typical error in metres, and why that figure."""

    metres: float
    zh: str
    en: str

    def text(self, lang: str) -> str:
        """The kind with its figure, Chinese (`zh`) or English."""
        return (
            f"{self.zh}（{self.metres:g} 米）" if lang == "zh" else f"{self.en} ({self.metres:g} m)"
        )


POSITION_KINDS: Mapping[str, PositionKind] = {
    "rtk": PositionKind(0.1, "测绘级定位", "surveyed with RTK: centimetres, rounded up for the marked point"),
    "digitised": PositionKind(5.0, "影像勾绘", "drawn on an image of 0.5 m: 2-5 m"),
    "gps": PositionKind(5.0, "手机或手持GPS", "GPS of a phone on site: 3-10 m"),
    "poi": PositionKind(15.0, "地图平台标注点", "pin of a map provider against the door: 5-30 m"),
    "geocoded_address": PositionKind(50.0, "地址解析到门牌", "geocoded from a house number: 20-200 m"),
    "geocoded_street": PositionKind(200.0, "地址解析到道路", "geocoded to a street or community: its middle"),
    "geocoded_village": PositionKind(1000.0, "地址解析到村镇", "geocoded to a village or town: its centre"),
    "unknown": PositionKind(50.0, "来源不明", "not said: taken as a geocoded address"),
}  # fmt: skip

_LEVELS: tuple[tuple[str, str], ...] = (
    ("geocoded_address", r"门牌|门址|楼栋|单元|rooftop|house|address"),
    ("poi", r"兴趣点|poi|公交|地铁|premise"),
    ("geocoded_street", r"道路|路口|交叉|街道|社区|小区|热点|开发区|street|interpolated|postcode"),
    ("geocoded_village", r"村|乡|镇|区县|市|省|国家|village|town|city|approximate|centroid"),
)  # fmt: skip
_COARSE_STEP_M = 111.0  # a thousandth of a degree of latitude


def kind_of_source(columns: Mapping[str, str], has_polygons: bool) -> str:
    """The kind a file looks like: type codes mean pins of a provider, outlines mean drawing."""
    if has_polygons:
        return "digitised"
    return "poi" if "typecode" in columns else "unknown"


def position_errors(
    rows: pd.Index, kind: str, metres: float | None, levels: pd.Series | None = None
) -> np.ndarray:
    """Position error of every row in metres.

    The user's figure wins; then the geocoder's own level of each row ("门牌号", "村庄"), then
    the kind of the source.
    """
    if metres is not None:
        return np.full(len(rows), float(metres))
    errors = np.full(len(rows), POSITION_KINDS[kind].metres)
    if levels is None:
        return errors
    told = clean_text(levels).reindex(rows)
    for name, words in reversed(_LEVELS):
        hit = told.str.contains(words, case=False, regex=True, na=False).to_numpy(dtype=bool)
        errors[hit] = POSITION_KINDS[name].metres
    return errors


def coarse(lon: np.ndarray, lat: np.ndarray) -> bool:
    """Whether all numbers are degrees with three decimals or fewer: steps of about 100 m."""
    both = np.concatenate([lon, lat])
    both = both[np.isfinite(both)]
    if len(both) == 0 or np.max(np.abs(both)) > 360:  # metres in a plane
        return False
    return bool(np.all(np.abs(both * 1000 - np.round(both * 1000)) < 1e-6))


COARSE_ERROR_M = _COARSE_STEP_M / np.sqrt(2.0)
"""Half the diagonal of a square of a thousandth of a degree, in metres."""
