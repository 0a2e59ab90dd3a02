"""Whole columns of text at once: one form for every way of writing, and their 2-grams.

A column is joined to one long text, treated in one go and split again: a pass over a hundred
thousand names costs what the characters cost, not what a hundred thousand calls cost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from layers.cleaning.text import MISSING_WORDS, normalise

SEPARATOR = "\ue000"
"""Stands between values in a joined text; a private character that no register holds."""
VOCABULARY = 1 << 20
"""Facts and 2-grams are numbered by a hash; a rare collision costs a little, never a match."""

_FROM = "號樓臺國門東車廣場龍鳳飯館麵麥業藥醫學園區縣鄉鎮鋪舖舊華萬與興榮寶盛貿經營銷煙菸網電視聯號雲貴陽蘇賓師務維運會員總黃陳張劉趙吳羅馬魯錢銀鐵鋼線紅綠藍萊麗發達順樂壽濟僑橋樹葉圖書畫禮記點魚雞鴨豬鮮產農場連鎖機歡慶雙單興無負長後巖岩衛際時間視覺兒婦養護專賣診療齒鑫開關"
_TO = "号楼台国门东车广场龙凤饭馆面麦业药医学园区县乡镇铺铺旧华万与兴荣宝盛贸经营销烟烟网电视联号云贵阳苏宾师务维运会员总黄陈张刘赵吴罗马鲁钱银铁钢线红绿蓝莱丽发达顺乐寿济侨桥树叶图书画礼记点鱼鸡鸭猪鲜产农场连锁机欢庆双单兴无负长后岩岩卫际时间视觉儿妇养护专卖诊疗齿鑫开关"
_LETTERS_FROM = "аеорсхуіѕјкмтвнοανερτυικχ"
_LETTERS_TO = "aeopcxyisjkmtbhoaveptuikx"
_ONE_FORM = dict(
    zip(_FROM + _LETTERS_FROM + "〇○◯己巳", _TO + _LETTERS_TO + "零零零已已", strict=True)
)
"""Traditional characters, Cyrillic and Greek letters and other look-alikes of signs and seals."""
_OTHER_FORM = re.compile(f"[{''.join(_ONE_FORM)}]")
_ZERO_FOR_O = re.compile(r"o(?:(?<=\do)(?=[\do号])|(?<![a-z]o)(?=\d))")


def plain_texts(column: Sequence[object] | pd.Series) -> list[str]:
    """Values in one form (NFKC, lower case, look-alikes drawn together); missing is `""`.

    >>> plain_texts(pd.Series(["Ａ座２０１", None, "二〇一", "華興煙酒"]))
    ['a座201', '', '二零一', '华兴烟酒']
    """
    values = pd.Series(column).to_numpy(dtype=object)
    given = list(map(str, np.where(pd.isna(values), "", values).tolist()))
    joined = SEPARATOR.join(["", *given])  # a separator first: all values fare alike
    if joined.count(SEPARATOR) != len(given):
        joined = SEPARATOR.join(["", *(text.replace(SEPARATOR, " ") for text in given)])
    text = _OTHER_FORM.sub(lambda sign: _ONE_FORM[sign[0]], normalise(joined).lower())
    text = _ZERO_FOR_O.sub("0", text)
    texts = [word.strip(" '") for word in text.split(SEPARATOR)[1:]]
    return ["" if word in MISSING_WORDS else word for word in texts]


def substitute(pattern: re.Pattern[str], by: str, texts: list[str]) -> list[str]:
    """`pattern.sub` on every text in one call; the pattern must not match `SEPARATOR`."""
    return pattern.sub(by, SEPARATOR.join(texts)).split(SEPARATOR) if texts else []


_FIRST, _LAST = "\x02", "\x03"


def grams(texts: Sequence[str], *, single: bool = False) -> csr_array:
    """(n, `VOCABULARY`) ones where a text has a 2-gram, its first and last character marked.

    `single` adds every Chinese character by itself, so that one mistyped character of a name
    of two does not leave nothing. An empty text has no gram.
    """
    marked = f"{_FIRST}{f'{_LAST}{SEPARATOR}{_FIRST}'.join(texts)}{_LAST}{SEPARATOR}"
    points = np.frombuffer(marked.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    ends = points == ord(SEPARATOR)
    row = np.cumsum(ends) - ends
    empty = (points[:-1] == ord(_FIRST)) & (points[1:] == ord(_LAST))
    pair = ~ends[:-1] & ~ends[1:] & ~empty
    rows = [row[:-1][pair]]
    codes = [_hash(points[:-1][pair] * 0x110000 + points[1:][pair])]
    if single:
        alone = (points >= 0x2E80) & ~ends
        rows.append(row[alone])
        codes.append(_hash(points[alone] + (1 << 45)))
    return ones(np.concatenate(rows), np.concatenate(codes), len(texts))


def ones(rows: np.ndarray, codes: np.ndarray, size: int) -> csr_array:
    """A (size, `VOCABULARY`) matrix of ones at `rows`, `codes`; repeats count once."""
    key = distinct(rows * VOCABULARY + codes)
    row, code = np.divmod(key, VOCABULARY)
    start = np.searchsorted(row, np.arange(size + 1))
    return csr_array(
        (np.ones(len(key), dtype=np.float32), code.astype(np.int32), start.astype(np.int32)),
        shape=(size, VOCABULARY),
    )


def distinct(keys: np.ndarray) -> np.ndarray:
    """The different numbers, rising; by sorting, since hashing such keys can take forever."""
    ordered = np.sort(keys)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]


def token_codes(tokens: Sequence[str] | np.ndarray) -> np.ndarray:
    """Numbers of whole facts ("人民路12"), -1 where a token is empty."""
    texts = np.asarray(tokens, dtype=object)
    codes = pd.util.hash_array(texts, categorize=False)
    return np.where(texts == "", -1, _hash((codes >> np.uint64(1)).astype(np.int64)))


def joint_codes(*parts: Sequence[str] | np.ndarray) -> np.ndarray:
    """Numbers of several facts drawn together, -1 where the first or second is missing."""
    first, *others = (token_codes(part) for part in parts)
    codes = first
    for other in others:
        codes = _hash(codes * VOCABULARY + other + 2)
    return np.where((first < 0) | (others[0] < 0), -1, codes)


def _hash(keys: np.ndarray) -> np.ndarray:
    mixed = keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(44)).astype(np.int64)
