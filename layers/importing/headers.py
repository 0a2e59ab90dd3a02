"""Which header words stand for which field: the table in `headers.toml`, ready to compare."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

from layers.cleaning.text import normalise, normalise_header

TIERS = ("first", "second", "third")
_TIER_STEP = 0.1
_INSIDE = 0.5
_TABLE = Path(__file__).with_name("headers.toml")
_DATUM_WORDS = (
    ("bd09mc", re.compile(r"bd-?_?09-?_?mc|百度墨卡托", re.IGNORECASE)),
    ("bd09", re.compile(r"bd-?_?09|百度|baidu", re.IGNORECASE)),
    ("gcj02", re.compile(r"gcj-?_?02|火星|高德|腾讯|amap|gaode", re.IGNORECASE)),
    ("cgcs2000", re.compile(r"cgcs-?_?2000|国家2000|2000国家", re.IGNORECASE)),
    ("wgs84", re.compile(r"wgs-?_?84|\bgps|gps[经纬坐]", re.IGNORECASE)),
)


@cache
def words_by_field() -> dict[str, dict[str, float]]:
    """Field → comparable header word → score of an exact match (1.0, 0.9, 0.8 by tier)."""
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {
        field: {
            normalise_header(word): 1.0 - _TIER_STEP * tier
            for tier in reversed(range(len(TIERS)))
            for word in words.get(TIERS[tier], [])
        }
        for field, words in table.items()
    }


def score(header: str, field: str) -> float:
    """How well a header names a field, 0 to 1.

    1.0 to 0.8: the header is a known word. Below 0.75: it holds one ("店铺名称(全称)",
    "lon_gcj02"), better the more of the header the word makes up.
    """
    words = words_by_field().get(field, {})
    plain = normalise_header(header)
    if plain in words:
        return words[plain]
    tokens = _tokens(header)
    inside = [_inside(plain, tokens, word, full) for word, full in words.items()]
    return round(max(inside, default=0.0), 4)


def datum_in_header(header: str) -> str | None:
    """The datum that a header names ("lon_gcj02", "百度经度"), or `None`."""
    return next((name for name, words in _DATUM_WORDS if words.search(normalise(header))), None)


def _inside(plain: str, tokens: frozenset[str], word: str, full: float) -> float:
    latin = word.isascii()
    if latin and word not in tokens:
        return 0.0
    if not latin and (len(word) < 2 or word not in plain):
        return 0.0
    return _INSIDE + 0.25 * len(word) / max(len(plain), 1) - (1.0 - full)


@lru_cache(maxsize=4096)
def _tokens(header: str) -> frozenset[str]:
    """Latin words of a header, split at signs and at capitals: `tradeName_2` → trade, name, 2."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", normalise(header))
    return frozenset(re.findall(r"[a-z]+|\d+", spaced.lower()))
