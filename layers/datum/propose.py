"""Proposing the datum of a file that declares none: named places against a trusted layer.

Every candidate turns the file's coordinates into WGS 84; the one that brings the named
schools or streets home is proposed, with a confidence. A proposal is never applied by
itself: an undeclared file stays refused until a person says what it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike

from layers.datum.catalogue import ZONES, gauss_kruger, parse_datum
from layers.datum.convert import convert
from layers.layer import Layer

_SAMPLE = 2_000  # matched rows are enough for a median
_FEW = 4.0  # distinct names; the confidence by their number alone is then 63 %
_HOME_M = 150.0  # a pin may lie this far from the middle of its campus in the right datum
_ABSURD_M = 2_000.0  # nothing that stays farther off than this is proposed
_SAME_M = 1.0  # candidates that agree this closely are one
_SHIFT_M = 30.0  # a common shift above this hints at another datum not in the list
_ZONE_DEG = 4.0  # zones with a central meridian farther from the trusted layer are not tried
_METRES = 111_195.0  # per degree on the sphere: good enough to rank


@dataclass(frozen=True, slots=True)
class Candidate:
    """One datum tried: median offset, interquartile range and common shift, metres."""

    datum: str
    offset_m: float
    spread_m: float
    shift_m: float


@dataclass(frozen=True, slots=True)
class DatumProposal:
    """What the named places say.

    `best` is missing when no name matched or nothing came near; `confidence` runs from 0
    to 1 and is low when few names match, when two candidates are near each other, when
    the rows disagree (mixed datums) or a common shift is left; `matched` counts distinct
    names; `ranking` holds the candidates tried, nearest first.
    """

    best: str | None
    confidence: float
    matched: int
    ranking: tuple[Candidate, ...]

    @property
    def text_zh(self) -> str:
        """One sentence for the person who has to declare the datum."""
        if self.best is None:
            return f"无法判断坐标系：与可信图层同名的地点有{self.matched}处，没有一种坐标系能对上。"
        first, *others = self.ranking
        text = (f"可能是{parse_datum(self.best).zh}：{self.matched}处同名地点的偏差中位数为"
                f"{first.offset_m:.0f}米，置信度{self.confidence:.0%}")  # fmt: skip
        for other in others[:1]:
            text += f"；其次是{parse_datum(other.datum).zh}（{other.offset_m:.0f}米）"
        return text + "。请核实后声明。"

    @property
    def text_en(self) -> str:
        """The same in English."""
        if self.best is None:
            return f"No proposal: {self.matched} names match the trusted layer and no datum fits."
        first, *others = self.ranking
        text = (f"Probably {parse_datum(self.best).en}: {self.matched} places of the same name lie "
                f"{first.offset_m:.0f} m off (median), confidence {self.confidence:.0%}")  # fmt: skip
        for other in others[:1]:
            text += f"; next {parse_datum(other.datum).en} ({other.offset_m:.0f} m)"
        return text + ". Check it and declare it."


def propose_datum(
    names: Iterable[object], x: ArrayLike, y: ArrayLike, trusted: Layer
) -> DatumProposal:
    """Which datum brings the named places onto those of the same name in `trusted`.

    `names`, `x`, `y` have one entry per row (degrees or plane metres as in the file). A
    place matches a trusted one of the same normalised name; against a layer of lines, a
    row matches the first street its text names, and the nearest point of that street
    counts. WGS 84 and CGCS2000 cannot be told apart: WGS 84 stands for both.
    """
    east, north = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    homes = _homes(trusted)
    keys = _keys(names, homes, np.isfinite(east) & np.isfinite(north))
    matched = len(keys.unique())
    if not matched:
        return DatumProposal(None, 0.0, 0, ())
    places = _Places(keys, homes)
    rows = keys.index.to_numpy()
    found: dict[str, np.ndarray] = {}
    positions: list[np.ndarray] = []
    for name in _candidates(east[rows], north[rows], homes):
        done = convert(east[rows], north[rows], name)
        here = np.column_stack([done.lon, done.lat])
        if np.isnan(here).all() or any(_same(here, other) for other in positions):
            continue
        positions.append(here)
        found[name] = places.offsets(here)
    return _ranked(found, matched)


def _homes(trusted: Layer) -> pd.Series:
    """Trusted geometries by normalised name; polygons by their centre."""
    placed = trusted.placed
    shapes = placed.geometry.to_numpy()
    area = shapely.get_dimensions(shapes) == 2
    shapes = np.where(area, shapely.centroid(shapes), shapes)
    homes = pd.Series(shapes, index=[_normal(name) for name in placed["name"]], dtype=object)
    return homes[homes.index.str.len() >= 2]


def _keys(names: Iterable[object], homes: pd.Series, known: np.ndarray) -> pd.Series:
    """The trusted name of each matching row, by row number; at most a sample of them."""
    texts = pd.Series([_normal(name) for name in names], dtype=object)
    lines = len(homes) and shapely.get_dimensions(homes.to_numpy()).max() == 1
    if lines:
        words = sorted(set(homes.index), key=len, reverse=True)
        street = re.compile("|".join(map(re.escape, words)))
        texts = texts.map(lambda text: hit[0] if (hit := street.search(text)) else "")
    keys = texts[known & texts.isin(set(homes.index)).to_numpy()]
    return keys.iloc[:: max(len(keys) // _SAMPLE, 1)]


class _Places:
    """Every matched row paired with the trusted places of its name, in a plane for ranking."""

    def __init__(self, keys: pd.Series, homes: pd.Series) -> None:
        table = pd.DataFrame({"key": keys.to_numpy(), "row": np.arange(len(keys))})
        pairs = table.merge(pd.DataFrame({"key": homes.index, "home": homes.to_numpy()}), on="key")
        pairs = pairs.sort_values("row", kind="stable")
        self.row = pairs["row"].to_numpy()
        latitude = shapely.get_coordinates(homes.to_numpy()[:1])[0, 1]
        self.scale = _METRES * np.array([np.cos(np.radians(latitude)), 1.0])
        self.home = shapely.transform(pairs["home"].to_numpy(), lambda xy: xy * self.scale)

    def offsets(self, lonlat: np.ndarray) -> np.ndarray:
        """East and north metres (n, 2) from each row to the nearest place of its name."""
        points = shapely.points(np.nan_to_num(lonlat) * self.scale)[self.row]
        ends = shapely.get_coordinates(shapely.shortest_line(points, self.home)).reshape(-1, 2, 2)
        away = ends[:, 1] - ends[:, 0]
        order = np.lexsort((np.hypot(*away.T), self.row))
        nearest = order[np.searchsorted(self.row[order], np.arange(len(lonlat)))]
        return np.where(np.isnan(lonlat), np.inf, away[nearest])


def _candidates(x: np.ndarray, y: np.ndarray, homes: pd.Series) -> list[str]:
    """Names of the datums worth trying for coordinates of this magnitude."""
    if np.median(np.abs(x)) <= 180.0 and np.median(np.abs(y)) <= 180.0:
        return ["wgs84", "gcj02", "bd09"]
    lon, lat = shapely.get_coordinates(homes.to_numpy()).mean(axis=0)
    near = [gauss_kruger(width, zone, prefixed=False) for width in ZONES for zone in ZONES[width]]
    planes = [plane.name for plane in near if abs((plane.meridian or 0) - lon) <= _ZONE_DEG]
    utm = (32601 if lat >= 0 else 32701) + int((lon + 180.0) // 6.0) % 60
    return ["cgcs2000-gk3", "cgcs2000-gk6", "bd09mc", *planes, "epsg:3857", f"epsg:{utm}"]


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.nanmedian(np.abs(one - other).sum(axis=1)) * _METRES < _SAME_M)


def _ranked(found: dict[str, np.ndarray], matched: int) -> DatumProposal:
    metres = {name: np.hypot(*away.T) for name, away in found.items()}
    ranking = sorted((_candidate(name, found[name]) for name in found), key=lambda c: c.offset_m)
    ranking = [candidate for candidate in ranking if np.isfinite(candidate.offset_m)]
    if not ranking or ranking[0].offset_m > _ABSURD_M:
        return DatumProposal(None, 0.0, matched, tuple(ranking))
    best = ranking[0]
    confidence = (1.0 - np.exp(-matched / _FEW)) * min(1.0, _HOME_M / max(best.offset_m, 1.0))
    if len(ranking) > 1:
        gap = ranking[1].offset_m - best.offset_m
        confidence *= min(1.0, gap / (2.0 * best.offset_m + 60.0))
        confidence *= np.mean(metres[best.datum] <= np.min(list(metres.values()), axis=0))
    if best.shift_m > max(_SHIFT_M, best.spread_m):
        confidence *= 0.5
    return DatumProposal(best.datum, round(float(confidence), 3), matched, tuple(ranking))


def _candidate(name: str, away: np.ndarray) -> Candidate:
    metres = np.hypot(*away.T)
    known = np.isfinite(metres)
    if known.sum() * 2 <= len(metres):
        return Candidate(name, np.inf, np.inf, np.inf)
    low, middle, high = np.percentile(metres[known], [25, 50, 75])
    shift = float(np.hypot(*np.median(away[known], axis=0)))
    return Candidate(name, float(middle), float(high - low), shift)


def _normal(name: object) -> str:
    """A name without spaces, punctuation, width and case; empty where there is none."""
    if name is None or name is pd.NA or name != name:  # noqa: PLR0124 - NaN differs from itself
        return ""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", str(name))).casefold()
