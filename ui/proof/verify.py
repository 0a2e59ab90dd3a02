"""A bundle dropped on the page: is it whole, and if not, what exactly was altered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from office import Actor
from ui import cache, state
from ui.drop import drop_zone
from ui.jobs.panel import job_panel
from ui.proof import desk
from ui.proof.routes import BUNDLES
from ui.proof.tasks import VERIFY
from ui.texts import Texts

DROP, KEY, SHOWN = "e_drop", "e_pub", 400
_SIGNS = {"same": "✓", "altered": "✕", "added": "＋", "missing": "−"}


def show_verify(who: Actor, words: Texts) -> None:
    """The place to drop it, the key that must have signed it, the report."""
    st.html(f'<p class="y-quiet">{escape(words("evidence.verify_hint"))}</p>')
    left, right = st.columns([44, 56], gap="medium")
    with left:
        st.text_input(words("evidence.expected"), key=KEY, max_chars=64, help=words("evidence.expected_hint"))  # fmt: skip
        drop_zone(words, key=DROP, title=words("evidence.drop_title"), hint=words("evidence.drop_hint"), address=BUNDLES,
                  on_came=lambda: _came(who), accept=[".zip"])  # fmt: skip
    with right:
        job = cache.jobs().get(state.recall(desk.VERIFIED))
        if job is not None and job.state == "done" and job.report:
            st.html(report_html(job.report, words))
        elif job is not None:
            job_panel(job.id, words("evidence.verifying"), words, key="e_verify", close=_close, again=False)  # fmt: skip


def _came(who: Actor) -> None:
    told = getattr(state.recall(DROP), "came", None)
    if told:
        state.keep(desk.VERIFIED, cache.jobs().ask({
            "task": VERIFY, "actor": who.name, "box": str(told["box"]), "name": str(told["name"])[:200],
            "key": str(state.recall(KEY) or "").strip().lower(),
        }))  # fmt: skip


def _close() -> None:
    state.keep(desk.VERIFIED, None)


def report_html(report: Mapping[str, Any], words: Texts) -> str:
    """The report in plain words: verdict; files, signature, time, history; what is not verified; each file."""
    whole, late = bool(report["intact"]), report["stamp"]["state"] == "wrong"
    head = words(
        "evidence.altered" if not whole else "evidence.intact_late" if late else "evidence.intact"
    )
    bad = [one for one in report["files"] if one["state"] != "same"]
    lines = [
        ("files", _counted(report["files"], words), not bad and bool(report["files"])),
        ("signature", *_signature(report, words)),
        ("stamp", _stamp(report["stamp"], words), report["stamp"]["state"] != "wrong"),
        ("chain", *_chain(report["chain"], words)),
    ]  # fmt: skip
    rows = "".join(f'<tr class="{"" if good else "ev-bad"}"><th>{_mark(name, good, report)} {escape(words(f"evidence.part.{name}"))}</th>'
                   f"<td>{said}</td></tr>" for name, said, good in lines)  # fmt: skip
    problems = "".join(f"<li><code>{escape(one)}</code></li>" for one in report["problems"])
    return (f'<section class="ev-report {"ev-good" if whole and not late else "ev-broken"}" role="status"><h3>{"✕" if not whole else "⚠" if late else "✓"} {escape(head)}</h3>'
            f'<p class="y-quiet">{escape(str(report["name"]))} · {report["size"] / 1e6:,.2f} MB</p>'
            f'<table class="y-table y-plain">{rows}</table>'
            + (f'<details open><summary>{escape(words("evidence.problems"))}</summary><ul>{problems}</ul></details>' if problems else "")
            + (_open(report, words) if whole else "")
            + _files(report["files"], words, opened=bool(bad)) + _info(report["info"], words) + "</section>")  # fmt: skip


def _open(report: Mapping[str, Any], words: Texts) -> str:
    """What this does not show, in so many words."""
    signed = report["signature"]["state"] == "good"
    names = ["truth", *([] if signed else ["who"]),
             *(["owner"] if signed and not report["expected"] else []),
             {"signed": "withdrawn", "unchecked": "authority", "none": "since"}.get(report["stamp"]["state"], "late")]  # fmt: skip
    items = "".join(f"<li>{escape(words(f'evidence.open.{name}'))}</li>" for name in names)
    return f'<details open class="ev-open"><summary>{escape(words("evidence.not_shown"))}</summary><ul>{items}</ul></details>'


def _stamp(stamp: Mapping[str, str], words: Texts) -> str:
    return escape(stamp.get(words.lang) or words(f"evidence.stamp.{stamp['state']}"))


def _mark(name: str, good: bool, report: Mapping[str, Any]) -> str:
    """A tick is for what was checked: what is not there gets none."""
    absent = {"signature": report["signature"]["state"] == "none", "stamp": report["stamp"]["state"] != "signed",
              "chain": report["chain"] is None}  # fmt: skip
    return "✕" if not good else "–" if absent.get(name) else "✓"


def _counted(files: Sequence[Mapping[str, Any]], words: Texts) -> str:
    if not files:
        return escape(words("evidence.no_files"))
    counts = {name: sum(one["state"] == name for one in files) for name in _SIGNS}
    return escape(" · ".join(words(f"evidence.state_count.{name}", n=n) for name, n in counts.items() if n))  # fmt: skip


def _signature(report: Mapping[str, Any], words: Texts) -> tuple[str, bool]:
    told, expected = report["signature"], report["expected"]
    said = escape(words(f"evidence.signature.{told['state']}"))
    if told["key"]:
        said += f' <code class="ev-key">{escape(told["key"])}</code>'
    other = bool(expected) and told["key"] != expected
    if expected:
        said += f" · {escape(words('evidence.key_other' if other else 'evidence.key_same'))}"
    return said, told["state"] in ("good", "none") and not other


def _chain(chain: Mapping[str, Any] | None, words: Texts) -> tuple[str, bool]:
    if chain is None:
        return escape(words("evidence.chain.none")), True
    if chain["problems"]:
        return escape("; ".join(chain["problems"][:5])), False
    return escape(words("evidence.chain.good", events=chain["events"], links=chain["links"])), True


def _files(files: Sequence[Mapping[str, Any]], words: Texts, *, opened: bool) -> str:
    rows = "".join(f'<tr class="{"" if one["state"] == "same" else "ev-bad"}"><td>{_SIGNS[one["state"]]} {escape(words.word("evidence.state", one["state"]))}</td>'
                   f'<td><code>{escape(one["name"])}</code></td><td class="n">{one["size"]:,}</td></tr>' for one in files[:SHOWN])  # fmt: skip
    if not rows:
        return ""
    more = f'<p class="y-quiet">{escape(words("evidence.more", n=len(files) - SHOWN))}</p>' if len(files) > SHOWN else ""  # fmt: skip
    return (f'<details{" open" if opened else ""}><summary>{escape(words("evidence.each_file"))}</summary>'
            f'<div class="ev-scroll" tabindex="0"><table class="y-table y-plain">{rows}</table></div>{more}</details>')  # fmt: skip


def _info(info: Sequence[Sequence[str]], words: Texts) -> str:
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in info
    )
    return f'<details><summary>{escape(words("evidence.says"))}</summary><table class="y-table y-plain">{rows}</table></details>' if rows else ""  # fmt: skip
