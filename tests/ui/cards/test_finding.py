"""The card says what was measured, by which rule, how sure, and what to mind; all text is escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from checks import VERDICT_WORDS, catalogue
from tests.ui.test_items import ECIG, item
from ui.cards.finding import card
from ui.cards.scale import picture
from ui.items import Board, Item
from ui.texts import LANGUAGES, texts
from ui.words import dates, method_words

VOID = {"br", "img", "hr"}


class Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def balanced(html: str) -> bool:
    parser = Balance()
    parser.feed(html)
    return parser.open == []


def html_of(one: Item, lang: str = "zh") -> str:
    return card(one, catalogue()[one.check].check, texts(lang))


@pytest.mark.parametrize("lang", list(LANGUAGES))
def test_every_card_is_whole_html_with_the_verdict_in_words(found: Board, lang: str) -> None:
    for one in found.items:
        html = html_of(one, lang)
        assert balanced(html)
        assert VERDICT_WORDS[one.verdict].of(lang) in html


@pytest.mark.parametrize("lang", list(LANGUAGES))
def test_a_finding_says_all_it_must(found: Board, lang: str) -> None:
    near = item(found, "近店")
    finding, words = near.finding, texts(lang)
    assert finding is not None
    assert finding.in_force is not None
    assert finding.error_band is not None
    html = html_of(near, lang)
    check = catalogue()[ECIG].check
    wanted = [
        f"{finding.measured:.1f}", f"{finding.error_band.plus:.1f}", f"{finding.limit:g}",
        "甲小学", "东门", "环城路1号", finding.in_force.document.title, finding.in_force.in_force_from,
        words("card.unverified"), "ab" * 6, "gcj02", "2026-05-31", words("app.reference"),
        *(text.of(lang) for text in (*check.pitfalls, *check.verify)),
        *(basis.title.of(lang) for basis in check.basis_on(finding.on_date)),
    ]  # fmt: skip
    assert [text for text in wanted if escaped(text) not in html] == []


def escaped(text: str) -> str:
    from html import escape

    return escape(text)


def test_names_from_a_file_cannot_be_markup(found: Board) -> None:
    html = html_of(item(found, "界上店"))
    assert "界上店&lt;b&gt;" in html
    assert "界上店<b>" not in html


def test_without_a_rule_the_card_says_so(found: Board) -> None:
    finding = item(found, "近店").finding
    assert finding is not None
    bare = replace(
        finding, in_force=None, limit=None, comparator=None, rule=None, verdict="undecided"
    )
    one = Item("x", ECIG, "undecided", "近店", (1.0, 2.0), bare)
    html = html_of(one)
    assert texts("zh")("card.no_rule") in html
    assert texts("zh")("card.no_limit") in html
    assert 'class="y-limit"' not in html


def test_a_finding_without_a_distance_draws_no_picture(found: Board) -> None:
    far = item(found, "远店").finding
    assert far is not None
    assert far.measured is None
    assert picture(far, texts("zh")) == ""


def test_the_picture_is_to_scale(found: Board) -> None:
    finding = item(found, "近店").finding
    assert finding is not None
    html = picture(finding, texts("zh"))
    at = percent(html, r'y-at \w+" style="left:([\d.]+)%')
    limit = percent(html, r'y-limit" style="left:([\d.]+)%')
    low = percent(html, r'y-band \w+" style="left:([\d.]+)%')
    width = percent(html, r"width:([\d.]+)%\"></div><div class=\"y-at")
    assert at / limit == pytest.approx((finding.measured or 0) / (finding.limit or 1), rel=1e-3)
    assert low < at < low + width < 100


def percent(html: str, pattern: str) -> float:
    match = re.search(pattern, html)
    assert match
    return float(match.group(1))


def test_an_undecided_subject_says_what_would_help(found: Board) -> None:
    lost = item(found, "无位置店")
    html = html_of(lost, "en")
    assert lost.finding is None
    assert escaped(lost.record.remedy.en) in html  # type: ignore[union-attr]


def test_a_watch_list_is_called_one(found: Board) -> None:
    near = item(found, "近店")
    watch = catalogue()["hotel-near-school"].check
    assert watch.level == "watch"
    assert texts("zh")("card.watch") in card(near, watch, texts("zh"))
    assert texts("zh")("card.watch") not in html_of(near)


def test_the_method_names_both_ends(found: Board) -> None:
    finding = item(found, "近店").finding
    assert finding is not None
    assert method_words(finding, texts("zh")).startswith("直线距离：任一校门")
    assert "→" in method_words(finding, texts("en"))


def test_open_ended_rules_have_no_last_day() -> None:
    assert dates("2021-06-01", "9999-12-31", texts("en")) == "in force from 2021-06-01"
    assert dates("2021-06-01", "2024-01-01", texts("en")) == "in force 2021-06-01 to 2024-01-01"
