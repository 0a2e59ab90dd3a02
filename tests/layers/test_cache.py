from __future__ import annotations

from pathlib import Path

import pytest

from layers.cache import cached_import, code_version
from layers.errors import DatumError
from layers.importing import Imported, Manifest
from tests.layers.importing.tables import shop, write_csv

SAID = Manifest(theme="tobacco_retailer", datum="gcj02")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "a.csv", [shop(1), shop(2, 经度="")])


def entries(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def same(one: Imported, other: Imported) -> bool:
    assert one.layer is not None
    assert other.layer is not None
    return (
        one.layer.frame.equals(other.layer.frame)
        and one.report == other.report
        and one.manifest == other.manifest
    )


def test_the_second_answer_is_the_first_and_costs_no_import(tmp_path: Path, source: Path) -> None:
    first = cached_import(source, tmp_path / "c", manifest=SAID)
    stamps = {p: p.stat().st_mtime_ns for p in entries(tmp_path / "c")}
    second = cached_import(source, tmp_path / "c", manifest=SAID)
    assert same(first, second)
    assert second.layer is not None
    assert second.layer.sha256  # read from the cache
    assert {p: p.stat().st_mtime_ns for p in entries(tmp_path / "c")} == stamps


def test_other_bytes_or_settings_are_other_entries(tmp_path: Path, source: Path) -> None:
    cached_import(source, tmp_path / "c", manifest=SAID)
    cached_import(source, tmp_path / "c", manifest=SAID.with_(datum="wgs84"))
    write_csv(source, [shop(1), shop(3)])
    cached_import(source, tmp_path / "c", manifest=SAID)
    assert len(entries(tmp_path / "c")) == 6


@pytest.mark.parametrize("suffix", [".parquet", ".json"])
@pytest.mark.parametrize("damage", ["cut", "flip", "gone", "empty"])
def test_a_damaged_entry_is_made_anew(
    tmp_path: Path, source: Path, suffix: str, damage: str
) -> None:
    first = cached_import(source, tmp_path / "c", manifest=SAID)
    (entry,) = (p for p in entries(tmp_path / "c") if p.suffix == suffix)
    whole = entry.read_bytes()
    middle = len(whole) // 2
    broken = {
        "cut": whole[:middle],
        "empty": b"",
        "flip": whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :],
    }
    entry.unlink() if damage == "gone" else entry.write_bytes(broken[damage])
    assert same(cached_import(source, tmp_path / "c", manifest=SAID), first)


def test_the_folder_may_be_deleted_and_holds_no_leftovers(tmp_path: Path, source: Path) -> None:
    cached_import(source, tmp_path / "c", manifest=SAID)
    found = entries(tmp_path / "c")
    assert sorted(p.suffix for p in found) == [".json", ".parquet"]
    for path in found:
        path.unlink()
    assert cached_import(source, tmp_path / "c", manifest=SAID).layer is not None


def test_refusals_are_not_kept(tmp_path: Path, source: Path) -> None:
    with pytest.raises(DatumError):
        cached_import(source, tmp_path / "c", manifest=Manifest(theme="bar"))
    assert (
        cached_import(source, tmp_path / "c", manifest=SAID.with_(where=("名称~无",))).layer is None
    )
    assert not (tmp_path / "c").exists()


def test_the_code_is_part_of_the_key() -> None:
    assert len(code_version()) == 64
    assert code_version() == code_version()
