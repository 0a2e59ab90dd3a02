"""What the scripted visitors do: the pages of the three jobs, an upload in pieces, a model run, the interface."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks._users_line import Drawn, Line, asked, invited, told_json
from ui.texts import texts

MB = 1_000_000
PIECE = 4 * MB
PATIENCE_S = 120.0
WORDS = texts("zh")
_CHECKS = (
    "tobacco-near-school",
    "alcohol-near-school",
    "caterer-licence",
    "many-shops-one-address",
)


@dataclass
class Book:
    """What was done, how long it took, what went wrong; jobs apart from the answers of pages.

    `clock` tells the server's processor seconds so far; what an action cost of them is only known
    while nobody else is there.
    """

    clock: Callable[[], float] = lambda: 0.0
    cost: dict[str, list[float]] = field(default_factory=dict)
    took: dict[str, list[float]] = field(default_factory=dict)
    jobs: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    sent: int = 0

    def note(self, name: str, drawn: Drawn) -> Drawn:
        """An answer of a page, and what it complained about."""
        self.took.setdefault(name, []).append(drawn.seconds)
        self.sent += drawn.bytes
        self.errors += [f"{name}: {error}" for error in drawn.errors]
        return drawn


@dataclass
class Visitor:
    """One person: a cookie, a number, the file they upload, how long they think before the next click."""

    address: str
    number: int
    file: Path
    book: Book
    think_s: float = 1.0
    cookie: str = ""
    turns: count[int] = field(default_factory=count)

    async def live(self, until: float) -> None:
        """Do one's job again and again until the time is over, at least once."""
        self.cookie = await asyncio.to_thread(invited, self.address)
        journey = JOURNEYS[self.number % len(JOURNEYS)]
        while True:
            try:
                async with Line(self.address, self.cookie) as line:
                    await journey(self, line)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is an error of the app
                self.book.errors.append(f"{journey.__name__}: {type(error).__name__} {error}"[:400])
            if time.perf_counter() > until:
                return

    async def does(self, name: str, step: Awaitable[Drawn]) -> Drawn:
        """One click, and a moment to read what came."""
        before = self.book.clock()
        drawn = self.book.note(name, await step)
        self.book.cost.setdefault(name, []).append(self.book.clock() - before)
        await asyncio.sleep(self.think_s)
        return drawn

    async def reads(self, name: str, path: str) -> Any:  # noqa: ANN401 - JSON
        """One answer of the interface or one picture."""
        began, before = time.perf_counter(), self.book.clock()
        answer = await asyncio.to_thread(asked, self.address, "GET", path, headers={"Cookie": self.cookie})  # fmt: skip
        self.book.cost.setdefault(name, []).append(self.book.clock() - before)
        self.book.took.setdefault(name, []).append(time.perf_counter() - began)
        return told_json(answer) if "json" in answer[1].get("content-type", "") else answer[0]

    async def awaits(self, name: str, line: Line, over: str) -> None:
        """Look every second until the page has the button called `over`, or says so."""
        began, said = time.perf_counter(), ""
        while (
            time.perf_counter() - began < PATIENCE_S
            and over not in said
            and not any(known.endswith(f"-{over}") for known in line.widgets)
        ):
            await asyncio.sleep(1.0)
            drawn = self.book.note("job panel", await line.again())
            said = " ".join(drawn.texts)
        if time.perf_counter() - began >= PATIENCE_S:
            raise TimeoutError(f"{name} did not end")
        self.book.jobs.setdefault(name, []).append(time.perf_counter() - began)


async def map_filters(one: Visitor, line: Line) -> None:
    """A prosecutor looks through the findings on the map."""
    turn = next(one.turns)
    await one.does("map: open", line.open(""))
    await one.does("map: search the list", line.act("f_text", string_value="福顺优惠好"[turn % 5]))
    await one.does("map: clear", line.act("f_text", string_value=""))
    await one.does("map: next page", line.act("m_after", trigger_value=True))
    await one.does("map: hide", line.act("f_hide", bool_value=True))
    await one.does("map: find a place", line.act("m_seek", string_value="27.6057,109.2973"))
    async with Line(one.address, one.cookie) as tab:
        link = urlencode({"lang": "zh", "check": _CHECKS[turn % 4], "verdict": "inside"})
        await one.does("map: link in a new tab", tab.open("", link))
    await one.reads("tile", f"/base/14/{13165 + turn % 4}/{6886 + one.number % 3}.png")


