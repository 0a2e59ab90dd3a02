"""Where to look: polygons of layers and strips along the water, cut to the scene's ground."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from shapely import box
from shapely.geometry.base import BaseGeometry

from imagery.zones import polygons_within, shores_within, themes_within
from layers import Layer, LayerSet, Provenance, make_layer
from layers.errors import ImageryError
from layers.layer import WGS84
from layers.measures import geodesic_area, geodesic_distance

GROUND = box(109.0, 27.0, 109.02, 27.02)


def layer(theme: str, *shapes: BaseGeometry, **columns: object) -> Layer:
    many = len(shapes)
    frame = gpd.GeoDataFrame({"id": [str(n) for n in range(many)], "name": None, "source_row": range(many),
                              "u_source_m": 1.0, **columns}, geometry=list(shapes), crs=WGS84)  # fmt: skip
    return make_layer(theme, frame, Provenance("made up", "x", "0" * 64, "wgs84", "", many, many))


@pytest.fixture(scope="module")
def layers() -> LayerSet:
    return LayerSet({
        "fire_lane": layer("fire_lane", box(109.001, 27.001, 109.002, 27.003), box(110, 27, 110.1, 27.1)),
        "protection_zone": layer("protection_zone", box(110, 27, 110.1, 27.1)),
        "water": layer("water", box(109.005, 27.005, 109.010, 27.010), box(109.03, 27.0, 109.04, 27.02),
                       **{"class": "reservoir"}),
    })  # fmt: skip


def test_only_layers_that_lie_here_are_offered(layers: LayerSet) -> None:
    assert themes_within(layers, GROUND) == {"fire_lane": 1}


def test_polygons_are_cut_to_the_ground(layers: LayerSet) -> None:
    half = box(109.0015, 27.0, 109.02, 27.02)
    found = polygons_within(layers, "fire_lane", half)
    assert found.equals(box(109.0015, 27.001, 109.002, 27.003))
    with pytest.raises(ImageryError):
        polygons_within(layers, "protection_zone", GROUND)


def test_the_strip_is_as_wide_on_the_ground_as_said(layers: LayerSet) -> None:
    strip = shores_within(layers, GROUND, 200.0)
    lake = box(109.005, 27.005, 109.010, 27.010)
    assert shapely.area(shapely.intersection(strip, lake)) < 1e-12
    west = strip.bounds[0]
    width = geodesic_distance([west], [27.0075], [109.005], [27.0075])[0]
    assert width == pytest.approx(200.0, abs=0.5)
    around = 2 * (geodesic_distance([109.005], [27.005], [109.010], [27.005])[0]
                  + geodesic_distance([109.005], [27.005], [109.005], [27.010])[0])  # fmt: skip
    assert geodesic_area(strip) == pytest.approx(200.0 * around + 3.1416 * 200.0**2, rel=0.01)


def test_no_water_no_strip(layers: LayerSet) -> None:
    with pytest.raises(ImageryError):
        shores_within(layers, box(109.013, 27.013, 109.014, 27.014), 50.0)
