"""Reading a package that came: nothing of it is believed before all of it is checked."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from checks import Text, changes, comparable
from leads.exchange.answers import read_ours
from leads.exchange.attachments import Attachment, read_attachments
from leads.exchange.offices import Offices
from leads.exchange.shapes import BESIDE, FINDING, LAYERS, LEAD, Shape, misfit
from leads.exchange.signed import PACKAGE, Signed, read_paper, refuse, signed_of
from office.canonical import canonical, sha256
from office.history import Event
from office.scope import About

_AREA = re.compile(r"[0-9]{2,12}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HASH = re.compile(r"[0-9a-f]{64}")
_KIND = re.compile(r"[a-z]+\.[a-z_]+")
_KEY = re.compile(r"(code|licence|id|name):.+", re.DOTALL)
_LONG = {"subject_name": 500, "case": 2000, "address": 2000, "reason": 4000}
_USUAL = 200
_MOST_HOPS = 50


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was checked: whole, signed by the office it names, and meant for us.

    `run` last said what the finding says; `case` is the title of the case the lead stood in.
    """

    paper: Signed
    sender: str
    words: Text
    lead: Mapping[str, Any]
    finding: Mapping[str, Any]
    run: Mapping[str, Any]
    case: str | None
    geometry: BaseGeometry | None
    keys: tuple[str, ...]
    events: tuple[Event, ...]
    attachments: tuple[Attachment, ...]
    said: Mapping[str, Any]

    @property
    def about(self) -> About:
        """What the right to take it in is weighed against."""
        return About(self.lead["admin_code"], self.lead["check_id"])


def read_package(signed: Signed, offices: Offices) -> Package:
    """Check a package and read it. `LeadError` says what is wrong; then nothing was changed."""
    return opened(signed, read_ours(signed, PACKAGE, offices, offices.rules.package))


def opened(signed: Signed, said: Mapping[str, Any]) -> Package:
    """What a package says, read strictly; its signature is the caller's to check."""
    try:
        lead = _lead(said["lead"])
        finding = _finding(said["finding"], lead["check_id"])
        run = _run(said["runs"], lead["last_run"])
        for name, wanted in BESIDE.items():
            _need(said[name], wanted, name)
        events = tuple(Event(**one) for one in said["events"])
        _need_history(said, lead, events)
        _text(said["reason"], "reason")
        case = None if said.get("case") is None else _text(said["case"]["title"], "case")
        words = Text(_text(said["words"]["zh"], "words"), _text(said["words"]["en"], "words"))
        return Package(signed, _text(said["from"], "from"), words, lead, finding, run, case, _geometry(said["geometry"]),
                       _keys(said["keys"]), events, read_attachments(said["attachments"]), said)  # fmt: skip
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError,
            shapely.errors.ShapelyError) as error:  # fmt: skip
        refuse(f"does not hold together ({str(error)[:120]})", PACKAGE)


def earlier_of(package: Package) -> list[Package]:
    """The packages the lead brought along, the latest first; signatures vouched for by the sender.

    `LeadError` where one is none, or there are more than any lead has.
    """
    found: list[Package] = []
    left = _earlier(package)
    while left:
        if len(found) == _MOST_HOPS:
            refuse("has gone through more offices than any", PACKAGE)
        signed = signed_of(left.pop(0), PACKAGE)
        one = opened(signed, read_paper(signed, PACKAGE, len(signed.text)))
        found.append(one)
        left += _earlier(one)
    return found


def _earlier(package: Package) -> list[Any]:
    told = package.said.get("earlier") or []
    if not isinstance(told, list):
        refuse("brings along what cannot be read (no list)", PACKAGE)
    return list(told)


