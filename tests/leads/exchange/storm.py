"""Two offices in processes of their own hand leads over to each other while one after the other is killed.

Every office has a server (the real addresses, the real tokens) and a sender, which offers its leads one
by one and goes on with whatever was cut off. Run as a program of its own, so that what all of them
need is loaded once: `python -c "$PROGRAM" FOLDER URL-HERE URL-THERE most`.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import cycle
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import Response

from leads.exchange.foreign import altered, foreign_histories
from leads.exchange.going_on import go_on
from leads.exchange.listing import transfers
from leads.exchange.offices import load_offices
from leads.exchange.sending import offer
from leads.states import AWAY
from office import Actor, Database, events
from office.doors.rules import load_doors
from office.doors.tokens import add_token, system_of
from office.schema import LEAD
from office.shell_words import utc_text
from office.verify import verify
from tests.leads.exchange.two import HERE, PROSECUTOR, THERE, fill, write_offices
from ui.api.exchange import exchange_routes

PROGRAM = "import sys; from tests.leads.exchange import storm; storm.main(*sys.argv[1:])"
MOST, FEW = ((60, 40), 32), ((15, 10), 12)
"""Leads of the two offices, and kills."""
AUDITOR = Actor("审计", ("auditor",))
KEEPER = Actor("安管", ("security_admin",))
_KIND = "forkserver" if os.name == "posix" else "spawn"


@dataclass(frozen=True, slots=True)
class Storm:
    """What happened: kills by process, how many of them while leads were under way, what is wrong."""

    kills: dict[str, int]
    while_under_way: int
    seconds: float
    moved: int
    wrong: list[str]


def app_of(url: str, offices: str) -> Starlette:
    """The addresses of one office, its callers known by their tokens."""
    db, known = Database.open(url), load_offices(offices)

    async def who(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        _, _, token = request.headers.get("authorization", "").partition(" ")
        at = utc_text(datetime.now(UTC))
        request.state.actor = system_of(db, token, at=at, rules=load_doors())
        return await go_on(request)

    return Starlette(routes=exchange_routes(lambda: db, lambda: known),
                     middleware=[Middleware(BaseHTTPMiddleware, dispatch=who)])  # fmt: skip


def serve(url: str, offices: str, port: int) -> None:
    """One office's server, until it is killed."""
    uvicorn.run(app_of(url, offices), host="127.0.0.1", port=port, log_level="critical")


def send(url: str, offices: str, to: str, own: tuple[str, ...]) -> None:
    """One office's sender, until everything it had has found its place."""
    db, known, pause = Database.open(url), load_offices(offices), threading.Event()
    while True:
        at = utc_text(datetime.now(UTC))
        with db.read() as connection:
            left = [row.id for row in connection.execute(select(LEAD.c.id, LEAD.c.state))
                    if row.id in own and row.state not in AWAY]  # fmt: skip
        if left:
            offer(db, left[:1], to, offices=known, reason="storm", actor=PROSECUTOR, at=at)
        if go_on(db, offices=known, actor=PROSECUTOR, at=at).problems:
            pause.wait(0.02)
        elif not left:
            return


