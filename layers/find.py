"""Places by words: name, address, credit code, licence number or id, over all layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
import shapely

from layers.layer import Layer

COLUMNS = ("theme", "id", "name", "address", "field", "lon", "lat", "rank")
FIELDS = ("name", "address", "credit_code", "licence_no", "id")
"""Columns looked through, the most telling first."""
_FIRST = ("township", "place", "school")
"""Themes that people mean first when they type a name."""


def find_places(layers: Mapping[str, Layer], text: str, *, most: int = 20) -> pd.DataFrame:
    """Rows in which every word of `text` stands in one of `FIELDS`; what fits best comes first.

    Returns `COLUMNS`: `field` names the column that holds the first word, `lon` and `lat` the middle of
    the row's bounds (WGS 84 degrees, NaN for a row without a position), `rank` 0 for the very name,
    1 for one that begins so, 2 for the rest. `most` bounds the rows; `.attrs["total"]` counts all.
    """
    words = text.split()
    if not words:
        return _none()
    parts = [_in_layer(name, layers[name], text.strip(), words) for name in _ordered(layers)]
    parts = [part for part in parts if len(part)]
    if not parts:
        return _none()
    found = pd.concat(parts, ignore_index=True)
    found = found.sort_values("rank", kind="stable", ignore_index=True)
    total = len(found)
    found = found.head(most)
    found.attrs["total"] = total
    return found


def _none() -> pd.DataFrame:
    found = pd.DataFrame(columns=list(COLUMNS))
    found.attrs["total"] = 0
    return found


def _ordered(layers: Mapping[str, Layer]) -> Iterable[str]:
    first = [name for name in _FIRST if name in layers]
    return [*first, *(name for name in layers if name not in _FIRST)]


def _in_layer(theme: str, layer: Layer, text: str, words: list[str]) -> pd.DataFrame:
    frame = layer.frame
    columns = [name for name in FIELDS if name in frame and frame[name].notna().any()]
    keep = np.ones(len(frame), dtype=bool)
    field = np.full(len(frame), "", dtype=object)
    for word in words:
        hits = np.zeros(len(frame), dtype=bool)
        for name in columns:
            there = _has(frame[name], word)
            if word is words[0]:
                field[there & ~hits] = name
            hits |= there
        keep &= hits
    rows = frame[keep]
    if not len(rows):
        return rows.iloc[:0].reindex(columns=list(COLUMNS))
    boxes = shapely.bounds(rows.geometry.to_numpy()).reshape(-1, 4)
    names = rows["name"].fillna("").astype(str)
    rank = np.where(names == text, 0, np.where(names.str.startswith(text), 1, 2))
    return pd.DataFrame({
        "theme": theme, "id": rows["id"].to_numpy(dtype=object), "name": names.to_numpy(dtype=object),
        "address": _column(rows, "address"), "field": field[keep],
        "lon": boxes[:, [0, 2]].mean(axis=1), "lat": boxes[:, [1, 3]].mean(axis=1), "rank": rank,
    })  # fmt: skip


def _has(column: pd.Series, word: str) -> np.ndarray:
    texts = column.astype("str") if column.dtype == object else column
    return texts.str.contains(word, case=False, regex=False, na=False).to_numpy(dtype=bool)


def _column(rows: pd.DataFrame, name: str) -> np.ndarray:
    if name not in rows:
        return np.full(len(rows), "", dtype=object)
    return rows[name].fillna("").astype(str).to_numpy(dtype=object)
