"""A finding's card as HTML: words, numbers and a small picture. Pure functions, all text escaped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from checks import Check, Finding, LegalBasis, Undecided
from ui.cards.records import lines_of, record_body, section
from ui.cards.scale import picture
from ui.items import Item
from ui.sources import layer_lines, refs_of, stale_lines
from ui.texts import Texts
from ui.words import (
    GLYPHS,
    SIGNS,
    dates,
    licence_word,
    method_words,
    metres,
    plus_minus,
    verdict_words,
)

_ALSO = 6
"""Other schools named on a card; the file of findings has them all."""
_FACTS = (
    "licence_no",
    "licence_status",
    "first_issued",
    "last_renewed",
    "valid_to",
    "licence_match",
)


def card(item: Item, check: Check | None, texts: Texts, *, picture_html: str = "") -> str:
    """The card of an item; `check` is its manifest, `picture_html` what follows its title."""
    record = item.record
    title = check.title.of(texts.lang) if check else item.check
    head = (
        f'<div class="y-head"><span class="y-pill {item.verdict}"><span class="y-glyph">'
        f"{GLYPHS[item.verdict]}</span>{escape(verdict_words(record, texts))}</span>"
        f'<span class="y-check">{escape(title)}</span></div><h2>{escape(item.name)}</h2>{_address(record)}'
    )
    body = (
        _finding(record, check, texts) if isinstance(record, Finding) else _undecided(record, texts)
    )
    parts = [head, picture_html, body]
    if isinstance(record, Finding):
        parts.append(stale_lines(refs_of(record.layers), record.on_date, texts))
    if check:
        parts.append(about(check, record.on_date, texts))
    if isinstance(record, Finding):
        parts.append(_details("sources", layer_lines(record.layers, texts), texts))
    parts.append(f'<p class="y-foot">{escape(texts("app.reference"))}</p>')
    return f'<article class="y-card">{"".join(parts)}</article>'


def _address(record: Finding | Undecided) -> str:
    address = record.facts.get("address")
    return f'<p class="y-quiet y-address">{escape(str(address))}</p>' if address else ""


def _finding(finding: Finding, check: Check | None, texts: Texts) -> str:
    if not finding.is_distance:
        rule = section("rule", _rule(finding, texts), texts) if finding.in_force else ""
        return record_body(finding, texts) + rule
    watch = _note(texts("card.watch")) if check and check.level == "watch" else ""
    return "".join(
        (
            watch,
            _figures(finding, texts),
            picture(finding, texts),
            section("reasons", lines_of(finding.reasons, texts), texts),
            section("school", _school(finding, texts), texts),
            section("method", _method(finding, texts), texts),
            section("rule", _rule(finding, texts), texts),
            section("licence", _licence(finding, texts), texts),
        )
    )


def _undecided(record: Undecided, texts: Texts) -> str:
    lines = f"<p>{escape(record.reason.of(texts.lang))}</p><p>{escape(record.remedy.of(texts.lang))}</p>"
    return section("reasons", lines, texts)


def _figures(finding: Finding, texts: Texts) -> str:
    """The measured distance with its band, and the limit beside it."""
    measured = finding.measured
    big = metres(measured, texts) if measured is not None else "—"
    under = texts("card.unmeasured") if measured is None else plus_minus(finding.error_band, texts)
    limit = (
        "—"
        if finding.limit is None
        else f"{SIGNS.get(finding.comparator or '', '')} {_limit(finding, texts)}"
    )
    shown = texts("card.no_limit") if finding.limit is None else limit
    under_limit = " · ".join(_about_limit(finding, texts))
    return (
        '<div class="y-figures">'
        f'<div><label>{escape(texts("card.measured"))}</label><b class="y-measured">{escape(big)}</b>'
        f"<small>{escape(under)}</small></div>"
        f"<div><label>{escape(texts('card.limit'))}</label><b>{escape(shown)}</b>"
        f"<small>{escape(under_limit)}</small></div></div>"
    )


def _about_limit(finding: Finding, texts: Texts) -> list[str]:
    """The limit as the document writes it, and whether the limit itself counts."""
    rule = finding.in_force
    if rule is None:
        return []
    counts = texts("card.counts") if rule.comparator == "<=" else texts("card.counts_not")
    return [counts] if rule.unit == "m" else [rule.written, counts]


def _limit(finding: Finding, texts: Texts) -> str:
    return metres(finding.limit or 0.0, texts, digits=None)


def _school(finding: Finding, texts: Texts) -> str:
    facts = finding.facts
    more = [texts.word("kind", str(facts["school_kind"]))] if facts.get("school_kind") else []
    more += [str(facts["gate_name"])] if facts.get("gate_name") else []
    about = f' <span class="y-quiet">{escape(" · ".join(more))}</span>' if more else ""
    name = f"<p><b>{escape(finding.object_name or '—')}</b>{about}</p>"
    if not finding.also:
        return name
    lines = "".join(f"<li>{_also(other.name or other.id, other.measured, other.verdict, texts)}</li>"
                    for other in finding.also[:_ALSO])  # fmt: skip
    return (
        f'{name}<p class="y-quiet">{escape(texts("card.also"))}</p><ul class="y-also">{lines}</ul>'
    )


def _also(name: str, measured: float | None, verdict: str, texts: Texts) -> str:
    value = "—" if measured is None else f"{measured:.1f}"
    mark = f'<span class="{verdict}">{GLYPHS[verdict]}</span> '
    return mark + escape(texts("card.also_line", name=name, measured=value))


def _method(finding: Finding, texts: Texts) -> str:
    lines = [f"<p>{escape(method_words(finding, texts))}</p>"]
    straight, walk = finding.facts.get("straight_m"), finding.facts.get("walk_m")
    if straight is not None and walk is not None:
        both = texts("card.both", straight=f"{straight:.1f}", walk=f"{walk:.1f}")
        lines.append(f'<p class="y-quiet">{escape(both)}</p>')
    if finding.error_band and finding.error_band.parts:
        parts = "".join(f"<span><i>{escape(texts.word('error', name))}</i> {value:.1f}</span>"
                        for name, value in finding.error_band.parts.items() if value)  # fmt: skip
        lines.append(f'<p class="y-quiet y-parts">{escape(texts("card.error"))}{parts}</p>')
    return "".join(lines)


def _rule(finding: Finding, texts: Texts) -> str:
    rule = finding.in_force
    return (
        f"<p>{escape(texts('card.no_rule'))}</p>"
        if rule is None
        else rule_html(rule.as_dict(), texts)
    )


def rule_html(rule: Mapping[str, Any], texts: Texts) -> str:
    """A rule as a finding carries it (`Rule.as_dict`): document, article, days in force, notes."""
    document, note, assumed = (
        rule.get("document") or {},
        rule.get("note"),
        rule.get("assumed") or (),
    )
    article = texts("card.article", article=rule["article"]) if rule.get("article") else ""
    title = " ".join(
        str(one) for one in (document.get("title"), document.get("number"), article) if one
    )
    marks = _mark(bool(rule.get("verified")), texts)
    marks += _tag(texts("card.national")) if rule.get("national") else ""
    quiet = [dates(rule["in_force_from"], rule["in_force_to"], texts)]
    if note:
        quiet.append(str(note.get(texts.lang) or note.get("zh")))
    if assumed:
        named = ", ".join(texts.word("field", name) for name in assumed)
        quiet.append(texts("card.assumed", fields=named))
    lines = "".join(f'<p class="y-quiet">{escape(one)}</p>' for one in quiet)
    return f"<p>{escape(title)} {marks}</p>{lines}"


def _licence(finding: Finding, texts: Texts) -> str:
    facts = finding.facts
    rows = "".join(
        f"<dt>{escape(texts('facts.' + name))}</dt><dd>{escape(texts.word(name, str(facts[name])))}</dd>"
        for name in _FACTS
        if facts.get(name)
    )
    word = licence_word(finding.licence_class, texts)
    return f"<p><b>{escape(word)}</b></p>" + (f"<dl>{rows}</dl>" if rows else "")


def about(check: Check, on_date: str, texts: Texts) -> str:
    """What a check's manifest says to the person who acts: pitfalls, how to verify, legal basis."""
    return _advice(check, texts) + _basis(check.basis_on(on_date), texts)


