from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.layers.importing.tables import Row, imported, raw_table, shop


def ids(rows: Sequence[Row]) -> list[str]:
    layer = imported(rows, datum="wgs84").layer
    assert layer is not None
    return layer.frame["id"].tolist()


def test_the_files_own_id_is_kept() -> None:
    assert ids([shop(1, id="B0F001"), shop(2, id="B0F002")]) == ["B0F001", "B0F002"]


def test_without_an_id_the_licence_number_serves() -> None:
    assert (
        ids([shop(1, 许可证号="110108100123"), shop(2, 许可证号="110108100124")])[0]
        == "110108100123"
    )


def test_without_either_name_and_address_make_one_that_stays() -> None:
    first = ids([shop(1), shop(2)])
    assert ids([shop(2), shop(1)]) == first[::-1]
    assert ids([shop(1, 经度="105.5"), shop(2)]) == first  # a new geocode is no new shop


def test_without_an_address_the_place_counts_to_ten_metres() -> None:
    rows = [
        {"名称": "东门店", "经度": "105.48001", "纬度": "26.21001"},
        {"名称": "东门店", "经度": "105.60", "纬度": "26.21"},
    ]
    first = ids(rows)
    assert first[0] != first[1]
    rows[0]["经度"] = "105.480012"
    assert ids(rows)[0] == first[0]


def test_one_number_on_two_places_gets_a_suffix_whatever_the_order() -> None:
    rows = [
        shop(1, 许可证号="110108100123"),
        shop(2, 许可证号="110108100123"),
        shop(3, 许可证号="110108100124"),
    ]
    made = ids(rows)
    assert made[0].startswith("110108100123~")
    assert made[2] == "110108100124"
    assert sorted(ids(rows[::-1])) == sorted(made)


def test_a_masked_number_never_stands_alone() -> None:
    made = ids([shop(1, 许可证号="11**0123"), shop(2, 许可证号="11**0124")])
    assert all("~" in name for name in made)


def test_rows_equal_in_all_that_counts_are_numbered() -> None:
    rows = [shop(1, 许可证号="1", 有效期至=f"202{n}-01-01") for n in (3, 4, 5)]
    made = ids(rows)
    assert len(set(made)) == 3
    assert made[1] == made[0] + "#2"


def test_exact_repeats_are_collapsed_and_counted_running_numbers_aside() -> None:
    rows = [shop(1, 序号=1), shop(1, 序号=2), shop(2, 序号=3)]
    result = imported(rows, datum="wgs84")
    assert result.report.set_aside == {"exact_repeat": (3,)}
    assert result.report.rows_out == 2


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("甲乙"),
            st.sampled_from(["1", "2", "1~a", "1#2"]),
            st.sampled_from("123"),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_ids_are_unique_whatever_repeats(rows: list[tuple[str, str, str]]) -> None:
    table = raw_table([{"id": number, "名称": name, "有效期至": f"202{term}-01-01", "经度": "105.1", "纬度": "26.1"}
                       for name, number, term in rows])  # fmt: skip
    layer = imported(table, datum="wgs84").layer
    assert layer is not None
    assert np.unique(layer.frame["id"]).size == len(layer)


@pytest.mark.parametrize("cell", ["", "N/A", "[]"])
def test_a_missing_id_is_made(cell: str) -> None:
    result = imported([shop(1, id="A1"), shop(2, id=cell)], datum="wgs84")
    assert result.layer is not None
    assert result.layer.frame["id"].notna().all()
    assert any(note.code == "ids_hashed" and note.count == 1 for note in result.report.notes)
