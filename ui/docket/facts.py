"""What a lead's card says, as HTML: head, figures, reasons, score, changes, history. All text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from checks import METHOD_WORDS, catalogue, verdict_words
from leads.runs.report import CHANGE_WORDS
from leads.score import Part
from leads.store import Card
from ui.cards.finding import about, rule_html
from ui.cards.scale import picture
from ui.docket.listing import name_of
from ui.docket.names import (
    check_title,
    day_of,
    figure,
    what_words,
)
from ui.docket.told import foreign, history
from ui.sources import stale_lines, theme_word
from ui.texts import Texts
from ui.words import GLYPHS, SIGNS, licence_word


@dataclass(frozen=True, slots=True)
class _Figures:
    """The numbers of a stored finding, as the picture takes them."""

    measured: float | None
    measured_low: float | None
    measured_high: float | None
    limit: float | None
    verdict: str


def head(found: Card, words: Texts) -> str:
    """Number, verdict, check, name, address, ids; what the person must know first."""
    lead = found.lead
    verdict = str(lead["verdict"])
    said = verdict_words(verdict, lead["unit"]).of(words.lang)
    ids = [lead["credit_code"], lead["licence_no"]]
    marks = "".join(f'<p class="y-note y-warn">{escape(one)}</p>' for one in _marks(found, words))
    return (
        f'<article class="y-card"><div class="y-head"><span class="y-pill {verdict}"><span class="y-glyph">'
        f"{GLYPHS.get(verdict, '')}</span>{escape(said)}</span>"
        f'<span class="y-check">{escape(check_title(str(lead["check_id"]), words))}</span>'
        f'<code class="y-number">{escape(str(lead["number"]))}</code></div>'
        f"<h2>{escape(name_of(lead))}</h2>"
        f'<p class="y-quiet y-address">{escape(" · ".join(str(one) for one in (lead["address"], lead["township"], *ids) if one))}</p>'
        f"{marks}</article>"
    )


def body(found: Card, words: Texts) -> str:
    """Figures, reasons, rule, score and its parts, what every run changed."""
    finding = found.finding
    parts = [
        _figures(found, words), _picture(finding, str(found.lead["verdict"]), words),
        _section("card.reasons", _reasons(finding, words), words),
        _section("card.rule", rule_html(rule, words) if (rule := finding.get("rule_text")) else "", words),
        _section("leads.score_parts", score_bars(found.score, words), words),
        _section("leads.changed", _changes(found, words), words),
    ]  # fmt: skip
    return f'<article class="y-card">{"".join(parts)}</article>'


def tail(found: Card, words: Texts) -> str:
    """Pitfalls, how to verify, legal basis, the layers used, and the history."""
    entry = catalogue().get(str(found.lead["check_id"]))
    advice = about(entry.check, str(found.lead["on_date"]), words) if entry else ""
    layers = "".join(
        f"<li>{escape(_layer(one, words))}</li>" for one in found.finding.get("layers") or ()
    )
    sources = f'<details><summary>{escape(words("card.sources"))}</summary><ul class="y-layers">{layers}</ul></details>'
    stale = stale_lines(found.relied, str(found.lead["on_date"]), words)
    return (f'<article class="y-card">{stale}{advice}{sources if layers else ""}{history(found.history, words)}{foreign(found.foreign, words)}'
            f'<p class="y-foot">{escape(words("app.reference"))}</p></article>')  # fmt: skip


def score_bars(parts: Iterable[Part], words: Texts) -> str:
    """The score as the sum it is: a bar per part, points of the weight, and why."""
    rows = list(parts)
    lines = "".join(
        f'<li style="--share:{100 * part.share:.0f}%;--room:{part.weight:g}"><b>{escape(part.words.of(words.lang))}</b>'
        f'<i role="img" aria-label="{part.share:.0%}"></i><span>{part.points:.1f} / {part.weight:g}</span>'
        f"<small>{escape(part.why.of(words.lang))}</small></li>"
        for part in rows
    )
    total = sum(part.points for part in rows)
    room = sum(part.weight for part in rows)
    told = escape(words("leads.score_total", points=f"{total:.1f}", room=f"{room:g}"))
    return f'<ul class="y-score">{lines}</ul><p class="y-total"><b>{told}</b></p><p class="y-quiet">{escape(words("leads.score_note"))}</p>'


def _marks(found: Card, words: Texts) -> list[str]:
    lead, marks = found.lead, list[str]()
    if lead["presence"] == "vanished":
        marks.append(words("leads.vanished"))
    if lead["asked_again"]:
        marks.append(words("leads.asked_again"))
    if (found.data.get("routing") or {}).get("near_border"):
        marks.append(words("leads.near_border"))
    marks += [words("leads.merged_into", other=link["other_id"]) for link in found.links
              if link["kind"] == "merged_into" and link["lead_id"] == lead["id"]]  # fmt: skip
    return marks


def _figures(found: Card, words: Texts) -> str:
    finding, unit = found.finding, found.lead["unit"]
    band = finding.get("error_band")
    under = words("card.plus_minus", value=f"{band:.1f}") if isinstance(band, int | float) else ""
    sign = SIGNS.get(str(finding.get("comparator") or ""), "")
    limit = (
        words("card.no_limit")
        if found.lead["limit"] is None
        else f"{sign} {figure(found.lead['limit'], unit, words, limit=True)}"
    )
    rule = (finding.get("rule_text") or {}).get("document") or {}
    method = METHOD_WORDS.get(str(finding.get("method")))
    licence = str(finding.get("licence_class") or "")
    judged = licence_word(licence, words) if licence not in ("", "not_checked") else None
    boxes = (
        [
            (words("card.measured"), figure(found.lead["measured"], unit, words), under),
            (words("card.limit"), limit, str(rule.get("number") or "")),
        ]
        if found.lead["measured"] is not None or judged is None
        else [(words("card.result"), judged, "")]
    )
    boxes += [
        (words("leads.score"), f"{found.lead['score']:.0f}", words("leads.as_of", day=found.lead["on_date"])),
    ]  # fmt: skip
    cells = "".join(f"<div><label>{escape(name)}</label><b>{escape(value)}</b><small>{escape(small)}</small></div>"
                    for name, value, small in boxes)  # fmt: skip
    facts = [finding.get("object_name"), method.of(words.lang) if method else None]
    facts += [judged] if found.lead["measured"] is not None else []
    line = " · ".join(str(one) for one in facts if one)
    return f'<div class="y-figures{" y-three" if len(boxes) > 2 else ""}">{cells}</div><p class="y-quiet">{escape(line)}</p>'


def _picture(finding: Mapping[str, Any], verdict: str, words: Texts) -> str:
    if finding.get("unit") != "m":
        return ""
    get = finding.get
    figures = _Figures(
        get("measured"), get("measured_low"), get("measured_high"), get("limit"), verdict
    )
    return picture(figures, words)


def _reasons(finding: Mapping[str, Any], words: Texts) -> str:
    reasons = (finding.get("texts") or {}).get("reasons") or ()
    lines = "".join(
        f"<li>{escape(str(one.get(words.lang) or one.get('zh')))}</li>" for one in reasons
    )
    return f"<ul>{lines}</ul>" if lines else ""


def _changes(found: Card, words: Texts) -> str:
    """What every run that changed something changed, the last one first."""
    lines = []
    for one in reversed(found.sightings):
        run = found.runs[one["run_id"]]
        what = "; ".join(what_words(one["what"], words))
        name = (
            CHANGE_WORDS[one["change"]].of(words.lang)
            if one["change"] in CHANGE_WORDS
            else one["change"]
        )
        more = f'<br><span class="y-quiet">{escape(what)}</span>' if what else ""
        lines.append(f"<li>{escape(str(run['on_date']))} <b>{escape(name)}</b>{more}</li>")
    last = found.runs[found.lead["last_run"]]
    note = words("leads.last_run", day=str(last["on_date"]), at=day_of(str(last["at"])))
    return f'<ul>{"".join(lines)}</ul><p class="y-quiet">{escape(note)}</p>'


def _layer(one: Mapping[str, Any], words: Texts) -> str:
    parts = [theme_word(str(one.get("theme")), words), one.get("source"), one.get("state_of"),
             words("card.source_rows", rows=one.get("rows")) if one.get("rows") else None]  # fmt: skip
    return " · ".join(str(part) for part in parts if part)


def _section(title: str, inner: str, words: Texts) -> str:
    return f"<section><h3>{escape(words(title))}</h3>{inner}</section>" if inner else ""
