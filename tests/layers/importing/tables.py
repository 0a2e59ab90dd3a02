"""Small files for the import tests; every value is invented."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from layers.importing import Imported, Manifest, import_table
from layers.sources import RawTable

Row = Mapping[str, object]


def write_csv(path: Path, rows: Sequence[Row], encoding: str = "utf-8", sign: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=sign, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def raw_table(rows: Sequence[Row], *, datum: str | None = None, name: str = "t.csv") -> RawTable:
    """A table as a reader gives it: text or missing, rows counted from 2."""
    frame = pd.DataFrame(list(rows), dtype=object)
    frame = frame.map(lambda cell: None if cell is None else str(cell)).astype(object)
    frame = frame.where(frame.notna(), None)
    numbers = pd.RangeIndex(2, len(frame) + 2).to_numpy()
    return RawTable(frame, numbers, Path(name), "0" * 64, "csv", datum=datum, encoding="utf-8")


def with_geometry(rows: Sequence[Row], shapes: Sequence[object], datum: str | None) -> RawTable:
    table = raw_table(rows, datum=datum, name="t.gpkg")
    return RawTable(
        table.frame,
        table.rows,
        table.path,
        table.sha256,
        "gpkg",
        gpd.GeoSeries(list(shapes)),
        datum,
    )


def imported(
    rows: Sequence[Row] | RawTable, theme: str = "tobacco_retailer", **settings: object
) -> Imported:
    table = rows if isinstance(rows, RawTable) else raw_table(rows)
    result = import_table(table, Manifest().with_(theme=theme, **settings))
    assert result.report.balanced
    return result


def shop(number: int = 1, **more: object) -> dict[str, object]:
    """A row with a place near 105.48, 26.21 (GCJ-02)."""
    row = {"名称": f"东门{number}号烟酒店", "地址": f"人民路{number}号",
           "经度": f"{105.48 + number / 10_000:.6f}", "纬度": f"{26.21 + number / 10_000:.6f}"}  # fmt: skip
    return {**row, **more}
