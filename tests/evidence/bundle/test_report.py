"""The full report: every file of a whole bundle, and which one was altered in another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from evidence import Dossier
from evidence.bundle import build_bundle, new_key
from evidence.bundle.report import report_of
from layers.errors import Cancelled


@pytest.fixture(scope="module")
def bundle(dossiers: Mapping[str, Dossier], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed bundle of one lead."""
    folder = tmp_path_factory.mktemp("report")
    build_bundle([dossiers["fire-lane-blocked"]], folder / "one.zip", chain={"events": [], "links": []},
                 info=[("Contact-Name", "李明")], key=new_key(folder / "key.pem"))  # fmt: skip
    return folder / "one.zip"


def test_a_whole_bundle(bundle: Path) -> None:
    told: list[int] = []
    found = report_of(bundle, told=lambda done, _: told.append(done))
    assert found["intact"]
    assert {one["state"] for one in found["files"]} == {"same"}
    assert found["signature"]["state"] == "good"
    assert found["stamp"] == {"state": "none"}
    assert found["chain"] == {"events": 0, "links": 0, "problems": []}
    assert ["Contact-Name", "李明"] in found["info"]
    assert told == sorted(told)
    assert told[-1] == 2 * bundle.stat().st_size


def test_a_flipped_byte_names_its_file(bundle: Path, tmp_path: Path) -> None:
    data = bytearray(bundle.read_bytes())
    data[data.index(b'"redacted"') + 1] ^= 1
    broken = tmp_path / "broken.zip"
    broken.write_bytes(data)
    found = report_of(broken)
    assert not found["intact"]
    altered = [one["name"] for one in found["files"] if one["state"] != "same"]
    assert len(altered) == 1
    assert altered[0].endswith("lead.json")
    assert found["signature"]["state"] == "good"


def test_another_key_and_no_bundle(bundle: Path, tmp_path: Path) -> None:
    assert not report_of(bundle, expected_key="00" * 32)["intact"]
    noise = tmp_path / "noise.zip"
    noise.write_bytes(b"PK\3\4" + bytes(5000))
    found = report_of(noise)
    assert not found["intact"]
    assert found["files"] == []
    with pytest.raises(Cancelled):
        report_of(bundle, stopped=lambda: True)
