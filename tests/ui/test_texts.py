"""Both languages say the same things, and every text the code asks for exists."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from checks import VERDICTS
from layers.themes import GATE_ROLES, LICENCE_STATES, SCHOOL_KINDS
from ui.texts import LANGUAGES, texts

PAGE = Path(__file__).resolve().parents[2] / "ui"
CALL = re.compile(r"""(?:texts|words)\(\s*["']([a-z_.]+)["']\s*[,)]""")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts() -> None:
    zh, en = texts("zh").entries, texts("en").entries
    assert set(zh) == set(en)
    assert all(text.strip() for entries in (zh, en) for text in entries.values())
    assert {key for key in zh if fields(zh[key]) != fields(en[key])} == set()


@pytest.mark.parametrize("file", sorted(PAGE.rglob("*.py")), ids=lambda file: file.name)
def test_every_text_asked_for_exists(file: Path) -> None:
    asked = set(CALL.findall(file.read_text(encoding="utf-8")))
    assert asked <= set(texts("zh").entries)


def test_the_search_for_texts_finds_some() -> None:
    asked = [
        key for file in PAGE.rglob("*.py") for key in CALL.findall(file.read_text(encoding="utf-8"))
    ]
    assert len(set(asked)) > 40


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("kind", SCHOOL_KINDS),
        ("role", GATE_ROLES),
        ("licence_status", LICENCE_STATES),
        ("verdict", VERDICTS),
    ],
)
def test_every_code_has_a_word(group: str, values: tuple[str, ...]) -> None:
    for lang in LANGUAGES:
        assert {value for value in values if f"{group}.{value}" not in texts(lang).entries} == set()


def test_an_unknown_language_reads_chinese_and_an_unknown_code_stays() -> None:
    assert texts("fr").lang == "zh"
    assert texts("en").word("kind", "lighthouse") == "lighthouse"


def test_a_missing_text_is_an_error() -> None:
    with pytest.raises(KeyError):
        texts("zh")("no.such.text")


@pytest.mark.parametrize(
    ("n", "told"), [(1, "1 row"), ("1", "1 row"), (0, "0 rows"), (499_000, "499,000 rows")]
)
def test_a_word_goes_with_its_number(n: object, told: str) -> None:
    assert texts("en")("models.rows", n=n) == told
    counts = {"in": 2, "out": 1, "rejected": 1234, "aside": 0, "unplaced": 0, "fields": 1}
    assert "1,234 rejected" in texts("en")("data.counts", **counts)
    assert texts("en")("data.counts", **counts).endswith("1 field emptied")
