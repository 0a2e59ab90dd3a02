"""A fire lane on card and list: the width first, with its interval, in words of its own."""

from __future__ import annotations

import pytest

from checks import Finding
from tests.cases import FOLDER, Case
from ui.cards.records import record_body
from ui.texts import LANGUAGES, texts


@pytest.fixture(scope="module")
def finding() -> Finding:
    [found] = Case(FOLDER / "fire-lane-blocked" / "finding.toml").run().findings
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_card_reads_as_a_width(finding: Finding, lang: str) -> None:
    html = record_body(finding, texts(lang))
    said = {"zh": ("测得", "2.40 米", "限值 &lt; 4 米", "障碍物使净宽不足", "从一端到另一端"),
            "en": ("Measured", "2.40 m", "limit &lt; 4 m", "narrowed by what stands in it", "from one end")}  # fmt: skip
    assert all(words in html for words in said[lang])
    assert "[2.10, 2.70]" in html
    assert "clear_width" not in html
