"""The body of a card where records were compared or counted: no distance, but two rows side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from checks import UNITS, Finding, Text
from ui.texts import Texts
from ui.words import SIGNS, licence_word, method_words, metres

_REGISTER = ("name", "licence_no", "credit_code", "address", "licence_status", "first_issued", "last_renewed",
             "valid_to", "source_row")  # fmt: skip
_ROW = ("name", "id", "due", "paid", "valid_to", "ownership", "source_row")
_SHOPS = 12
"""Shops behind one door named on a card; the file of findings has them all."""


def record_body(finding: Finding, texts: Texts) -> str:
    """Result, reasons, the register's rows, what lies near, and how it was compared."""
    return "".join((
        _figures(finding, texts),
        section("reasons", lines_of(finding.reasons, texts), texts),
        _register(finding.facts, texts),
        _shops(finding.facts.get("shops") or (), texts),
        _near(finding.facts, texts),
        section("compared", f"<p>{escape(method_words(finding, texts))}</p>{_likely(finding.facts, texts)}", texts),
    ))  # fmt: skip


def _figures(finding: Finding, texts: Texts) -> str:
    """What was found, and the limit where one is counted."""
    word = licence_word(finding.licence_class, texts)
    boxes = [(texts("card.result"), word, "")]
    seen = finding.limit is None and "shore_m" in finding.facts  # told with what was seen
    if finding.measured is not None and not seen:
        unit = UNITS[finding.unit].of(texts.lang) if finding.unit in UNITS else finding.unit
        limit = "" if finding.limit is None else texts(
            "card.counted_limit", sign=SIGNS.get(finding.comparator or "", ""), value=f"{finding.limit:g}", unit=unit)  # fmt: skip
        if finding.unit == "metres":
            under = " · ".join(filter(None, (_interval(finding), limit)))
            boxes.append((texts("card.measured"), metres(finding.measured, texts, digits=2), under))
        else:
            boxes.append((texts("card.counted"), f"{finding.measured:g} {unit}", limit))
    cells = "".join(
        f"<div><label>{escape(name)}</label><b>{escape(value)}</b><small>{escape(under)}</small></div>"
        for name, value, under in boxes
    )
    return f'<div class="y-figures{" y-one" if len(boxes) == 1 else ""}">{cells}</div>'


def _interval(finding: Finding) -> str:
    """Least and greatest value, metres."""
    if finding.measured_low is None or finding.measured_high is None:
        return ""
    return f"[{finding.measured_low:.2f}, {finding.measured_high:.2f}]"


def _register(facts: Mapping[str, Any], texts: Texts) -> str:
    """The row or rows of the register that were found."""
    row = facts.get("register")
    rows = [row] if row else list(facts.get("register_rows") or ())
    if not rows:
        return ""
    names = _REGISTER if row else _ROW
    body = "".join(_row(one, names, texts) for one in rows[:3])
    differs = [texts.word("facts", name) for name in facts.get("differs") or ()]
    note = f'<p class="y-quiet">{escape(texts("card.differs", names="、".join(differs) if texts.lang == "zh" else ", ".join(differs)))}</p>' if differs else ""  # fmt: skip
    return section("register", body + note, texts)


def _row(row: Mapping[str, Any], names: Sequence[str], texts: Texts) -> str:
    cells = "".join(
        f"<dt>{escape(texts.word('facts', name))}</dt><dd>{escape(_value(name, row[name], texts))}</dd>"
        for name in names
        if row.get(name) not in (None, "")
    )
    return f"<dl>{cells}</dl>"


def _value(name: str, value: object, texts: Texts) -> str:
    if name == "valid_to" and str(value) >= "9999":
        return texts("card.open_ended")
    return f"{value:g}" if isinstance(value, float) else texts.word(name, str(value))


def _shops(shops: Sequence[Mapping[str, Any]], texts: Texts) -> str:
    if not shops:
        return ""
    names = [str(shop.get("name") or shop.get("id")) for shop in shops]
    more = texts("card.more", n=len(names) - _SHOPS) if len(names) > _SHOPS else ""
    items = "".join(
        f"<li>{escape(name)}</li>" for name in [*names[:_SHOPS], *([more] if more else [])]
    )
    return section("shops", f"<ul>{items}</ul>", texts)


def _near(facts: Mapping[str, Any], texts: Texts) -> str:
    """The nearest school, where the check looked for one."""
    name, away = facts.get("near_school_name"), facts.get("near_school_m")
    if away is None:
        return ""
    words = texts("card.near_school", name=name or texts("card.unknown"), metres=f"{away:.1f}")
    return section("school", f"<p>{escape(words)}</p>", texts)


def _likely(facts: Mapping[str, Any], texts: Texts) -> str:
    """Why the row of the register is taken for the same holder, and how surely."""
    told = facts.get("match_text")
    score = None if facts.get("detector") else facts.get("score")  # a detector's is no likelihood
    parts = [told[texts.lang]] if isinstance(told, Mapping) else []
    if isinstance(score, float):
        parts.append(texts("card.likely", value=f"{min(score, 0.999):.3f}"))
    return f'<p class="y-quiet">{escape(" · ".join(parts))}</p>' if parts else ""


def lines_of(lines: Iterable[Text], texts: Texts) -> str:
    """Texts as a list."""
    return "<ul>" + "".join(f"<li>{escape(line.of(texts.lang))}</li>" for line in lines) + "</ul>"


def section(name: str, body: str, texts: Texts) -> str:
    """A part of a card under its title."""
    return f'<section class="y-{name}"><h3>{escape(texts("card." + name))}</h3>{body}</section>'
