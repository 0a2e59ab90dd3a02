"""Who covers does not let out alone: a second person approves what exactly was drawn, or returns it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from shapely.geometry import box

from evidence.__main__ import main
from evidence.ledger import Purpose, export_file, ledger
from evidence.redaction import Area, record_areas
from evidence.redaction.areas import subject_of
from evidence.redaction.compare import compared
from evidence.redaction.release import (
    Judged,
    Shown,
    approve,
    released,
    releases,
    send_back,
    standing_of,
    standing_on,
    standings,
    story_of,
)
from imagery.store import Store
from layers.errors import PolicyError, YichaError
from office import Actor, Database, events
from office.verify import verify

AT = "2026-07-01T01:30:00Z"
SHORE, PHOTO = "03f277c31f906d89", "c2146938ff650576-c625d389"
A, B, C = (Actor(name, ("reviewer",)) for name in ("甲", "乙", "丙"))
FACE = Area(box(109.250, 27.630, 109.251, 27.631), "ground", "face", "fill")
YARD = Area(box(109.252, 27.632, 109.253, 27.633), "ground", "yard", "fill")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(Database.open(tmp_path / "leads.sqlite")) as found:
        yield found


def state(db: Database, scene: str = SHORE) -> str:
    return standing_of(db, scene).state


def last(db: Database, scene: str = SHORE) -> int:
    return standing_of(db, scene).last


def test_nothing_is_released_by_who_drew_it(db: Database) -> None:
    assert (state(db), released(db, Shown(SHORE))) == ("unseen", None)
    record_areas(db, SHORE, [FACE, YARD], actor=A, at=AT)
    assert (state(db), released(db, Shown(SHORE))) == ("waiting", None)
    with pytest.raises(PolicyError, match="second person"):
        approve(db, SHORE, last(db), actor=A, at=AT)
    with pytest.raises(PolicyError):
        approve(db, SHORE, last(db), actor=Actor("外勤", ("field",)), at=AT)
    assert state(db) == "waiting"
    approve(db, SHORE, last(db), actor=B, at=AT)
    assert released(db, Shown(SHORE)) == (FACE, YARD)
    (found,) = releases(db, [Shown(SHORE), Shown(SHORE), Shown(PHOTO)])
    assert (found.drawn_by, found.areas, found.approved_by) == (("甲",), 2, "乙")
    with db.read() as connection:
        drawn = next(one for one in events(connection, subject_of(SHORE)) if one.seq == found.event)
    assert drawn.hash == found.hash
    assert verify(db).ok


def test_whatever_is_drawn_later_waits_anew(db: Database) -> None:
    record_areas(db, SHORE, [], actor=A, at=AT)
    seen = last(db)
    record_areas(db, SHORE, [FACE], actor=B, at=AT)
    for who in (B, C):
        with pytest.raises(YichaError):
            approve(db, SHORE, seen, actor=who, at=AT)
    with pytest.raises(PolicyError):
        approve(db, SHORE, last(db), actor=A, at=AT)  # a part of what waits is his
    approve(db, SHORE, last(db), actor=C, at=AT)
    record_areas(db, SHORE, [], actor=B, at=AT, anew=True)
    assert (state(db), standing_of(db, SHORE).drawers) == ("waiting", ("乙",))
    approve(db, SHORE, last(db), actor=A, at=AT)
    assert released(db, Shown(SHORE)) == ()


def test_what_is_returned_says_why_and_stays_until_it_is_drawn_again(db: Database) -> None:
    record_areas(db, SHORE, [FACE], actor=A, at=AT)
    with pytest.raises(YichaError, match="why"):
        send_back(db, SHORE, last(db), " ", actor=B, at=AT)
    send_back(db, SHORE, last(db), "车牌 未遮", actor=B, at=AT)
    assert (state(db), released(db, Shown(SHORE))) == ("returned", None)
    with pytest.raises(YichaError, match="nothing of this waits"):
        approve(db, SHORE, last(db), actor=C, at=AT)
    record_areas(db, SHORE, [FACE], actor=B, at=AT, anew=True)
    approve(db, SHORE, last(db), actor=A, at=AT)
    told = [
        (one.actor, one.good, one.reason) for one in story_of(db, SHORE) if isinstance(one, Judged)
    ]
    assert told == [("乙", False, "车牌 未遮"), ("甲", True, "")]


def test_a_yard_drawn_elsewhere_covers_more_and_takes_no_approval_away(db: Database) -> None:
    record_areas(db, PHOTO, [], actor=A, at=AT)
    approve(db, PHOTO, last(db, PHOTO), actor=B, at=AT)
    record_areas(db, SHORE, [YARD], actor=A, at=AT)
    assert released(db, Shown(PHOTO)) == (YARD,)
    assert [one.scene for one in standings(db, actor=C)] == [SHORE, PHOTO]
    with pytest.raises(PolicyError):
        standings(db, actor=Actor("审计", ("auditor",)))


def test_the_ledger_says_who_covered_and_who_approved(db: Database, tmp_path: Path) -> None:
    record_areas(db, SHORE, [FACE], actor=A, at=AT)
    approve(db, SHORE, last(db), actor=B, at=AT)
    for shared in (True, False):
        with export_file(db, tmp_path / "a.jpg", what="picture", leads=[], purpose=Purpose("公开", "市报"), actor=A,
                         at=AT, shared=shared, pictures=lambda: [Shown(SHORE, None, "ab" * 32)]) as file:  # fmt: skip
            file.write_bytes(b"shared" if shared else b"full")
    redacted, full = ledger(db, actor=B)
    assert (redacted.approved_by, full.approved_by) == (("乙",), ())
    assert redacted.covered[0]["drawn_by"] == ["甲"]
    assert redacted.originals == full.originals == ("ab" * 32,)


HERE, BESIDE, PART = (109.25, 27.63, 109.26, 27.64), (109.27, 27.63, 109.28, 27.64), (109.252, 27.632, 109.255, 27.635)  # fmt: skip


def test_an_approval_holds_for_the_ground_that_was_looked_at(db: Database) -> None:
    record_areas(db, SHORE, [], actor=A, at=AT, seen=HERE)
    approve(db, SHORE, last(db), actor=B, at=AT)
    assert released(db, Shown(SHORE, HERE)) == released(db, Shown(SHORE, PART)) == ()
    across = (109.255, 27.63, 109.265, 27.64)
    for frame in (BESIDE, across, None):
        assert standing_on(db, Shown(SHORE, frame)).state == "unseen"
        assert released(db, Shown(SHORE, frame)) is None
    assert [one.frame for one in releases(db, [Shown(SHORE, HERE), Shown(SHORE, BESIDE)])] == [HERE]
    record_areas(db, SHORE, [FACE], actor=A, at=AT, seen=BESIDE)
    assert standing_on(db, Shown(SHORE, HERE)).state == "approved", "what waits lies elsewhere"
    assert standing_on(db, Shown(SHORE, BESIDE)).state == state(db) == "waiting"
    send_back(db, SHORE, last(db), "漏了", actor=B, at=AT)
    assert standing_on(db, Shown(SHORE, BESIDE)).state == "returned"
    assert released(db, Shown(SHORE, HERE)) == ()
    record_areas(db, SHORE, [FACE], actor=A, at=AT, anew=True, seen=BESIDE)
    assert released(db, Shown(SHORE, HERE)) is None, "what was drawn here was taken back"
    approve(db, SHORE, last(db), actor=B, at=AT)
    assert released(db, Shown(SHORE, BESIDE)) == (FACE,)


def test_what_was_said_of_the_whole_scene_holds_everywhere_on_it(db: Database) -> None:
    record_areas(db, SHORE, [FACE], actor=A, at=AT)
    approve(db, SHORE, last(db), actor=B, at=AT)
    record_areas(db, SHORE, [], actor=A, at=AT, seen=HERE)
    assert standing_on(db, Shown(SHORE, HERE)).state == "waiting"
    for frame in (BESIDE, None):
        assert (released(db, Shown(SHORE, frame)) is None) == (frame is None)


def test_the_second_person_sees_each_place_before_and_after(
    db: Database, demo_imagery: Store
) -> None:
    west, south, east, north = demo_imagery.document(SHORE)["bbox"][:4]
    lon, lat = (west + east) / 2, (south + north) / 2
    seen = (lon - 0.0003, lat - 0.0003, lon + 0.0003, lat + 0.0003)
    near = Area(box(lon, lat, lon + 0.0001, lat + 0.0001), "ground", "face", "fill")
    far = Area(
        box(lon - 0.0009, lat - 0.0009, lon - 0.0008, lat - 0.0008), "ground", "yard", "fill"
    )
    record_areas(db, SHORE, [near, far], actor=A, at=AT, seen=seen)
    record_areas(
        db, PHOTO, [Area(box(16, 16, 160, 160), "picture", "plate", "fill")], actor=A, at=AT
    )
    pairs = list(compared(db, demo_imagery, SHORE))
    assert [one.areas for one in pairs] == [(near,), (far,)]
    for one in [*pairs, *compared(db, demo_imagery, PHOTO)]:
        before, after = (
            np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
            for data in (one.before, one.after)
        )
        assert before.shape == after.shape
        grey = np.abs(after.astype(int) - 89).max(axis=2) < 4
        assert grey.sum() > 0.5 * 16**2
        assert grey.sum() < 0.6 * grey.size
    record_areas(db, SHORE, [], actor=B, at=AT, anew=True)
    (whole,) = compared(db, demo_imagery, SHORE)
    assert whole.areas == ()


def test_the_shell_approves_and_returns(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ways = ["--store", str(tmp_path / "leads.sqlite"), "--by"]
    imagery = ["--imagery", str(root / "data" / "demo" / "imagery")]
    assert main(["redact", PHOTO, *imagery, "--box", "16,16,160,160", *ways, "甲"]) == 0
    assert "waiting" in capsys.readouterr().out
    assert main(["approve", PHOTO, *imagery, "--pictures", str(tmp_path / "see"), *ways, "乙"]) == 1
    event = capsys.readouterr().out.split("event ")[1].split("\t")[0]
    assert len(list((tmp_path / "see").iterdir())) == 2
    assert main(["approve", PHOTO, "--yes", event, *ways, "甲"]) == 1
    assert "打码人不能自己复核" in capsys.readouterr().err
    assert main(["approve", PHOTO, "--return", event, "--reason", "漏了", *ways, "乙"]) == 0
    assert main(["redact", PHOTO, *imagery, "--box", "16,16,160,160", "--anew", *ways, "甲"]) == 0
    capsys.readouterr()
    assert main(["approve", *ways, "乙"]) == 1
    event = capsys.readouterr().out.split("event ")[1].split("\t")[0]
    assert main(["approve", PHOTO, "--yes", event, *ways, "乙"]) == 0
    out = capsys.readouterr().out
    assert "approved" in out
    assert "+08:00" in out
