"""States of a licence, who runs a school, and yes/no, from the words registers use."""

from __future__ import annotations

import re

import pandas as pd

from layers.cleaning.result import Cleaned, Outcome, clean_distinct
from layers.cleaning.text import normalise

_STATES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("cancelled", re.compile(r"(?<!未)注销|撤回|cancel|surrender|withdrawn|terminated", re.IGNORECASE)),
    ("revoked", re.compile(r"吊销|撤销|收回|取消|revoke", re.IGNORECASE)),
    ("expired", re.compile(r"过期|逾期|失效|届满|到期|无效|expired|lapsed|invalid", re.IGNORECASE)),
    ("suspended", re.compile(r"停业|暂停|中止|停用|整顿|suspend", re.IGNORECASE)),
    ("closed", re.compile(r"歇业|关闭|停办|终止|closed|out of business", re.IGNORECASE)),
    ("valid", re.compile(
        r"正常|有效|在用|存续|在营|在业|在册|开业|营业|已发证|valid|active|current|issued|in force|^open$", re.IGNORECASE)),
)  # fmt: skip
_OWNERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("private", re.compile(r"民办|私立|社会力量|社会组织|个人|企业办|private|non-?public")),
    ("public", re.compile(r"公办|公立|国办|国有|集体|教育(?:部门|行政部门)|事业单位|部队|机关|public|state")),
)  # fmt: skip
"""Asked in this order: 民办公助 is private."""
_INACTIVE = re.compile(r"inactive|not (active|valid)|非正常|不正常", re.IGNORECASE)
_YES = {
    "是",
    "y",
    "yes",
    "true",
    "t",
    "1",
    "1.0",
    "有",
    "在营",
    "营业",
    "正常",
    "启用",
    "开",
    "open",
}
_NO = {
    "否",
    "n",
    "no",
    "false",
    "f",
    "0",
    "0.0",
    "无",
    "停业",
    "歇业",
    "关闭",
    "停用",
    "封闭",
    "closed",
}


def clean_states(column: pd.Series) -> Cleaned:
    """Licence states as `LICENCE_STATES` has them; unknown words become `unknown`, noted.

    "有效期届满" is `expired` though it holds the word 有效: the narrower words are asked first.
    """
    return clean_distinct(column, _read_state)


def clean_ownership(column: pd.Series) -> Cleaned:
    """Who runs a school: `public`, `private`, or `unknown` (noted) for any other word."""
    return clean_distinct(column, _read_ownership)


def clean_flags(column: pd.Series) -> Cleaned:
    """Yes/no words as `True`/`False`; anything else is the problem `flag_unreadable`."""
    return clean_distinct(column, _read_flag)


def _read_state(text: str) -> Outcome:
    plain = normalise(text)
    if _INACTIVE.search(plain):
        return "unknown", None, "state_unknown"
    for state, words in _STATES:
        if words.search(plain):
            return state, None, None
    return "unknown", None, None if plain.lower() == "unknown" else "state_unknown"


def _read_ownership(text: str) -> Outcome:
    plain = normalise(text).lower()
    for name, words in _OWNERS:
        if words.search(plain):
            return name, None, None
    return "unknown", None, None if plain == "unknown" else "ownership_unknown"


def _read_flag(text: str) -> Outcome:
    plain = normalise(text).lower()
    if plain in _YES:
        return True, None, None
    return (False, None, None) if plain in _NO else (None, "flag_unreadable", None)
