"""What the commands of this folder share; all of it stands in `office.shell_words`."""

from __future__ import annotations

from office.shell_words import (
    WHO,
    add_actor,
    add_language,
    add_store,
    at_work,
    language_of,
    utc_text,
)

__all__ = [
    "WHO",
    "add_actor",
    "add_language",
    "add_store",
    "at_work",
    "language_of",
    "utc_text",
]  # fmt: skip
