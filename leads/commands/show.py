"""Show one lead: what the last run said, the score with its parts, what changed, its history."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from checks import Text, catalogue
from leads.exchange.foreign import ALTERED, WHOLE, foreign_lines
from leads.runs.report import CHANGE_WORDS
from leads.states import STATE_WORDS
from leads.steps.event_words import event_line
from leads.store import Card, card
from office.shell_words import add_actor, add_language, add_store, at_work, language_of, utc_text

_WORDS = {
    "state": Text("状态：{state}（自 {since}，第 {version} 版）", "state: {state} (since {since}, version {version})"),
    "asked": Text("需重新研判：已搁置的线索事实有变化", "asked again: its facts changed after it was laid aside"),
    "gone": Text("最近一次检查不再出现", "the last run no longer found it"),
    "score": Text("得分 {score:.1f}：", "score {score:.1f}:"),
    "runs": Text("历次检查：", "runs:"),
    "history": Text("历史：", "history:"),
    "foreign": Text("在{office}的历史（编号 {number}，{whole}）：", "history at {office} (number {number}, {whole}):"),
    "others": Text("同一对象的其他线索：", "other leads about the subject:"),
    "links": Text("关联：", "links:"),
    "due": Text("期限：", "deadlines:"),
    "looks": Text("回头看：", "look-backs:"),
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("lead", metavar="ID", help="id or number of the lead")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the card."""
    at = utc_text(datetime.now(UTC))
    with at_work(arguments, at, create=True) as (database, actor, _):
        found = card(database, arguments.lead, actor=actor)
    if arguments.json:
        print(json.dumps(_plain(found), ensure_ascii=False, indent=1))
    else:
        lang = language_of(arguments)
        print("\n".join([*_head(found, lang), *_score(found, lang), *_rest(found, lang)]))
    return 0


def _head(found: Card, lang: str) -> Iterator[str]:
    lead, finding = found.lead, found.finding
    entry = catalogue().get(str(lead["check_id"]))
    title = entry.check.title.of(lang) if entry else lead["check_id"]
    yield f"{lead['number']}  {title}  ({lead['id']})"
    yield "  ".join(str(lead[name]) for name in ("subject_name", "address", "credit_code", "licence_no")
                    if lead[name])  # fmt: skip
    state = STATE_WORDS[lead["state"]].of(lang) if lead["state"] in STATE_WORDS else lead["state"]
    yield (
        _WORDS["state"]
        .of(lang)
        .format(state=state, since=lead["state_since"], version=lead["version"])
    )
    if lead["asked_again"]:
        yield _WORDS["asked"].of(lang)
    if lead["presence"] != "seen":
        yield _WORDS["gone"].of(lang)
    for reason in (finding.get("texts") or {}).get("reasons") or ():
        yield f"  - {reason.get(lang) or reason.get('zh')}"


def _score(found: Card, lang: str) -> Iterator[str]:
    yield _WORDS["score"].of(lang).format(score=found.lead["score"])
    for part in found.score:
        yield f"  {part.points:5.1f} / {part.weight:g}  {part.words.of(lang)}: {part.why.of(lang)}"


def _rest(found: Card, lang: str) -> Iterator[str]:
    yield _WORDS["runs"].of(lang)
    for one in found.sightings:
        what = "; ".join(f"{name}: {_short(pair)}" for name, pair in one["what"].items())
        yield f"  {found.runs[one['run_id']]['on_date']}  {CHANGE_WORDS[one['change']].of(lang)}  {what}"
    for name, rows, line in (
        ("due", found.deadlines, "{due_on}  {kind}  {state}"),
        ("looks", found.reinspections, "{due_on}  {kind}  {state}"),
        ("links", found.links, "{lead_id}  {kind}  {other_id}"),
        ("others", found.others, "{number}  {check_id}  {id}"),
    ):
        if rows:
            yield _WORDS[name].of(lang)
            yield from (f"  {line.format(**row)}" for row in rows)
    for part in found.foreign:
        stands = WHOLE if part.whole else ALTERED
        yield _WORDS["foreign"].fill(office=part.words, number=part.number, whole=stands).of(lang)
        for event, words in foreign_lines(part):
            yield f"  {event.at}  {event.actor} ({event.roles})  {words.of(lang)}"
    yield _WORDS["history"].of(lang)
    for event in found.history:
        yield f"  {event.at}  {event.actor} ({event.roles})  {event_line(event).of(lang)}"


def _short(pair: Any) -> str:  # noqa: ANN401 - JSON is anything
    if isinstance(pair, list) and len(pair) == 2:
        return f"{pair[0]} → {pair[1]}"
    return str(pair)


def _plain(found: Card) -> dict[str, Any]:
    parts = [{"key": part.key, "points": part.points, "share": part.share, "weight": part.weight,
              "words": part.words.as_dict(), "why": part.why.as_dict()} for part in found.score]  # fmt: skip
    history = [{"seq": event.seq, "at": event.at, "actor": event.actor, "roles": event.roles,
                "kind": event.kind, "body": json.loads(event.body)} for event in found.history]  # fmt: skip
    foreign = [{"office": part.office, "words": part.words.as_dict(), "number": part.number, "whole": part.whole,
                "transfer": part.transfer, "events": [asdict(event) for event in part.events]}
               for part in found.foreign]  # fmt: skip
    return {"lead": found.lead, "foreign": foreign, "finding": found.finding, "data": found.data, "score": parts,
            "sightings": found.sightings, "links": found.links, "others": found.others,
            "deadlines": found.deadlines, "reinspections": found.reinspections, "case": found.case,
            "runs": found.runs, "history": history}  # fmt: skip
