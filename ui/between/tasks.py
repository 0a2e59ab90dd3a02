"""What the page between offices asks the worker for: files read and written, leads offered, offices asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from layers.errors import YichaError
from layers.problems import error_in_language
from leads.exchange.attachments import Attachment, keep
from leads.exchange.carrier import read_papers, write_papers
from leads.exchange.desk import receive_file, route_new, wishes, write_again, write_offered
from leads.exchange.foreign import altered
from leads.exchange.going_on import Gone, go_on
from leads.exchange.listing import transfers
from leads.exchange.looking import PACKAGES, RECALLS, RECEIPTS, look_at
from leads.exchange.offices import Offices, load_offices
from leads.exchange.receiving import answer_to, give_up
from leads.exchange.sending import offer, settle
from leads.exchange.signed import ANSWER, RECALL, Signed
from office import Actor, Database
from office.doors.refusals import refusals_told
from office.shell_words import utc_text
from ui.between.arriving import LIMITS, root_of
from ui.jobs.tasks import Tell
from ui.models.tasks import actor_from
from ui.proof.outbox import About, outbox_of
from ui.scenes.incoming import Incoming

OFFER, WORK = "transfer-offer", "transfer-work"
"""Kinds of jobs: only the first may not be begun twice."""
LOOK, TAKE, GO_ON, AGAIN, WISH, RECEIPT, VERIFY = (
    "look", "take", "go_on", "again", "wish", "receipt", "verify",
)  # fmt: skip
"""What the second kind does."""
Order = Mapping[str, Any]
Report = dict[str, Any]
Stopped = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every one of them works with."""

    order: Order
    db: Database
    offices: Offices
    actor: Actor
    at: str

    def box(self, right: str, leads: Sequence[str]) -> Path:
        """A folder whose files the person may fetch who may still do so with these leads."""
        about = About(self.actor.name, right, tuple(leads), self.order["at"])
        return outbox_of(Path(self.order["data"])).put(self.order["box"], about)

    def upload(self, name: str) -> Path:
        """A file that was dropped; only for who dropped it."""
        incoming = _incoming(self.order)
        found = incoming.get(name)
        if not found.complete or found.owner != self.actor.name:
            raise YichaError("the file is not here any more · 文件已不在", remedy="drop it again · 请重新拖入")  # fmt: skip
        return incoming.content(found.id)

    def gone(self) -> Report:
        """Go on over the network; what came of it."""
        return _gone(go_on(self.db, offices=self.offices, actor=self.actor, at=self.at))


def offer_leads(order: Order, tell: Tell, stopped: Stopped) -> Report:  # noqa: ARG001 - one transaction
    """Offer leads, with files; deliver them, or write the file for a disk."""
    tell({"done": 0, "total": 2, "name": ""})
    with _desk(order) as desk:
        files = _attached(desk)
        done = offer(desk.db, order["leads"], order["to"], offices=desk.offices, reason=order["reason"], actor=desk.actor,
                     at=desk.at, attachments=dict.fromkeys(order["leads"], files))  # fmt: skip
        for one in order["files"]:
            _incoming(order).discard(one)
        tell({"done": 1, "total": 2, "name": ""})
        told: Report = {"cancelled": False, "numbers": [one.number for one in done]}
        if desk.offices.partner(order["to"]).url and not order["disk"]:
            return told | desk.gone()
        out = desk.box("lead.send", [one.lead_id for one in done]) / f"transfer-{done[0].transfer[:12]}.zip"  # fmt: skip
        write_offered(desk.db, out, order["to"], offices=desk.offices, actor=desk.actor,
                      transfers=[one.transfer for one in done])  # fmt: skip
        return told | _made(out)


def work(order: Order, tell: Tell, stopped: Stopped) -> Report:  # noqa: ARG001 - short, or one transaction each
    """Do one of the other things; each may be repeated without harm."""
    tell({"done": 0, "total": 1, "name": ""})
    with _desk(order) as desk:
        return {"cancelled": False, **_WORKS[order["what"]](desk)}


def _look(desk: _Desk) -> Report:
    found = look_at(
        desk.db, desk.upload(desk.order["file"]), offices=desk.offices, actor=desk.actor
    )
    return {"kind": found.kind, "words": found.words.as_dict(), "rows": list(found.rows)}


