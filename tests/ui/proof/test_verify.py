"""The report of a bundle in plain words: nothing of a hostile bundle reaches the page as HTML."""

from __future__ import annotations

from typing import Any

import pytest

from ui.proof.verify import report_html
from ui.texts import LANGUAGES, texts

HOSTILE = "<img src=x onerror=alert(1)>"


def report(**more: Any) -> dict[str, Any]:
    return {"intact": True, "problems": [], "size": 10, "expected": "", "name": "a.zip", "stamp": {"state": "none"},
            "files": [{"name": "bagit.txt", "size": 54, "state": "same"}],
            "signature": {"state": "none", "key": ""}, "chain": None, "info": [], **more}  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hostile_names_are_words(lang: str) -> None:
    files = [
        {"name": HOSTILE, "size": 1, "state": state}
        for state in ("same", "altered", "added", "missing")
    ]
    html = report_html(
        report(intact=False, name=HOSTILE, problems=[HOSTILE], files=files, info=[[HOSTILE, HOSTILE]],
               chain={"events": 1, "links": 1, "problems": [HOSTILE]}, signature={"state": "bad", "key": HOSTILE}),
        texts(lang),
    )  # fmt: skip
    assert HOSTILE not in html
    assert html.count("&lt;img") >= 8


def test_unsigned_is_no_good_mark_and_another_key_is_a_bad_one() -> None:
    words = texts("en")
    assert "– Signature" in report_html(report(), words)
    signed = report(signature={"state": "good", "key": "ab" * 32})
    assert "✓ Signature" in report_html(signed, words)
    assert "✕ Signature" in report_html({**signed, "expected": "cd" * 32}, words)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_time_stamp_is_ticked_only_where_it_is_proven(lang: str) -> None:
    words, said = texts(lang), {"zh": HOSTILE, "en": HOSTILE}
    part = words("evidence.part.stamp")
    for state, mark, good in (("signed", "✓", True), ("unchecked", "–", True), ("wrong", "✕", False)):  # fmt: skip
        html = report_html(report(stamp={"state": state, **said}), words)
        assert f"{mark} {part}" in html
        assert ("ev-good" in html) is good
        assert HOSTILE not in html
    assert words("evidence.intact_late") in html
