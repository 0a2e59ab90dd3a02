"""Keys on which a shop and a register row are the same: exact after one way of writing.

No key is fuzzy. What is drawn together is only how people write the same thing: width of
characters, blanks, brackets, letters' case, the province, city and county before an address.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from layers.address_reading import read_places
from layers.cleaning.codes import clean_credit_codes
from layers.cleaning.text import clean_text
from layers.digit_patterns import by_pattern

_MARKS = re.compile(r"(?<!\d)-|-(?!\d)|[^\w#-]+|_")  # a hyphen between digits tells numbers apart
_PLACES = ("province", "city", "county", "township")
_LEAST = 3
"""Characters that must be left of an address without its places, or it is kept whole."""
_TOWNSHIP_DIGITS = 9


def name_keys(names: pd.Series) -> pd.Series:
    """Names for comparison; a branch in brackets stays part of the name; missing stays missing.

    >>> name_keys(pd.Series(["便民 超市（东门店）"])).tolist()
    ['便民超市东门店']
    """
    return clean_text(names).str.lower().str.replace(_MARKS, "", regex=True).replace("", None)


def address_keys(addresses: pd.Series) -> pd.Series:
    """Addresses without the places before the street; missing stays missing.

    >>> address_keys(pd.Series(["贵州省六盘水市六枝特区平寨镇人民路12-3号"])).tolist()
    ['人民路12-3号']
    """
    plain = name_keys(addresses)
    codes, distinct = pd.factorize(plain, use_na_sentinel=True)
    texts = [str(text) for text in distinct]
    bare = np.append(by_pattern(texts, _without_places, 1)[0], np.array([None], dtype=object))
    return pd.Series(bare[codes], index=addresses.index, dtype=object)


def _without_places(text: str) -> tuple[str]:
    """The text without province, city, county and township in front, as long as enough is left."""
    said = read_places(text)[0]
    for place in map(said.get, _PLACES):
        if place and text.startswith(place) and len(text) - len(place) >= _LEAST:
            text = text[len(place) :]
    return (text,)


def code_keys(codes: pd.Series) -> pd.Series:
    """Licence numbers in capitals without blanks and marks; a masked number stays masked."""
    plain = clean_text(codes).str.upper().str.replace(r"[^\w*]+", "", regex=True)
    return plain.replace("", None)


def credit_keys(codes: pd.Series) -> pd.Series:
    """Unified social credit codes whose check character agrees; all others are missing."""
    return clean_credit_codes(codes).values


def township_keys(codes: pd.Series) -> pd.Series:
    """The nine digits down to the township; shorter codes (a county's) are missing."""
    digits = clean_text(codes).str.extract(rf"^(\d{{{_TOWNSHIP_DIGITS}}})")[0]
    return digits.astype(object).where(digits.notna(), None)
