"""Photos of visits on the sheet: chosen by a reviewer, with place, error and hash; covered and approved before they go out."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pytest
from PIL import Image
from shapely.geometry import shape

from checks import load_rules, run, write_findings
from evidence.__main__ import main
from evidence.bundle.verify import verify_bundle
from evidence.lacking import lacks
from evidence.ledger import Purpose, ledger
from evidence.outgoing import Ground, Order, gathered, make_files
from evidence.photos import MOST, choose_photos, photos_of
from evidence.redaction.areas import drawn_on, record_areas
from evidence.redaction.compare import compared
from evidence.redaction.release import approve, standing_of
from evidence.sheet.render import make_sheet
from imagery.ingest import ingest as ingest_pictures
from imagery.store import Store
from layers import LayerFolder
from layers.errors import LeadError, PolicyError
from leads.field.visits import record_visit
from leads.runs.ingest import ingest
from leads.runs.reading import read_findings
from leads.store import card, lead_ids
from office import Actor, Database
from tests.imagery.photos.made import gps, jpeg
from tests.leads.field.told import photo, position, visit

REVIEWER, SECOND, FIELD = Actor("李明", ("reviewer",)), Actor("王复", ("prosecutor",)), Actor("赵外勤", ("field",))  # fmt: skip
AT, PURPOSE = "2026-07-01T01:30:00Z", Purpose("移送", "市人民检察院")
MAGENTA = (255, 0, 255)
FACE = (200, 100, 600, 500)
"""Of every photo, in pixels of the upright picture."""


def picture(name: str, folder: Path, where: Mapping[int, object] | None = None) -> str:
    """A photo held sideways with a face in it; its SHA-256."""
    upright = np.full((1500, 2000, 3), (len(name) * 20, 140, 90), np.uint8)
    left, top, right, bottom = FACE
    upright[top:bottom, left:right] = MAGENTA
    turned = np.ascontiguousarray(np.rot90(upright))
    file = folder / f"{name}.jpg"
    file.write_bytes(jpeg(main={0x0112: 6}, position=where, pixels=turned))
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def ground(demo_layers: LayerFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("photos")
    result = run(["waste-near-reservoir"], demo_layers, load_rules("demo"), "2026-06-30")
    db = Database.open(folder / "leads.sqlite")
    found = read_findings(write_findings(result, folder / "findings.geojson"))
    ingest(db, found, actor=SECOND, at=AT)
    yield Ground(db, demo_layers, REVIEWER, "2026-07-01T09:30:00+08:00", AT,
                 imagery=Store.open(folder / "imagery"))  # fmt: skip
    db.close()


@pytest.fixture(scope="module")
def lead(ground: Ground) -> str:
    return lead_ids(ground.db, actor=REVIEWER)[0]


@pytest.fixture(scope="module")
def taken(ground: Ground, lead: str, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Three photos of one visit: at the place, 3 km off, chosen among the phone's files."""
    folder = tmp_path_factory.mktemp("taken")
    place = shape(card(ground.db, lead, actor=REVIEWER).finding["subject"]["geometry"]).representative_point()  # fmt: skip
    direction = gps(place.x, place.y, tag_16="T", tag_17=95.0)
    near, far, picked = picture("near", folder), picture("far", folder), picture("picked", folder, direction)  # fmt: skip
    here = position(lon=place.x, lat=place.y, accuracy_m=6.5)
    photos = [
        photo(near, caption="门头 13800138000", position=here),
        photo(far, captured="2026-07-01T09:31:00+08:00", position={**here, "lat": place.y + 0.03}),
        photo(picked, source="file", modified="2026-06-30T08:00:00+08:00", position=here),
    ]
    told: dict[str, Any] = visit(photos=photos)
    record_visit(ground.db, lead, told, actor=FIELD, at=AT, on_date="2026-07-01")
    assert ground.imagery is not None
    report = ingest_pictures(sorted(folder.iterdir()), ground.imagery, received=AT)
    assert {row.status for row in report.rows} == {"accepted"}
    return [near, far, picked]


def choose(ground: Ground, lead: str, photos: list[str]) -> None:
    choose_photos(ground.db, lead, photos, actor=REVIEWER, at=AT)


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def faces(data: bytes) -> int:
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)
    return int((np.abs(pixels - MAGENTA).max(axis=2) < 90).sum())


def test_a_reviewer_chooses_among_the_photos_of_visits(
    ground: Ground, lead: str, taken: list[str]
) -> None:
    history = card(ground.db, lead, actor=REVIEWER).history
    found = photos_of(history, ground.imagery)
    assert [one.sha256 for one in found] == [taken[2], taken[0], taken[1]], "by their time"
    assert all(one.scene and one.by == FIELD.name and not one.chosen for one in found)
    assert not any(one.scene for one in photos_of(history, None))
    for wrong in (["00" * 32], taken * MOST):
        with pytest.raises(LeadError):
            choose(ground, lead, wrong)
    with pytest.raises(PolicyError):
        choose_photos(ground.db, lead, taken, actor=FIELD, at=AT)
    choose(ground, lead, taken)
    choose(ground, lead, taken[:1])
    chosen = photos_of(card(ground.db, lead, actor=REVIEWER).history, None)
    assert [one.sha256 for one in chosen if one.chosen] == taken[:1]


