"""One order for shell and screens: what is missing is said, originals wait for it, each file has its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checks import load_rules, run, write_findings
from evidence.bundle.verify import verify_bundle
from evidence.lacking import lacks
from evidence.ledger import Purpose, ledger, matching
from evidence.outgoing import Ground, Kind, Order, Watch, make_files
from evidence.redaction.areas import drawn_on, proof_of, record_areas
from evidence.redaction.release import approve, standing_of
from imagery.store import Store
from layers import LayerFolder
from layers.errors import Cancelled, PolicyError, YichaError
from leads.runs.ingest import ingest
from leads.runs.reading import read_findings
from leads.store import lead_ids
from office import Actor, Database

WHO, AT = Actor("李明", ("reviewer",)), "2026-07-01T01:30:00Z"
PURPOSE = Purpose("移送", "市人民检察院")


@pytest.fixture(scope="module")
def ground(
    demo_layers: LayerFolder, demo_imagery: Store, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("outgoing")
    result = run(["waste-near-reservoir"], demo_layers, load_rules("demo"), "2026-06-30")
    found = read_findings(write_findings(result, folder / "findings.geojson"))
    db = Database.open(folder / "leads.sqlite")
    ingest(db, found, actor=Actor("李明", ("prosecutor",)), at=AT)
    yield Ground(db, demo_layers, WHO, "2026-07-01T09:30:00+08:00", AT, imagery=demo_imagery)
    db.close()


@pytest.fixture
def leads(ground: Ground) -> tuple[str, ...]:
    return tuple(lead_ids(ground.db, actor=WHO)[:2])


def test_what_is_missing_is_said_by_sort(ground: Ground, leads: tuple[str, ...]) -> None:
    found = lacks(ground.db, leads, ground.imagery, actor=WHO)
    assert [one.sort for one in found] == sorted((one.sort for one in found), key=["law", "data", "record", "picture"].index)  # fmt: skip
    assert {"law", "record"} <= {one.sort for one in found}
    assert all(one.leads and one.says.zh and one.says.en for one in found)
    with pytest.raises(Cancelled):
        lacks(ground.db, leads, ground.imagery, actor=WHO, watch=Watch(stopped=lambda: True))


def test_originals_wait_for_their_records(
    ground: Ground, leads: tuple[str, ...], tmp_path: Path
) -> None:
    order = Order("bundle", leads[:1], PURPOSE)
    with pytest.raises(YichaError, match="采集记录"):
        make_files(order, ground, tmp_path)
    assert list(tmp_path.iterdir()) == []
    (file,) = make_files(replace(order, incomplete=True), ground, tmp_path)
    assert verify_bundle(file).intact


def test_an_order_cut_off_goes_on_after_what_is_there(
    ground: Ground, leads: tuple[str, ...], tmp_path: Path
) -> None:
    order, done = Order("sheet", leads, PURPOSE), list[int]()
    with pytest.raises(Cancelled):
        make_files(order, ground, tmp_path, Watch(done.append, lambda: done == [0, 1]))
    (first,) = tmp_path.iterdir()
    before, lines = first.stat().st_mtime_ns, len(ledger(ground.db, actor=WHO))
    files = make_files(order, ground, tmp_path, Watch(done.append))
    assert len(files) == 2
    assert first.stat().st_mtime_ns == before
    assert len(ledger(ground.db, actor=WHO)) == lines + 1
    assert done == [0, 1, 1, 2]
    assert make_files(order, ground, tmp_path) == files


def test_a_redacted_bundle_says_who_covered_and_who_approved(
    ground: Ground, leads: tuple[str, ...], tmp_path: Path
) -> None:
    def lacking() -> set[str]:
        told = lacks(ground.db, leads[:1], ground.imagery, actor=WHO, shared=True)
        return {one.scene for one in told if one.sort == "cover"}

    scene = max(lacking())
    record_areas(ground.db, scene, [], actor=WHO, at=AT)
    approve(
        ground.db,
        scene,
        standing_of(ground.db, scene).last,
        actor=Actor("王复", ("reviewer",)),
        at=AT,
    )
    assert scene not in lacking()
    (file,) = make_files(Order("bundle", leads[:1], PURPOSE, shared=True), ground, tmp_path)
    assert verify_bundle(file).intact
    data = file.read_bytes()
    assert (
        f"Yicha-Cover-Approved: {scene}: 0 areas by {WHO.name}; approved by 王复".encode() in data
    )
    assert f"{file.stem}/data/redaction.json".encode() in data
    assert ledger(ground.db, actor=WHO)[-1].approved_by == ("王复",)


@pytest.mark.parametrize(
    ("kind", "form", "name"),
    [
        ("table", ".csv", "leads.csv"),
        ("map", "", "map.html"),
        ("document", "inspection", "inspection-001.docx"),
    ],
)
def test_each_file_has_its_line(
    ground: Ground, leads: tuple[str, ...], tmp_path: Path, kind: Kind, form: str, name: str
) -> None:
    before = len(ledger(ground.db, actor=WHO))
    done: list[int] = []
    order = Order(kind, leads[:1], PURPOSE, shared=True, form=form)
    (file,) = make_files(order, ground, tmp_path, Watch(done.append))
    lines = ledger(ground.db, actor=WHO)
    assert (file.name, len(lines), done) == (name, before + 1, [1])
    assert matching(lines, f"{name} 市人民检察院")[0].shared
    assert matching(lines, "nobody-at-all") == []


def test_an_order_is_weighed_before_anything_is_made(
    ground: Ground, leads: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises(YichaError, match="cannot be made"):
        Order("table", leads, PURPOSE, form=".exe")
    with pytest.raises(YichaError, match="no lead"):
        Order("atlas", (), PURPOSE)
    outside = replace(ground, actor=Actor("赵外勤", ("field",)))
    with pytest.raises(PolicyError):
        make_files(Order("table", leads[:1], PURPOSE, form=".csv"), outside, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_drawn_on_a_picture_lies_on_the_ground(ground: Ground) -> None:
    bounds = (109.0, 27.0, 109.2, 27.1)
    area = drawn_on(bounds, [(0, 0), (0.5, 0), (0.5, 0.5), (0, 0.5)], "face", "fill")
    assert area.shape.bounds == pytest.approx((109.0, 27.05, 109.1, 27.1))
    for outline in (
        [(0, 0), (1, 1)],
        [(0, 0), (2, 0), (1, 1)],
        [(0, 0), (float("nan"), 0), (1, 1)],
    ):
        with pytest.raises(YichaError):
            drawn_on(bounds, outline, "face", "fill")
    record_areas(ground.db, "scene-x", [area], actor=WHO, at=AT)
    (told,) = proof_of(ground.db, "scene-x")
    assert (told.actor, told.areas, told.anew) == (WHO.name, (area,), False)
