"""`match` and `match-review` in a shell: counts, the table to decide, and the way back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from layers.__main__ import main
from layers.folder import LayerFolder
from layers.layer import read_layer
from layers.matching import Decisions, read_matches
from tests.layers.matching.corruptions import TUNED, by_pair, generate

Files = tuple[Path, Path, Path]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    town = generate(TUNED, 80, 9)
    evil = town.site.frame.assign(
        name=town.site.frame["name"].where(town.site.frame.index > 5, "=HYPERLINK(1)")
    )
    town.site.frame["name"] = evil["name"]
    return (town.register.write(tmp_path / "register.parquet"), town.site.write(tmp_path / "site.parquet"),
            tmp_path / "matches.parquet")  # fmt: skip


def run(*words: object) -> int:
    return main([str(word) for word in words])


def test_counts_per_zone_and_class(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    register, site, out = files
    layer = out.with_name("differences.parquet")
    assert (
        run("match", register, site, "--out", out, "--on", "2026-06-30", "--differences", layer)
        == 0
    )
    said = dict(line.rsplit(": ", 1) for line in capsys.readouterr().out.strip().splitlines())
    found = read_matches(out)
    assert {zone: int(said[f"zone {zone}"]) for zone in ("same", "ask", "different")} == {
        zone: count for zone, count in found.counts().items() if zone in ("same", "ask", "different")}  # fmt: skip
    classes = read_layer(layer).frame["difference_class"].value_counts()
    assert all(int(said[f"class {name}"]) == count for name, count in classes.items())
    assert sum(int(n) for key, n in said.items() if key.startswith("class")) == len(
        read_layer(layer)
    )


def test_matches_in_a_layer_folder_do_no_harm(files: Files) -> None:
    register, site, out = files
    assert run("match", register, site, "--out", out) == 0
    assert set(LayerFolder(out.parent)) == {"tobacco_licence", "tobacco_retailer"}


def test_review_there_and_back(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    register, site, out = files
    review, folder = out.with_name("review.csv"), out.parent
    run("match", register, site, "--out", out)
    assert run("match-review", out, "--out", review) == 0
    rows = _read(review)
    assert len(rows) == read_matches(out).counts()["ask"]
    assert len(rows) > 3
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    rows[0]["decision"], rows[1]["decision"], rows[1]["why"] = "同", "否", "另一家"
    _write(review, rows, "gb18030")
    command = (
        "match-review",
        out,
        "--take",
        review,
        "--who",
        "乙",
        "--on",
        "2026-07-01",
        "--decisions",
        folder,
    )
    assert run(*command) == 0
    assert [(entry.verdict, entry.who, entry.when) for entry in Decisions.read(folder)] == [
        ("same", "乙", "2026-07-01"), ("different", "乙", "2026-07-01")]  # fmt: skip
    capsys.readouterr()
    run("match", register, site, "--out", out, "--decisions", folder)
    links = by_pair(read_matches(out))
    assert links[rows[0]["register_id"], rows[0]["site_id"]]["zone"] == "same"
    assert links[rows[1]["register_id"], rows[1]["site_id"]]["decided_why"] == "另一家"


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _write(path: Path, rows: list[dict[str, str]], encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize(
    ("column", "value", "said"), [("decision", "maybe", "row 2"), ("fingerprint", "0", "row 2")]
)
def test_a_table_that_cannot_be_taken_names_its_row(
    files: Files, column: str, value: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    register, site, out = files
    review = out.with_name("review.csv")
    run("match", register, site, "--out", out)
    run("match-review", out, "--out", review)
    rows = _read(review)
    rows[0] |= {"decision": "same", column: value}
    _write(review, rows, "utf-8")
    assert (
        run(
            "match-review",
            out,
            "--take",
            review,
            "--who",
            "乙",
            "--on",
            "2026-07-01",
            "--decisions",
            out.parent,
        )
        == 1
    )
    assert said in capsys.readouterr().err
    assert not (out.parent / "decisions.csv").exists()


def test_what_is_missing_is_named(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    register, site, out = files
    assert run("match", register, site, "--out", out, "--on", "tomorrow") == 1
    run("match", register, site, "--out", out)
    assert run("match-review", out) == 1
    assert run("match-review", out, "--take", out, "--who", "乙", "--decisions", out.parent) == 1
    assert run("match-review", register, "--out", out.with_name("x.csv")) == 1
    said = capsys.readouterr().err
    assert all(
        word in said for word in ("tomorrow", "--out FILE", "--on is missing", "no file of matches")
    )
