"""The history read again: altered, removed, swapped or added past it; against heads noted outside."""

from __future__ import annotations

import hashlib
from html import escape

import streamlit as st

from layers.atomic import write_text, written_whole
from layers.errors import YichaError
from layers.problems import in_language, sentence
from office.anchor import Anchor, anchor_line
from office.audit import verify_export
from office.policy import may
from ui.admin import desk, waiting
from ui.admin.desk import Ground
from ui.admin.tasks import VERIFY
from ui.jobs.job import Job
from ui.pick import pick_file
from ui.settings import CACHE
from ui.texts import Texts

_ANCHORS, _EXPORT = "a_v_anchors", "a_v_export"
_MOST_MB = 64


def show(found: Ground) -> None:
    """Draw the view."""
    words = found.words
    desk.title(words("admin.verify.title"))
    st.html(f'<p class="y-quiet">{escape(words("admin.verify.about"))}</p>')
    given = pick_file(words("admin.verify.anchors"), words, key=_ANCHORS, kinds=["txt", "jsonl"],
                      most_mb=_MOST_MB, about=words("admin.verify.anchors_help"))  # fmt: skip
    waiting.asked(VERIFY, found, anchors=_kept(given) if given is not None else "")
    waiting.button(VERIFY, words("admin.verify.all"), key="ad_v_all", primary=True)
    waiting.followed(VERIFY, found, words("admin.verify.all"), lambda job: _told(job, words))
    if may(found.who, "audit.read"):
        _export(found)


def _kept(raw: bytes) -> str:
    """The heads somebody brought, where the worker finds them."""
    file = CACHE / "anchors" / f"{hashlib.sha256(raw).hexdigest()[:16]}.txt"
    return str(write_text(file, raw.decode("utf-8", "replace")))


def _told(job: Job, words: Texts) -> None:
    told = job.report
    if not told or job.state != "done":
        return
    key = ("admin.verify.whole_anchored" if told["anchored"] else "admin.verify.whole") if told["ok"] else "admin.verify.wrong"  # fmt: skip
    st.html(f'<p class="y-note{"" if told["ok"] else " y-warn"}" role="status">'
            f'{escape(words(key, events=told["events"], head=told["head"], found=told["found"]))}</p>')  # fmt: skip
    for one in told["problems"]:
        st.html(f'<p class="ad-problem">◆ {escape(one[words.lang])}</p>')
    if told["ok"] and told["events"]:
        line = anchor_line(Anchor(told["head_seq"], told["head"], told["at"]))
        st.download_button(words("admin.verify.note"), f"{line}\n", file_name=f"yicha-anchor-{told['head_seq']}.txt",
                           mime="text/plain", key="ad_v_note", on_click="ignore", icon=":material/download:",
                           help=words("admin.verify.note_help"))  # fmt: skip


def _export(found: Ground) -> None:
    """An export of the audit log, checked as it lies."""
    words = found.words
    desk.title(words("admin.verify.export"))
    raw = pick_file(
        words("admin.verify.export_file"), words, key=_EXPORT, kinds=["json"], most_mb=_MOST_MB
    )
    if raw is None:
        return
    file = CACHE / "anchors" / f"{hashlib.sha256(raw).hexdigest()[:16]}.json"
    try:
        with written_whole(file) as partial:
            partial.write_bytes(raw)
        wrong = verify_export(file)
    except YichaError as error:
        desk.note(sentence(error, words.lang), warn=True)
        return
    finally:
        file.unlink(missing_ok=True)
    if not wrong:
        desk.note(words("admin.verify.export_whole"))
    for one in wrong[:50]:
        desk.note(in_language(one, "", words.lang)[0], warn=True)
