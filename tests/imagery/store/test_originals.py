"""Originals: byte for byte, once, read-only, absent or whole."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagery.store import Store
from imagery.store.layout import safe_suffix, scene_id, scene_ids, shown_name
from imagery.store.originals import Keeper, Kept, whole_original
from layers.errors import Cancelled, ImageryError
from tests.imagery.plain_user import needs_permissions, plain_folder

OLD = 1_700_000_000


def _keep(store: Store, *sources: Path, **options: object) -> list[Kept]:
    with store.run() as run:
        keeper = Keeper(run, **options)  # type: ignore[arg-type]
        return [keeper.keep(source) for source in sources]


def _file(path: Path, content: bytes, *, changed: int = OLD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (changed, changed))
    return path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def test_an_original_is_kept_byte_for_byte_under_its_hash(store: Store, tmp_path: Path) -> None:
    content = os.urandom(5_000_001)
    (kept,) = _keep(store, _file(tmp_path / "a.TIF", content))
    sha256 = hashlib.sha256(content).hexdigest()
    assert kept.new
    assert kept.sha256 == sha256
    assert kept.path == store.root / "originals" / sha256[:2] / f"{sha256}.tif"
    assert kept.path.read_bytes() == content
    assert not kept.path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)


def test_nothing_is_left_in_staging(store: Store, tmp_path: Path) -> None:
    _keep(store, _file(tmp_path / "a.tif", b"abc"))
    assert list((store.root / "work").iterdir()) == []
    assert [path.name for path in (store.root / "locks").glob("run-*")] == []


def test_the_same_bytes_are_kept_once(store: Store, tmp_path: Path) -> None:
    first, second = _keep(
        store, _file(tmp_path / "a.tif", b"abc"), _file(tmp_path / "b.jpg", b"abc")
    )
    assert first.new
    assert not second.new
    assert first.path == second.path


def test_a_file_that_was_read_before_is_not_read_again(store: Store, tmp_path: Path) -> None:
    source = _file(tmp_path / "a.tif", b"abc" * 1000)
    _keep(store, source)
    counted: list[int] = []
    with store.run() as run:
        keeper = Keeper(run, advance=counted.append)
        source.chmod(0)  # whoever reads it now fails, unless he is the superuser
        assert not keeper.keep(source).new
    assert counted == [3000]


@pytest.mark.parametrize("change", ["content", "time", "vanished original"])
def test_what_changed_is_read_again(store: Store, tmp_path: Path, change: str) -> None:
    source = _file(tmp_path / "a.tif", b"abc")
    (before,) = _keep(store, source)
    if change == "content":
        _file(source, b"abd", changed=OLD)
    elif change == "time":
        os.utime(source, (OLD + 5, OLD + 5))
    else:
        before.path.chmod(0o600)
        before.path.unlink()
    (after,) = _keep(store, source)
    assert after.path.read_bytes() == source.read_bytes()
    assert after.new == (change != "time")


def test_a_file_written_a_moment_ago_is_not_remembered(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "a.tif"
    source.write_bytes(b"abc")
    _keep(store, source)
    assert not any(path.stat().st_size for path in (store.root / "seen").glob("*.jsonl"))


def test_torn_lines_of_what_was_seen_cost_nothing(store: Store, tmp_path: Path) -> None:
    source = _file(tmp_path / "a.tif", b"abc")
    (store.root / "seen" / "x.jsonl").write_text('["12", "34"]\n["5', encoding="utf-8")
    assert _keep(store, source)[0].new


def test_many_small_files_of_what_was_seen_become_one(store: Store, tmp_path: Path) -> None:
    for number in range(20):
        _keep(store, _file(tmp_path / f"{number}.tif", bytes([number])))
    assert len(list((store.root / "seen").glob("*.jsonl"))) <= 18
    assert [kept.new for kept in _keep(store, tmp_path / "3.tif")] == [False]


def test_a_damaged_original_is_replaced_by_the_good_file(store: Store, tmp_path: Path) -> None:
    source = _file(tmp_path / "a.tif", b"abc" * 100)
    (kept,) = _keep(store, source)
    kept.path.chmod(0o600)
    kept.path.write_bytes(b"abc")
    assert not store.verify().good
    (again,) = _keep(store, source)
    assert again.path.read_bytes() == source.read_bytes()
    assert [p.code for p in store.verify().problems] == ["unnamed"]


def test_cancelling_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        _keep(store, _file(tmp_path / "a.tif", b"abc"), cancelled=lambda: True)
    assert list((store.root / "originals").iterdir()) == []
    assert list((store.root / "work").iterdir()) == []


def test_further_hash_algorithms_are_computed_in_the_same_reading(
    store: Store, tmp_path: Path
) -> None:
    (kept,) = _keep(store, _file(tmp_path / "a.tif", b"abc"), algorithms=("sha512",))
    assert kept.hashes == {"sha256": hashlib.sha256(b"abc").hexdigest(),
                           "sha512": hashlib.sha512(b"abc").hexdigest()}  # fmt: skip


def test_an_unknown_hash_algorithm_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ImageryError, match="choose from"):
        _keep(store, _file(tmp_path / "a.tif", b"abc"), algorithms=("rot13",))


@pytest.mark.parametrize(
    "name",
    ["航拍 2026-06-30（东侧）.tif", "CON.tif", "nul", "a b  c..TIF", "x" * 240 + ".tif", "-rf.tif",
     "é́\u202e.tif", "a.tif.exe", "%2e%2e.tif"],
)  # fmt: skip
def test_no_name_of_a_received_file_becomes_a_path(store: Store, tmp_path: Path, name: str) -> None:
    (kept,) = _keep(store, _file(tmp_path / name, name.encode()))
    assert kept.path.name.partition(".")[0] == kept.sha256
    assert json.loads(json.dumps(kept.name)) == shown_name(name)
    assert kept.path.parent.parent == store.root / "originals"


def test_a_name_that_is_no_text_is_kept_all_the_same(store: Store, tmp_path: Path) -> None:
    source = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.tif"))
    try:
        _file(source, b"abc")
    except OSError:
        pytest.skip("this file system takes no such name")
    (kept,) = _keep(store, source)
    assert kept.name == "\\xff\\xfe.tif"


@pytest.mark.parametrize("is_folder", [True, False])
def test_what_is_no_file_is_refused(store: Store, tmp_path: Path, is_folder: bool) -> None:
    if is_folder:
        (tmp_path / "thing.tif").mkdir()
    with pytest.raises(ImageryError, match="Remedy"):
        _keep(store, tmp_path / "thing.tif")


def test_a_file_that_is_still_being_written_is_refused(store: Store, tmp_path: Path) -> None:
    source = _file(tmp_path / "a.tif", b"abc" * 3_000_000)

    def write_more(_count: int) -> None:
        with source.open("ab") as stream:
            stream.write(b"more")

    with pytest.raises(ImageryError, match="changing while it was read"):
        _keep(store, source, advance=write_more)
    assert list((store.root / "originals").iterdir()) == []
    assert _keep(store, source)[0].new


@needs_permissions
def test_a_file_nobody_may_read_is_refused_with_a_remedy() -> None:
    with plain_folder() as folder:
        source = _file(folder / "a.tif", b"abc")
        source.chmod(0)
        with pytest.raises(ImageryError, match="no permission"):
            _keep(Store.open(folder / "store"), source)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_and_nothing_is_lost(store: Store, tmp_path: Path) -> None:
    source = _file(tmp_path / "a.tif", b"abc" * 1000)
    with store.run() as run:
        keeper = Keeper(run)
        # every staging name of this run leads to a device that is always full
        for number in range(9):
            (run.folder / f"{number}.part").symlink_to("/dev/full")
        with pytest.raises(ImageryError, match="Remedy"):
            keeper.keep(source)
    assert source.read_bytes() == b"abc" * 1000
    assert list((store.root / "originals").iterdir()) == []
    assert _keep(store, source)[0].new


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_a_suffix_is_short_and_plain_or_nothing(name: str) -> None:
    suffix = safe_suffix("x" + name.replace("\0", "").replace("/", ""))
    assert suffix == "" or (suffix[0] == "." and suffix[1:].isalnum() and len(suffix) <= 9)


@given(st.lists(st.text(max_size=12), min_size=1, max_size=30, unique=True))
@settings(max_examples=100, deadline=None)
def test_members_of_an_archive_have_ids_of_their_own(members: list[str]) -> None:
    ids = scene_ids("ab" * 32, members)
    assert len(set(ids)) == len(members)
    assert all(one.startswith("ab" * 8 + "-") and len(one) == 25 for one in ids)
    assert scene_ids("ab" * 32, [None]) == ("ab" * 8,) == (scene_id("ab" * 32),)


def test_the_original_of_a_hash_is_found_whatever_its_suffix(store: Store, tmp_path: Path) -> None:
    (kept,) = _keep(store, _file(tmp_path / "a.JP2", b"abc"))
    assert whole_original(store.root, kept.sha256) == kept.path
    assert whole_original(store.root, kept.sha256, 4) is None
    assert whole_original(store.root, "0" * 64) is None
