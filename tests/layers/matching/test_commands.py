"""`match` and `match-review` in a shell: counts, the table to decide, and the way back."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from layers.__main__ import main
from layers.folder import LayerFolder
from layers.layer import Layer, make_layer, read_layer
from layers.matching import Decisions, match, read_matches
from layers.matching.review import read_review, write_review
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
    lines = capsys.readouterr().out.strip().splitlines()
    said = {
        " ".join(line.split()[:2]): line.rsplit(": ", 1)[1] for line in lines if line[:4] != "next"
    }
    assert any("登记有、现场未见" in line for line in lines)
    assert lines[-1].startswith("next:")
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
        header, *rows = csv.reader(stream)
    return [dict(zip((name.split()[0] for name in header), row, strict=True)) for row in rows]


def test_review_as_a_workbook(files: Files) -> None:
    register, site, out = files
    review, folder = out.with_name("review.xlsx"), out.parent
    run("match", register, site, "--out", out)
    assert run("match-review", out, "--out", review) == 0
    book = openpyxl.load_workbook(review)
    sheet = book.active
    names = [str(cell.value).split()[0] for cell in sheet[1]]
    assert names[:4] == ["register_name", "site_name", "register_address", "site_address"]
    assert all(cell.data_type != "f" for row in sheet for cell in row), "nothing runs as a formula"
    assert sheet.data_validations.dataValidation[0].formula1 == '"同,否"'
    column = names.index("decision") + 1
    sheet.cell(2, column).value, sheet.cell(3, column).value = "否", "同"
    book.save(review)
    words = ("--who", "乙", "--on", "2026-07-01", "--decisions", folder)
    assert run("match-review", out, "--take", review, *words) == 0
    assert [entry.verdict for entry in Decisions.read(folder)] == ["different", "same"]
    review.write_bytes(b"PK no workbook")
    assert run("match-review", out, "--take", review, *words) == 1


def test_long_numbers_survive_a_spreadsheet(tmp_path: Path) -> None:
    links = match(*long_numbers()).links
    path = write_review(links, tmp_path / "review.csv")
    assert f"{links['register_id'].iloc[0]}\t" in path.read_text(encoding="utf-8-sig")
    back = [row["register_id"] for row in read_review(path)]
    assert sorted(back) == sorted(links["register_id"])


def long_numbers() -> tuple[Layer, Layer]:
    town = generate(TUNED, 12, 3)
    frame = town.register.frame.assign(
        id=[f"9901{n:08d}" for n in range(1, len(town.register) + 1)]
    )
    return make_layer("tobacco_licence", frame, *town.register.provenance), town.site


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
