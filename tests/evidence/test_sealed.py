"""Marked values in sealed fields, looked for in everything that leaves: none found, but where they are opened."""

from __future__ import annotations

import io
import logging
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pypdf
import pytest

from checks import load_rules, run, write_findings
from evidence.__main__ import main
from layers import LayerFolder
from layers.errors import YichaError
from leads.__main__ import main as leads
from leads.messages.inbox import messages
from leads.reporter import keep_reporter, open_reporter, reporter_of
from leads.store import Filter, card, lead_ids, list_leads
from leads.views.feed import feed
from leads.views.marks import marks
from leads.views.on_map import lead_table
from office import Actor, Database
from office.__main__ import main as office
from office.actors import ROLES
from office.audit import Search, export
from office.backup import backup
from office.doors.keys import Keys, add_key, load_keys

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"
WHO = Actor("李明", ("prosecutor",))
AT = "2026-07-01T01:00:00Z"
VALUES = {
    "name": "瞿某某-KX7731",
    "phone": "13577310042",
    "address": "KX7731号院",
    "note": "KX7731所述内容",
}
MARKS = ["KX7731", "瞿某某", "13577310042", "7731004"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, demo_layers: LayerFolder) -> Path:
    """A folder with a store whose first lead has a reporter, and the file of keys apart."""
    folder = tmp_path_factory.mktemp("sealed")
    result = run(["fire-lane-blocked"], demo_layers, load_rules("demo"), "2026-06-30")
    findings = write_findings(result, folder / "findings.geojson")
    store = ["--store", str(folder / "leads.sqlite"), "--by", "李明"]
    assert leads(["ingest", str(findings), *store]) == 0
    add_key(folder / "keys.txt")
    secrets = folder / "secrets.txt"
    secrets.write_text("\n".join(VALUES.values()) + "\n", encoding="utf-8")
    secrets.chmod(0o600)
    keep = [word for name in VALUES for word in ("--keep", name)]
    ways = ["--keys", str(folder / "keys.txt"), "--secrets", str(secrets)]
    assert leads(["reporter", first(folder), *store, *keep, *ways]) == 0
    secrets.unlink()
    return folder


def first(folder: Path) -> str:
    with closing(Database.open(folder / "leads.sqlite")) as db:
        return lead_ids(db, actor=WHO)[0]


def texts_of(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """Every text in some bytes: as they are (in several encodings), unzipped, inflated, out of a PDF."""
    for encoding in ("utf-8", "gb18030", "utf-16-le"):
        yield name, data.decode(encoding, errors="ignore")
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for one in archive.infolist():
                yield from texts_of(f"{name}/{one.filename}", archive.read(one))
    if data[:4] == b"%PDF":
        yield name, "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    if data[:2] in (b"\x1f\x8b", b"\x78\x9c"):
        yield name, zlib.decompress(data, 47).decode("utf-8", errors="ignore")


def found_in(name: str, data: bytes) -> list[tuple[str, str]]:
    return [(where, mark) for where, text in texts_of(name, data) for mark in MARKS if mark in text]


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    """Else it would find nothing anywhere."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.json", VALUES["note"])
    assert found_in("a.zip", (tmp_path / "a.zip").read_bytes())
    assert found_in("b", zlib.compress("瞿某某".encode()))
    assert found_in("c", "瞿某某".encode("gb18030"))


def test_no_export_holds_it(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ways = ["--store", str(place / "leads.sqlite"), "--layers", str(DEMO / "layers"), "--by", "李明", "--reason", "移送", "--recipient", "市院"]  # fmt: skip
    lead = first(place)
    for suffix in ("csv", "xlsx", "geojson", "gpkg", "kml", "kmz"):
        assert main(["table", lead, *ways, "--out", str(tmp_path / f"t.{suffix}")]) == 0
    assert main(["html", lead, *ways, "--out", str(tmp_path / "map.html")]) == 0
    assert main(["sheet", lead, *ways, "--out", str(tmp_path / "sheet.pdf")]) == 0
    assert main(["export", lead, *ways, "--incomplete", "--out", str(tmp_path / "case.zip")]) == 0
    assert main(["export", lead, *ways, "--share", "--out", str(tmp_path / "shared.zip")]) == 0
    assert (
        main(
            ["document", lead, *ways, "--kind", "transfer", "--out", str(tmp_path / "letter.docx")]
        )
        == 0
    )
    shop = [
        "handover",
        lead,
        "--store",
        ways[1],
        "--by",
        "李明",
        "--to",
        "市场监管局",
        "--reason",
        "移送",
    ]
    assert leads([*shop, "--out", str(tmp_path / "hand.xlsx")]) == 0
    with closing(Database.open(place / "leads.sqlite")) as db:
        export(db, tmp_path / "audit.json", Search(), actor=Actor("审", ("auditor",)), at=AT)
        export(db, tmp_path / "audit.csv", Search(), actor=Actor("审", ("auditor",)), at=AT)
        backup(db, tmp_path / "backup.zip", actor=Actor("管", ("system_admin",)), at=AT)
    made = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert len(made) >= 15
    for one in [*made, *place.glob("leads.sqlite*")]:
        assert found_in(one.name, one.read_bytes()) == []
    assert not any(mark in capsys.readouterr().out for mark in MARKS)


def asked(db: Database, lead: str, keys: Keys, who: Actor) -> list[Callable[[], object]]:
    """Everything that might tell it to somebody."""
    long = VALUES["name"] + "长" * 4000
    return [
        lambda: card(db, lead, actor=who), lambda: list_leads(db, actor=who),
        lambda: list_leads(db, Filter(words="KX7731"), actor=who).total,
        lambda: feed(db, actor=who, limit=50), lambda: lead_table(db, actor=who).to_csv(),
        lambda: marks(db, actor=who), lambda: messages(db, "某", actor=who),
        lambda: reporter_of(db, lead, actor=who),
        lambda: open_reporter(db, lead, "name", reason="x", keys=keys, actor=who, at=AT),
        lambda: keep_reporter(db, lead, {"name": long}, keys=keys, actor=who, at=AT),
    ]  # fmt: skip


def test_no_function_command_error_or_log_tells_it(
    place: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    lead, told = first(place), []
    with closing(Database.open(place / "leads.sqlite")) as db:
        for role in ROLES:
            who = Actor("某", (role,))
            for act in asked(db, lead, load_keys(place / "keys.txt"), who):
                try:
                    told.append(repr(act()))
                except YichaError as error:
                    told.append(str(error))
    store = ["--store", str(place / "leads.sqlite"), "--by", "某"]
    for role in ROLES:
        leads(["show", lead, "--json", *store, "--role", role])
        leads(["reporter", lead, *store, "--role", role])
        leads(["reporter", lead, *store, "--role", role, "--open", "name"])
        office(["audit", *store, "--role", role])
    said = capsys.readouterr()
    text = "\n".join([*told, said.out, said.err, caplog.text])
    assert "举报人姓名" in text or "reporter's name" in text
    assert not [mark for mark in MARKS if mark in text]


def test_with_the_right_and_a_reason_it_is_told(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ways = [
        "--store",
        str(place / "leads.sqlite"),
        "--by",
        "李明",
        "--keys",
        str(place / "keys.txt"),
    ]
    for field, value in VALUES.items():
        assert (
            leads(["reporter", first(place), *ways, "--open", field, "--reason", "回复举报人"]) == 0
        )
        assert capsys.readouterr().out.strip() == value
