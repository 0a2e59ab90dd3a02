"""Why a file was refused, in Chinese where its error speaks English."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("reasons.toml")
_CHINESE = re.compile(r"[(（]([^()（）]*[\u4e00-\u9fff][^()（）]*)[)）]")
"""Remedies that carry their Chinese in brackets."""


def reason_text(reason: str, remedy: str, lang: str) -> tuple[str, str]:
    """Reason and remedy of a refusal in `lang`.

    In Chinese the English reason stands behind in brackets, with its numbers and names.
    """
    if lang != "zh":
        return reason, remedy
    known = known_reason(reason)
    if known is None:
        return reason, remedy
    chinese, told = known
    own = _CHINESE.search(remedy)
    return f"{chinese}（{reason}）", own[1] if own else told


def known_reason(reason: str) -> tuple[str, str] | None:
    """Chinese reason and remedy by the longest known beginning of the English one."""
    table = _table()
    start = max((s for s in table if reason.startswith(s)), key=len, default=None)
    return None if start is None else table[start]


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, str]]:
    document = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    shared = {name: text for name, text in document.items() if isinstance(text, str)}
    return {
        entry["start"]: (entry["zh"], shared.get(told := entry.get("remedy", "again"), told))
        for entry in document["reason"]
    }
