"""One model to read: what, why, law, local values and their documents, data, yield, how to verify.

Pure functions; all text escaped. A text nobody compared with its document is marked wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape

from checks import (
    METHOD_WORDS,
    ORIGINS,
    SCHOOL_CLASSES,
    TARGET_POINTS,
    UNITS,
    Check,
    LegalBasis,
    Rule,
    RulePack,
    catalogue,
    domain_of,
    domains,
)
from layers import Layer
from leads.yields import Yield
from ui.sources import theme_word
from ui.texts import Texts
from ui.words import SIGNS, dates

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_YIELD = ("findings", "leads", "cases", "rectified", "dismissed", "not_filed", "transferred")


def model_html(
    check: Check, packs: Iterable[RulePack], layers: Mapping[str, Layer], words: Texts, *, on_date: str,
    found: Yield | None, chosen: str | None,
) -> str:  # fmt: skip
    """The model as HTML; `layers` by theme are those at hand, `found` its yield, `chosen` the rule pack."""
    lang = words.lang
    head = (
        f'<p class="y-quiet">{escape(domains()[domain_of(check.id)].of(lang))} · <code>{escape(check.id)}</code>'
        f"{' · ' + escape(words('models.watch_long')) if check.level == 'watch' else ''}</p>"
        f"<h2>{escape(check.title.of(lang))}</h2><p>{escape(check.why.of(lang))}</p>"
    )
    parts = (
        ("law", _law(check, on_date, words)), ("values", _values(check, packs, chosen, on_date, words)),
        ("data", _data(check, layers, words)), ("yield", _yield(found, words)),
        ("pitfalls", _lines(one.of(lang) for one in check.pitfalls)),
        ("verify", _lines(one.of(lang) for one in check.verify)),
    )  # fmt: skip
    body = "".join(f'<section class="mo-{name}"><h3>{escape(words(f"models.parts.{name}"))}</h3>{html}</section>'
                   for name, html in parts)  # fmt: skip
    return f'<article class="y-card mo-card">{head}{body}</article>'


def mark(verified: bool, words: Texts) -> str:
    """Whether somebody compared it with its document."""
    name, look = ("verified", "y-ok") if verified else ("unverified", "y-unverified")
    return f'<span class="y-tag {look}">{escape(words(f"models.{name}"))}</span>'


def _law(check: Check, on_date: str, words: Texts) -> str:
    return "<ul>" + "".join(_basis(one, on_date, words) for one in check.legal_basis) + "</ul>"


def _basis(one: LegalBasis, on_date: str, words: Texts) -> str:
    article = words("card.article", article=one.article) if one.article not in ("", "—") else ""
    name = " ".join(part for part in (one.title.of(words.lang), one.number, article) if part)
    off = (
        ""
        if one.in_force(on_date)
        else f' <span class="y-tag">{escape(words("models.not_in_force", day=on_date))}</span>'
    )
    days = _days(one.effective_from, one.effective_to, words)
    says = one.says.of(words.lang)
    more = f'<br><span class="y-quiet">{escape(says)}</span>' if says else ""
    return (f'<li>{escape(name)} {mark(one.verified, words)}{off} <span class="y-quiet">{days}</span>{more}</li>')  # fmt: skip


def _values(
    check: Check, packs: Iterable[RulePack], chosen: str | None, on_date: str, words: Texts
) -> str:
    national = [rule for limit in check.limits for rule in limit.national]
    near = [_rule(rule, words("models.national"), on_date, words, bold=False) for rule in national]
    far = list[str]()
    for pack in packs:
        mine = pack.place == chosen
        (near if mine else far).extend(
            _rule(rule, pack.title.of(words.lang), on_date, words, bold=mine)
            for rule in pack.of(check.id)
        )
    if not near and not far:
        return f'<p class="y-quiet">{escape(words("models.no_number" if not check.limits else "models.no_values"))}</p>'
    if not far:
        return _table(near, words)
    folded = f"<details{'' if near else ' open'}><summary>{escape(words('models.other_places', n=len(far)))}</summary>{_table(far, words)}</details>"
    return (_table(near, words) if near else "") + folded


def _days(start: str, end: str, words: Texts) -> str:
    """From when until when, no day cut in two."""
    return _DAY.sub(r'<span class="y-whole">\g<0></span>', escape(dates(start, end, words)))


def _table(rows: Iterable[str], words: Texts) -> str:
    head = "".join(f"<th>{escape(words(f'models.rule.{name}'))}</th>"
                   for name in ("place", "about", "limit", "way", "document", "days"))  # fmt: skip
    return (f'<div class="y-scroll"><table class="y-table y-plain"><thead><tr>{head}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table></div>")  # fmt: skip


def _rule(rule: Rule, place: str, on_date: str, words: Texts, *, bold: bool) -> str:
    lang = words.lang
    title = limit_words(rule, words)
    way = "" if not rule.is_distance else (
        f"{METHOD_WORDS[rule.method].of(lang)}<br><small>{ORIGINS[rule.origin].of(lang)} → "
        f"{TARGET_POINTS[rule.target_point].of(lang)}</small>")  # fmt: skip
    marks = mark(rule.verified, words)
    if rule.draft:
        marks += f' <span class="y-tag y-unverified">{escape(words("models.draft"))}</span>'
    article = words("card.article", article=rule.article) if rule.article else ""
    document = " ".join(
        part for part in (rule.document.title, rule.document.number, article) if part
    )
    off = (
        ""
        if rule.in_force(on_date)
        else f'<br><span class="y-tag">{escape(words("models.not_in_force", day=on_date))}</span>'
    )
    name = f"<b>{escape(place)}</b>" if bold else escape(place)
    cells = (name, escape(title), f"{SIGNS[rule.comparator]} {escape(value_words(rule, rule.value, words))}", way,
             f"{escape(document)}<br>{marks}", _days(rule.in_force_from, rule.in_force_to, words) + off)  # fmt: skip
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def limit_words(rule: Rule, words: Texts) -> str:
    """What a limit is about."""
    if rule.school_class in SCHOOL_CLASSES:
        return SCHOOL_CLASSES[rule.school_class][0].of(words.lang)
    entry = catalogue().get(rule.check)
    limit = entry.check.limit(rule.school_class) if entry else None
    return limit.words.of(words.lang) if limit else rule.school_class


def value_words(rule: Rule, value: float, words: Texts) -> str:
    """A value in the rule's unit."""
    unit = (
        UNITS[rule.unit].of(words.lang)
        if rule.unit in UNITS
        else words.word("models.units", rule.unit)
    )
    return f"{value:g} {unit}"


