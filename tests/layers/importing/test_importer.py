from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.datum import from_wgs84
from layers.errors import ColumnError, DatumError, LayerError, YichaError
from layers.importing import Manifest, import_file, import_table
from layers.layer import Layer
from tests.layers.importing.tables import Row, imported, raw_table, shop, with_geometry, write_csv


def trusted_schools() -> Layer:
    rows = [
        {"名称": f"第{n}小学", "经度": f"{105.4 + n / 50:.6f}", "纬度": f"{26.2 + n / 70:.6f}"}
        for n in range(8)
    ]
    layer = imported(rows, "school", datum="wgs84").layer
    assert layer is not None
    return layer


def test_an_undeclared_datum_is_refused_with_the_remedy() -> None:
    with pytest.raises(DatumError, match="nothing says which datum") as caught:
        imported([shop(1)])
    assert "--datum" in caught.value.remedy
    assert "--trusted" in caught.value.remedy


def test_a_trusted_layer_brings_a_proposal_but_never_applies_it() -> None:
    trusted = trusted_schools()
    points = trusted.frame.geometry
    lon, lat = from_wgs84(points.x.to_numpy(), points.y.to_numpy(), "gcj02")
    rows = [{"名称": name, "经度": f"{x:.6f}", "纬度": f"{y:.6f}"}
            for name, x, y in zip(trusted.frame["name"], lon, lat, strict=True)]  # fmt: skip
    with pytest.raises(DatumError, match="confidence") as caught:
        import_table(raw_table(rows), Manifest(theme="school"), trusted=trusted)
    assert "--datum gcj02" in caught.value.remedy
    wrong = import_table(raw_table(rows), Manifest(theme="school", datum="wgs84"), trusted=trusted)
    right = import_table(raw_table(rows), Manifest(theme="school", datum="gcj02"), trusted=trusted)
    assert "datum_doubt" in {note.code for note in wrong.report.notes}
    assert "datum_doubt" not in {note.code for note in right.report.notes}


def test_what_the_file_declares_is_taken_and_said() -> None:
    result = imported(raw_table([shop(1)], datum="gcj02"))
    assert result.report.datum == "gcj02"
    assert "datum_declared" in {note.code for note in result.report.notes}


def test_what_the_headers_declare_is_taken_and_said() -> None:
    result = imported([{"名称": "a", "lng_bd09": "105.49", "lat_bd09": "26.22"}])
    assert result.report.datum == "bd09"
    assert "datum_in_header" in {note.code for note in result.report.notes}


def test_the_users_word_wins_and_the_contradiction_is_said() -> None:
    result = imported(raw_table([shop(1)], datum="wgs84"), datum="gcj02")
    assert result.report.datum == "gcj02"
    assert "wgs84 ≠ gcj02" in result.report.text("en")


@pytest.mark.parametrize("datum", ["xian80", "beijing54", "local grid"])
def test_datums_that_cannot_be_converted_are_refused(datum: str) -> None:
    with pytest.raises(DatumError) as caught:
        imported(raw_table([shop(1)], datum=datum))
    assert caught.value.remedy
    assert caught.value.file == "t.csv"


def test_a_theme_that_needs_places_rejects_rows_without() -> None:
    rows = [
        {"名称": "甲小学", "经度": "105.4", "纬度": "26.2"},
        {"名称": "乙小学", "经度": "x", "纬度": "26.2"},
        {"名称": "丙小学", "经度": "", "纬度": ""},
    ]
    result = imported(rows, "school", datum="wgs84")
    assert [(bad.row, bad.code) for bad in result.report.rejected] == [
        (3, "coordinate_unreadable"),
        (4, "no_coordinate"),
    ]
    first = result.report.rejected[0]
    assert (first.field, first.value_masked) == ("经度, 纬度", "x, 26.2")
    assert first.reason
    assert first.remedy


def test_a_theme_that_needs_places_refuses_a_file_without() -> None:
    with pytest.raises(ColumnError, match="needs places") as caught:
        imported([{"名称": "甲小学"}], "school")
    assert "--set lon=" in caught.value.remedy


def test_a_register_without_places_is_kept_unplaced_without_a_datum() -> None:
    result = imported([{"许可证号": "1101", "企业名称": "甲店"}], "tobacco_licence")
    assert (result.report.unplaced, result.report.datum) == (1, "none")