def free_port() -> int:
    """A port nobody uses now."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def storm(
    folder: Path, urls: tuple[str, str], leads: tuple[int, int], kills: int, seed: int = 7
) -> Storm:
    """Hand over all leads, killing `kills` processes at random moments; then look at both stores."""
    ports = (free_port(), free_port())
    files = write_offices(
        folder / "offices", urls=[f"http://127.0.0.1:{port}" for port in reversed(ports)]
    )
    stores = [Database.open(url) for url in urls]
    own = (tuple(fill(stores[0], folder / "a", leads[0])),
           tuple(fill(stores[1], folder / "b", leads[1], 1 + leads[0])))  # fmt: skip
    for n in (0, 1):
        token = add_token(stores[n], f"partner{n}", ["lead.receive"], days=1, actor=KEEPER,
                          at=utc_text(datetime.now(UTC)), rules=load_doors())  # fmt: skip
        (files[1 - n].parent / "token").write_text(token.text, encoding="utf-8")
    work = {
        "server here": (serve, (urls[0], str(files[0]), ports[0])),
        "server there": (serve, (urls[1], str(files[1]), ports[1])),
        "sender here": (send, (urls[0], str(files[0]), THERE, own[0])),
        "sender there": (send, (urls[1], str(files[1]), HERE, own[1])),
    }
    begin = time.monotonic()
    told, under_way = _kill_them(work, stores, own, kills, random.Random(seed))
    seconds = time.monotonic() - begin
    wrong = [*_once(stores, own), *_whole(stores, own)]
    moved = sum(one["state"] == "accepted" for one in transfers(stores[1], actor=AUDITOR))
    for one in stores:
        one.close()
    return Storm(told, under_way, round(seconds, 1), moved, wrong)


def _kill_them(
    work: dict[str, Any], stores: list[Database], own: tuple[tuple[str, ...], ...], kills: int,
    dice: random.Random,
) -> tuple[dict[str, int], int]:  # fmt: skip
    context: Any = multiprocessing.get_context(_KIND)
    if _KIND == "forkserver":
        context.set_forkserver_preload(["tests.leads.exchange.storm"])

    def start(name: str) -> BaseProcess:
        target, arguments = work[name]
        process: BaseProcess = context.Process(target=target, args=arguments, daemon=True)
        process.start()
        return process

    running = {name: start(name) for name in work}
    told, under_way, pause = dict.fromkeys(work, 0), 0, threading.Event()
    for name in cycle(work):
        if sum(told.values()) == kills:
            break
        pause.wait(dice.uniform(0.02, 0.25))
        running[name].kill()
        running[name].join()
        under_way += _left(stores, own) > 0
        told[name] += 1
        running[name] = start(name)
    for name in ("sender here", "sender there"):
        running[name].join(60)
    for process in running.values():
        process.kill()
        process.join()
    return told, under_way


def _left(stores: list[Database], own: tuple[tuple[str, ...], ...]) -> int:
    count = 0
    for store, leads in zip(stores, own, strict=True):
        with store.read() as connection:
            count += sum(state != "handed_over" for state in connection.scalars(
                select(LEAD.c.state).where(LEAD.c.id.in_(leads))))  # fmt: skip
    return count


def _once(stores: list[Database], own: tuple[tuple[str, ...], ...]) -> list[str]:
    """Each lead is active exactly once, in the office it went to."""
    active = []
    for store in stores:
        with store.read() as connection:
            active.append({row.id for row in connection.execute(select(LEAD.c.id, LEAD.c.state))
                           if row.state not in AWAY})  # fmt: skip
    wrong = [f"{lead} is active twice" for lead in sorted(active[0] & active[1])]
    wrong += [
        f"{lead} is not where it was sent"
        for n in (0, 1)
        for lead in own[n]
        if lead not in active[1 - n]
    ]
    return wrong + [f"{len(set.union(*active))} leads in all"] * (
        len(set.union(*active)) != sum(map(len, own))
    )


def _whole(stores: list[Database], own: tuple[tuple[str, ...], ...]) -> list[str]:
    """Both chains verify, and what came along is the history the sender has."""
    wrong = [problem.en for store in stores for problem in verify(store).problems]
    wrong += [f"altered: {one}" for store in stores for one in altered(store, actor=AUDITOR)]
    for n in (0, 1):
        with stores[n].read() as here, stores[1 - n].read() as there:
            for lead in own[n]:
                told = list(events(here, lead))
                at = next((k for k, one in enumerate(told) if one.kind == "lead.sent"), 0)
                came = foreign_histories(there, lead)
                if [one.events for one in came] != [tuple(told[:at])]:
                    wrong.append(f"{lead} came with another history")
                if [one.kind for one in told[at:]] != ["lead.sent", "lead.taken_over"]:
                    wrong.append(f"{lead} was sent {[one.kind for one in told[at:]]}")
    return wrong


def main(folder: str, here: str, there: str, size: str) -> None:
    """Run it (`size` most or few) and print what happened as JSON."""
    leads, kills = FEW if size == "few" else MOST
    done = storm(Path(folder), (here, there), leads, kills)
    print(json.dumps(asdict(done), ensure_ascii=False))