def _take(desk: _Desk) -> Report:
    """Do what the file asks: take in or refuse, give up, settle; then the file goes."""
    path, kind, order = desk.upload(desk.order["file"]), desk.order["kind"], desk.order
    by: dict[str, Any] = {"offices": desk.offices, "actor": desk.actor, "at": desk.at}
    if kind == RECEIPTS:
        settled = [
            settle(desk.db, one, **by) for one in read_papers(path, ANSWER, desk.offices.rules)
        ]
        rows = [{"transfer": one.transfer, "verdict": one.verdict} for one in settled]
        _incoming(order).discard(order["file"])
        return {"rows": rows, "routed": 0}
    if kind == RECALLS:
        done = [
            give_up(desk.db, one, **by) for one in read_papers(path, RECALL, desk.offices.rules)
        ]
    else:
        assert kind == PACKAGES
        done = receive_file(desk.db, path, refusal=order["refusal"], **by)
    routed = route_new(desk.db, done, offices=desk.offices, at=desk.at) if kind == PACKAGES else 0
    out = _receipt(desk, [one.answer for one in done], [one.lead_id for one in done if one.lead_id])
    _incoming(order).discard(order["file"])
    rows = [{"transfer": one.transfer, "verdict": one.verdict} for one in done]
    return {"rows": rows, "routed": routed, **_made(out)}


def _again(desk: _Desk) -> Report:
    """A package once more, for a disk that was lost or a store that forgot."""
    transfer, lead = desk.order["transfer"], desk.order["lead"]
    out = desk.box("lead.send", [lead]) / f"transfer-{transfer[:12]}.zip"
    write_again(desk.db, out, transfer, offices=desk.offices, actor=desk.actor)
    return _made(out)


def _wish(desk: _Desk) -> Report:
    """The file in which one package is asked back."""
    transfer, lead, partner = (desk.order[name] for name in ("transfer", "lead", "partner"))
    found = wishes(desk.db, partner, offices=desk.offices, actor=desk.actor, at=desk.at)
    mine = [one for one in found if transfer in one.text]
    out = desk.box("lead.send", [lead]) / f"recall-{transfer[:12]}.json"
    return _made(write_papers(out, RECALL, mine, desk.offices))


def _answer(desk: _Desk) -> Report:
    """The receipt that was given once, again."""
    found = answer_to(desk.db, desk.order["transfer"], actor=desk.actor)
    if found is None:
        raise YichaError("there is no receipt for it · 没有这份回执", remedy="take the package in first · 请先接收移送包")  # fmt: skip
    return _made(_receipt(desk, [found], [desk.order["lead"]] if desk.order["lead"] else []))


def _receipt(desk: _Desk, papers: Sequence[Signed], leads: Sequence[str]) -> Path:
    name = desk.order.get("transfer") or desk.order["file"]
    return write_papers(desk.box("lead.receive", leads) / f"receipt-{name[:12]}.json", ANSWER, papers, desk.offices)  # fmt: skip


def _verify(desk: _Desk) -> Report:
    return {"altered": altered(desk.db, actor=desk.actor), "in": len(transfers(desk.db, actor=desk.actor, direction="in"))}  # fmt: skip


_WORKS: Mapping[str, Callable[[_Desk], Report]] = {
    LOOK: _look, TAKE: _take, GO_ON: _Desk.gone, AGAIN: _again, WISH: _wish, RECEIPT: _answer, VERIFY: _verify,
}  # fmt: skip


@contextmanager
def _desk(order: Order) -> Iterator[_Desk]:
    at = utc_text(datetime.fromisoformat(order["at"]).astimezone(UTC))
    actor = actor_from(order)
    db = Database.open(order["address"])
    try:
        with refusals_told(db, actor, at=at, source="page"):
            yield _Desk(order, db, load_offices(order.get("offices")), actor, at)
    finally:
        db.close()


def _attached(desk: _Desk) -> list[Attachment]:
    incoming, folder = _incoming(desk.order), desk.offices.attachments
    return [keep(desk.upload(one), folder, incoming.get(one).name) for one in desk.order["files"]]


def _incoming(order: Order) -> Incoming:
    return Incoming(root_of(Path(order["data"])), LIMITS)


def _made(out: Path) -> Report:
    return {"file": out.name, "bytes": out.stat().st_size}


def _gone(gone: Gone) -> Report:
    problems = [{"office": office, **dict(zip(("zh", "en"), (_both(error, lang) for lang in ("zh", "en")), strict=True))}
                for office, error in gone.problems]  # fmt: skip
    return {"verdicts": gone.verdicts, "problems": problems}


def _both(error: YichaError, lang: str) -> str:
    return (". " if lang == "en" else "。").join(error_in_language(error, lang))