def test_empty_rows_are_rejected() -> None:
    result = imported([shop(1), {"名称": "", "地址": "N/A", "经度": "", "纬度": ""}], datum="wgs84")
    assert [(bad.row, bad.code) for bad in result.report.rejected] == [(3, "empty_row")]


def test_when_no_row_is_left_there_is_no_layer() -> None:
    result = imported([shop(1)], datum="wgs84", where=("名称~西门",))
    assert result.layer is None
    assert result.report.refused
    assert "nothing was written" in result.report.text("en")
    empty = import_table(raw_table([shop(1)]).__class__(
        raw_table([shop(1)]).frame.iloc[:0], np.array([], dtype=int), Path("t.csv"), "0" * 64, "csv"),
        Manifest(theme="bar", datum="wgs84"))  # fmt: skip
    assert empty.report.refused
    assert empty.report.balanced


def test_filters_set_aside_with_their_condition() -> None:
    result = imported([shop(1), shop(2)], datum="wgs84", where=("地址~1号",))
    assert result.report.set_aside == {"where:地址~1号": (3,)}


def test_far_positions_are_unplaced_or_kept_as_told() -> None:
    rows = [shop(n) for n in range(60)] + [shop(99, 经度="116.4", 纬度="39.9")]
    assert imported(rows, datum="wgs84").report.unplaced_rows == {"far_from_rest": (62,)}
    assert imported(rows, datum="wgs84", far="keep").report.unplaced == 0


def test_a_school_far_from_all_others_is_rejected_aloud() -> None:
    rows = [
        {"名称": f"{n}小学", "经度": f"{105.4 + n / 1000:.3f}1", "纬度": "26.21"} for n in range(60)
    ]
    rows.append({"名称": "远小学", "经度": "116.4", "纬度": "39.9"})
    result = imported(rows, "school", datum="wgs84")
    assert [bad.code for bad in result.report.rejected] == ["far_from_rest"]


def test_outlines_are_drawn_not_geocoded_and_never_doubted() -> None:
    shapes = [shapely.box(105 + n / 1000, 26, 105.0005 + n / 1000, 26.1) for n in range(60)]
    table = with_geometry(
        [{"名称": str(n)} for n in range(61)], [*shapes, shapely.box(116, 39, 117, 40)], "wgs84"
    )
    assert imported(table, "township").report.rows_out == 61


def test_the_settled_manifest_repeats_the_import() -> None:
    first = imported([shop(1), shop(2)], datum="gcj02")
    again = import_table(raw_table([shop(1), shop(2)]), first.manifest)
    assert first.layer is not None
    assert again.layer is not None
    pd.testing.assert_frame_equal(first.layer.frame, again.layer.frame)
    assert again.report.mapping == first.report.mapping


def test_provenance_says_where_it_came_from(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [shop(1)])
    layer = import_file(path, "tobacco_retailer", datum="gcj02", source="某局", licence="内部", owner="某局",
                        retrieved="2026-05-01", state_of="2026-04-30", generated=True).layer  # fmt: skip
    assert layer is not None
    (origin,) = layer.provenance
    assert (origin.source, origin.licence, origin.retrieved, origin.state_of) == (
        "某局",
        "内部",
        "2026-05-01",
        "2026-04-30",
    )
    assert (origin.datum, origin.rows_in, origin.rows_out, origin.generated) == (
        "gcj02",
        1,
        1,
        True,
    )
    assert origin.transform.startswith("gcj02 → WGS 84")
    assert len(origin.sha256) == 64


def test_what_was_received_is_kept_beside_what_was_made() -> None:
    layer = imported([shop(1)], datum="gcj02").layer
    assert layer is not None
    row = layer.frame.iloc[0]
    assert (row["source_x"], row["source_y"]) == (105.4801, 26.2101)
    assert row.geometry.x != row["source_x"]
    assert row["source_row"] == 2


def test_geometries_are_moved_mended_and_sorted_out() -> None:
    bow = shapely.from_wkt("POLYGON ((105 26, 105.01 26.01, 105.01 26, 105 26.01, 105 26))")
    shapes = [bow, shapely.Point(105.1, 26.1), shapely.LineString([(105, 26), (105.1, 26.1)]), None,
              shapely.Point(float("nan"), 26.0), shapely.MultiPoint([(105.2, 26.2)]), shapely.Point(105.3, 26.3, 900.0)]  # fmt: skip
    rows = [{"名称": f"{n}小学"} for n in range(len(shapes))]
    result = imported(with_geometry(rows, shapes, "epsg:4490"), "school")
    layer = result.layer
    assert layer is not None
    assert [(bad.row, bad.code) for bad in result.report.rejected] == [
        (4, "wrong_shape"),
        (5, "geometry_missing"),
        (6, "not_in_datum"),
    ]
    assert layer.frame.geometry.is_valid.all()
    assert not layer.frame.geometry.has_z.any()
    assert layer.frame.geom_type.tolist()[1:] == ["Point"] * 3
    assert "mended_shapes" in {note.code for note in result.report.notes}