def _data(check: Check, layers: Mapping[str, Layer], words: Texts) -> str:
    rows = [_theme(name, needed, layers.get(name), words)
            for needed, names in ((True, check.needs), (False, check.uses)) for name in names]  # fmt: skip
    head = "".join(
        f"<th>{escape(words(f'models.layer.{name}'))}</th>"
        for name in ("theme", "there", "fresh", "source")
    )
    return (f'<div class="y-scroll"><table class="y-table y-plain"><thead><tr>{head}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table></div>")  # fmt: skip


def _theme(name: str, needed: bool, layer: Layer | None, words: Texts) -> str:
    kind = words("models.needed" if needed else "models.better")
    title = f"{escape(theme_word(name, words))} <small>{escape(kind)}</small>"
    if layer is None:
        look = "y-unverified" if needed else ""
        there = f'<span class="y-tag {look}">{escape(words("models.missing"))}</span>'
        return f"<tr><td>{title}</td><td>{there}</td><td></td><td></td></tr>"
    days = sorted(
        {
            str(one.state_of or one.retrieved)
            for one in layer.provenance
            if one.state_of or one.retrieved
        }
    )
    sources = "; ".join(dict.fromkeys(str(one.source) for one in layer.provenance))
    cells = (
        title,
        escape(words("models.rows", n=f"{len(layer):,}")),
        escape(days[0] if days else "—"),
        escape(sources),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _yield(found: Yield | None, words: Texts) -> str:
    if found is None:
        return f'<p class="y-quiet">{escape(words("models.no_yield"))}</p>'
    figures = "".join(f"<div><label>{escape(words(f'models.yield.{name}'))}</label><b>{getattr(found, name):,}</b></div>"
                      for name in _YIELD)  # fmt: skip
    share = (
        words("models.right", share=f"{found.right:.0%}", n=found.decided)
        if found.decided
        else words("models.undecided")
    )
    return (
        f'<div class="y-figures mo-figures">{figures}</div><p class="y-quiet">{escape(share)}</p>'
    )


def _lines(texts: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(one)}</li>" for one in texts) + "</ul>"
