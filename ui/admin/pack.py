"""A rule pack as a table: value, method, days in force, document, read or not."""

from __future__ import annotations

from html import escape

import streamlit as st

from checks import METHOD_WORDS, Rule, RulePack, catalogue
from ui.admin import desk
from ui.admin.desk import cell, tag
from ui.models.reading import limit_words, mark, value_words
from ui.texts import Texts
from ui.words import SIGNS, dates


def pack_table(pack: RulePack, words: Texts, day: str) -> None:
    """Draw it, as it stands on a day."""
    good, total = pack.verified
    st.html(f'<p class="y-quiet">{escape(words("admin.rules.tally", n=total, verified=good))} · SHA-256 <code>{(pack.sha256 or "")[:16]}</code></p>')  # fmt: skip
    if pack.note:
        desk.note(pack.note.of(words.lang))
    ordered = sorted(
        pack.rules, key=lambda rule: (rule.check, rule.school_class, rule.in_force_from)
    )
    rows = [_row(rule, words, day) for rule in ordered]
    desk.table(
        desk.heads(words, "rules", "check", "about", "value", "days", "document", "verified"), rows
    )


def _row(rule: Rule, words: Texts, day: str) -> tuple[str, ...]:
    known = catalogue().get(rule.check)
    method = METHOD_WORDS[rule.method].of(words.lang) if rule.is_distance else ""
    now = (
        tag(words("admin.rules.now"), "ok")
        if rule.in_force(day)
        else tag(words("admin.rules.not_now"))
    )
    value = f"{SIGNS[rule.comparator]} {value_words(rule, rule.value, words)}"
    return (cell(known.check.title.of(words.lang) if known else rule.check),
            cell(limit_words(rule, words)), cell(value, method),
            f"{cell(dates(rule.in_force_from, rule.in_force_to, words))} {now}",
            cell(rule.document.title, _where(rule, words)), mark(rule.verified, words))  # fmt: skip


def _where(rule: Rule, words: Texts) -> str:
    """Number and article of its document, and where it was read."""
    url = str(rule.document.url or "")
    article = words("card.article", article=rule.article) if rule.article else ""
    read = words("app.generated") if url == "generated" else url
    return " · ".join(part for part in (rule.document.number, article, read) if part)
