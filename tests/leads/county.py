"""The demo county's layers as a later data delivery would bring them: moved, renamed, renewed, fewer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np

from checks import RunResult, catalogue, load_rules, run
from layers import Layer, LayerFolder, LayerSet, make_layer

DAY = "2026-06-30"
SHOPS = ("tobacco_retailer", "alcohol_retailer", "ecig_retailer", "lottery_outlet", "bar", "hotel",
         "entertainment_venue", "internet_cafe", "caterer", "lodging_listing", "aesthetic_clinic",
         "pharmacy_listing", "meat_stall", "water_machine")  # fmt: skip
EAST_3_M = 3.0 / 98_700
"""Three metres east at the county's latitude, in degrees."""


@dataclass(frozen=True)
class Delivery:
    """Layers, and the ids of what was done to them."""

    layers: LayerSet
    touched: frozenset[str]


def county_layers(folder: Path) -> dict[str, Layer]:
    found = LayerFolder(folder)
    return {name: found[name] for name in found}


def run_all(layers: Mapping[str, Layer], folder: Path, day: str = DAY) -> RunResult:
    """Every check of the catalogue on these layers, with the county's walking network."""
    place = LayerFolder(folder)
    return run(list(catalogue()), LayerSet(dict(layers), place.walking, place.decisions),
               load_rules("demo"), day)  # fmt: skip


def with_frames(
    layers: Mapping[str, Layer], frames: Mapping[str, gpd.GeoDataFrame]
) -> dict[str, Layer]:
    return {
        **layers,
        **{
            name: make_layer(name, frame, *layers[name].provenance)
            for name, frame in frames.items()
        },
    }


def shops(layers: Mapping[str, Layer]) -> list[str]:
    return [name for name in SHOPS if name in layers]


def moved(layers: Mapping[str, Layer]) -> dict[str, Layer]:
    """Every shop three metres east."""
    frames = {}
    for name in shops(layers):
        frame = layers[name].frame.copy()
        there = frame.geometry.notna()
        frame.loc[there, "geometry"] = frame.geometry[there].translate(EAST_3_M)
        frames[name] = frame
    return with_frames(layers, frames)


def some_of(frame: gpd.GeoDataFrame, every: int, start: int) -> np.ndarray:
    """Every nth row of those with a name, as a mask."""
    chosen = np.zeros(len(frame), dtype=bool)
    chosen[np.flatnonzero(frame["name"].notna())[start::every]] = True
    return chosen


def renamed(layers: Mapping[str, Layer], every: int = 20) -> tuple[dict[str, Layer], set[str]]:
    """Every twentieth shop (5 %) under a wholly new name; the layers and the ids."""
    frames, ids = {}, set()
    for name in shops(layers):
        frame = layers[name].frame.copy()
        chosen = some_of(frame, every, 3)
        frame.loc[chosen, "name"] = [f"焕然一新{one}号" for one in frame.loc[chosen, "id"]]
        ids |= set(frame.loc[chosen, "id"])
        frames[name] = frame
    return with_frames(layers, frames), ids


def dropped(layers: Mapping[str, Layer], every: int = 20) -> tuple[dict[str, Layer], set[str]]:
    """Without every twentieth shop."""
    frames, ids = {}, set()
    for name in shops(layers):
        frame = layers[name].frame
        gone = np.arange(len(frame)) % every == 7
        ids |= set(frame.loc[gone, "id"])
        frames[name] = frame[~gone].reset_index(drop=True)
    return with_frames(layers, frames), ids


def renewed(layers: Mapping[str, Layer], every: int = 3) -> tuple[dict[str, Layer], set[str]]:
    """Every third tobacco licence in force renewed to 2034; the layers and the licence numbers."""
    frame = layers["tobacco_licence"].frame.copy()
    valid = np.flatnonzero((frame["licence_status"] == "valid") & frame["licence_no"].notna())[
        ::every
    ]
    chosen = np.zeros(len(frame), dtype=bool)
    chosen[valid] = True
    frame.loc[chosen, "valid_to"] = "2034-06-29"
    return with_frames(layers, {"tobacco_licence": frame}), set(frame.loc[chosen, "licence_no"])
