"""What came of what the worker was asked between offices: verdicts, offices out of reach, a file to fetch."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from leads.exchange.listing import STATES
from ui.jobs.job import Job
from ui.proof.routes import FILES
from ui.settings import at
from ui.texts import Texts

Report = Mapping[str, Any]


def file_html(job: Job, words: Texts, note: str = "exchange.carry") -> str:
    """The file that was made, to be fetched and carried over; nothing where there is none."""
    report = job.report or {}
    if not report.get("file"):
        return ""
    address = at(f"{FILES}/{(job.task or {}).get('box', '')}/{report['file']}")
    return (f'<p class="bt-file"><a href="{escape(address, quote=True)}" target="_self" download>⬇ {escape(report["file"])}</a> '
            f'<span class="y-quiet">{_size(report["bytes"])}</span></p><p class="y-quiet">{escape(words(note))}</p>')  # fmt: skip


def gone_html(report: Report, words: Texts) -> str:
    """What the other offices answered, and which of them could not be asked."""
    if "verdicts" not in report:
        return ""
    counts = {
        one: list(report["verdicts"].values()).count(one)
        for one in dict.fromkeys(report["verdicts"].values())
    }
    said = "，".join(f"{STATES[name].of(words.lang)} {n}" for name, n in counts.items())
    lines = [
        f'<p class="y-note">{escape(said.replace("，", words("exchange.comma")) or words("exchange.no_answer"))}</p>'
    ]
    lines += [f'<p class="y-note y-warn"><b>{escape(one["office"])}</b>: {escape(one[words.lang])}</p>' for one in report["problems"]]  # fmt: skip
    return "".join(lines)


def verdicts_html(report: Report, words: Texts) -> str:
    """How many packages were taken in, refused, recalled; how many found their agency."""
    rows = list(report["rows"])
    counts = {
        one: sum(row["verdict"] == one for row in rows)
        for one in dict.fromkeys(row["verdict"] for row in rows)
    }
    said = [f"{STATES[name].of(words.lang)} {n}" for name, n in counts.items()]
    if report.get("routed"):
        said.append(words("exchange.routed", n=report["routed"]))
    return f'<p class="y-note" role="status">{escape(words("exchange.comma").join(said))}</p>'


def _size(n: int) -> str:
    return f"{n / 1e6:,.2f} MB" if n >= 100_000 else f"{n / 1e3:,.1f} kB"