def need_borne_out(events: Sequence[Event], lead: Mapping[str, Any], finding: str) -> None:
    """`ValueError` where the events do not end where the lead stands, or do not tell its finding."""
    bodies = [json.loads(one.body) for one in events if one.kind.startswith("lead.")]
    last: Mapping[str, Any] = next((one for one in reversed(bodies) if "state" in one), {})
    if (last.get("state"), last.get("version")) != (lead["state"], lead["version"]):
        raise ValueError("its history ends in another state than the lead's")
    if sha256(finding) not in {one.get("finding_sha256") for one in bodies}:
        raise ValueError("its history does not tell its finding")


def _need_history(
    said: Mapping[str, Any], lead: Mapping[str, Any], events: Sequence[Event]
) -> None:
    """Every event has the hash of what it says, in one chain that ends at the head."""
    before = 0
    for one in events:
        if type(one.seq) is not int or one.seq <= before or one.subject != lead["id"]:
            raise ValueError(f"event {one.seq} stands where it cannot")
        if not (_KIND.fullmatch(one.kind) and isinstance(json.loads(one.body), dict)):
            raise ValueError(f"event {one.seq} says nothing")
        if one.digest() != one.hash:
            raise ValueError(f"event {one.seq} was altered")
        before = one.seq
    head, chain = said["head"], said["chain"]
    if type(head["seq"]) is not int or head["seq"] < before:
        raise ValueError("the head of its history lies before its end")
    if chain is not None:
        first = events[0].seq
        if len(chain) != head["seq"] - first + 1 or chain[-1] != head["hash"]:
            raise ValueError("the chain does not lead to its head")
        for one in events:
            at = one.seq - first
            if chain[at] != one.hash or (at and chain[at - 1] != one.previous):
                raise ValueError(f"event {one.seq} does not hang in the chain")
    need_borne_out(events, lead, canonical(said["finding"]))


def _lead(lead: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in (
        "id",
        "number",
        "check_id",
        "verdict",
        "state",
        "presence",
        "on_date",
        "facts_hash",
    ):
        _text(lead[name], name)
    for name in ("subject_theme", "subject_id", "subject_name", "address", "credit_code", "licence_no",
                 "unit"):  # fmt: skip
        if lead[name] not in (None, ""):  # a check of records has no unit
            _text(lead[name], name)
    _need(lead, LEAD, "lead")
    if lead["admin_code"] is not None and not _AREA.fullmatch(lead["admin_code"]):
        raise ValueError("admin_code is none")
    if not (_DAY.fullmatch(lead["on_date"]) and _HASH.fullmatch(lead["facts_hash"])):
        raise ValueError("on_date or facts_hash is none")
    return lead


def _finding(finding: Mapping[str, Any], check: str) -> Mapping[str, Any]:
    """A finding whose parts are of the kinds our own have: later runs are compared with it."""
    if not isinstance(finding, dict) or finding.get("check") != check:
        raise ValueError("the finding is none of its check")
    _need(finding, FINDING, "finding")
    same = comparable(finding)
    changes(same, same)
    return finding


def _run(runs: Sequence[Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    """The run that last said it; a later one is compared with its layers."""
    run = {one["id"]: one for one in runs}[name]
    _need(run["layers"], LAYERS, "layers")
    return run


def _need(value: object, wanted: Shape, name: str) -> None:
    wrong = misfit(value, wanted, name)
    if wrong:
        raise ValueError(f"{wrong} is of another kind")


def _geometry(told: str | None) -> BaseGeometry | None:
    if told is None:
        return None
    found = shapely.from_wkb(base64.b64decode(told, validate=True))
    west, south, east, north = found.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("its place lies nowhere on Earth")
    return found


def _keys(told: Sequence[str]) -> tuple[str, ...]:
    if len(told) > _USUAL or not all(_KEY.fullmatch(_text(one, "key")) for one in told):
        raise ValueError("a key is none")
    return tuple(dict.fromkeys(told))


def _text(value: object, name: str) -> str:
    most = _LONG.get(name, _USUAL if name != "key" else 600)
    if not isinstance(value, str) or not value or len(value) > most:
        raise ValueError(f"{name} is no text of 1 to {most} characters")
    return value
