"""Evidence in the shell, from findings in the store to a verified bundle and a line in the ledger."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pypdf
import pytest

from checks import load_rules, run, write_findings
from evidence.__main__ import main
from layers import LayerFolder
from leads.__main__ import main as leads
from leads.store import lead_ids
from office import Actor, Database
from office.verify import verify

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "data" / "demo"
WHO = Actor("李明", ("prosecutor",))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, demo_layers: LayerFolder) -> Path:
    """A store with the demo's leads of two named checks."""
    folder = tmp_path_factory.mktemp("store")
    result = run(
        ["waste-near-reservoir", "fire-lane-blocked"], demo_layers, load_rules("demo"), "2026-06-30"
    )
    findings = write_findings(result, folder / "findings.geojson")
    file = folder / "leads.sqlite"
    assert leads(["ingest", str(findings), "--store", str(file), "--by", "李明"]) == 0
    return file


def words(store: Path, *more: str) -> list[str]:
    """The words every export needs."""
    return ["--store", str(store), "--layers", str(DEMO / "layers"), "--imagery", str(DEMO / "imagery"),
            "--by", "李明", "--reason", "移送", "--recipient", "市人民检察院", *more]  # fmt: skip


def ids(store: Path) -> list[str]:
    db = Database.open(store)
    try:
        return lead_ids(db, actor=WHO)
    finally:
        db.close()


def test_export_verify_and_ledger(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, out = tmp_path / "office.pem", tmp_path / "case.zip"
    assert main(["key", "--out", str(key)]) == 0
    public = capsys.readouterr().out.split()[-1]
    monkeypatch.setenv("YICHA_SIGNING_KEY", str(key))
    lead = ids(store)[:2]
    assert main(["export", *lead, *words(store, "--incomplete", "--out", str(out))]) == 0
    assert main(["verify", str(out), "--key", public]) == 0
    assert "intact" in capsys.readouterr().out
    data = bytearray(out.read_bytes())
    data[len(data) // 2] ^= 1
    out.write_bytes(data)
    assert main(["verify", str(out), "--key", public]) == 1
    assert main(["ledger", "--store", str(store), "--by", "审计员"]) == 0
    line = capsys.readouterr().out.splitlines()[-1]
    assert "bundle" in line
    assert "2 leads" in line
    assert "市人民检察院" in line
    db = Database.open(store)
    assert verify(db).ok
    db.close()


def test_an_atlas_has_an_index_and_every_lead(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "atlas.pdf"
    assert (
        main(
            [
                "atlas",
                *words(store, "--check", "waste-near-reservoir", "--part", "2", "--out", str(out)),
            ]
        )
        == 0
    )
    parts = sorted(tmp_path.glob("atlas-*.pdf"))
    assert len(parts) == 2
    first = pypdf.PdfReader(io.BytesIO(parts[0].read_bytes()))
    index = first.pages[0].extract_text()
    assert "证据图册" in index
    numbers = {
        word
        for page in first.pages[1:]
        for word in page.extract_text().split()
        if word.startswith("YC-")
    }
    assert len(numbers) == 2
    assert all(number in index for number in numbers)


def test_one_pdf_per_lead(store: Path, tmp_path: Path) -> None:
    assert (
        main(["atlas", *ids(store)[:2], *words(store, "--one-per-lead", "--out", str(tmp_path))])
        == 0
    )
    assert len(list(tmp_path.glob("YC-*.pdf"))) == 2


def test_the_sheet_says_where_its_layers_come_from(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet.pdf"
    assert main(["sheet", ids(store)[0], *words(store, "--second", "王芳", "--out", str(out))]) == 0
    text = "".join(page.extract_text() for page in pypdf.PdfReader(out).pages)
    assert "CC0-1.0" in text
    assert "王芳" in text


@pytest.mark.parametrize(
    ("role", "reason", "said"), [("auditor", "移送", "may not"), ("prosecutor", " ", "reason")]
)
def test_who_may_not_or_says_not_why_gets_no_file(
    store: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    role: str,
    reason: str,
    said: str,
) -> None:
    out = tmp_path / "x.pdf"
    arguments = ["sheet", ids(store)[0], *words(store, "--out", str(out), "--role", role)]
    arguments[arguments.index("--reason") + 1] = reason
    assert main(arguments) == 1
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_lead_there_is_not_is_said(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sheet", "L404", *words(store, "--out", str(tmp_path / "x.pdf"))]) == 1
    assert "no lead L404" in capsys.readouterr().err


def test_history_and_chain_of_the_bundle_are_the_store_s(store: Path, tmp_path: Path) -> None:
    out, lead = tmp_path / "case.zip", ids(store)[0]
    assert main(["export", lead, *words(store, "--incomplete", "--out", str(out))]) == 0
    with zipfile.ZipFile(out) as archive:
        chain = json.loads(archive.read("case/data/chain.json"))
    assert {event["subject"] for event in chain["events"]} == {lead}
    assert chain["links"][0]["seq"] == chain["events"][0]["seq"]
