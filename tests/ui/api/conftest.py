"""A running interface over a real store of leads of two counties, with tokens of several scopes."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from layers import Layer, LayerSet
from office import Actor, Database
from office.database import ENVIRONMENT
from office.doors.keys import ENVIRONMENT as KEY_FILE
from office.doors.keys import add_key
from office.doors.rules import load_doors
from office.doors.tokens import add_token
from office.scope import Grant
from tests.browser.conftest import process_wait
from tests.leads.made import put_lead
from tests.ui.conftest import DAY
from ui.settings import ROOT, VARIABLE

SECURITY = Actor("安全", ("security_admin",))
ALL = ("api.read", "layer.read", "lead.read", "lead.note", "lead.assign", "lead.reopen", "check.read",
       "check.run", "rule.read", "scene.read")  # fmt: skip
TOKENS: Mapping[str, tuple[tuple[str, ...], tuple[Grant, ...]]] = {
    "everything": (ALL, ()),
    "first county": (ALL, (Grant("machine", "990101"),)),
    "one check": (ALL, (Grant("machine", None, "bar-near-school"),)),
    "layers only": (("api.read", "layer.read"), ()),
    "leads only": (("lead.read",), ()),
    "description only": (("api.read",), ()),
}
"""What the systems of these tests may do, and where."""
COUNTIES, CHECKS, LEADS = ("990101", "990202"), ("tobacco-near-school", "bar-near-school"), 250


@dataclass(frozen=True)
class Got:
    """An answer: status, headers by lower-case name, bytes."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        """The answer's JSON."""
        return json.loads(self.raw)


@dataclass(frozen=True)
class Site:
    """A running interface: its port, its store, the tokens by name, where each token lies as a header."""

    port: int
    store: str
    tokens: Mapping[str, str]
    folder: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def ask(self, path: str, who: str | None = "everything", method: str = "GET", body: object = None,
            **headers: str) -> Got:  # fmt: skip
        """Ask; `path` begins below /api or is a whole link of an answer."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who is not None:
            sent["Authorization"] = f"Bearer {self.tokens.get(who, who)}"
        raw = None
        if body is not None:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        target = (
            path.removeprefix(f"http://127.0.0.1:{self.port}")
            if path.startswith("http")
            else f"/api{path}"
        )
        connection.request(method, target, raw, sent)
        response = connection.getresponse()
        found = Got(
            response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        )
        connection.close()
        return found

    def header_file(self, who: str) -> Path:
        """A file with the token as a header, as GDAL takes it."""
        file = self.folder / f"{who.replace(' ', '-')}.txt"
        file.write_text(f"Authorization: Bearer {self.tokens[who]}\n", encoding="utf-8")
        return file


def with_codes(layers: LayerSet) -> dict[str, Layer]:
    """The hamlet, its shops in two counties and one in none that is known."""
    found = dict(layers)
    shops = found["ecig_retailer"]
    codes = ["990101", "990202", "990101", None]
    found["ecig_retailer"] = Layer(
        shops.theme, shops.frame.assign(admin_code=codes), shops.provenance
    )
    return found


@pytest.fixture(scope="session")
def county(hamlet: LayerSet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hamlet as a data folder that nobody marked as generated, with a store of leads."""
    folder = tmp_path_factory.mktemp("interface")
    for name, one in with_codes(hamlet).items():
        one.write(folder / "layers" / f"{name}.parquet")
    about = {"name": {"zh": "石桥县", "en": "Shiqiao"}, "on_date": DAY, "rules": "demo"}
    (folder / "county.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    with_leads(folder / "leads.sqlite", LEADS)
    return folder


def with_leads(file: Path, many: int) -> None:
    """A store of leads, county and check in turn, along a line of longitude 110 to 111."""
    store = Database.open(file)
    for number in range(1, many + 1):
        put_lead(store, number, admin_code=COUNTIES[number % 2], check_id=CHECKS[number // 2 % 2],
                 score_parts="[]", on_date=f"2026-06-{1 + number % 30:02d}", point=(110 + number / many, 30.0))  # fmt: skip
    store.close()


def tokens_of(store: str) -> dict[str, str]:
    """Real tokens in a store, by the name of their system."""
    db = Database.open(store)
    made = {name: add_token(db, name, operations, days=366, actor=SECURITY, at="2026-11-01T00:00:00Z",
                            rules=load_doors(), areas=areas).text
            for name, (operations, areas) in TOKENS.items()}  # fmt: skip
    db.close()
    return made


@pytest.fixture(scope="session")
def site(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The interface as a process of its own."""
    store = str(county / "leads.sqlite")
    add_key(county / "keys.txt")
    tokens = tokens_of(store)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("log") / "interface.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.ui.api.serving", str(port)], cwd=ROOT, stdout=stream, stderr=stream,
            env={**os.environ, VARIABLE: str(county), ENVIRONMENT: store, KEY_FILE: str(county / "keys.txt")},
        )  # fmt: skip
    for _ in range(600):
        with socket.socket() as probe:
            probe.settimeout(0.1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")
        process_wait(process)
    yield Site(port, store, tokens, county)
    process.terminate()
    process.wait(10)
