"""Columns of addresses and whole layers: placed where the layers at hand allow, queued elsewhere."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import astuple, fields, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from layers.addresses import PARTS, Address, parse_addresses
from layers.geocoding.answers import Answer
from layers.geocoding.gazetteer import Gazetteer, gazetteer
from layers.geocoding.locate import locate
from layers.layer import WGS84, Layer
from layers.licence_keys import name_keys

COLUMNS = ("lon", "lat", "method", "u_m", "matched", "problem", "candidates")
_FIELDS = [field.name for field in fields(Answer)]
_NUMBERS = ["x", "y", "u_m"]
NOTES = {"method": "geocode_method", "matched": "geocode_matched", "problem": "geocode_problem",
         "candidates": "geocode_candidates"}  # fmt: skip


def geocode(
    addresses: pd.Series,
    layers: Mapping[str, Layer],
    admin_code: pd.Series | None = None,
    *,
    names: pd.Series | None = None,
    counties: Iterable[str] = (),
    leave_out: Iterable[object] = (),
) -> pd.DataFrame:
    """Place addresses by the layers at hand; never a silent guess.

    Parameters
    ----------
    addresses : text or missing, any index.
    layers : layers by theme (a `LayerSet`): roads, townships, places and all rows with a name
        or an address testify.
    admin_code : administrative codes of the same rows (6 digits county, 9 or 12 township).
    names : the rows' own names: a placed row of the same name on the same street places them.
    counties : the counties the layers show; without it those that placed rows' addresses name.
    leave_out : ids of rows that do not testify.

    Returns
    -------
    DataFrame with the index of `addresses`: `lon`, `lat` (degrees, WGS 84; NaN where not
    placed), `method` (a key of `METHODS`), `u_m` (metres, 95 %), `matched` (to what), `problem`
    (a key of `PROBLEMS`: why it is not placed, or not more finely), `candidates`.
    """
    known = gazetteer(layers, counties=counties, leave_out=leave_out)
    table = parse_addresses(addresses).reset_index(drop=True)
    table["code"] = _texts(admin_code, len(table))
    table["own"] = _texts(None if names is None else name_keys(names), len(table))
    answers = _distinct(table, known)
    places = known.plane.degrees(answers[["x", "y"]].to_numpy(float).reshape(-1, 2))
    answers = answers.drop(columns=["x", "y"]).assign(lon=places[:, 0], lat=places[:, 1])
    return answers[list(COLUMNS)].set_axis(addresses.index)


def geocode_layer(layer: Layer, layers: Mapping[str, Layer], counties: Iterable[str] = ()) -> Layer:
    """The layer with its unplaced rows placed where possible; placed rows stay as they are.

    Rows geocoded before keep what was said of them.

    `u_source_m` is the error of the place found; `geocode_method`, `geocode_matched`,
    `geocode_problem` and `geocode_candidates` say how, to what, and what is wrong.
    """
    frame = layer.frame.copy()
    frame["u_source_m"] = pd.to_numeric(frame["u_source_m"], errors="coerce")
    for column in NOTES.values():
        kept = frame[column].to_list() if column in frame else [None] * len(frame)
        frame[column] = pd.Series(kept, index=frame.index, dtype=object)
    rows = frame["id"].isin(layer.unplaced["id"])
    todo = frame[rows]
    found = geocode(
        todo["address"], layers, todo["admin_code"], names=todo["name"], counties=counties
    )
    for column, note in NOTES.items():
        frame.loc[rows, note] = found[column].astype(object)
    placed = found[found["method"].notna()]
    points = gpd.points_from_xy(placed["lon"], placed["lat"], crs=WGS84)
    geometry = frame.geometry.copy()
    geometry.loc[placed.index] = gpd.GeoSeries(points, index=placed.index)
    frame = frame.set_geometry(geometry)
    frame.loc[placed.index, "u_source_m"] = placed["u_m"].round(1)
    said = f"; {len(placed)} rows geocoded offline from their addresses"
    provenance = tuple(replace(one, transform=one.transform + said) for one in layer.provenance)
    return Layer(layer.theme, frame, provenance)


def _distinct(table: pd.DataFrame, known: Gazetteer) -> pd.DataFrame:
    """Answers row by row; each distinct address, code and name is looked up once."""
    keys = table[["raw", "code", "own"]].astype(object)
    number, _ = pd.factorize(pd.MultiIndex.from_frame(keys.fillna("")))
    _, first = np.unique(number, return_index=True)
    answers = [_answer(row, known) for row in table.iloc[first].to_dict("records")]
    frame = pd.DataFrame([astuple(one) for one in answers], columns=_FIELDS, dtype=object)
    frame[_NUMBERS] = frame[_NUMBERS].astype(float)
    return frame.iloc[number].reset_index(drop=True)


def _answer(row: dict[Hashable, Any], known: Gazetteer) -> Answer:
    if row["raw"] is None:
        return Answer(problem="no_address")
    said = Address(**{name: row[name] for name in PARTS})
    code, own = row["code"], row["own"]
    return locate(
        said, None if code is None else str(code), None if own is None else str(own), known
    )


def _texts(column: pd.Series | None, count: int) -> pd.Series:
    if column is None:
        return pd.Series([None] * count, dtype=object)
    plain = column.astype(object).reset_index(drop=True)
    return plain.where(plain.notna(), None)
