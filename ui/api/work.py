"""Leads for other systems: the list, one with all about it, the next steps, a step, a note, an assignment."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from layers.version import __version__
from leads.steps.event_words import event_line
from leads.steps.handling import assign, note
from leads.steps.moves import allowed, move
from leads.steps.workflow import Step, load_workflow
from leads.store import Card, Filter, card
from leads.views.feed import FeedRow, feed, feed_row
from office import Event
from ui import cache
from ui.api.answers import Answer, Ask, Parameter, RefusedError, dumps_text, etag_of, pieces
from ui.api.features import boxes_of
from ui.api.lead_features import etag, properties_of, shape_of, stamp_for
from ui.api.paging import after, limit_of, page_links

_LISTS = ("checks", "states", "verdicts", "changes")
_PLAIN = ("presence", "admin_code", "township", "agency", "procuratorate", "assignee", "case_id", "run_id",
          "asked_again", "score_from", "due_until", "words", "with_merged")  # fmt: skip
_TEXT: dict[str, Any] = {"type": "string", "maxLength": 200}
_TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 80}, "maxItems": 50}  # fmt: skip
_DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
FILTERS = (
    Parameter("checks", _TEXTS, "监督模型，逗号分隔", "checks, separated by commas"),
    Parameter("states", _TEXTS, "状态，逗号分隔", "states, separated by commas"),
    Parameter("verdicts", _TEXTS, "结论，逗号分隔", "verdicts, separated by commas"),
    Parameter("changes", _TEXTS, "最近变化，逗号分隔", "what the last run changed"),
    Parameter("presence", {"type": "string", "enum": ["seen", "vanished"]}, "最近是否仍在", "whether the last run found it"),
    Parameter("admin_code", _TEXT, "行政区划代码或其前几位", "administrative code or its beginning"),
    Parameter("township", _TEXT, "乡镇街道", "township"), Parameter("agency", _TEXT, "行政机关", "agency"),
    Parameter("procuratorate", _TEXT, "管辖院", "procuratorate"),
    Parameter("assignee", _TEXT, "承办人；空为未分派", "assignee; empty: nobody"),
    Parameter("case_id", _TEXT, "案件", "case"), Parameter("run_id", _TEXT, "检查批次", "run"),
    Parameter("asked_again", {"type": "boolean"}, "需重新研判", "asked again"),
    Parameter("score_from", {"type": "number"}, "最低得分", "least score"),
    Parameter("due_until", _DAY, "到期不晚于", "due until"),
    Parameter("words", _TEXT, "编号、名称、地址、证照号中的字词", "words in number, name, address, codes"),
    Parameter("with_merged", {"type": "boolean"}, "含已并案", "also those merged into others"),
)  # fmt: skip
"""The filter of the list of leads, as on the screen and in the shell."""
_VERSION = re.compile(r'(?:W/)?"(\d{1,9})(?:\.[a-z]{2}\.[0-9a-f]+)?"')


def leads(ask: Ask) -> Answer:
    """A page of leads."""
    found = feed(cache.lead_store(), filter_of(ask.query), actor=ask.actor, limit=limit_of(ask),
                 after=after(ask), count=after(ask) is None, lang=ask.lang)  # fmt: skip
    last = str(found.rows[-1].columns["id"]) if found.more else None
    told: dict[str, Any] = {
        "numberReturned": len(found.rows),
        "links": page_links(ask, "application/json", last),
    }
    told |= {"numberMatched": found.matched} if found.matched is not None else {}
    rows = (dumps_text(properties_of(row)) for row in found.rows)
    mark = etag_of(__version__, stamp_for(ask.actor), ask.url, ask.lang)
    return Answer(pieces(f'{dumps_text(told)[:-1]},"leads":[', rows, "]}"), etag=mark)


def filter_of(query: Mapping[str, Any]) -> Filter:
    """The filter a query names."""
    named: dict[str, Any] = {name: tuple(query[name]) for name in _LISTS if name in query}
    named |= {name: query[name] for name in _PLAIN if name in query}
    boxes = boxes_of(query.get("bbox"))
    box = None if not boxes else (boxes[0][0], boxes[0][1], boxes[-1][2], boxes[0][3])
    if "due_until" in query:
        day_of(query["due_until"], "due_until")
    return Filter(**named, box=box)


def one_lead(ask: Ask) -> Answer:
    """Everything about one lead."""
    db, row = cache.lead_store(), _row(ask)
    found = card(db, str(row.columns["id"]), actor=ask.actor)
    return Answer(_card(ask, row, found), headers={"ETag": f'"{etag(row, ask.lang)}"'}, etag=etag(row, ask.lang))  # fmt: skip


def steps(ask: Ask) -> Answer:
    """The steps open today from where the lead stands, with what each needs."""
    row = _row(ask)
    found = card(cache.lead_store(), str(row.columns["id"]), actor=ask.actor)
    rows = [_step(ask, to, step) for to, step in allowed(found.lead, found.data, ask.today)]
    return Answer({"state": row.columns["state"], "version": row.columns["version"], "steps": rows})


def take_step(ask: Ask) -> Answer:
    """Move a lead, with its whole case where the step says so."""
    version, body = version_of(ask), ask.body
    row = _row(ask)
    move(cache.lead_store(), str(row.columns["id"]), body["to"], actor=ask.actor, at=ask.at,
         on_date=day_of(body.get("on", ask.today), "on"), version=version, fields=body.get("fields"),
         reason=body.get("reason"))  # fmt: skip
    return _changed(ask)


def add_note(ask: Ask) -> Answer:
    """Write a note into a lead's history."""
    version = version_of(ask) if ask.if_match else None
    note(cache.lead_store(), str(_row(ask).columns["id"]), ask.body["text"], actor=ask.actor, at=ask.at,
         version=version)  # fmt: skip
    return _changed(ask)


