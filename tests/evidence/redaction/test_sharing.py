"""The copy for people outside: nothing under an area in any file of it, nothing it should not say."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pypdf
import pytest
import shapely
from PIL import Image
from shapely.geometry import box

from checks import Text, load_rules, run, write_findings
from evidence import Dossier, Picture
from evidence.__main__ import main
from evidence.collection import form
from evidence.redaction import Area, record_areas
from evidence.redaction.release import approve, standing_of
from evidence.redaction.sharing import covered, shared
from evidence.sheet.atlas import atlas_parts
from evidence.sheet.render import make_sheet
from imagery.store import Store
from layers import LayerFolder
from leads.__main__ import main as leads
from leads.store import card, lead_ids
from office import Actor, Database

WHO = Actor("李明", ("reviewer",))
AT = "2026-07-01T01:30:00Z"
SECOND = Actor("王复", ("prosecutor",))
TEXT = "李明 → 市人民检察院 · 2026-07-01"
MAGENTA = (255, 0, 255)
FILLED = {"case_no": "案1", "purpose": "证明位置", "original_medium": "卡 A-12", "device": "M3E", "serial": "S-1",
          "clock_offset_s": "0.4", "clock_checked": "对照 NTP", "method": "飞行、复制", "ended": "2026-05-21T11:00:00+08:00",
          "place": "东岸", "second": "王芳", "holder": "技术处", "witness": "张某"}  # fmt: skip


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return Database.open(tmp_path / "leads.sqlite")


def marked(picture: Picture, seed: int) -> tuple[Picture, Area]:
    """The picture with magenta noise in a square of the ground, and that square as an area."""
    assert picture.bounds is not None
    west, south, east, north = picture.bounds
    with Image.open(io.BytesIO(picture.data)) as image:
        pixels = np.array(image)
    tall, wide = pixels.shape[:2]
    rng = np.random.default_rng(seed)
    spot = np.where(rng.random((tall // 5, wide // 5, 1)) < 0.5, MAGENTA, (0, 255, 0))
    pixels[tall // 2 : tall // 2 + tall // 5, wide // 5 : wide // 5 + wide // 5] = spot
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=95)
    area = box(west + 0.2 * (east - west), north - 0.7 * (north - south),
               west + 0.4 * (east - west), north - 0.5 * (north - south))  # fmt: skip
    return replace(picture, data=out.getvalue()), Area(area, "ground", "plate", "pixelate")


def let_out(db: Database, scene: str, *areas: Area) -> None:
    """Drawn by one, approved by another."""
    record_areas(db, scene, areas, actor=WHO, at=AT)
    approve(db, scene, standing_of(db, scene).last, actor=SECOND, at=AT)


def images(pdf: bytes) -> Iterator[np.ndarray]:
    """Every picture in the file, found by looking at every object, not at the pages."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for one in file.objects:
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image":
                yield np.asarray(pikepdf.PdfImage(one).as_pil_image().convert("RGB"))


def magenta(pixels: np.ndarray) -> int:
    red, green, blue = (pixels[:, :, n].astype(int) for n in range(3))
    return int(((red > green + 120) & (blue > green + 120)).sum())


@pytest.fixture
def waste(dossiers: Mapping[str, Dossier]) -> Dossier:
    return dossiers["waste-near-reservoir"]


def test_the_sheet_of_two_pictures_that_differ_under_an_area_is_one_sheet(
    db: Database, waste: Dossier
) -> None:
    sheets = []
    for seed in (1, 2):
        pairs = [marked(one, seed) for one in waste.pictures]
        dossier = replace(waste, pictures=[picture for picture, _ in pairs])
        assert magenta(next(images(make_sheet(dossier)))) > 1000, "the finder of the test finds it"
        if seed == 1:
            for picture, area in pairs:
                let_out(db, picture.scene_id, area)
        sheets.append(make_sheet(shared(db, dossier, text=TEXT)))
    assert sheets[0] == sheets[1]
    found = list(images(sheets[0]))
    assert len(found) >= 2
    assert not any(magenta(one) for one in found)
    assert b"Exif" not in sheets[0]


def test_the_coarser_the_scene_the_further_an_area_reaches(waste: Dossier) -> None:
    picture, area = marked(waste.pictures[0], 1)
    grey = []
    for gsd in (0.05, 2.0):
        copy = covered(replace(picture, gsd_m=gsd), [replace(area, treatment="fill")], "")
        pixels = np.asarray(Image.open(io.BytesIO(copy.data))).astype(int)
        grey.append(int((np.abs(pixels - 89).max(axis=2) < 4).sum()))
    wide = 900 / 54 * 2.0 * 3
    assert 210**2 <= grey[0] < 250**2
    assert grey[1] == pytest.approx((180 + 2 * wide) ** 2, rel=0.2)


