"""Text: one form for every way of typing the same characters."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

MISSING_WORDS = frozenset(
    {
        "", "-", "--", "---", "—", "——", "/", "\\", "[]", "{}", "n/a", "na", "#n/a", "nan", "nat",
        "null", "none", "<na>", "(null)", "nil", "无", "暂无", "空", "未知", "不详", "无数据", "#value!", "#ref!",
    }
)  # fmt: skip
"""Texts that mean "nothing is known", compared after `normalise` and in lower case."""

_INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0b-\x1f\x7f]"
)
_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    r"""NFKC, without invisible characters, blanks drawn together, apostrophe of Excel cut off.

    Full-width letters, digits, brackets and the ideographic space become their plain forms.

    >>> normalise("\u200bＡ１２（东门）\u3000 店")
    'A12(东门) 店'
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        plain = text.strip()  # most cells: nothing to do
    else:
        plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
        plain = _SPACES.sub(" ", plain).strip()
    return plain[1:] if plain.startswith("'") and len(plain) > 1 else plain


def clean_text(column: pd.Series) -> pd.Series:
    """A text column in one form; words that mean "nothing" (`N/A`, `[]`, `无`) become `None`.

    Parameters
    ----------
    column : Series of text or missing, any index.

    Returns
    -------
    Series of `str` or `None`, dtype object, same index.
    """
    codes, distinct = pd.factorize(column, use_na_sentinel=True)
    plain = [normalise(str(text)) for text in distinct]
    kept: list[str | None] = [None if text.lower() in MISSING_WORDS else text for text in plain]
    answers = pd.Series([*kept, None], dtype=object).to_numpy(dtype=object)
    return pd.Series(answers[codes], index=column.index, dtype=object)


def normalise_header(text: str) -> str:
    """A column header for comparison: normalised, lower case, separators and blanks gone.

    >>> normalise_header("Ｌｉｃｅｎｃｅ_No.（必填）*")
    'licenceno'
    """
    plain = re.sub(r"\((?:必填|选填|可选|required|optional)\)", "", normalise(text).lower())
    return re.sub(r"[\s_\-./:*\"'#]+", "", plain)