async def leads(one: Visitor, line: Line) -> None:
    """A prosecutor goes through the leads and writes down what was found out."""
    await one.does("leads: open", line.open("leads"))
    await one.does("leads: search", line.act("l_text", string_value="店"))
    await one.does("leads: clear", line.act("l_text", string_value=""))
    told = await one.reads("API: leads", "/api/v1/leads?limit=50")
    found = told.get("features") or told.get("leads") or told.get("items")
    lead = str(found[(one.number * 7 + next(one.turns)) % len(found)]["id"])
    await one.does("leads: card", line.open("leads", urlencode({"lang": "zh", "lead": lead})))
    line.set(WORDS("leads.note_text"), string_value=f"现场核查 {one.number}")
    await one.does("leads: note", line.act(WORDS("leads.note"), trigger_value=True))


async def upload(one: Visitor, line: Line) -> None:
    """Field staff send a file in pieces and have it taken in."""
    headers = {"Cookie": one.cookie}
    size = one.file.stat().st_size
    body = {"batch": f"{one.number:032x}", "name": f"u{one.number}-{next(one.turns)}.tif", "folder": "",
            "size": size, "modified": 0}  # fmt: skip
    said = told_json(await _send(one, "POST", "/imagery/uploads", headers | {"Content-Type": "application/json"}, _json(body)))  # fmt: skip
    offset = 0
    with one.file.open("rb") as stream:
        while data := stream.read(PIECE):
            more = headers | {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}  # fmt: skip
            answer = await _send(one, "PATCH", f"/imagery/uploads/{said['id']}", more, data)
            if answer[0] != 204:
                raise RuntimeError(f"a piece was answered {answer[0]} {answer[2][:200]!r}")
            offset += len(data)
    await one.does("upload: open", line.open("upload"))
    here = _json({"ready": {"files": [[said["id"], size]], "coming": False}}).decode()
    await one.does("upload: files are here", line.act("drop", json_value=here))
    await one.does("upload: take in", line.act("take_in", trigger_value=True))
    await one.awaits("take-in", line, "y-file")


async def models(one: Visitor, line: Line) -> None:
    """A prosecutor has a model run and looks what came of it."""
    check = _CHECKS[next(one.turns) % 2]
    await one.does("models: open", line.open("models", urlencode({"lang": "zh", "model": check, "view": "run"})))  # fmt: skip
    await one.does("models: run", line.act("mo_run", trigger_value=True))
    await one.awaits("model run", line, "mo_job_close")
    await one.does("models: close", line.act("mo_job_close", trigger_value=True))


async def overview(one: Visitor, line: Line) -> None:
    """A chief looks at the plots, another system reads the interface."""
    await one.does("overview: open", line.open("overview"))
    told = await one.reads("API: collections", "/api/collections")
    name = told["collections"][next(one.turns) % len(told["collections"])]["id"]
    await one.reads("API: items", f"/api/collections/{name}/items?limit=100")
    await one.does("data: open", line.open("data"))
    await one.does("scenes: open", line.open("scenes"))


JOURNEYS: tuple[Callable[[Visitor, Line], Awaitable[None]], ...] = (
    map_filters, leads, upload, models, overview, map_filters, leads, upload, map_filters, leads)  # fmt: skip


async def _send(one: Visitor, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
    began = time.perf_counter()
    answer = await asyncio.to_thread(asked, one.address, method, path, headers=headers, body=body)
    one.book.took.setdefault(f"upload: {method.lower()}", []).append(time.perf_counter() - began)
    return answer


def _json(told: object) -> bytes:
    return json.dumps(told).encode()