def test_a_picture_nobody_approved_stays_inside(db: Database, waste: Dossier) -> None:
    first, second = waste.pictures
    let_out(db, first.scene_id)
    record_areas(db, second.scene_id, [], actor=WHO, at=AT)
    copy = shared(db, waste, text=TEXT)
    assert [one.scene_id for one in copy.pictures] == [first.scene_id]
    assert copy.redacted
    assert any("1 picture is left out" in one.en for one in copy.notices)
    assert second.scene_id not in {one.scene_id for one in copy.pictures}


def test_of_a_trader_the_cell_is_told_and_no_picture(
    db: Database, dossiers: Mapping[str, Dossier], waste: Dossier
) -> None:
    trader = replace(dossiers["tobacco-near-school"], pictures=waste.pictures)
    assert isinstance(trader.subject, shapely.Point)
    for one in waste.pictures:
        let_out(db, one.scene_id)
    copy = shared(db, trader, text=TEXT)
    assert copy.pictures == ()
    assert copy.line is None
    assert copy.subject is not None
    assert copy.subject.geom_type == "Polygon"
    assert copy.subject.covers(trader.subject)
    name = str(trader.finding["subject_name"])
    pdf = make_sheet(copy)
    assert name not in "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
    )
    assert name.encode() not in pdf


def test_a_trader_at_the_other_end_is_not_shown_by_line_or_picture(
    db: Database, dossiers: Mapping[str, Dossier], waste: Dossier
) -> None:
    """The measured line ends at the trader's door: it goes the way of the point."""
    near = dossiers["tobacco-near-school"]
    finding = {**near.finding, "subject_theme": "school", "object_theme": "tobacco_retailer"}
    turned = replace(
        near, finding=finding, subject=near.object, object=near.subject, pictures=waste.pictures
    )
    for one in waste.pictures:
        let_out(db, one.scene_id)
    copy = shared(db, turned, text=TEXT)
    assert copy.line is None
    assert copy.object != turned.object
    assert copy.subject == turned.subject
    assert copy.pictures == ()


def test_the_index_tells_what_holds_for_every_sheet_only(waste: Dossier) -> None:
    told = replace(waste, notices=[Text("只说这一件", "of this one only")], redacted=True)
    (pdf, _), = atlas_parts([told, replace(waste, redacted=True)])  # fmt: skip
    index = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "打码副本" in index
    assert "只说这一件" not in index


def test_the_watermark_stands_on_every_page(waste: Dossier) -> None:
    pages = pypdf.PdfReader(
        io.BytesIO(make_sheet(replace(waste, watermark=TEXT), paper="A4"))
    ).pages
    assert len(pages) > 1
    assert all("市人民检察院" in page.extract_text().replace("\n", "") for page in pages)
    hostile = "#import $x$ " + "名" * 300 + " \u202e"
    assert make_sheet(replace(waste, watermark=hostile)).startswith(b"%PDF")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, demo_layers: LayerFolder) -> Path:
    folder = tmp_path_factory.mktemp("store")
    result = run(
        ["waste-near-reservoir", "tobacco-near-school"],
        demo_layers,
        load_rules("demo"),
        "2026-06-30",
    )
    findings = write_findings(result, folder / "findings.geojson")
    file = folder / "leads.sqlite"
    assert leads(["ingest", str(findings), "--store", str(file), "--by", "李明"]) == 0
    return file


def words(store: Path, root: Path, *more: str) -> list[str]:
    demo = root / "data" / "demo"
    return ["--store", str(store), "--layers", str(demo / "layers"), "--imagery", str(demo / "imagery"),
            "--by", "李明", "--reason", "移送", "--recipient", "市人民检察院", *more]  # fmt: skip


def chosen(store: Path) -> tuple[list[str], str]:
    """A heap with pictures, a trader's lead, and the trader's name."""
    db, who = Database.open(store), Actor("李明", ("prosecutor",))
    cards = [card(db, one, actor=who) for one in lead_ids(db, actor=who)]
    db.close()
    heap = next(
        one
        for one in cards
        if one.finding["check"] == "waste-near-reservoir" and one.finding["verdict"] == "inside"
    )
    shop = next(
        one
        for one in cards
        if one.finding["check"] == "tobacco-near-school" and one.finding["verdict"] == "inside"
    )
    return [str(heap.lead["id"]), str(shop.lead["id"])], str(shop.finding["subject_name"])


