"""Every library is pinned, its licence known and listed; known weaknesses are found from a file."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from layers.errors import AssetError
from offline.audit import audit
from offline.libraries import Library, canonical, libraries, licence_page, web_packages

ONE = Library("pillow", "10.2.0", "MIT-CMU")
only_here = pytest.mark.skipif(
    sys.platform != "linux" or sys.version_info[:2] != (3, 11),
    reason="THE LIST OF LICENCES is that of Linux and Python 3.11; it was not compared",
)


@pytest.fixture(scope="module")
def installed() -> list[Library]:
    return libraries(Path(__file__).resolve().parents[2] / "requirements.txt")


def test_every_library_is_pinned(installed: list[Library], root: Path) -> None:
    lines = "\n".join((root / name).read_text(encoding="utf-8")
                      for name in ("requirements.txt", "constraints.txt"))  # fmt: skip
    pins = {canonical(name): version
            for name, version in re.findall(r"(?m)^([\w.-]+)(?:\[\w+\])?==(\S+)$", lines)}  # fmt: skip
    assert [one for one in installed if pins.get(one.name) != one.version] == []


@only_here
def test_every_licence_is_known_and_listed(installed: list[Library], root: Path) -> None:
    web = web_packages(root / "package-lock.json")
    assert [one for one in (*installed, *web) if not one.acceptable] == []
    page = (root / "docs" / "licences.md").read_text(encoding="utf-8")
    assert page == licence_page(installed, web), (
        "run python -m offline licences --write docs/licences.md"
    )


@pytest.mark.parametrize(
    "licence", ["", "GPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-2.0-only", "UNKNOWN"]
)
def test_a_licence_that_binds_the_whole_program_is_not_acceptable(licence: str) -> None:
    assert not Library("x", "1", licence).acceptable


def _database(folder: Path, **told: Any) -> Path:
    advisory = {"id": "PYSEC-1", "summary": "a hole", "aliases": ["CVE-1"], **told}
    with zipfile.ZipFile(folder / "all.zip", "w") as target:
        target.writestr("PYSEC-1.json", json.dumps(advisory))
    return folder / "all.zip"


def _affected(*events: dict[str, str], name: str = "Pillow", **more: Any) -> dict[str, Any]:
    return {"package": {"ecosystem": "PyPI", "name": name},
            "ranges": [{"type": "ECOSYSTEM", "events": list(events)}], **more}  # fmt: skip


@pytest.mark.parametrize(
    ("events", "hit"),
    [
        ([{"introduced": "0"}, {"fixed": "10.3.0"}], True),
        ([{"introduced": "0"}, {"fixed": "10.2.0"}], False),
        ([{"introduced": "10.2.1"}], False),
        ([{"introduced": "9"}, {"last_affected": "10.2.0"}], True),
        ([{"introduced": "0"}, {"fixed": "8"}, {"introduced": "10"}, {"fixed": "10.2.1"}], True),
        ([{"introduced": "0"}, {"fixed": "8"}, {"introduced": "10.3"}], False),
    ],
)
def test_versions_between_introduced_and_fixed_are_hit(
    tmp_path: Path, events: list[dict[str, str]], hit: bool
) -> None:
    found = audit([ONE], _database(tmp_path, affected=[_affected(*events)]))
    assert bool(found) == hit


def test_a_listed_version_is_hit_another_library_and_a_withdrawn_word_are_not(
    tmp_path: Path,
) -> None:
    listed = _affected(versions=["10.2.0"])
    (found,) = audit([ONE], _database(tmp_path, affected=[listed]))
    assert (found.id, found.aliases, found.summary) == ("PYSEC-1", ("CVE-1",), "a hole")
    other = _affected({"introduced": "0"}, name="pillow-heif")
    assert audit([ONE], _database(tmp_path, affected=[other])) == []
    assert audit([ONE], _database(tmp_path, affected=[listed], withdrawn="2024-01-01")) == []


def test_no_database_is_an_error_not_a_clean_bill(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="cannot be read"):
        audit([ONE], tmp_path / "none.zip")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    with pytest.raises(AssetError, match="no advisory"):
        audit([ONE], tmp_path / "empty.zip")