def give(ask: Ask) -> Answer:
    """Assign a lead to somebody, or to nobody."""
    version = version_of(ask)
    assign(cache.lead_store(), str(_row(ask).columns["id"]), ask.body["person"], actor=ask.actor, at=ask.at,
           version=version, reason=ask.body.get("reason", ""))  # fmt: skip
    return _changed(ask)


def version_of(ask: Ask) -> int:
    """The version that `If-Match` names; 428 without, 400 for what is none of ours."""
    if not ask.if_match:
        raise RefusedError(428, "if_match", field="If-Match")
    found = _VERSION.fullmatch(ask.if_match.strip())
    if found is None:
        raise RefusedError(400, "if_match_bad", field="If-Match")
    return int(found[1])


def day_of(text: str, name: str) -> str:
    """An ISO day; 400 for what is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise RefusedError(400, "day", field=name, value=text[:40]) from error


def _row(ask: Ask) -> FeedRow:
    return feed_row(cache.lead_store(), ask.path["lead"], actor=ask.actor, lang=ask.lang)


def _changed(ask: Ask) -> Answer:
    row = _row(ask)
    mark = etag(row, ask.lang)
    told = {name: row.columns[name] for name in ("id", "number", "state", "assignee", "version")}
    return Answer(told, etag=mark)


def _card(ask: Ask, row: FeedRow, found: Card) -> dict[str, Any]:
    score = [{"key": part.key, "points": part.points, "weight": part.weight,
              "words": part.words.of(ask.lang), "why": part.why.of(ask.lang)} for part in found.score]  # fmt: skip
    return {
        "lead": properties_of(row), "geometry": json.loads(shape_of(row)), "finding": found.finding,
        "data": found.data, "score": score, "sightings": list(found.sightings), "links": list(found.links),
        "others": list(found.others), "deadlines": [_read(one) for one in found.deadlines],
        "reinspections": [_read(one) for one in found.reinspections], "case": found.case,
        "runs": dict(found.runs), "history": [_event(ask, one) for one in found.history],
    }  # fmt: skip


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    data = row.get("data")
    return {**row, "data": json.loads(data) if isinstance(data, str) else data}


def _event(ask: Ask, event: Event) -> dict[str, Any]:
    return {"seq": event.seq, "at": event.at, "actor": event.actor, "roles": event.roles, "kind": event.kind,
            "words": event_line(event).of(ask.lang), "body": json.loads(event.body)}  # fmt: skip


def _step(ask: Ask, to: str, step: Step) -> dict[str, Any]:
    table, lang = load_workflow(), ask.lang
    fields = {name: {"title": one.words.of(lang), "kind": one.kind, "required": name in step.fields,
                     "choices": {code: words.of(lang) for code, words in one.choices.items()}}
              for name in (*step.fields, *step.optional) for one in (table.fields[name],)}  # fmt: skip
    return {"to": to, "title": table.state(to, ask.today).words.of(lang), "operation": step.operation,
            "basis": step.basis.words.of(lang), "fields": fields}  # fmt: skip