def test_a_bundle_to_share_holds_no_original_and_no_name(
    store: Path, root: Path, tmp_path: Path, demo_imagery: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (demo_imagery.root / "originals").rglob("*.*")
    }
    ids, name = chosen(store)
    out = tmp_path / "share.zip"
    assert (
        main(["export", *ids, *words(store, root, "--share", "--lang", "both", "--out", str(out))])
        == 0
    )
    assert main(["verify", str(out)]) == 0
    with zipfile.ZipFile(out) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}
    assert not [one for one in files if "/originals/" in one or "/records/" in one]
    assert json.loads(files["share/data/chain.json"])["events"] == []
    assert "Yicha-Redacted-Copy: yes" in files["share/bag-info.txt"].decode()
    for path, data in files.items():
        assert name.encode() not in data, path
        if path.endswith(".pdf"):
            assert name not in "".join(
                page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages
            )
    after = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in before}
    assert before == after
    capsys.readouterr()
    assert main(["ledger", "--store", str(store), "--by", "审计员"]) == 0
    assert "share.zip" in capsys.readouterr().out


def test_originals_leave_only_with_complete_records_or_with_the_gaps_told(
    store: Path, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heap, out = chosen(store)[0][0], tmp_path / "case.zip"
    assert main(["export", heap, *words(store, root, "--out", str(out))]) == 1
    said = capsys.readouterr().err
    assert "evidence record" in said
    assert form()["clock_offset_s"].words.zh in said
    assert not out.exists()
    assert main(["export", heap, *words(store, root, "--incomplete", "--out", str(out))]) == 0
    with zipfile.ZipFile(out) as archive:
        info = archive.read("case/bag-info.txt").decode()
        forms = [one for one in archive.namelist() if one.endswith(".form.json")]
        sheet = archive.read(next(one for one in archive.namelist() if one.endswith("sheet.pdf")))
    assert info.count("Yicha-Incomplete-Record: ") == len(forms) == 2
    assert "采集记录不完整" in pypdf.PdfReader(io.BytesIO(sheet)).pages[0].extract_text()
    scenes = [Path(one).name.split(".")[0] for one in forms]
    entries = [f"{name}={value}" for name, value in FILLED.items()]
    assert (
        main(
            [
                "record",
                *scenes,
                *words(store, root)[:2],
                *words(store, root)[4:8],
                "--set",
                *entries,
            ]
        )
        == 0
    )
    assert main(["export", heap, *words(store, root, "--out", str(out))]) == 0
    with zipfile.ZipFile(out) as archive:
        told = json.loads(archive.read(forms[0]))
        chain = json.loads(archive.read("case/data/chain.json"))
        assert "Incomplete" not in archive.read("case/bag-info.txt").decode()
    assert told["blank"] == []
    assert told["fields"]["second"] == "王芳"
    assert f"scene:{scenes[0]}" in {event["subject"] for event in chain["events"]}


def test_a_redacted_copy_of_an_original(
    store: Path, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene, out = "c2146938ff650576-bc96bb56", tmp_path / "photo.jpg"
    start = [
        "redact",
        scene,
        "--store",
        str(store),
        "--imagery",
        str(root / "data" / "demo" / "imagery"),
        "--by",
        "李明",
    ]
    leave = ["--out", str(out), "--reason", "公开", "--recipient", "市报"]
    assert main([*start, *leave]) == 1
    assert "no second person has approved" in capsys.readouterr().err
    drawn = ["--box", "160,160,480,320", "--why", "face", "--how", "fill"]
    assert main([*start, *drawn]) == 0
    assert main([*start, *leave]) == 1
    event = str(_last(store, scene))
    assert main(["approve", scene, "--yes", event, "--store", str(store), "--by", "王复"]) == 0
    assert main([*start, "--out", str(tmp_path / "x.png"), *leave[2:]]) == 1
    assert not (tmp_path / "x.png").exists()
    assert main([*start, *leave]) == 0
    with Image.open(out) as image:
        assert np.asarray(image)[170:310, 170:470].std() < 3
        assert not image.getexif()
    assert main(["ledger", "--store", str(store), "--by", "审计员"]) == 0
    told = capsys.readouterr().out
    assert "picture\t" in told
    assert "approved by 王复" in told


def _last(store: Path, scene: str) -> int:
    with closing(Database.open(store)) as db:
        return standing_of(db, scene).last
