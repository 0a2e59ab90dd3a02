"""Layers keep their promises, and their files survive being read and written."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point

from layers import LayerFolder, LayerSet, Provenance, make_layer, merge, read_layer
from layers.errors import CRSMismatchError, LayerError
from layers.layer import same_crs

SOURCE = Provenance("register", "schools.csv", "0" * 64, "gcj02", "gcj02 → wgs84", 3, 2)


def _frame(ids: tuple[str, ...] = ("a", "b"), crs: str | None = "EPSG:4326") -> gpd.GeoDataFrame:
    points = [Point(109.3 + n / 1000, 27.6) for n in range(len(ids))]
    return gpd.GeoDataFrame(
        {"id": list(ids), "name": ["云溪小学", "青石中学"][: len(ids)], "kind": "primary"},
        geometry=points,
        crs=crs,
    )


def test_a_layer_has_all_columns_of_its_theme_in_order() -> None:
    layer = make_layer("school", _frame(), SOURCE)
    names = [column.name for column in layer.theme.all_columns]
    assert list(layer.frame.columns) == [*names, "geometry"]
    assert layer.frame["opened"].isna().all()


def test_extra_columns_of_the_source_stay() -> None:
    layer = make_layer("school", _frame().assign(parent="x"), SOURCE)
    assert list(layer.frame["parent"]) == ["x", "x"]


def test_written_and_read_again_it_is_the_same(tmp_path: Path) -> None:
    layer = make_layer("school", _frame(), SOURCE)
    again = read_layer(layer.write(tmp_path / "deep" / "school.parquet"))
    assert again.provenance == (SOURCE,)
    assert again.theme is layer.theme
    assert again.frame["name"].tolist() == layer.frame["name"].tolist()
    assert again.frame.geometry.geom_equals(layer.frame.geometry).all()
    assert again.sha256 is not None
    assert len(again.sha256) == 64
    assert not list((tmp_path / "deep").glob(".*"))


def test_a_missing_crs_is_refused_and_the_remedy_named() -> None:
    with pytest.raises(CRSMismatchError, match=r"no declared system.*Remedy"):
        make_layer("school", _frame(crs=None), SOURCE)


def test_another_crs_is_refused() -> None:
    with pytest.raises(CRSMismatchError, match="China Geodetic Coordinate System 2000"):
        make_layer("school", _frame(crs="EPSG:4490"), SOURCE)


def test_mixed_crs_fail_in_the_one_wrapper() -> None:
    same_crs(_frame(), _frame())
    with pytest.raises(CRSMismatchError, match="WGS 84"):
        same_crs(_frame(), _frame(crs="EPSG:4490"))


@pytest.mark.parametrize("ids", [("a", "a"), ("a", None)])
def test_ids_are_unique_and_present(ids: tuple[str, ...]) -> None:
    with pytest.raises(LayerError, match="field id"):
        make_layer("school", _frame(ids), SOURCE)


def test_a_theme_takes_its_own_shapes_only() -> None:
    lines = _frame().set_geometry([LineString([(1, 1), (2, 2)])] * 2, crs="EPSG:4326")
    with pytest.raises(LayerError, match="not line"):
        make_layer("school", lines, SOURCE)


def test_a_school_needs_a_place_and_a_shop_may_lack_one() -> None:
    frame = _frame()
    frame.loc[0, "geometry"] = None
    with pytest.raises(LayerError, match="have no position"):
        make_layer("school", frame, SOURCE)
    shops = make_layer("tobacco_retailer", frame.drop(columns="kind"), SOURCE)
    assert shops.unplaced["id"].tolist() == ["a"]
    assert shops.placed["id"].tolist() == ["b"]


def test_merging_keeps_sources_and_makes_ids_unique() -> None:
    layer = make_layer("school", _frame(), SOURCE)
    both = merge([layer, layer])
    assert len(both) == 4
    assert both.frame["id"].is_unique
    assert both.provenance == (SOURCE, SOURCE)


def test_merging_themes_is_refused() -> None:
    shops = make_layer("bar", _frame().drop(columns="kind"), SOURCE)
    with pytest.raises(LayerError, match="themes differ"):
        merge([make_layer("school", _frame(), SOURCE), shops])


def test_a_folder_answers_by_theme(tmp_path: Path) -> None:
    make_layer("school", _frame(), SOURCE).write(tmp_path / "one.parquet")
    make_layer("school", _frame(("c",)), SOURCE).write(tmp_path / "two.parquet")
    folder = LayerFolder(tmp_path)
    assert list(folder) == ["school"]
    assert len(folder["school"]) == 3
    assert len(str(folder["school"].sha256)) == 64
    assert folder.walking is None
    assert "bar" not in folder


def test_a_folder_names_the_file_that_is_no_layer(tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 nonsense")
    with pytest.raises(LayerError, match=r"broken\.parquet"):
        LayerFolder(tmp_path)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"hello"])
def test_a_damaged_file_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.parquet"
    file.write_bytes(content)
    with pytest.raises(LayerError, match="not a layer file"):
        read_layer(file)


def test_what_does_not_exist_is_said(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match="does not exist"):
        read_layer(tmp_path / "none.parquet")
    with pytest.raises(LayerError, match="does not exist"):
        LayerFolder(tmp_path / "none")


def test_a_set_in_memory_is_a_mapping() -> None:
    layer = make_layer("school", _frame(), SOURCE)
    layers = LayerSet({"school": layer})
    assert dict(layers) == {"school": layer}
    assert layers.walking is None
