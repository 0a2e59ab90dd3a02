"""A table of HTML cells; where the window is narrow each row is a card that names its cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def table_html(heads: Sequence[str], rows: Iterable[Sequence[str]], *, css: str = "") -> str:
    """The table; `rows` hold HTML, `heads` are text; `css` names the table for its page's styles."""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    names = [escape(one) for one in heads]
    body = "".join(f"<tr>{''.join(map(_cell, names, row))}</tr>" for row in rows)
    return (f'<div class="y-scroll y-rows" tabindex="0"><table class="y-table y-plain {css}"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>")  # fmt: skip


def _cell(name: str, html: str) -> str:
    return f'<td data-name="{name}"><div>{html}</div></td>'
