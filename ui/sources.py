"""Where the data come from, as lines of a card and as one table for all layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from checks import LayerRef
from layers import Layer, LayerSet
from layers.themes import THEMES
from ui.texts import Texts

SHORT = 12
"""Characters of a SHA-256 that are shown; the whole one is in the tooltip and in the files."""


def layer_lines(refs: Iterable[LayerRef], texts: Texts) -> str:
    """The layers a finding was made from: source, dates, datum as received and hash."""
    lines = []
    for ref in refs:
        sources = "".join(_source(source, texts) for source in ref.sources)
        lines.append(f"<li><b>{escape(theme_word(ref.theme, texts))}</b>{sources}</li>")
    return f'<ul class="y-layers">{"".join(lines)}</ul>'


def table(layers: LayerSet, texts: Texts) -> str:
    """All layers with their sources as an HTML table."""
    names = ("layer", "rows", "source", "datum", "dates", "licence", "sha")
    head = "".join(f"<th>{escape(texts('sources.' + name))}</th>" for name in names)
    rows = "".join(_rows(layers[name], texts) for name in THEMES if name in layers)
    return f'<div class="y-scroll"><table class="y-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def theme_word(name: str, texts: Texts) -> str:
    """A theme's name in the page's language; a name that is no theme stays as it is."""
    theme = THEMES.get(name)
    if theme is None:
        return texts("sources.network") if name == "walking" else name
    return theme.zh if texts.lang == "zh" else theme.en[:1].upper() + theme.en[1:]


def _rows(layer: Layer, texts: Texts) -> str:
    return "".join(_row(layer, entry.as_dict(), first, texts)
                   for first, entry in zip([True, *[False] * len(layer.provenance)], layer.provenance, strict=False))  # fmt: skip


def _row(layer: Layer, entry: Mapping[str, Any], first: bool, texts: Texts) -> str:
    name = theme_word(layer.theme.name, texts) if first else ""
    generated = (
        f' <span class="y-tag">{escape(texts("sources.generated"))}</span>'
        if entry["generated"]
        else ""
    )
    cells = (
        f"<b>{escape(name)}</b>",
        f"{len(layer):,}" if first else "",
        f"{escape(str(entry['source']))}{generated}<br><small>{escape(str(entry['file']))}</small>",
        escape(str(entry["datum"])),
        escape(f"{_known(entry['retrieved'], texts)} / {_known(entry['state_of'], texts)}"),
        escape(_known(entry["licence"], texts)),
        _sha(entry["sha256"]),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _source(source: Mapping[str, Any], texts: Texts) -> str:
    line = texts("card.source_line", source=source.get("source", "—"), datum=source.get("datum", "—"),
                 rows=source.get("rows_out", "—"))  # fmt: skip
    days = texts("card.source_dates", retrieved=_known(source.get("retrieved"), texts),
                 state_of=_known(source.get("state_of"), texts))  # fmt: skip
    return (f'<span class="y-quiet">{escape(line)}<br>{escape(days)} · SHA-256 '
            f"{_sha(source.get('sha256'))}</span>")  # fmt: skip


def _sha(value: object) -> str:
    text = str(value or "—")
    return f'<code title="{escape(text)}">{escape(text[:SHORT])}</code>'


def _known(value: object, texts: Texts) -> str:
    return texts("card.unknown") if value in (None, "", "unknown") else str(value)
