"""A small county on paper: metres on a board, two townships, streets, houses and landmarks."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from layers.geocoding.plane import Plane
from layers.layer import WGS84, Layer, make_layer
from layers.provenance import Provenance

BOARD = Plane(109.3, 27.6)
"""Board metres to degrees: the middle of the county is 0, 0."""

PAPER = Provenance(
    source="test", file="paper", sha256="0" * 64, datum="wgs84", transform="none", rows_in=0, rows_out=0
)  # fmt: skip


def layer(theme: str, rows: list[dict[str, Any]]) -> Layer:
    """A layer of rows with `at` (geometry in board metres, or missing) and columns."""
    frame = pd.DataFrame(
        [{"id": f"{theme}{n}", "u_source_m": 5.0} | row for n, row in enumerate(rows)]
    )
    shapes = [None if at is None else shapely.transform(at, BOARD.degrees) for at in frame["at"]]
    for column in ("name", "address", "admin_code"):
        if column not in frame:
            frame[column] = pd.Series(None, index=frame.index, dtype=object)
    geometry = gpd.GeoSeries(shapes, index=frame.index, crs=WGS84)
    return make_layer(theme, gpd.GeoDataFrame(frame.drop(columns="at"), geometry=geometry), PAPER)


def road(name: str | None, *knots: tuple[float, float]) -> dict[str, Any]:
    return {"name": name, "class": "residential", "bridge": False, "at": shapely.LineString(knots)}


def spot(x: float, y: float, **columns: Any) -> dict[str, Any]:
    return {"at": shapely.Point(x, y)} | columns


def box(x: float, y: float, half: float, **columns: Any) -> dict[str, Any]:
    return {"at": shapely.box(x - half, y - half, x + half, y + half)} | columns


def county(**more: Layer) -> dict[str, Layer]:
    """云溪县: 城关镇 in the west, 石塘镇 in the east; 建设路 in both; 长路 leaves the county."""
    towns = [
        {"name": "城关镇", "admin_code": "990123010", "at": shapely.box(-5000, -5000, 0, 5000)},
        {"name": "石塘镇", "admin_code": "990123100", "at": shapely.box(0, -5000, 5000, 5000)},
    ]
    roads = [
        road("人民路", (-3000, 0), (-1000, 0)),
        road("解放街", (-2000, -600), (-2000, 600)),
        road("远山路", (-2500, 2000), (-1500, 2000)),
        road("建设路", (-3000, -1000), (-1500, -1000)),
        road("建设路", (1500, -1000), (3000, -1000)),
        road("长路", (-1000, 3000), (9000, 3000)),
        road("直街", (-4520, 0), (-4520, 1000)),
        road("弯街", (-4000, -3000), (-3500, -3000), (-3500, -2500)),
    ]
    shops = [
        spot(-2900, 20, name="一号店", address="云溪县城关镇人民路1号"),
        spot(-2500, 20, name="二十一号店", address="人民路21号"),
        spot(-2100, 20, name="四十一号店", address="人民路41号"),
        spot(-4500, 20, name="直街一店", address="直街1号附1号"),
        spot(-4500, 220, name="直街二店", address="直街11号"),
        spot(-4500, 390, name="直街三店", address="直街21号"),
        spot(-4500, 600, name="直街四店", address="直街31号"),
        spot(-2800, -20, name="二号店", address="人民路2号"),
        spot(-2000, -120, name="便民超市", address="解放街8号"),
        spot(-2000, 400, name="便民超市", address="城关镇解放街北段"),
        spot(-1990, 300, name="云溪县人民医院", address="解放街30号"),
        spot(1000, 1000, name="石塘镇小学"),
        spot(2300, 2100, name="村口小卖部", address="云溪县石塘村8号"),
        spot(2600, 1900, name="三组小卖部", address="石塘镇石塘村三组8号"),
        spot(-3990, -2990, name="弯街一店", address="弯街1号"),
        spot(-3510, -2510, name="弯街二店", address="弯街21号"),
    ]
    places = [
        spot(2000, 2000, name="石塘村", **{"class": "village"}),
        spot(4000, -3000, name="青竹村", **{"class": "village"}),
        spot(-4000, 3500, name="柏坪村", **{"class": "village"}),
        spot(-1200, 900, name="锦绣家园", **{"class": "neighbourhood"}),
    ]
    # small things everywhere: the extract covers the county
    rim = [box(x, y, 5.0) for x in (-4900, 0, 4900) for y in (-4900, 0, 4900)]
    rim.append(box(-1200, -40, 20.0, name="恒兴大厦"))
    made = {
        "township": layer("township", towns), "road": layer("road", roads),
        "hotel": layer("hotel", shops), "place": layer("place", places),
        "building": layer("building", rim),
    }  # fmt: skip
    return made | more


def on_board(table: pd.DataFrame) -> np.ndarray:
    """Answers back on the board, (n, 2) metres."""
    return BOARD.metres(table[["lon", "lat"]].to_numpy(float))


def middle(shape: BaseGeometry) -> tuple[float, float]:
    return shape.centroid.x, shape.centroid.y
