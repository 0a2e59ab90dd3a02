"""How good a layer is, in numbers: filled columns, rows twice, without place, out of the county, linked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from layers.datum import parse_datum
from layers.errors import DatumError
from layers.layer import Layer
from layers.licences import attach_licences

PARTNERS = {
    "tobacco_retailer": "tobacco_licence", "ecig_retailer": "tobacco_licence",
    "caterer": "food_licence", "lodging_listing": "lodging_licence", "hotel": "lodging_licence",
    "aesthetic_clinic": "medical_licence", "pharmacy_listing": "pharmacy_licence",
    "meat_stall": "site_certificate", "water_machine": "site_certificate",
}  # fmt: skip
"""Places → the register that should know them."""
_LINKED = ("licence_no", "credit_code", "name_address", "name")


def partner_of(theme: str) -> tuple[str, ...]:
    """The themes a layer is laid beside for its match rate: of places their register, of a register
    its places.
    """
    if theme in PARTNERS:
        return (PARTNERS[theme],)
    return tuple(place for place, register in PARTNERS.items() if register == theme)[:1]


def quality_of(layer: Layer, area: BaseGeometry | None = None, partner: Layer | None = None) -> dict[str, Any]:  # fmt: skip
    """The numbers, plain JSON types; see the keys below.

    `area` is the office's own ground (WGS 84); `partner` the register or the places the rows
    should be found in. `filled` is the share of rows by column, `twice` counts rows that repeat the name and
    address of an earlier one, `same_place` rows that share their point with another row.
    """
    frame, placed = layer.frame, layer.placed
    shapes = np.asarray(placed.geometry.to_numpy(), dtype=object)
    return {
        "rows": len(frame), "unplaced": len(layer.unplaced),
        "filled": {name: _filled(frame[name]) for name in _columns(layer)},
        "twice": _twice(frame), "same_place": _same_place(shapes),
        "outside": _outside(shapes, area), "datums": [_datum(name) for name in _datums(layer)],
        "error_m": _quantiles(frame["u_source_m"]) if "u_source_m" in frame else None,
        "match": None if partner is None else _match(layer, partner),
    }  # fmt: skip


def _columns(layer: Layer) -> list[str]:
    hidden = {"id", "source_row", "u_source_m"}
    return [column.name for column in layer.theme.all_columns if column.name not in hidden]


def _filled(cells: pd.Series) -> float:
    return round(float(cells.notna().mean()), 4) if len(cells) else 0.0


def _twice(frame: pd.DataFrame) -> int:
    """Rows with the name and address of an earlier row; rows without both are not compared."""
    table = frame[["name", "address"]]
    return int((table.duplicated() & table.notna().all(axis=1)).sum())


def _same_place(shapes: np.ndarray) -> int:
    if not len(shapes) or (shapely.get_dimensions(shapes) > 0).any():
        return 0
    points = pd.DataFrame(np.round(shapely.get_coordinates(shapes), 7))
    return int(points.duplicated(keep=False).sum())


def _outside(shapes: np.ndarray, area: BaseGeometry | None) -> int | None:
    if area is None or not len(shapes):
        return None
    shapely.prepare(area)
    return int((~shapely.intersects(area, shapes)).sum())


def _datums(layer: Layer) -> list[str]:
    return list(dict.fromkeys(one.datum for one in layer.provenance))


def _datum(name: str) -> dict[str, Any]:
    try:
        found = parse_datum(name)
    except DatumError:
        return {"name": name, "zh": name, "en": name, "u_m": None}
    return {"name": found.name, "zh": found.zh, "en": found.en, "u_m": found.u_datum_m}


def _quantiles(values: pd.Series) -> list[float] | None:
    """Median and 95 % of the position errors, metres."""
    known = pd.to_numeric(values, errors="coerce").dropna()
    return [round(float(known.quantile(q)), 1) for q in (0.5, 0.95)] if len(known) else None


def _match(layer: Layer, partner: Layer) -> dict[str, Any]:
    """Rows of the layer that its partner knows, by exact keys."""
    if layer.theme.name in PARTNERS:
        how = attach_licences(layer, partner).frame["licence_match"]
        linked, unsure = int(how.isin(_LINKED).sum()), int((how == "ambiguous").sum())
    else:
        rows = attach_licences(partner, layer).frame["licence_rows"].dropna().astype(str)
        linked, unsure = len(set(rows.str.split(";").explode()) - {""}), 0
    return {"with": partner.theme.name, "linked": linked, "unsure": unsure, "of": len(layer)}
