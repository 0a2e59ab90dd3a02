"""The queue as layers: what checks read, with what people decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from imagery.queue import files
from imagery.queue.listing import Listed
from imagery.queue.said import NOBODY, said
from imagery.store import Store
from layers import Layer, Provenance, make_layer
from layers.errors import ImageryError
from layers.layer import WGS84
from layers.measures import mu_of

CONFIRMED = {"yes": True, "no": False}


def layer_of(found: Sequence[Listed], theme: str, store: Store) -> Layer:
    """One layer of all runs of a theme; see `Queue.layer`."""
    runs = tuple(dict.fromkeys(one.candidate.run_id for one in found))
    runs = runs or tuple(one for one in files.run_ids(store) if files.read_run(store, one).theme == theme)  # fmt: skip
    if not runs:
        raise ImageryError(f"no detector of {theme} ran", field=theme,
                           remedy="put a detector's result in: `python -m imagery detect … --queue`")  # fmt: skip
    layers = [files.read_candidates(store, run) for run in runs]
    frame = gpd.GeoDataFrame(pd.concat([one.frame for one in layers], ignore_index=True), crs=WGS84)
    frame = frame[np.array([one.same_as is None for one in found], bool)].reset_index(drop=True)
    stands = [one for one in found if one.same_as is None]
    provenance = (entry for one in layers for entry in one.provenance)
    return make_layer(theme, _decided(frame, stands, store), *_each_once(provenance))


def _decided(frame: gpd.GeoDataFrame, stands: Sequence[Listed], store: Store) -> gpd.GeoDataFrame:
    """The rows with answers and outlines as they stand; areas only where the theme has them."""
    now = [one.candidate for one in stands]
    days = [None if when is None else when[:10] for when in (one.at for one in now)]
    confirmed = [CONFIRMED.get(one.answer or "") for one in now]
    told: dict[str, object] = {
        "confirmed": pd.array([pd.NA if one is None else one for one in confirmed], dtype="boolean"),
        "outline_by": [one.outline_by for one in now],
        "answer": pd.array([one.answer for one in now], dtype="str"),
        "reason": pd.array([one.reason for one in now], dtype="str"),
        "decided": pd.array(days, dtype="str"),
    }  # fmt: skip
    if "area_m2" in frame:
        area = [one.area_m2 for one in now]
        told |= {"area_m2": area, "u_area_m2": [one.u_area_m2 for one in now],
                 "area_mu": [None if m2 is None else round(mu_of(m2), 4) for m2 in area]}  # fmt: skip
    if "u_outline_m" in frame:
        told["u_outline_m"] = _edges(stands, store).fillna(
            pd.to_numeric(frame["u_outline_m"], errors="coerce")
        )
    return frame.assign(**told).set_geometry(gpd.GeoSeries([one.outline for one in now], crs=WGS84))  # fmt: skip


def _edges(stands: Sequence[Listed], store: Store) -> pd.Series:
    """How well the edges of drawn outlines are known, metres; missing where none was drawn."""
    words = {run: said(run, files.read_events(store, run))
             for run in {one.candidate.run_id for one in stands}}  # fmt: skip
    drawn = [None if one.candidate.outline_by == "machine"
             else words[one.candidate.run_id].get(one.candidate.id, NOBODY).drawn for one in stands]  # fmt: skip
    return pd.Series([float("nan") if one is None else one[1].u_edge_m for one in drawn])


def _each_once(entries: Iterable[Provenance]) -> tuple[Provenance, ...]:
    return tuple(dict.fromkeys(entries))
