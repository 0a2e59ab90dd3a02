"""The demo county's findings as leads, taken in by a process of its own.

    python -m ui.docket.demo FOLDER [with-app]

Only for a generated county, and only where the layers or the rules are other than the last time. A
real office takes its findings in itself (`python -m leads ingest`, or a standing watch).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from imagery.store.locks import locked
from layers.atomic import write_text
from layers.errors import LeadError, YichaError
from leads.routing import route
from leads.watches.running import run_watches
from leads.watches.watch import Person, add_watch, watches
from office import Actor, Database
from office.actors import MACHINE
from office.agencies import FOLDER as AGENCIES
from office.agencies import load_agencies
from office.database import ENVIRONMENT
from office.shell_words import utc_text
from ui.docket.invented_lives import give, live
from ui.settings import ROOT
from ui.workplace import RULES, Workplace, layer_folder, open_workplace

PEOPLE = {
    "王检": "prosecutor",
    "刘检": "prosecutor",
    "李复核": "reviewer",
    "赵外勤": "field",
    "陈审计": "auditor",
    "孙系统": "system_admin",
    "周安全": "security_admin",
}
"""The invented people of a generated county, with their roles."""
_FIRST = Actor("王检", ("prosecutor",))
_FOLDER, _FILE = "store", "leads.sqlite"
_MARK, _LOG, _LOCK = "taken-in.json", "taken-in.log", "taken-in.lock"
_WITH_APP = "with-app"


@dataclass(frozen=True, slots=True)
class Filling:
    """The taking-in of one county; `process` is `None` where there was nothing to do."""

    process: subprocess.Popen[bytes] | None
    log: Path

    @property
    def running(self) -> bool:
        """Whether it is still under way."""
        return self.process is not None and self.process.poll() is None

    @property
    def failed(self) -> str:
        """The last words of one that went wrong, else nothing."""
        if self.process is None or self.running or self.process.poll() == 0:
            return ""
        return self.log.read_text(encoding="utf-8", errors="replace").strip()[-400:] or "?"


def store_of(place: Workplace) -> str | None:
    """The address of the page's store: a county that is generated has its own; `None` = the usual one."""
    if os.environ.get(ENVIRONMENT) or not place.generated:
        return None
    return str(place.folder / _FOLDER / _FILE)


def wanted(place: Workplace) -> bool:
    """Whether the county's findings are to be taken in: never into a store that somebody named."""
    if store_of(place) is None or place.on_date is None:
        return False
    mark = place.folder / _FOLDER / _MARK
    try:
        return bool(json.loads(mark.read_text(encoding="utf-8"))["stamp"] != _stamp(place))
    except (OSError, ValueError, KeyError, TypeError):
        return True


def start(place: Workplace) -> Filling:
    """Begin it in a process of its own, where it is wanted."""
    log = place.folder / _FOLDER / _LOG
    if not wanted(place):
        return Filling(None, log)
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "ui.docket.demo", str(place.folder), _WITH_APP]
    with log.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603 - our own module
            command, cwd=ROOT, env={**os.environ, "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE, stdout=stream, stderr=stream,
        )  # fmt: skip
    return Filling(process, log)


def fill(folder: Path, at: str) -> int:
    """Let the county's standing watch run what is new to it, and route what it found.

    Returns how many leads are new. The watch is set up the first time, for the county's prosecutors.
    """
    if not wanted(open_workplace(folder)):
        return 0
    (folder / _FOLDER).mkdir(exist_ok=True)
    with locked(folder / _FOLDER / _LOCK):  # an app that was killed may have left one that goes on
        place = open_workplace(folder)
        return _filled(folder, place, at) if wanted(place) else 0


def _filled(folder: Path, place: Workplace, at: str) -> int:
    assert place.on_date is not None  # else nothing is wanted
    db, first = Database.open(store_of(place)), not (folder / _FOLDER / _MARK).is_file()
    try:
        if not watches(db, actor=_FIRST):
            people = [Person(name) for name, role in PEOPLE.items() if role == "prosecutor"]
            add_watch(db, folder=str(layer_folder(folder)), people=people, rules=place.rules, actor=_FIRST,
                      at=at, title=place.name("zh"))  # fmt: skip
        done = run_watches(db, actor=MACHINE, at=at, on_date=place.on_date)
        if place.rules and (AGENCIES / f"{place.rules}.toml").is_file():
            areas = place.layers.get("township")
            route(db, None, table=load_agencies(place.rules), areas=areas, actor=MACHINE, at=at,
                  on_date=at[:10])  # fmt: skip
        if first:
            live(db, place.on_date, actor=_FIRST, at=at)
            outside = next(name for name, role in PEOPLE.items() if role == "field")
            give(db, outside, actor=_FIRST, at=at)
    finally:
        db.close()
    for one in done.ran:
        if one.problem:
            raise LeadError(one.problem, remedy="see `python -m leads watch list`")
    mark(place, at)
    return sum(one.report.count("new") for one in done.ran if one.report)


def mark(place: Workplace, at: str) -> None:
    """Note that the store holds what this county's layers and rules give."""
    told = json.dumps({"stamp": _stamp(place), "at": at}) + "\n"
    write_text(place.folder / _FOLDER / _MARK, told)


def _stamp(place: Workplace) -> str:
    """Changes with the layers and with the rules."""
    rules = RULES / f"{place.rules}.toml"
    text = rules.read_bytes() if place.rules and rules.is_file() else b""
    return sha256(place.stamp.encode() + text).hexdigest()[:16]


def _end_with_app() -> None:
    """The end of the input says that the app is gone: the next one goes on with it."""
    sys.stdin.read()
    os._exit(3)


if __name__ == "__main__":
    if sys.argv[2:] == [_WITH_APP]:
        threading.Thread(target=_end_with_app, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(5)  # the pages come first
    try:
        print(fill(Path(sys.argv[1]), utc_text(datetime.now(UTC))))
    except YichaError as error:
        sys.exit(str(error))
