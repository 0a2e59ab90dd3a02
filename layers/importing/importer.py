"""`import_file`: a raw table becomes a layer, and every row of it is accounted for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from layers.errors import ColumnError
from layers.importing.account import account_of
from layers.importing.declared import Request
from layers.importing.filters import rows_where
from layers.importing.identity import exact_repeats, make_ids
from layers.importing.intake import Intake, take_in
from layers.importing.manifest import Manifest
from layers.importing.members import Membership, members_of
from layers.importing.placing import Placed, place_rows
from layers.importing.report import ImportReport, Note
from layers.importing.values import Values, read_values
from layers.layer import WGS84, Layer, make_layer
from layers.provenance import Provenance
from layers.sources import DEFAULT_LIMITS, Limits, RawTable, read_source
from layers.themes import is_record

_TELLING = ("name", "address", "registered_name", "licence_no", "credit_code", "project_no", "site_no",
            "id")  # fmt: skip


@dataclass(frozen=True)
class Imported:
    """A layer and its account; without a layer the report is `refused`.

    `manifest` holds the settings as they were settled, every column named: saved, it imports
    the next file of the same kind in the same way.
    """

    layer: Layer | None
    report: ImportReport
    manifest: Manifest


def import_file(
    path: str | Path,
    theme_name: str | None = None,
    *,
    manifest: Manifest | None = None,
    trusted: Layer | None = None,
    limits: Limits = DEFAULT_LIMITS,
    **settings: object,
) -> Imported:
    """Import a file as a layer of the theme called `theme_name`.

    Parameters
    ----------
    path : any file `layers.sources.read_source` can read.
    theme_name : a theme; may be left out where the manifest names one.
    manifest : settings kept from an earlier import.
    trusted : a layer whose named places serve to propose the datum of an undeclared file.
    settings : any setting of `Manifest` (`datum`, `columns`, `where` …); they win.

    Raises `YichaError` (`SourceError`, `ColumnError`, `DatumError`, `LayerError`) with the remedy
    when the file as a whole cannot be imported; single rows are rejected in the report instead.
    """
    settled = (manifest or Manifest()).with_(theme=theme_name, **settings)
    if settled.theme is None:
        raise ColumnError("no theme is named", remedy="say --theme, for example tobacco_retailer")
    table = read_source(
        path,
        encoding=settled.encoding,
        sheet=settled.sheet,
        table=settled.table,
        unit=settled.unit,
        header_row=settled.header_row,
        limits=limits,
    )
    return import_table(table, settled, trusted=trusted)


def import_table(table: RawTable, manifest: Manifest, *, trusted: Layer | None = None) -> Imported:
    """Import a table that was read before; see `import_file`."""
    intake = take_in(table, manifest)
    values = read_values(intake.frame, intake.columns.columns, intake.theme, manifest)
    members = members_of(
        intake.theme, values.frame, _words(intake), keep_all=manifest.members == "all"
    )
    aside = _not_wanted(intake).fillna(members.aside)
    kept = aside.isna()
    settled = replace(manifest, columns=dict(intake.columns.columns), complete=True)
    if not kept.any():
        return Imported(None, account_of(intake, aside, refused=True), settled)
    placed = place_rows(_request(intake, kept, values, trusted))
    rejected = _rejected(intake, placed, values.frame[kept])
    fine = rejected.isna()
    account = account_of(intake, aside, rejected, placed=placed, values=values, notes=members.notes)
    if not fine.any():
        return Imported(None, replace(account, refused=True), settled)
    frame, notes = _frame(intake, fine[fine].index, values, members, placed)
    layer = make_layer(intake.theme.name, frame, _provenance(intake, placed, len(frame)))
    return Imported(layer, replace(account, notes=(*account.notes, *notes)), settled)


def _words(intake: Intake) -> pd.Series | None:
    """The cells that tell the kind of a school or the role of a gate."""
    headers = [intake.columns.columns[n] for n in ("kind", "role") if n in intake.columns.columns]
    return intake.frame[headers[0]] if headers else None


def _not_wanted(intake: Intake) -> pd.Series:
    """Reason codes of exact repeats and of rows that a filter leaves out; else missing."""
    aside = pd.Series(None, index=intake.frame.index, dtype=object)
    for condition in intake.manifest.where:
        wanted = rows_where(intake.frame, condition, intake.columns.columns, intake.table.path)
        aside = aside.mask(~wanted & aside.isna(), f"where:{condition}")
    repeats = exact_repeats(intake.table.frame, intake.table.geometry)
    return aside.mask(pd.Series(repeats, index=aside.index) & aside.isna(), "exact_repeat")


def _request(intake: Intake, kept: pd.Series, values: Values, trusted: Layer | None) -> Request:
    geometry = intake.table.geometry
    names = values.frame.get("name", pd.Series(None, index=kept.index, dtype=object))
    return Request(
        intake.table, intake.frame[kept], None if geometry is None else geometry[kept.to_numpy()],
        intake.columns, intake.manifest, intake.theme, names[kept], trusted,
    )  # fmt: skip


def _rejected(intake: Intake, placed: Placed, values: pd.DataFrame) -> pd.Series:
    """Reason codes of rows that cannot be kept; else missing. Index: the rows placed."""
    problem = placed.places.problem
    if intake.theme.placed:
        return problem
    if is_record(intake.theme.name):
        return pd.Series(None, index=problem.index, dtype=object)  # no column need be there
    told = [values[name].notna() for name in _TELLING if name in values]
    says_something = pd.concat(told, axis=1).any(axis=1) if told else problem.isna() & False
    empty = ~says_something & problem.notna()
    return pd.Series(None, index=problem.index, dtype=object).mask(empty, "empty_row")


def _frame(
    intake: Intake, index: pd.Index, values: Values, members: Membership, placed: Placed
) -> tuple[gpd.GeoDataFrame, list[Note]]:
    """The layer's rows: theme columns, values as received, what is carried on, the place."""
    frame = values.frame.loc[index].copy()
    geometry = placed.places.geometry.loc[index]
    for name, column in members.told.items():
        frame[name] = column.loc[index]
    if "name" in frame and "registered_name" in frame:
        frame["name"] = frame["name"].fillna(frame["registered_name"])
    frame["id"], notes = make_ids(frame, geometry, intake.columns.columns.get("id"))
    errors = pd.Series(placed.errors_m, index=placed.places.problem.index).loc[index]
    own = pd.to_numeric(frame["u_source_m"]) if "u_source_m" in frame else errors
    frame["u_source_m"] = own.fillna(errors).astype(float)
    frame["source_row"] = intake.rows.loc[index].astype("int64")
    frame = frame.join(placed.extra.loc[index])
    if placed.places.problem.loc[index].notna().any():
        frame["unplaced_reason"] = placed.places.problem.loc[index]
    taken = [*frame.columns, *(column.name for column in intake.theme.all_columns)]
    carried = intake.privacy.carried(intake.frame.loc[index], intake.carried_on, taken)
    shaped = gpd.GeoDataFrame(frame.join(carried), geometry=geometry.to_numpy(), crs=WGS84)
    return shaped.reset_index(drop=True), list(notes)


def _provenance(intake: Intake, placed: Placed, rows_out: int) -> Provenance:
    table, manifest = intake.table, intake.manifest
    typical = float(np.nanmedian(placed.errors_m)) if np.isfinite(placed.errors_m).any() else None
    return Provenance(
        source=manifest.source or table.path.name, file=table.path.name, sha256=table.sha256,
        datum=placed.datum, transform=placed.transform, rows_in=len(table), rows_out=rows_out,
        licence=manifest.licence or "unknown", owner=manifest.owner or "unknown",
        retrieved=manifest.retrieved, state_of=manifest.state_of,
        u_source_m=typical, generated=manifest.generated,
    )  # fmt: skip
