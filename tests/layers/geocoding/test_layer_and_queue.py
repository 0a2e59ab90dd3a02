"""A layer geocoded as a whole, the queue for people, and the command."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
import shapely

from layers.__main__ import main
from layers.geocoding import geocode_layer, queue_rows, write_queue
from layers.layer import Layer, read_layer
from tests.layers.geocoding.county import county, layer, spot

ROWS = [
    spot(10, 10, name="已有位置", address="人民路1号"),
    {"at": None, "name": "一", "address": "人民路21号", "admin_code": "990123", "u_source_m": None},
    {"at": None, "name": "二", "address": "建设路5号", "u_source_m": None},
    {"at": None, "name": "=HYPERLINK(1)", "address": "石塘镇和平路2号", "u_source_m": None},
    {"at": None, "name": "三", "address": None, "u_source_m": None},
]


@pytest.fixture(scope="module")
def register() -> Layer:
    return layer("tobacco_licence", ROWS)


@pytest.fixture(scope="module")
def done(register: Layer) -> Layer:
    return geocode_layer(register, county())


def _texts(column: pd.Series) -> list[object]:
    return column.where(column.notna(), None).tolist()


def test_placed_rows_stay_and_unplaced_ones_are_placed_or_not(register: Layer, done: Layer) -> None:
    before, after = register.frame, done.frame
    assert after["id"].tolist() == before["id"].tolist()
    assert shapely.equals_exact(after.geometry.iloc[0], before.geometry.iloc[0])
    assert _texts(after["geocode_method"]) == [None, "address", None, "township", None]
    assert len(done.placed) == 3
    assert after["u_source_m"].notna().tolist() == [True, True, False, True, False]
    assert _texts(after["geocode_problem"]) == [
        None, None, "street_ambiguous", "street_unknown", "no_address",
    ]  # fmt: skip
    assert "2 rows geocoded offline" in done.provenance[0].transform


def test_a_layer_without_unplaced_rows_stays_as_it_is() -> None:
    shops = county()["hotel"]
    done = geocode_layer(shops, county())
    assert done.frame.geometry.equals(shops.frame.geometry)
    assert done.frame["geocode_method"].isna().all()


def test_geocoding_again_changes_nothing(done: Layer) -> None:
    again = geocode_layer(done, county())
    assert again.frame.geometry.isna().tolist() == done.frame.geometry.isna().tolist()
    assert _texts(again.frame["geocode_method"]) == _texts(done.frame["geocode_method"])


@pytest.mark.parametrize(("lang", "state", "word"), [("zh", "未定位", "同名街道"), ("en", "not placed", "several streets")])  # fmt: skip
def test_the_queue_says_why_and_what_helps(done: Layer, lang: str, state: str, word: str) -> None:
    rows = queue_rows(done, lang).to_numpy().tolist()
    assert len(rows) == 3
    first = dict(zip(queue_rows(done, lang).columns, rows[0], strict=True))
    values = list(first.values())
    assert values[1] == "二"
    assert values[4] == state
    assert word in str(values[7])
    assert values[8]
    assert "城关镇" in str(values[9])


def test_the_queue_is_safe_to_open(done: Layer, tmp_path: Path) -> None:
    path = tmp_path / "new" / "queue.csv"
    assert write_queue(done, path) == 3
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert [file.name for file in path.parent.iterdir()] == ["queue.csv"]


def test_the_command_writes_layer_queue_and_counts(
    register: Layer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "layers"
    for name, made in county().items():
        made.write(folder / f"{name}.parquet")
    source, out, queue = tmp_path / "in.parquet", tmp_path / "out.parquet", tmp_path / "queue.csv"
    register.write(source)
    code = main(["geocode", str(source), "--layers", str(folder), "--out", str(out),
                 "--queue", str(queue), "--lang", "en"])  # fmt: skip
    printed = capsys.readouterr().out
    assert code == 0
    assert len(read_layer(out).placed) == 3
    assert queue.exists()
    for text in (
        "placed before: 1",
        "placed now: 2",
        "not placed: 2",
        "address",
        "street_ambiguous",
    ):
        assert text in printed


def test_the_command_says_when_there_are_no_layers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layer("tobacco_licence", ROWS).write(tmp_path / "in.parquet")
    code = main(["geocode", str(tmp_path / "in.parquet"), "--layers", str(tmp_path / "none"),
                 "--out", str(tmp_path / "out.parquet")])  # fmt: skip
    assert code == 1
    assert "layer folder does not exist" in capsys.readouterr().err
    assert not (tmp_path / "out.parquet").exists()
