"""A hundred leads change hands between two offices whose programs are killed again and again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.leads.exchange.storm import FEW, MOST, PROGRAM


@pytest.mark.parametrize(("there", "size"), [("sqlite", "most"), ("postgis", "few")])
def test_each_lead_is_active_exactly_once_whoever_is_killed_when(
    there: str, size: str, tmp_path: Path, root: Path, request: pytest.FixtureRequest
) -> None:
    urls = [str(tmp_path / "here.sqlite"), str(tmp_path / "there.sqlite") if there == "sqlite"
            else str(request.getfixturevalue("postgis"))]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), *urls, size], cwd=root,
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["wrong"] == []
    leads, kills = FEW if size == "few" else MOST
    assert min(seen["kills"].values()) == kills // 4  # both sides in turn, servers and senders
    assert seen["while_under_way"] >= kills // 2
    assert seen["moved"] == sum(leads)
