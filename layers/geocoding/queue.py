"""What could not be placed: a table for the person who will, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pandas as pd

from layers.atomic import write_text
from layers.geocoding.words import METHODS, PROBLEMS
from layers.layer import Layer
from layers.safe_csv import csv_text

COARSE_M = 500.0
"""A place known no better than this is on the list too: it waits for a look on site."""

_HEADERS = {
    "zh": ("编号", "名称", "地址", "行政区划代码", "状态", "方法", "位置误差(米)", "原因", "建议", "候选"),
    "en": ("id", "name", "address", "administrative code", "state", "method", "position error (m)",
           "reason", "what helps", "candidates"),
}  # fmt: skip
_STATES = {"zh": ("未定位", "位置粗略"), "en": ("not placed", "placed roughly")}
_COARSE = {
    "zh": ("位置粗略", "到现场采点或补充门牌"),
    "en": ("the place is known roughly only", "capture it on site, or add the house number"),
}


def queue_rows(layer: Layer, lang: str = "zh") -> pd.DataFrame:
    """Rows of a geocoded layer without a place or with a rough one, unplaced ones first."""
    frame = layer.frame
    unplaced = frame["id"].isin(layer.unplaced["id"])
    rough = frame["geocode_method"].notna() & (frame["u_source_m"].astype(float) > COARSE_M)
    rows = pd.concat([frame[unplaced], frame[rough & ~unplaced]])
    cells = [_cells(row, lang) for row in rows.to_dict("records")]
    return pd.DataFrame(cells, columns=list(_HEADERS[lang]), dtype=object)


def write_queue(layer: Layer, path: str | Path, lang: str = "zh") -> int:
    """Write the rows as CSV (UTF-8 with BOM, whole or not at all); returns how many there are."""
    rows = queue_rows(layer, lang)
    cells = rows.where(rows.notna(), None).itertuples(index=False)
    write_text(path, "\ufeff" + csv_text(rows.columns, cells))
    return len(rows)


def _cells(row: dict[Hashable, Any], lang: str) -> list[object]:
    english = lang == "en"
    problem, method = row["geocode_problem"], row["geocode_method"]
    state = _STATES[lang][0 if pd.isna(method) else 1]
    reason, helps = _COARSE[lang]
    if isinstance(problem, str):
        reason, helps = PROBLEMS[problem][2:] if english else PROBLEMS[problem][:2]
    how = METHODS[method][english] if isinstance(method, str) else None
    error = None if pd.isna(method) else f"{row['u_source_m']:.0f}"
    return [row["id"], row["name"], row["address"], row["admin_code"], state, how, error,
            reason, helps, row["geocode_candidates"]]  # fmt: skip
