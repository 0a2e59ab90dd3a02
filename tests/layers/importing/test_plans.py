"""Official zones and plans of fire lanes from shapefiles and GeoJSON: plane, width, local grids."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from checks._lanes.seen import lane_of
from imagery.width.place import measure_lane
from layers.errors import DatumError
from layers.importing import import_file
from layers.measures import geodesic_area

EAST, NORTH = 500_000.0, 3_054_000.0
"""On the central meridian: the plane is true to scale there."""


def shapefile(folder: Path, shape: shapely.Geometry, **columns: object) -> Path:
    frame = gpd.GeoDataFrame({name: [value] for name, value in columns.items()}, geometry=[shape], crs=4545)  # fmt: skip
    frame.to_file(folder / "plan.shp", encoding="gbk")
    (folder / "plan.prj").unlink()  # as plans come: nothing in them says their datum
    return folder / "plan.shp"


def test_a_centreline_with_its_width_is_measured_as_the_plan_says(tmp_path: Path) -> None:
    line = shapely.LineString([(EAST, NORTH), (EAST + 60, NORTH), (EAST + 60, NORTH + 40)])
    file = shapefile(tmp_path, line, 名称="东路", 宽度=4.5)
    found = import_file(file, "fire_lane", datum="cgcs2000-gk3-108")
    assert found.layer is not None
    row = next(found.layer.frame.itertuples(index=False))
    assert (row.name, row.width_m) == ("东路", 4.5)
    measured = measure_lane(lane_of(row), [])
    assert measured.width.metres == pytest.approx(4.5, abs=0.01)
    assert "宽度取自图纸" in " ".join(note.zh for note in measured.width.notes)
    assert "width from plan" in " ".join(note.en for note in measured.width.notes)


def test_a_zone_of_the_authority_keeps_its_size_and_its_document(tmp_path: Path) -> None:
    zone = shapely.box(EAST, NORTH, EAST + 300, NORTH + 200)
    file = shapefile(tmp_path, zone, 名称="一级保护区", 批准文件="政函〔2020〕1号", 官方划定="是")
    found = import_file(file, "protection_zone", datum="cgcs2000-gk3-108")
    assert found.layer is not None
    row = next(found.layer.frame.itertuples(index=False))
    assert (row.document, row.official) == ("政函〔2020〕1号", True)
    assert geodesic_area(row.geometry) == pytest.approx(60_000, rel=1e-4)


def test_a_plan_without_its_datum_or_in_a_local_grid_is_refused(tmp_path: Path) -> None:
    file = shapefile(tmp_path, shapely.box(12_000, 8_000, 12_300, 8_200), 名称="a")
    with pytest.raises(DatumError, match="nothing says which datum"):
        import_file(file, "protection_zone")
    with pytest.raises(DatumError, match="地方独立坐标系"):
        import_file(file, "protection_zone", datum="城建坐标系")
    with pytest.raises(DatumError, match="no positions in"):
        import_file(file, "protection_zone", datum="cgcs2000-gk3-108")


def test_geojson_names_its_plane(tmp_path: Path) -> None:
    ring = [
        [EAST, NORTH],
        [EAST + 80, NORTH],
        [EAST + 80, NORTH + 6],
        [EAST, NORTH + 6],
        [EAST, NORTH],
    ]
    document = {"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "EPSG:4545"}},
                "features": [{"type": "Feature", "properties": {"name": "车道"},
                              "geometry": {"type": "Polygon", "coordinates": [ring]}}]}  # fmt: skip
    file = tmp_path / "lane.geojson"
    file.write_text(json.dumps(document), encoding="utf-8")
    found = import_file(file, "fire_lane")
    assert found.layer is not None
    assert geodesic_area(found.layer.frame.geometry.iloc[0]) == pytest.approx(480, rel=1e-3)
