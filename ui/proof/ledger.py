"""The ledger of exports: who took what out, when, for whom and why."""

from __future__ import annotations

from html import escape

import streamlit as st

from evidence.ledger import Exported, ledger, matching
from office import Actor
from ui import cache, state
from ui.texts import Texts

TEXT, SHOWN = "e_ledger", 200


def show_ledger(who: Actor, words: Texts) -> None:
    """Newest first, searched in every field."""
    st.text_input(words("evidence.ledger_search"), key=TEXT, placeholder=words("evidence.ledger_search"),
                  label_visibility="collapsed", icon=":material/search:")  # fmt: skip
    found = matching(ledger(cache.lead_store(), actor=who), str(state.recall(TEXT) or ""))
    st.html(f'<div class="y-tally">{words("evidence.ledger_count", n=len(found))}</div>')
    names = (
        "at",
        "actor",
        "what",
        "mode",
        "leads",
        "file",
        "reason",
        "recipient",
        "until",
        "sha256",
    )
    head = "".join(f"<th>{escape(words(f'evidence.column.{name}'))}</th>" for name in names)
    rows = "".join(_row(one, words) for one in found[:SHOWN])
    st.html(f'<div class="ev-scroll" tabindex="0"><table class="y-table y-plain"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>')  # fmt: skip


def _row(one: Exported, words: Texts) -> str:
    what = one.what.partition(":")[0]
    mode = words("evidence.modes.shared" if one.shared else "evidence.modes.full")
    cells = (one.at.replace("T", " ").replace("Z", ""), one.actor, words.word("evidence.whats", what), mode,
             str(len(one.leads)), one.file, one.reason, one.recipient, one.until or "–")  # fmt: skip
    told = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr>{told}<td><code title="{one.sha256}">{one.sha256[:12]}</code></td></tr>'
