"""Codes: text whose zeros and letters matter, and what spreadsheets do to them.

A spreadsheet turns `911100006000373410` into `9.11100006000373E+17` (digits are gone for good),
puts `.0` behind, an apostrophe before, or drops a leading zero. People type O for 0.
"""

from __future__ import annotations

import re

import pandas as pd
from stdnum.cn import uscc

from layers.cleaning.result import Cleaned, Outcome, clean_distinct
from layers.cleaning.text import MISSING_WORDS, normalise

_FLOAT = re.compile(r"^\d+\.0+$")
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[Ee]\+?\d+$")
_LOOKALIKES = str.maketrans("OIZS", "0125")
_ALMOST_DIGITS = str.maketrans("OoIl", "0011")
_TYPECODE_DIGITS = 6
_EXACT_DIGITS = 15  # a spreadsheet keeps no more
_CREDIT_FORM = re.compile(r"^[0-9ANY][0-9A-HJ-NPQRTUWXY]\d{6}[0-9A-HJ-NPQRTUWXY]{10}$", re.ASCII)


def clean_codes(column: pd.Series) -> Cleaned:
    """Codes of any kind: blanks and quotes gone, `.0` cut off, a letter O among digits mended.

    Problems: `code_digits_lost` (scientific notation: the last digits cannot be known).
    Notes: `code_float` (`.0` cut off), `code_letter_o` (O or l read as a digit).
    """
    return clean_distinct(column, _read_code)


def clean_typecodes(column: pd.Series) -> Cleaned:
    """Type codes of Amap: six digits, several joined with `|`; lost leading zeros are put back.

    >>> clean_typecodes(pd.Series(["61210", "80304|050000"])).values.tolist()
    ['061210', '080304|050000']
    """
    return clean_distinct(column, _read_typecode)


def clean_credit_codes(column: pd.Series) -> Cleaned:
    """Unified social credit codes (GB 32100: 18 characters with a check character).

    Look-alike letters are mended only when the check character then agrees. Problems:
    `code_digits_lost`, `uscc_wrong` (check character or form), `uscc_old_number` (15 digits: the
    registration number used before 2015), `code_masked`. Note: `uscc_mended`.
    """
    return clean_distinct(column, _read_credit_code)


def _read_code(text: str) -> Outcome:
    code, note = re.sub(r"\s", "", normalise(text).strip("'`\"")), None
    if code.lower() in MISSING_WORDS:
        return None, None, None
    if _SCIENTIFIC.match(code):
        return None, "code_digits_lost", None
    if _FLOAT.match(code):
        if len(code.split(".")[0]) > _EXACT_DIGITS:
            return None, "code_digits_lost", None
        code, note = code.split(".")[0], "code_float"
    mended = code.translate(_ALMOST_DIGITS)
    if mended != code and len(code) >= 6 and mended.isdecimal() and code[0].isdecimal():
        code, note = mended, "code_letter_o"
    return code, None, note


def _read_typecode(text: str) -> Outcome:
    code, problem, note = _read_code(text)
    if code is None:
        return code, problem, note
    parts = re.split(r"[|;,、]", str(code))
    whole = [part.zfill(_TYPECODE_DIGITS) if re.fullmatch(r"\d{5}", part) else part
             for part in parts]  # fmt: skip
    return "|".join(whole), None, "code_zero_restored" if whole != parts else note


def _read_credit_code(text: str) -> Outcome:
    code, problem, _ = _read_code(text.upper())
    if code is None:
        return code, problem, None
    plain = re.sub(r"[-.\s'`\"]", "", normalise(text).upper())
    if "*" in plain:
        return None, "code_masked", None
    if _is_credit_code(plain):
        return plain, None, None
    mended = plain.translate(_LOOKALIKES)
    if _is_credit_code(mended):
        return mended, None, "uscc_mended"
    return None, "uscc_old_number" if re.fullmatch(r"\d{15}", plain) else "uscc_wrong", None


def _is_credit_code(code: str) -> bool:
    """Form and check character agree (stdnum's own form test refuses the letters A, N, Y in front)."""
    return bool(_CREDIT_FORM.match(code)) and uscc.calc_check_digit(code[:-1]) == code[-1]
