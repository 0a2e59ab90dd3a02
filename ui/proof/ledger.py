"""The ledger of exports: who took what out, when, for whom and why."""

from __future__ import annotations

from html import escape

import streamlit as st

from evidence.ledger import Exported, ledger, matching
from evidence.words import moment
from office import Actor
from ui import cache, state
from ui.empty import say_empty
from ui.table import table_html
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
    heads = [words(f"evidence.column.{name}") for name in _NAMES]
    st.html(table_html(heads, (_row(one, words) for one in found[:SHOWN]), css="ev-ledger"))


def _row(one: Exported, words: Texts) -> list[str]:
    what = one.what.partition(":")[0]
    mode = words("evidence.modes.shared" if one.shared else "evidence.modes.full")
    if one.approved_by:
        mode += f" · {words('evidence.approved_by', who='、'.join(one.approved_by))}"
    cells = (moment(one.at), one.actor, words.word("evidence.whats", what), mode,
             str(len(one.leads)), one.file, one.reason, one.recipient, one.until or "–")  # fmt: skip
    return [*map(escape, cells), f'<code class="ev-hash">{one.sha256}</code>']
