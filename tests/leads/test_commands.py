"""`python -m leads ingest, list, show, yield, merge, split, group` on a store in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leads.__main__ import main
from tests.leads.findings import place, shop, write_run


@pytest.fixture
def store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Arguments naming a store with three leads."""
    where = ["--store", str(tmp_path / "leads.sqlite"), "--by", "王检"]
    file = write_run(tmp_path / "a.geojson", [shop(n) for n in range(1, 4)])
    assert main(["ingest", str(file), *where, "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("new 3, changed 0")
    return where


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert main(list(words)) == 0
    return capsys.readouterr().out


def test_ids_feed_other_commands(store: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    ids = told(capsys, "list", *store, "--ids").split()
    assert len(ids) == 3
    assert all(one.startswith("L") and len(one) == 17 for one in ids)
    case = told(capsys, "group", *ids[:2], *store).split()[0]
    assert sorted(told(capsys, "list", *store, "--case", case, "--ids").split()) == sorted(ids[:2])
    assert "market" in told(
        capsys, "split", case, "--part", f"tobacco={ids[0]}", "--part", f"market={ids[1]}", *store
    )
    told(capsys, "group", ids[0], "--out", *store)
    told(capsys, "group", ids[0], "--case", case, *store)


def test_list_filters_and_json(store: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, "list", *store, "--words", "福顺2", "--lang", "zh")
    assert "福顺2烟酒店" in text
    assert "线索登记" in text
    assert "共 1 条" in text
    west, south = place(100, -50)
    east, north = place(300, 50)
    box = f"--box={west},{south},{east},{north}"
    found = json.loads(
        told(
            capsys,
            "list",
            *store,
            "--json",
            "--change",
            "new",
            "--check",
            "tobacco-near-school",
            box,
        )
    )
    assert [row["subject_name"] for row in found["leads"]] == ["福顺1烟酒店"]
    assert "0 of 0 leads" in told(capsys, "list", *store, "--gone", "--lang", "en")
    assert main(["list", *store, "--box", "1,2,3"]) == 1


def test_show_and_yield(store: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, "show", "YC-2026-000001", *store, "--lang", "en")
    assert "margin beyond the limit: measured 60 m, the limit is 100 m" in text
    assert "  found" in text
    assert "lead." not in text
    assert "得分" in told(capsys, "show", "YC-2026-000001", *store, "--lang", "zh")
    found = json.loads(told(capsys, "show", "YC-2026-000001", *store, "--json"))
    assert found["finding"]["measured"] == 60.0
    assert sum(part["points"] for part in found["score"]) == pytest.approx(
        found["lead"]["score"], abs=0.01
    )
    assert "tobacco-near-school" in told(capsys, "yield", *store, "--lang", "en", "--rate")
    assert json.loads(told(capsys, "yield", *store, "--json"))[0]["leads"] == 3
    assert main(["show", "YC-2026-999999", *store]) == 1
    assert "Remedy" in capsys.readouterr().err


def test_merge_and_split(store: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "merge", "YC-2026-000001", "YC-2026-000002", "--reason", "一家", *store)
    assert len(told(capsys, "list", *store, "--ids").split()) == 2
    assert len(told(capsys, "list", *store, "--ids", "--merged").split()) == 3
    assert main(["split", "YC-2026-000001", *store]) == 1, "a reason is wanted"
    told(capsys, "split", "YC-2026-000001", "--reason", "两家", *store)
    assert len(told(capsys, "list", *store, "--ids").split()) == 3
    assert main(["split", "C0", "--part", "x", *store]) == 1


def test_an_area_is_a_window_or_a_file(
    store: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    west, south = place(100, -50)
    east, north = place(300, 50)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    area = tmp_path / "area.geojson"
    area.write_text(json.dumps({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}}),
                    encoding="utf-8")  # fmt: skip
    empty = write_run(tmp_path / "b.geojson", [])
    found = json.loads(told(capsys, "ingest", str(empty), *store, "--area", str(area), "--json"))
    assert found["counts"]["tobacco-near-school"]["vanished"] == 1
    far = f"--area={west + 1},{south},{east + 1},{north}"
    assert "no longer found 0" in told(capsys, "ingest", str(empty), *store, far, "--lang", "en")
    for wrong in ("1,2,3", "nowhere.geojson", str(empty)):
        assert main(["ingest", str(empty), *store, "--area", wrong]) == 1


def test_nobody_and_the_wrong_role_are_refused(
    store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    url = store[:2]
    assert main(["list", *url, "--by", "员", "--role", "system_admin"]) == 1
    assert "may not read leads" in capsys.readouterr().err
    assert main(["ingest", "missing.geojson", *store]) == 1
    assert "missing.geojson" in capsys.readouterr().err