def test_the_sheet_says_who_when_where_and_how_exactly(
    ground: Ground, lead: str, taken: list[str]
) -> None:
    choose(ground, lead, taken)
    (dossier,) = gathered(Order("sheet", (lead,), PURPOSE), ground)
    assert [one.role for one in dossier.pictures] == ["photo"] * 3
    with Image.open(io.BytesIO(dossier.pictures[0].data)) as shown:
        assert shown.size == (1600, 1200), "upright"
    zh, en = (text_of(make_sheet(dossier, lang=lang)) for lang in ("zh", "en"))
    assert "赵外勤于2026-07-0109:30+08:00拍摄" in zh
    assert "±6.5米" in zh
    assert "距对象0米" in zh
    assert "超出两者的位置误差" in zh
    assert "从手机文件中选入" in zh
    assert "镜头方向95°" in zh
    assert "门头13800138000" in zh
    assert "morethantheerrorsofbothpositionsallow" in en
    assert en.count("nodirection") == 2
    for digest in taken:
        assert digest[:16] in zh
    assert make_sheet(dossier, paper="A3")


def test_a_redacted_copy_carries_only_what_was_covered_and_approved(
    ground: Ground, lead: str, taken: list[str], tmp_path: Path
) -> None:
    choose(ground, lead, taken[:2])
    near, far = taken[0][:16], taken[1][:16]
    order = Order("bundle", (lead,), PURPOSE, shared=True)

    def waiting() -> set[str]:
        told = lacks(ground.db, [lead], ground.imagery, actor=REVIEWER, shared=True)
        return {one.scene for one in told if one.sort == "cover"}

    (tmp_path / "before").mkdir()
    (file,) = make_files(order, ground, tmp_path / "before")
    with zipfile.ZipFile(file) as archive:
        assert not any("/pictures/" in name for name in archive.namelist())
    assert waiting() == {near, far}

    area = drawn_on((0, 1500, 2000, 0), [(0.1, 0.06), (0.3, 0.06), (0.3, 0.34), (0.1, 0.34)], "face", "fill", "picture")  # fmt: skip
    assert area.plane == "picture"
    assert area.shape.bounds == pytest.approx((200, 90, 600, 510))
    record_areas(ground.db, near, [area], actor=REVIEWER, at=AT)
    assert ground.imagery is not None
    (pair,) = compared(ground.db, ground.imagery, near)
    assert (faces(pair.before) > 100_000, faces(pair.after)) == (True, 0)
    assert near in waiting()
    approve(ground.db, near, standing_of(ground.db, near).last, actor=SECOND, at=AT)
    assert waiting() == {far}
    (file,) = make_files(order, ground, tmp_path)
    assert verify_bundle(file).intact
    with zipfile.ZipFile(file) as archive:
        names = [name.partition("/")[2] for name in archive.namelist()]
        (shown,) = [name for name in names if "/pictures/" in name]
        assert faces(archive.read(f"{file.stem}/{shown}")) == 0
        (facts,) = json.loads(archive.read(f"{file.stem}/{shown.partition('pictures')[0]}photos.json"))  # fmt: skip
        assert not any("originals" in name for name in names)
        text = text_of(archive.read(f"{file.stem}/{shown.partition('pictures')[0]}sheet.pdf"))
    assert (facts["original_sha256"], facts["caption"], facts["beyond"]) == (taken[0], "", False)
    assert "13800138000" not in text
    assert taken[0][:16] in text
    line = ledger(ground.db, actor=REVIEWER)[-1]
    assert line.originals == (taken[0],)
    assert line.covered[0]["original"] == taken[0]


def test_the_originals_lie_in_a_full_bundle(
    ground: Ground, lead: str, taken: list[str], tmp_path: Path
) -> None:
    choose(ground, lead, taken[1:2])
    order = replace(Order("bundle", (lead,), PURPOSE), incomplete=True)
    (file,) = make_files(order, ground, tmp_path)
    with zipfile.ZipFile(file) as archive:
        originals = [archive.read(name) for name in archive.namelist() if "/originals/" in name]
    assert [hashlib.sha256(one).hexdigest() for one in originals] == taken[1:2]


def test_the_shell_lists_and_chooses(
    ground: Ground, lead: str, taken: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ground.imagery is not None
    ways = ["--store", str(ground.imagery.root.parent / "leads.sqlite"), "--by", "李明"]
    assert main(["photos", lead, *ways, "--imagery", str(ground.imagery.root), "--choose", taken[0][:12]]) == 0  # fmt: skip
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines if line.startswith("✓")] == [taken[0]]
    assert len(lines) == 3
    assert main(["photos", lead, *ways, "--choose"]) == 0
    assert "✓" not in capsys.readouterr().out
    assert main(["photos", lead, *ways, "--choose", "zz"]) != 0