def _advice(check: Check, texts: Texts) -> str:
    pitfalls = _details("pitfalls", lines_of(check.pitfalls, texts), texts, is_open=True)
    return pitfalls + _details("verify", lines_of(check.verify, texts), texts, is_open=True)


def _basis(bases: tuple[LegalBasis, ...], texts: Texts) -> str:
    lines = []
    for basis in bases:
        article = texts("card.article", article=basis.article) if basis.article else ""
        words = " ".join(
            part for part in (basis.title.of(texts.lang), basis.number, article) if part
        )
        says = basis.says.of(texts.lang)
        more = f'<br><span class="y-quiet">{escape(says)}</span>' if says else ""
        lines.append(f"<li>{escape(words)} {_mark(basis.verified, texts)}{more}</li>")
    return _details("basis", f"<ul>{''.join(lines)}</ul>", texts)


def _mark(verified: bool, texts: Texts) -> str:
    word = texts("card.verified") if verified else texts("card.unverified")
    return f'<span class="y-tag {"y-ok" if verified else "y-unverified"}">{escape(word)}</span>'


def _tag(word: str) -> str:
    return f'<span class="y-tag">{escape(word)}</span>'


def _note(words: str) -> str:
    return f'<p class="y-note">{escape(words)}</p>'


def _details(name: str, body: str, texts: Texts, *, is_open: bool = False) -> str:
    state = " open" if is_open else ""
    return (f'<details class="y-{name}"{state}><summary>{escape(texts("card." + name))}</summary>'
            f"{body}</details>")  # fmt: skip
