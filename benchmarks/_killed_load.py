"""The load under which the app is killed: uploads in pieces, notes, models and searches, tabs that come back.

Everybody goes on after a kill where they were. What the app said is written down: an offset it told,
a note it took, files handed over; none of it may be missing afterwards.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from websockets.exceptions import WebSocketException

from benchmarks._users_line import Line, asked, invited, told_json
from ui.texts import texts

PIECE = 64 << 10
MOST_WAITING, MOST_HELD = 3, 8
"""Jobs under way before more is asked for; files that a sender holds back until then."""
GONE = (OSError, HTTPException, WebSocketException, TimeoutError)
WORDS = texts("zh")
_UPLOADS = "/imagery/uploads"
_CHECKS = ("tobacco-near-school", "alcohol-near-school")


@dataclass
class Load:
    """What goes on: `life` counts the app's starts, `up` says that it answers, `wrong` is what must not be."""

    address: str
    folder: Path
    seed: int
    life: int = 0
    up: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    """The tab of the browser stands."""
    wrong: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    """SHA-256 of every file that arrived whole and was handed over → its name."""
    notes: set[str] = field(default_factory=set)
    said: dict[str, int] = field(default_factory=dict)
    cut: int = 0
    """Pieces that a kill cut off."""
    kept: int = 0
    """Bytes of such pieces that were there nevertheless."""

    def count(self, what: str) -> None:
        """One more of these was answered well."""
        self.said[what] = self.said.get(what, 0) + 1

    async def through(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do it until it is over, again after every kill; whatever else stops it is wrong."""
        while not self.over.is_set():
            await self.up.wait()
            life = self.life
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - judged here
                await asyncio.sleep(0.5)
                if self.life == life and self.up.is_set():
                    self.wrong.append(f"{name}: {type(error).__name__} {error}"[:300])
                    await asyncio.sleep(2.0)


async def cookie_of(load: Load) -> str:
    """The cookie of a new visitor; asked for until there is one."""
    while True:
        await load.up.wait()
        try:
            return await asyncio.to_thread(invited, load.address)
        except GONE:
            await asyncio.sleep(0.2)


@dataclass
class Sender:
    """Somebody who sends files of their own and has them taken in."""

    load: Load
    number: int
    make: Callable[[Path, int], None]
    cookie: str = ""
    sent: int = 0

    async def live(self) -> None:
        """One file after the other, taken in as there is time."""
        self.cookie = await cookie_of(self.load)
        held: list[str] = []
        while not self.load.over.is_set():
            if sent := await self._file():
                held.append(sent)
            if active(self.load.folder) < MOST_WAITING or len(held) >= MOST_HELD:
                await self._hand_over(held)
                held = []
        await self._hand_over(held)

    async def _file(self) -> str:
        """Send one file, through as many kills as there are; its upload, or nothing at the end."""
        self.sent += 1
        path = self.load.folder.parent / f"sent-{self.number}-{self.sent}.tif"
        await asyncio.to_thread(self.make, path, self.number * 100_000 + self.sent)
        data, upload, offset = path.read_bytes(), "", 0
        path.unlink()
        while not self.load.over.is_set() and not (upload and offset == len(data)):
            await self.load.up.wait()
            life = self.load.life
            try:
                if not upload:
                    upload = await self._announce(path.name, len(data))
                offset = await self._piece(upload, data, offset)
            except GONE as error:
                upload, offset = await self._found(upload, offset, life, error)
        if not upload or offset != len(data):
            return ""
        self.load.files[hashlib.sha256(data).hexdigest()] = path.name
        return f"{upload}:{len(data)}"

    async def _announce(self, name: str, size: int) -> str:
        body = {
            "batch": f"{self.number:032x}",
            "name": name,
            "folder": "",
            "size": size,
            "modified": 0,
        }
        answer = await self._ask("POST", _UPLOADS, {"Content-Type": "application/json"}, json.dumps(body).encode())  # fmt: skip
        return str(told_json(answer)["id"])

    async def _piece(self, upload: str, data: bytes, offset: int) -> int:
        piece = data[offset : offset + PIECE]
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream",
                   "Upload-Checksum": f"sha256 {hashlib.sha256(piece).hexdigest()}"}  # fmt: skip
        status, told, body = await self._ask("PATCH", f"{_UPLOADS}/{upload}", headers, piece)
        if status == 429:
            await asyncio.sleep(0.2)
            return offset
        if status != 204:
            self.load.wrong.append(f"a piece was answered {status} {body[:200]!r}")
        self.load.count("pieces")
        await asyncio.sleep(0.03)
        return int(told["upload-offset"])

    async def _found(self, upload: str, offset: int, life: int, error: Exception) -> tuple[str, int]:  # fmt: skip
        """Where to go on after a kill: never before what the app said it has."""
        await asyncio.sleep(0.5)
        if self.load.life == life and self.load.up.is_set():
            self.load.wrong.append(f"upload: {type(error).__name__} {error} without a kill")
        while upload and not self.load.over.is_set():
            await self.load.up.wait()
            try:
                status, told, _ = await self._ask("HEAD", f"{_UPLOADS}/{upload}", {}, b"")
            except GONE:
                await asyncio.sleep(0.2)
                continue
            if status not in (200, 204):
                self.load.wrong.append(f"an upload is gone: {status}")
                return "", 0
            here = int(told["upload-offset"])
            self.load.cut += 1
            self.load.kept += here - offset
            if not offset <= here <= offset + PIECE:
                self.load.wrong.append(f"{offset} bytes were told, {here} are there")
            return upload, here
        return upload, offset

    async def _hand_over(self, files: list[str]) -> None:
        """Click on take in; after a kill look what still waits and click again."""
        while files:
            await self.load.up.wait()
            try:
                async with Line(self.load.address, self.cookie) as line:
                    await line.open("upload")
                    told = [[one.partition(":")[0], int(one.partition(":")[2])] for one in files]
                    ready = json.dumps({"ready": {"files": told, "coming": False}})
                    await line.act("drop", json_value=ready)
                    await line.act("take_in", trigger_value=True)
                self.load.count("take-ins")
                return
            except (*GONE, LookupError):
                await asyncio.sleep(0.5)
            files = [one for one in files if one.partition(":")[0] in await self._waiting()]

    async def _waiting(self) -> set[str]:
        """Uploads of this sender that nobody took in yet."""
        while True:
            await self.load.up.wait()
            try:
                answer = await self._ask("GET", f"{_UPLOADS}?batch={self.number:032x}", {}, b"")
                return {str(one["id"]) for one in told_json(answer)["uploads"]}
            except GONE:
                await asyncio.sleep(0.3)

    async def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
        return await asyncio.to_thread(asked, self.load.address, method, path, headers={"Cookie": self.cookie, **headers}, body=body)  # fmt: skip


@dataclass
class Clicker:
    """A tab without a browser: runs models and searches, looks through leads and writes notes."""

    load: Load
    number: int
    cookie: str = ""

    async def live(self) -> None:
        """Click through one's pages, with a new line after every kill."""
        self.cookie = await cookie_of(self.load)
        work = (self._notes, self._models)[self.number % 2]
        await self.load.through(work.__name__, work)

    async def _notes(self) -> None:
        async with Line(self.load.address, self.cookie) as line:
            leads = await self._leads()
            while leads and not self.load.over.is_set():
                lead, text = random.Random(time.time_ns()).choice(leads), f"现场 {secrets.token_hex(8)}"  # fmt: skip
                await line.open("leads", urlencode({"lang": "zh", "lead": lead}))
                line.set(WORDS("leads.note_text"), string_value=text)
                drawn = await line.act(WORDS("leads.note"), trigger_value=True)
                if not drawn.errors:
                    self.load.notes.add(text)
                    self.load.count("notes")
        await asyncio.sleep(0.5)

    async def _leads(self) -> list[str]:
        """Leads to write about; none while the county's findings are still taken in."""
        answer = await asyncio.to_thread(asked, self.load.address, "GET", "/api/v1/leads?limit=20",
                                         headers={"Cookie": self.cookie})  # fmt: skip
        told: Any = json.loads(answer[2]) if answer[0] == 200 else {}
        return [str(one["id"]) for one in told.get("leads", ())]

    async def _models(self) -> None:
        async with Line(self.load.address, self.cookie) as line:
            for turn in range(1_000_000):
                if self.load.over.is_set():
                    return
                query = {"lang": "zh", "model": _CHECKS[turn % 2], "view": "run"}
                await line.open("models", urlencode(query))
                if any(one.endswith("-mo_job_close") for one in line.widgets):
                    await line.act("mo_job_close", trigger_value=True)
                elif active(self.load.folder) < MOST_WAITING:
                    await line.act("mo_run", trigger_value=True)
                    self.load.count("model runs")
                await asyncio.sleep(0.7)


def active(folder: Path) -> int:
    """Jobs under way or waiting."""
    found = 0
    for path in (folder / "uploads" / "jobs").glob("*.json"):
        try:
            found += json.loads(path.read_text(encoding="utf-8"))["state"] in ("queued", "running")
        except (OSError, ValueError, KeyError):
            continue
    return found
