"""The commands that write copies: through the ledger, masked where asked, refused where a person may not."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import geopandas as gpd
import pytest

from checks import load_rules, run, write_findings
from evidence.__main__ import main
from evidence.ledger import ledger
from layers import LayerFolder
from leads.__main__ import main as leads
from leads.store import lead_ids
from office import Actor, Database
from office.verify import verify

WHO = Actor("李明", ("prosecutor", "auditor"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, demo_layers: LayerFolder) -> Path:
    """A store with leads about shops and about fire lanes."""
    folder = tmp_path_factory.mktemp("store")
    result = run(
        ["tobacco-near-school", "fire-lane-blocked"], demo_layers, load_rules("demo"), "2026-06-30"
    )
    findings = write_findings(result, folder / "findings.geojson")
    assert (
        leads(["ingest", str(findings), "--store", str(folder / "leads.sqlite"), "--by", "李明"])
        == 0
    )
    return folder / "leads.sqlite"


@pytest.fixture(scope="module")
def ids(store: Path) -> list[str]:
    db = Database.open(store)
    try:
        return lead_ids(db, actor=WHO)
    finally:
        db.close()


def words(store: Path, root: Path, out: Path, *more: str) -> list[str]:
    return ["--store", str(store), "--layers", str(root / "data" / "demo" / "layers"), "--by", "李明",
            "--reason", "移送", "--recipient", "市人民检察院", "--until", "2027-01-01", "--out", str(out), *more]  # fmt: skip


def test_a_hundred_leads_as_a_page(
    store: Path, ids: list[str], root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "map.html"
    assert main(["html", *ids[:100], *words(store, root, out)]) == 0
    assert "map.html" in capsys.readouterr().out
    page = out.read_text(encoding="utf-8")
    assert len(page.encode("utf-8")) < 3_000_000
    assert "李明 于 " in page
    assert "供市人民检察院使用" in page
    assert "2027-01-01" in page


def test_tables_by_their_ending(
    store: Path, ids: list[str], root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "leads.gpkg"
    assert main(["table", *ids, *words(store, root, out)]) == 0
    assert len(gpd.read_file(out, layer="leads")) == len(ids)
    shapes = tmp_path / "leads.shp.zip"
    assert main(["table", *ids[:3], *words(store, root, shapes)]) == 0
    assert "254" in capsys.readouterr().out
    with zipfile.ZipFile(shapes) as archive:
        assert "leads.cpg" in archive.namelist()


def test_a_document_is_about_one_lead(
    store: Path, ids: list[str], root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "letter.docx"
    arguments = words(store, root, out, "--kind", "transfer", "--second", "王芳")
    assert main(["document", ids[0], *arguments]) == 0
    assert docx.Document(io.BytesIO(out.read_bytes())).paragraphs[0].text == "线索移送函"
    out.unlink()
    assert main(["document", *ids[:2], *arguments]) == 1
    assert "one lead" in capsys.readouterr().err
    assert not out.exists()


def test_a_shared_copy_is_masked_and_told_as_such(
    store: Path, ids: list[str], root: Path, tmp_path: Path
) -> None:
    whole, masked = tmp_path / "whole.geojson", tmp_path / "masked.geojson"
    assert main(["table", *ids, *words(store, root, whole)]) == 0
    assert main(["table", *ids, *words(store, root, masked, "--share", "--grid", "500")]) == 0
    before, after = gpd.read_file(whole), gpd.read_file(masked)
    shops = before["check"] == "tobacco-near-school"
    assert shops.any()
    text = masked.read_text(encoding="utf-8")
    assert not [name for name in before["subject"][shops] if name in text]
    assert (after["subject"][~shops] == before["subject"][~shops]).all()
    db = Database.open(store)
    lines = {one.file: one for one in ledger(db, actor=WHO)}
    assert lines["masked.geojson"].shared
    assert not lines["whole.geojson"].shared
    assert lines["masked.geojson"].recipient == "市人民检察院"
    assert len(lines["masked.geojson"].leads) == len(ids)
    assert verify(db).ok
    db.close()


@pytest.mark.parametrize(("command", "name", "more"), [
    ("html", "x.html", ()), ("table", "x.csv", ()), ("document", "x.docx", ("--kind", "inspection")),
    ("html", "x.html", ("--share",)),
])  # fmt: skip
def test_who_may_not_export_gets_no_file(
    store: Path, ids: list[str], root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    command: str, name: str, more: tuple[str, ...],
) -> None:  # fmt: skip
    arguments = words(store, root, tmp_path / name, "--role", "auditor", *more)
    assert main([command, ids[0], *arguments]) == 1
    assert "may not" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_ending_that_is_none_leaves_no_line(
    store: Path, ids: list[str], root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["table", ids[0], *words(store, root, tmp_path / "leads.shp")]) == 1
    assert ".shp.zip" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    db = Database.open(store)
    assert "leads.shp" not in {one.file for one in ledger(db, actor=WHO)}
    db.close()
