"""The ledger of exports: who took what out, when, for whom and why."""

from __future__ import annotations

from html import escape

import streamlit as st

from evidence.ledger import Exported, ledger, matching
from evidence.words import moment
from office import Actor
from ui import cache, state
from ui.empty import say_empty
from ui.texts import Texts

TEXT, SHOWN = "e_ledger", 200
_NAMES = ("at", "actor", "what", "mode", "leads", "file", "reason", "recipient", "until", "sha256")


def show_ledger(who: Actor, words: Texts) -> None:
    """Newest first, searched in every field."""
    st.text_input(words("evidence.ledger_search"), key=TEXT, placeholder=words("evidence.ledger_search"),
                  label_visibility="collapsed", icon=":material/search:")  # fmt: skip
    found = matching(ledger(cache.lead_store(), actor=who), str(state.recall(TEXT) or ""))
    if not found:
        say_empty(words("evidence.ledger_none"), words("evidence.ledger_none_hint"), small=True)
        return
    st.html(f'<div class="y-tally">{words("evidence.ledger_count", n=len(found))}</div>')
    if len(found) > SHOWN:
        st.caption(words("evidence.ledger_more", n=SHOWN))
    head = "".join(f"<th>{escape(words(f'evidence.column.{name}'))}</th>" for name in _NAMES)
    rows = "".join(_row(one, words) for one in found[:SHOWN])
    st.html(f'<div class="ev-scroll" tabindex="0"><table class="y-table y-plain ev-ledger"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>')  # fmt: skip


def _row(one: Exported, words: Texts) -> str:
    what = one.what.partition(":")[0]
    mode = words("evidence.modes.shared" if one.shared else "evidence.modes.full")
    if one.approved_by:
        mode += f" · {words('evidence.approved_by', who='、'.join(one.approved_by))}"
    cells = (moment(one.at), one.actor, words.word("evidence.whats", what), mode,
             str(len(one.leads)), one.file, one.reason, one.recipient, one.until or "–")  # fmt: skip
    told = "".join(f'<td data-name="{escape(words(f"evidence.column.{name}"))}">{escape(cell)}</td>'
                   for name, cell in zip(_NAMES, cells, strict=False))  # fmt: skip
    digest = escape(words("evidence.column.sha256"))
    return f'<tr>{told}<td data-name="{digest}"><code class="ev-hash">{one.sha256}</code></td></tr>'
