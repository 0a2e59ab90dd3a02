"""Stated errors against the truth: shops of the demo county hidden and found by their addresses.

A method is calibrated where at least nine in ten true places lie within the stated error.
The demo writes `…与人和大道交叉口附近` for any house of a street, so crossings are tried with
addresses made from where shops really stand.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from layers.folder import LayerFolder
from layers.geocoding import geocode
from layers.geocoding.evidence import evidence, plane_of
from layers.geocoding.plane import Plane
from layers.geocoding.streets import Street, streets_of
from layers.measures import geodesic_distance

SHOPS = ("tobacco_retailer", "lottery_outlet", "internet_cafe", "entertainment_venue", "bar", "hotel",
         "ecig_retailer")  # fmt: skip
HIDDEN, ROUNDS = 0.4, 4
CALIBRATED = 0.9
AT_LEAST = 20
"""Fewer answers of a method say nothing about its share."""


@pytest.fixture(scope="module")
def folder(demo_layers: Path) -> LayerFolder:
    return LayerFolder(demo_layers)


@pytest.fixture(scope="module")
def shops(folder: LayerFolder) -> pd.DataFrame:
    """Placed shops with an address, each once (the same shop stands in several themes)."""
    parts = [folder[name].placed[["id", "address", "geometry"]] for name in SHOPS]
    table = pd.concat(parts).drop_duplicates("id").dropna(subset="address")
    return pd.DataFrame(
        {"id": table["id"], "address": table["address"], "lon": table.geometry.x, "lat": table.geometry.y}
    ).reset_index(drop=True)  # fmt: skip


@pytest.fixture(scope="module")
def trials(folder: LayerFolder, shops: pd.DataFrame) -> pd.DataFrame:
    """Hidden shops, the answers and their true errors in metres."""
    found = []
    for seed in range(ROUNDS):
        hidden = shops.sample(frac=HIDDEN, random_state=seed)
        answers = geocode(hidden["address"], folder, leave_out=hidden["id"])
        away = geodesic_distance(answers["lon"], answers["lat"], hidden["lon"], hidden["lat"])
        found.append(answers.assign(away_m=away, address=hidden["address"]))
    return pd.concat(found, ignore_index=True)


def test_nine_in_ten_true_places_lie_within_the_stated_error(trials: pd.DataFrame) -> None:
    placed = trials[trials["method"].notna() & (trials["method"] != "crossing")]
    groups = placed.assign(good=placed["away_m"] <= placed["u_m"]).groupby("method")
    table = groups.agg(rows=("good", "size"), share=("good", "mean"),
                       stated_m=("u_m", "median"), true_m=("away_m", "median"))  # fmt: skip
    print(table.round(2).to_string())
    enough = table[table["rows"] >= AT_LEAST]
    assert {"between_numbers", "along_numbers", "near_number", "street", "village"} <= set(
        enough.index
    )
    assert (enough["share"] >= CALIBRATED).all(), table.to_string()
    assert (placed["away_m"] <= placed["u_m"]).mean() >= 0.95


def test_numbers_beat_the_street_alone(
    folder: LayerFolder, trials: pd.DataFrame, shops: pd.DataFrame
) -> None:
    """The same addresses with their number and without: the number brings them nearer."""
    hidden = shops.sample(frac=HIDDEN, random_state=0)
    first = trials.iloc[: len(hidden)]
    numbers = first["method"].isin(["between_numbers", "along_numbers", "near_number"]).to_numpy()
    bare = hidden["address"][numbers].str.replace(r"\d+号.*$", "", regex=True)
    answers = geocode(bare, folder, leave_out=hidden["id"])
    street = (answers["method"] == "street").to_numpy()
    assert street.sum() >= AT_LEAST
    there = hidden[numbers][street]
    away = geodesic_distance(
        answers["lon"][street], answers["lat"][street], there["lon"], there["lat"]
    )
    assert first.loc[numbers, "away_m"][street].median() < 0.6 * np.median(away)


def test_invented_landmarks_and_false_crossings_are_not_placed(trials: pd.DataFrame) -> None:
    """The demo's landmarks stand in no layer; 北滨路 and 人和大道 run side by side."""
    landmarks = trials["address"].str.contains("政务中心|农贸市场|汽车站|人民医院")
    assert landmarks.any()
    assert trials.loc[landmarks, "method"].isna().all()
    assert set(trials.loc[landmarks, "problem"]) == {"name_unknown"}
    beside = trials["address"].str.startswith("北滨路与人和大道")
    assert set(trials.loc[beside, "problem"]) <= {"no_crossing"}


def test_crossings_are_within_their_error(folder: LayerFolder, shops: pd.DataFrame) -> None:
    plane = plane_of(folder)
    streets = [many[0] for many in streets_of(folder, plane, evidence(folder, plane, frozenset())).values()
               if len(many) == 1 and many[0].lines is not None]  # fmt: skip
    rows = list(_corner_addresses(streets, shops, plane))[:120]
    assert len(rows) >= AT_LEAST
    told = shops.loc[[row for row, _ in rows]].assign(said=[text for _, text in rows])
    answers = geocode(told["said"], folder, leave_out=told["id"])
    placed = answers["method"] == "crossing"
    assert placed.mean() > CALIBRATED
    away = geodesic_distance(answers["lon"], answers["lat"], told["lon"], told["lat"])
    assert (away[placed] <= answers.loc[placed, "u_m"]).mean() >= CALIBRATED


def _corner_addresses(
    streets: list[Street], shops: pd.DataFrame, plane: Plane
) -> list[tuple[int, str]]:
    """What a person would write for a shop within a hundred metres of a corner."""
    lines = np.array([street.lines for street in streets], dtype=object)
    spots = np.asarray(shapely.points(plane.metres(shops[["lon", "lat"]].to_numpy(float))))
    first, second = shapely.STRtree(lines).query(lines, predicate="intersects")
    told: dict[int, str] = {}
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        corner = shapely.intersection(lines[a], lines[b])
        if a < b and corner.geom_type == "Point":
            for row in np.flatnonzero(shapely.distance(spots, corner) <= 100).tolist():
                told.setdefault(row, f"{streets[a].name}与{streets[b].name}交叉口附近")
    return list(told.items())
