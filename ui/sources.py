"""Where the data come from, as lines of a card and as one table for all layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from checks import LayerRef
from layers import Layer, LayerSet
from layers.shelf import stale_sources
from layers.themes import THEMES
from ui.texts import Texts

_UNKNOWN = (None, "", "unknown")
SHORT = 12
"""Characters of a SHA-256 that are shown; the whole one is in the tooltip and in the files."""


def layer_lines(refs: Iterable[LayerRef], texts: Texts) -> str:
    """The layers a finding was made from: source, dates, datum as received and hash."""
    lines = []
    for ref in refs:
        sources = "".join(_source(source, texts) for source in ref.sources)
        lines.append(f"<li><b>{escape(theme_word(ref.theme, texts))}</b>{sources}</li>")
    return f'<ul class="y-layers">{"".join(lines)}</ul>'


def stale_lines(layers: Iterable[Mapping[str, Any]], on_date: str, texts: Texts) -> str:
    """A warning where a finding relies on sources that were out of date on its day; else nothing.

    `layers` are references as findings carry them: `theme` and `sources`. Those without a date are
    told in one line.
    """
    ages = stale_sources(layers, on_date)
    lines = [
        f"{theme_word(age.theme, texts)} · {age.text(texts.lang)}"
        for age in ages
        if age.state == "stale"
    ]
    undated = list(
        dict.fromkeys(theme_word(age.theme, texts) for age in ages if age.state == "unknown")
    )
    lines += [texts("data.undated", themes=", ".join(undated))] if undated else []
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return (f'<section class="y-stale"><h3>{escape(texts("data.stale_head"))}</h3>'
            f'<ul class="y-layers">{items}</ul></section>')  # fmt: skip


def refs_of(refs: Iterable[LayerRef]) -> list[dict[str, Any]]:
    """References as plain mappings."""
    return [{"theme": ref.theme, "sources": ref.sources} for ref in refs]


def table(layers: LayerSet, texts: Texts) -> str:
    """All layers with their sources as an HTML table."""
    names = ("layer", "source", "datum", "dates")
    head = "".join(f"<th>{escape(texts('sources.' + name))}</th>" for name in names)
    rows = "".join(_rows(layers[name], texts) for name in THEMES if name in layers)
    return (f'<div class="y-scroll"><table class="y-table"><thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>")  # fmt: skip


def theme_word(name: str, texts: Texts) -> str:
    """A theme's name in the page's language; a name that is no theme stays as it is."""
    theme = THEMES.get(name)
    if theme is None:
        return texts("sources.network") if name == "walking" else name
    return theme.zh if texts.lang == "zh" else theme.en[:1].upper() + theme.en[1:]


def _rows(layer: Layer, texts: Texts) -> str:
    """One table row per source; the layer's name and size stand in the first."""
    name = escape(theme_word(layer.theme.name, texts))
    count = escape(texts("card.source_rows", rows=f"{len(layer):,}"))
    heads = [f"<b>{name}</b><br><small>{count}</small>", *[""] * len(layer.provenance)]
    return "".join(_row(head, entry.as_dict(), texts)
                   for head, entry in zip(heads, layer.provenance, strict=False))  # fmt: skip


def _row(head: str, entry: Mapping[str, Any], texts: Texts) -> str:
    word = texts("sources.generated")
    marked = entry["generated"] and word not in str(entry["source"])
    mark = f' <span class="y-tag">{escape(word)}</span>' if marked else ""
    about = " · ".join(
        str(entry[name]) for name in ("file", "licence") if entry[name] not in _UNKNOWN
    )
    source = f"{escape(str(entry['source']))}{mark}<br><small>{escape(about)}"
    cells = (
        head,
        f"{source}<br>SHA-256 {_sha(entry['sha256'])}</small>",
        escape(_datum(entry, texts)),
        "<br>".join(escape(day) for day in _days(entry, texts)) or "—",
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _source(source: Mapping[str, Any], texts: Texts) -> str:
    """One source in two lines; what is not known is left out."""
    names = [str(source[name]) for name in ("source", "file") if source.get(name) not in _UNKNOWN]
    facts = [_datum_words(source, texts)] if source.get("datum") else []
    facts += [texts("card.source_rows", rows=source["rows_out"])] if source.get("rows_out") else []
    facts += _days(source, texts)
    lines = [escape(" · ".join(dict.fromkeys(names))),
             " · ".join(f'<span class="y-whole">{escape(fact)}</span>' for fact in facts)]  # fmt: skip
    words = "<br>".join(line for line in lines if line)
    return f'<span class="y-quiet">{words}<br>SHA-256 {_sha(source.get("sha256"))}</span>'


def _datum_words(source: Mapping[str, Any], texts: Texts) -> str:
    datum = str(source["datum"])
    return texts("sources.no_datum") if datum == "none" else texts("card.source_facts", datum=datum)


def _datum(source: Mapping[str, Any], texts: Texts) -> str:
    datum = str(source.get("datum") or "none")
    return texts("sources.no_datum") if datum == "none" else datum


def _days(source: Mapping[str, Any], texts: Texts) -> list[str]:
    days = (("layers.as_of", source.get("state_of")), ("layers.obtained", source.get("retrieved")))
    return [texts(key, day=day) for key, day in days if day not in _UNKNOWN]


def _sha(value: object) -> str:
    text = str(value or "—")
    return f'<code title="{escape(text)}">{escape(text[:SHORT])}</code>'
