"""The table of sources and what is told of one of them, as HTML. Pure functions, all text escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from layers.datum import parse_datum
from layers.errors import DatumError
from layers.importing.declared import same_datum
from layers.problems import in_language
from layers.shelf.about import Held
from layers.shelf.freshness import period_of
from layers.themes import theme
from ui.docket.names import day_of
from ui.sources import SHORT, theme_word
from ui.texts import Texts

Quality = Mapping[str, Any] | None
_NOTHING = (None, "", "unknown")
_COLUMNS = ("layer", "source", "dates", "datum", "quality", "came")


def theme_name(name: str, words: Texts) -> str:
    """A theme's name in the page's language; open tables (`record/…`) too."""
    about = theme(name)
    return (about.zh if words.lang == "zh" else about.en[:1].upper() + about.en[1:]) if name.startswith("record/") \
        else theme_word(name, words)  # fmt: skip


def datum_name(name: str, words: Texts) -> str:
    """A datum's name in the page's language; the code itself where it is none we know."""
    if name == "none":
        return words("sources.no_datum")
    try:
        found = parse_datum(name)
    except DatumError:
        return name
    return found.zh if words.lang == "zh" else found.en


def table(held: Sequence[Held], quality: Mapping[str, Quality], words: Texts) -> str:
    """All layer files; those that need somebody come first."""
    head = "".join(f"<th>{escape(words('data.head.' + name))}</th>" for name in _COLUMNS)
    rows = "".join(_row(one, quality.get(one.name), words) for one in ordered(held))
    return (f'<div class="dd-scroll"><table class="y-table dd-table"><thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>")  # fmt: skip


def ordered(held: Sequence[Held]) -> list[Held]:
    """Those that need somebody first: the datum in doubt, then too old or without a date."""
    return sorted(held, key=lambda one: (not doubtful(one), not one.late, one.name))


def doubtful(one: Held) -> bool:
    """Whether the known places speak for another datum than it was imported with."""
    told = one.version.doubt if one.version else None
    return bool(told) and not same_datum(
        str((told or {}).get("best")), one.version.datum if one.version else ""
    )


def tally(held: Sequence[Held], words: Texts) -> str:
    """How many layers, how many of them too old, without a date, in doubt."""
    late = sum(any(age.state == "stale" for age in one.ages) for one in held)
    blank = sum(any(age.state == "unknown" for age in one.ages) for one in held)
    doubt = sum(map(doubtful, held))
    said = [words("data.tally.all", n=len(held))]
    said += [f'<b class="dd-{mark}">{escape(words("data.tally." + name, n=n))}</b>'
             for name, n, mark in (("late", late, "late"), ("blank", blank, "late"), ("doubt", doubt, "doubt")) if n]  # fmt: skip
    return f'<div class="y-tally" role="status">{" · ".join(said)}</div>'


def _row(one: Held, quality: Quality, words: Texts) -> str:
    cells = (_layer(one, words), _source(one, words), _dates(one, words), _datum(one, quality, words),
             _quality(one, quality, words), _came(one, words))  # fmt: skip
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _layer(one: Held, words: Texts) -> str:
    count = words("data.rows", n=f"{one.rows:,}")
    return f"<b>{escape(theme_name(one.theme, words))}</b><br><small>{escape(one.name)}<br>{escape(count)}</small>"


def _source(one: Held, words: Texts) -> str:
    lines = []
    for entry in one.provenance:
        who = [entry.source, *(text for text in (entry.owner,) if text not in _NOTHING)]
        about = " · ".join(text for text in (entry.file, entry.licence) if text not in _NOTHING)
        lines.append(f"{escape(' · '.join(dict.fromkeys(who)))}<br><small>{escape(about)} "
                     f'<code title="{escape(entry.sha256)}">{escape(entry.sha256[:SHORT])}</code></small>')  # fmt: skip
    agreed = agreement(one)
    if agreed:
        lines.append(f"<small>{escape(words('data.agreement', text=agreed))}</small>")
    return "<br>".join(lines)


def agreement(one: Held) -> str:
    """Under which agreement the data came; empty where nobody said."""
    return str(((one.version.manifest if one.version else None) or {}).get("agreement") or "")


def _dates(one: Held, words: Texts) -> str:
    lines = []
    for age in dict.fromkeys(one.ages):
        days = (
            ""
            if age.age_days is None
            else f"<small>{escape(words('data.days', n=age.age_days))}</small>"
        )
        mark = {"fresh": "y-ok", "stale": "dd-late", "unknown": "dd-late"}[age.state]
        lines.append(f'{escape(age.day or "—")} {days}<br><span class="y-tag {mark}">'
                     f"{escape(words('data.age.' + age.state))}</span>")  # fmt: skip
    period = period_of(one.theme)
    due = period.zh if words.lang == "zh" else period.en
    return "<br>".join(lines) + f"<br><small>{escape(words('data.due', period=due))}</small>"


def _datum(one: Held, quality: Quality, words: Texts) -> str:
    names = dict.fromkeys(entry.datum for entry in one.provenance)
    lines = [escape(datum_name(name, words)) for name in names]
    error = (quality or {}).get("error_m")
    if error:
        lines.append(f"<small>{escape(words('data.error', mid=error[0], high=error[1]))}</small>")
    if doubtful(one) and one.version and one.version.doubt:
        text = words("data.doubt", datum=datum_name(str(one.version.doubt["best"]), words))
        lines.append(f'<span class="y-tag dd-doubt">{escape(text)}</span>')
    return "<br>".join(lines)


def _quality(one: Held, quality: Quality, words: Texts) -> str:
    if quality is None:
        return f"<small>{escape(words('data.measuring'))}</small>"
    if "problem" in quality:
        return f"<small>{escape(in_language(str(quality['problem']), '', words.lang)[0])}</small>"
    return "<br>".join(
        f"<small>{escape(text)}</small>" for text in facts(one, quality, words, short=True)
    )


def facts(one: Held, quality: Mapping[str, Any], words: Texts, *, short: bool = False) -> list[str]:
    """What was measured, a line each; `short` leaves out what is as it should be."""
    counts = (one.version.counts if one.version else None) or {}
    found = [words("data.filled", n=f"{filled_of(quality):.0%}")]
    for name, value in (("rejected", counts.get("rejected")), ("aside", counts.get("aside")),
                        ("unplaced", quality["unplaced"]), ("outside", quality["outside"]),
                        ("twice", quality["twice"])):  # fmt: skip
        if value or (value is not None and not short):
            found.append(words(f"data.count.{name}", n=f"{value:,}"))
    match = quality.get("match")
    if match:
        share = match["linked"] / match["of"] if match["of"] else 0.0
        found.append(words("data.match", n=f"{share:.0%}", other=theme_name(match["with"], words)))
    return found


def filled_of(quality: Mapping[str, Any]) -> float:
    """Share of filled cells over the columns that hold anything at all."""
    shares = [share for share in quality["filled"].values() if share]
    return sum(shares) / len(shares) if shares else 0.0


def columns_html(quality: Mapping[str, Any], about: str, words: Texts) -> str:
    """Fill rate per column, as bars with their number."""
    known = {column.name: column for column in theme(about).all_columns}
    rows = []
    for name, share in quality["filled"].items():
        column = known.get(name)
        word = name if column is None else (column.zh if words.lang == "zh" else column.en)
        rows.append(f'<li><span>{escape(word)}</span><i style="--share:{share * 100:.1f}%"></i><b>{share:.0%}</b></li>')  # fmt: skip
    return f'<ul class="dd-fill">{"".join(rows)}</ul>'


def _came(one: Held, words: Texts) -> str:
    version = one.version
    if version is None or version.kind == "found":
        return f"<small>{escape(words('data.no_record'))}</small>"
    lines = [escape(day_of(version.at)), escape(version.by or "—"),
             escape(words("data.version", n=version.number, all=one.versions))]  # fmt: skip
    return "<br>".join(f"<small>{line}</small>" for line in lines)
