"""The index of a store: one row per scene, rebuilt from the items, kept beside them to be quick.

Nothing is true because the index says so: a row is read anew as soon as its item's file changes.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
from shapely.geometry import shape

from imagery.store import Store
from imagery.store.layout import INDEX, ITEMS, ORIGINALS
from layers.atomic import written_whole
from layers.layer import WGS84

_TEXTS = ("id", "title", "kind", "start", "end", "day", "taken_how", "placed_by", "known_by",
          "geometry_of", "platform", "instrument", "sha256", "member", "received", "collector",
          "original")  # fmt: skip
_NUMBERS = ("gsd_m", "u_m")
COLUMNS = (*_TEXTS, *_NUMBERS, "generated", "warnings", "geometry")
"""Columns of `footprints`; what is missing is NaN (geometries: None). `start`, `end` RFC 3339 in UTC, `day` the day on site or missing,
`gsd_m`, `u_m` metres, `geometry_of` = footprint or camera, `warnings` counts the remarks."""
_STAMP = ["_size", "_mtime_ns"]
_WORTH_KEEPING = 64
"""So many rows read anew before the kept index is written again."""


def footprints(store: Store) -> gpd.GeoDataFrame:
    """All scenes as rows with their outline (WGS 84), ordered by id; see `COLUMNS`.

    The geometry of a photo without footprint is the point where the camera stood; it is
    missing where nothing places the scene. Damaged items are left out (`verify` names them).
    """
    path = store.root / INDEX
    kept = _kept(path)
    stamps = _stamps(store)
    good = kept[kept.index.isin(list(stamps))]
    if len(good):
        wanted = pd.DataFrame.from_dict(stamps, orient="index", columns=_STAMP).loc[good.index]
        good = good[(good[_STAMP] == wanted).all(axis=1)]
    fresh = sorted(set(stamps) - set(good.index))
    rows = [row for name in fresh if (row := _read(store, name, stamps[name])) is not None]
    table = pd.concat([good, _frame(rows)]) if rows else good
    table = gpd.GeoDataFrame(table, geometry="geometry", crs=WGS84).sort_index()
    if len(fresh) >= _WORTH_KEEPING or len(kept) - len(good) >= _WORTH_KEEPING:
        with contextlib.suppress(OSError), written_whole(path) as partial:
            table.to_parquet(partial)
    return table.drop(columns=_STAMP).reset_index(drop=True)


def row_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """One row of the index out of a STAC item."""
    told = document["properties"]
    original = document["assets"]["original"]
    geometry = document["geometry"]
    local = told.get("yicha:taken_local") or told.get("yicha:taken_utc")
    warnings = sum(remark["level"] == "warning" for remark in told.get("yicha:remarks", ()))
    return {
        "id": document["id"], "title": told.get("title"), "kind": told.get("yicha:kind"),
        "start": told.get("datetime") or told.get("start_datetime"),
        "end": told.get("datetime") or told.get("end_datetime"),
        "day": local[:10] if local and len(local) >= 10 else None, "taken_how": told.get("yicha:taken_how"),
        "placed_by": told.get("yicha:placed_by"), "known_by": told.get("yicha:known_by"),
        "geometry_of": told.get("yicha:geometry"), "platform": told.get("platform"),
        "instrument": (told.get("instruments") or [None])[0],
        "sha256": told.get("yicha:sha256"), "member": told.get("yicha:member"),
        "received": told.get("created"), "collector": told.get("yicha:collector"),
        "original": f"{ORIGINALS}/" + original["href"].rpartition(f"/{ORIGINALS}/")[2],
        "gsd_m": told.get("gsd"), "u_m": told.get("yicha:u_m"),
        "generated": bool(told.get("yicha:generated")), "warnings": warnings,
        "geometry": shape(geometry) if geometry else None,
    }  # fmt: skip


def _frame(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    columns = [*COLUMNS, *_STAMP]
    table = pd.DataFrame(rows, columns=columns)
    types = dict.fromkeys(_TEXTS, "str") | dict.fromkeys(_NUMBERS, "float64")
    types |= {"generated": "bool", "warnings": "int64"} | dict.fromkeys(_STAMP, "int64")
    frame = gpd.GeoDataFrame(table.astype(types), geometry="geometry", crs=WGS84)
    return frame.set_index(frame["id"].rename("key"))


def _stamps(store: Store) -> dict[str, tuple[int, int]]:
    """Size and time of change of every item's file, by scene id."""
    with os.scandir(store.root / ITEMS) as entries:
        facts = [(entry.name, entry.stat()) for entry in entries]
    return {name.removesuffix(".json"): (stat.st_size, stat.st_mtime_ns)
            for name, stat in sorted(facts, key=lambda fact: fact[0]) if name.endswith(".json")}  # fmt: skip


def _kept(path: Path) -> gpd.GeoDataFrame:
    """The index as last written; an empty one where there is none that can be read."""
    empty = _frame([])
    try:
        kept = gpd.read_parquet(path)
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return empty
    return kept if list(kept.columns) == list(empty.columns) else empty


def _read(store: Store, scene: str, stamp: tuple[int, int]) -> dict[str, Any] | None:
    try:
        text = (store.root / ITEMS / f"{scene}.json").read_text(encoding="utf-8")
        return {**row_of(json.loads(text)), **dict(zip(_STAMP, stamp, strict=True))}
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None
