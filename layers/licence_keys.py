"""Keys on which a shop and a register row are the same: exact after one way of writing.

No key is fuzzy. What is drawn together is only how people write the same thing: width of
characters, blanks, brackets, letters' case, the province, city and county before an address.
"""

from __future__ import annotations

import re

import pandas as pd

from layers.cleaning.codes import clean_credit_codes
from layers.cleaning.text import clean_text

_MARKS = re.compile(r"(?<!\d)-|-(?!\d)|[^\w#-]+|_")  # a hyphen between digits tells numbers apart
_PLACE_BEFORE = re.compile(
    r"^(?:\w{2,6}?(?:省|自治区))?(?:\w{2,5}?(?:自治州|地区|盟|市(?!场)))?"
    r"(?:\w{1,6}?(?:自治县|县(?!城)|旗|区(?!域)|市(?!场)))?(?:\w{1,6}?(?:街道(?:办事处)?|镇|乡))?(?=[\w#-]{3,}$)"
)
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
    return plain.str.replace(_PLACE_BEFORE, "", regex=True).replace("", None)


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