def test_geometries_in_a_plane_follow_the_declared_zone() -> None:
    x, y = from_wgs84(np.array([105.1]), np.array([26.1]), "cgcs2000-gk3")
    table = with_geometry([{"名称": "甲小学"}], [shapely.Point(x[0], y[0])], "epsg:4523")
    layer = imported(table, "school").layer
    assert layer is not None
    assert layer.frame.geometry.iloc[0].distance(shapely.Point(105.1, 26.1)) < 1e-9


def test_columns_win_over_geometries_only_when_told() -> None:
    table = with_geometry([shop(1)], [shapely.Point(105.9, 26.9)], "wgs84")
    by_shape = imported(table).layer
    by_column = imported(table, columns={"lon": "经度", "lat": "纬度"}, datum="wgs84").layer
    assert by_shape is not None
    assert by_column is not None
    assert by_shape.frame.geometry.iloc[0].x == 105.9
    assert by_column.frame.geometry.iloc[0].x == 105.4801


def test_gates_say_their_role_and_their_missing_school() -> None:
    rows = [{"name": "甲小学(正门)", "typecode": "991400", "location": "105.1,26.1"}, {"name": "乙小学(东门)", "typecode": "141203", "location": "105.2,26.2"},
            {"name": "丙超市", "typecode": "060400", "location": "105.3,26.3"}]  # fmt: skip
    result = imported(rows, "school_gate", datum="gcj02")
    assert result.layer is not None
    assert result.layer.frame["role"].tolist() == ["main", "unknown"]
    assert result.report.set_aside == {"not_a_gate": (4,)}
    assert "unlinked_gates" in {note.code for note in result.report.notes}


def test_no_theme_is_an_error() -> None:
    with pytest.raises(ColumnError, match="no theme"):
        import_file("x.csv")


_CELL = st.sampled_from(
    [
        "105.48",
        "26.21",
        "",
        "N/A",
        "x",
        "0",
        "1e99",
        "105°28′12″E",
        "105.48,26.21",
        "35548083",
        "-75",
        None,
    ]
)
_ROW = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["1", "2", "2*", "", None]), "名称": st.sampled_from(["甲小学", "甲小学(东门)", "驾校", "", None, "ＫＴＶ"]),
        "经度": _CELL, "纬度": _CELL, "有效期至": st.sampled_from(["2023.5.1", "长期", "明天", "45012", None]),
        "typecode": st.sampled_from(["141203", "61210", "060200|141204", "", None]), "经营范围": st.sampled_from(["卷烟", "烟花", None]),
    }
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(_ROW, min_size=1, max_size=8),
    theme=st.sampled_from(
        ["school", "school_gate", "tobacco_retailer", "tobacco_licence", "place"]
    ),
    datum=st.sampled_from(["wgs84", "gcj02", "cgcs2000-gk3"]),
    members=st.sampled_from(["theme", "all"]),
)
def test_every_row_is_accounted_for_exactly_once(
    rows: list[Row], theme: str, datum: str, members: str
) -> None:
    table = raw_table(rows)
    try:
        result = import_table(table, Manifest(theme=theme, datum=datum, members=members))  # type: ignore[arg-type]
    except YichaError as error:
        if not error.remedy:
            raise
        return
    report = result.report
    named = [bad.row for bad in report.rejected] + [
        row for group in report.set_aside.values() for row in group
    ]
    kept = [] if result.layer is None else result.layer.frame["source_row"].tolist()
    assert sorted(named + kept) == list(range(2, len(rows) + 2))
    assert report.rows_in == len(rows) == report.rows_out + len(report.rejected) + report.aside
    assert report.refused is (result.layer is None)
    assert result.layer is None or len(result.layer.unplaced) == report.unplaced


def test_what_the_program_makes_is_not_imported() -> None:
    with pytest.raises(LayerError, match=r"made by the program.*Remedy"):
        imported([shop(1)], "register_difference", datum="wgs84")
