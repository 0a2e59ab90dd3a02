"""The invented offices of a generated county: hers and two by disk, so that the page between offices can be tried.

Made when somebody first opens that page, keys and all, in `exchange/` of the county's folder; what an
invented office answers, its own store there says. A real store names its offices in `YICHA_OFFICES`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checks import Text
from imagery.store.locks import locked
from layers.atomic import write_text
from leads.exchange.answers import OUT, RECALLING
from leads.exchange.carrier import write_papers
from leads.exchange.desk import receive_file, wishes, write_again, write_offered
from leads.exchange.listing import transfers
from leads.exchange.offices import ENVIRONMENT, Offices, Partner, load_offices
from leads.exchange.receiving import give_up
from leads.exchange.sending import offer, settle
from leads.exchange.signed import ANSWER
from leads.store import Filter, list_leads
from office import Actor, Database
from office.signing_keys import PASSWORD, SigningKey, new_key, read_key
from ui.docket.demo import store_of
from ui.workplace import Workplace

CAME = "transfer-from-qinglan.zip"
"""The package that waits to be taken in, beside the file of offices."""
_FOLDER, _FILE, _LOCK, _KEY = "exchange", "offices.toml", "offices.lock", "key.pem"
_OWN, _CITY, _BESIDE = "county", "qinglan", "xiaxi"
_THERE = {
    _CITY: Text("青澜市人民检察院（虚构）", "Qinglan City Procuratorate (invented)"),
    _BESIDE: Text("霞溪县人民检察院（虚构）", "Xiaxi County Procuratorate (invented)"),
}
_HERE, _CLERK = Actor("王检", ("prosecutor",)), Actor("钱检（虚构）", ("prosecutor",))
_TABLE = '{head}\nid = "{id}"\nzh = "{zh}"\nen = "{en}"\nkey = "{key}"\n'


def file_of(place: Workplace) -> Path | None:
    """The file of a generated county's invented offices; `None` = the one the administrator names."""
    if os.environ.get(ENVIRONMENT) or store_of(place) is None:
        return None
    return place.folder / _FOLDER / _FILE


def set_up(place: Workplace, db: Database, at: str) -> None:
    """Make them where they are wanted and not there yet; let one lead go and be offered back, and one
    wait for its receipt.
    """
    file = file_of(place)
    if file is None or file.is_file():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with locked(file.with_name(_LOCK)):
        if not file.is_file():
            beside = file.with_suffix(".new")
            write_text(beside, _told(place, file.parent))
            _begin(db, file.parent, load_offices(beside), at)
            beside.replace(file)


def answer(place: Workplace, db: Database, transfer: str, *, actor: Actor, at: str) -> bytes:
    """The receipt of an invented office for a package, or for the wish to have it back."""
    file = file_of(place)
    assert file is not None  # asked only where the offices are invented
    ours = load_offices(file)
    sent = next(one for one in transfers(db, actor=actor, direction=OUT) if one["id"] == transfer)
    with _office(file.parent, ours, sent["partner"]) as (theirs, there):
        if sent["state"] == RECALLING:
            mine = wishes(db, theirs.id, offices=ours, actor=actor, at=at)
            wish = next(one for one in mine if transfer in one.text)
            done = [give_up(there, wish, offices=theirs, actor=_CLERK, at=at)]
        else:
            package = file.parent / theirs.id / f"transfer-{transfer[:12]}.zip"
            write_again(db, package, transfer, offices=ours, actor=actor)
            done = receive_file(there, package, offices=theirs, actor=_CLERK, at=at)
        receipt = file.parent / theirs.id / f"receipt-{transfer[:12]}.json"
        return write_papers(receipt, ANSWER, [one.answer for one in done], theirs).read_bytes()


def _begin(db: Database, folder: Path, ours: Offices, at: str) -> None:
    found = list_leads(db, Filter(states=["registered"], assignee=""), actor=_HERE, ascending=True, limit=len(_THERE))  # fmt: skip
    leads = [str(row["id"]) for row in found.rows]
    for lead, to in zip(leads, _THERE, strict=False):
        offer(db, [lead], to, offices=ours, reason="演示：按管辖移送", actor=_HERE, at=at)
    if not leads:
        return
    package = folder / _CITY / "transfer.zip"
    write_offered(db, package, _CITY, offices=ours, actor=_HERE)
    with _office(folder, ours, _CITY) as (theirs, there):
        done = receive_file(there, package, offices=theirs, actor=_CLERK, at=at)
        for one in done:
            settle(db, one.answer, offices=ours, actor=_HERE, at=at)
        back = [one.lead_id for one in done if one.lead_id]
        offer(there, back, ours.id, offices=theirs, reason="演示：地点在你县，请你院办理", actor=_CLERK, at=at)  # fmt: skip
        write_offered(there, folder / CAME, ours.id, offices=theirs, actor=_CLERK)


def _told(place: Workplace, folder: Path) -> str:
    """The file of offices."""
    own = _TABLE.format(head="[own]", id=_OWN, zh=f"{place.name('zh')}人民检察院（虚构）",
                        en=f"Procuratorate of {place.name('en')}", key=f"{_OWN}/{_KEY}")  # fmt: skip
    _key(folder, _OWN)
    partners = [_TABLE.format(head="[[partners]]", id=name, zh=words.zh, en=words.en, key=_key(folder, name).public.hex())
                for name, words in _THERE.items()]  # fmt: skip
    return "\n".join(("# Invented offices of a generated county: never for real leads.", own, *partners))  # fmt: skip


def _key(folder: Path, name: str) -> SigningKey:
    file, password = folder / name / _KEY, os.environ.get(PASSWORD)
    file.parent.mkdir(exist_ok=True)
    return read_key(file, password) if file.is_file() else new_key(file, password)


@contextmanager
def _office(folder: Path, ours: Offices, name: str) -> Iterator[tuple[Offices, Database]]:
    """An invented office, and its store."""
    us = Partner(ours.id, ours.words, ours.key.public, ())
    theirs = Offices(name, ours.partner(name).words, _key(folder, name), (), folder / name / "attachments", "",
                     {us.id: us}, ours.rules)  # fmt: skip
    there = Database.open(str(folder / name / "leads.sqlite"))
    try:
        yield theirs, there
    finally:
        there.close()
