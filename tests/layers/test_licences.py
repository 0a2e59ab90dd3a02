"""Shops find their licence on exact keys; what is not certain stays ambiguous."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.layer import Layer
from layers.licence_keys import address_keys, code_keys, credit_keys, name_keys, township_keys
from layers.licences import COMMON_NAME, MATCHES, attach_licences
from tests.layers.towns import layer, point

CODE, OTHER_CODE = "91110000600037341L", "92520203MA6DEM00XP"


def _shops(**columns: list[object]) -> Layer:
    count = len(next(iter(columns.values())))
    places = columns.pop("geometry", [point(n * 5000, 0) for n in range(count)])
    return layer("tobacco_retailer", places, **columns)  # type: ignore[arg-type]


def _register(**columns: list[object]) -> Layer:
    count = len(next(iter(columns.values())))
    places = columns.pop("geometry", [None] * count)
    return layer("tobacco_licence", places, **columns)  # type: ignore[arg-type]


def _match(shops: Layer, register: Layer) -> list[str]:
    return attach_licences(shops, register).frame["licence_match"].tolist()


def test_the_licence_number_comes_first() -> None:
    shops = _shops(name=["甲店"], licence_no=[" 52０3-001 "], credit_code=[CODE])
    register = _register(
        name=["别的店", "甲店"], licence_no=["5203001", "5203002"], credit_code=[None, CODE],
        licence_status=["valid", "valid"], valid_to=["2028-01-01", "2029-01-01"],
    )  # fmt: skip
    row = attach_licences(shops, register).frame.iloc[0]
    assert row["licence_match"] == "licence_no"
    assert row["licence_rows"] == "tobacco_licence-1"
    assert row["licence_name"] == "别的店"
    assert row["valid_to"] == "2028-01-01"
    assert (row["licence_candidates"], row["licence_shared"]) == (1, 1)


def test_then_the_credit_code_if_its_check_character_agrees() -> None:
    shops = _shops(name=["甲", "乙"], credit_code=[CODE, CODE[:-1] + "M"])
    register = _register(name=["丙", "丁"], credit_code=[CODE, CODE[:-1] + "M"])
    assert _match(shops, register) == ["credit_code", "none"]


def test_then_name_and_address_however_they_are_written() -> None:
    shops = _shops(
        name=["便民 超市（东门店）", "便民超市"], address=["人民路12-3号", "人民路12-4号"]
    )
    register = _register(
        name=["便民超市(东门店)", "便民超市"],
        address=["贵州省六盘水市六枝特区平寨镇人民路12-3号", "人民路124号"],
    )
    assert _match(shops, register) == ["name_address", "name"]


def test_then_the_name_near_by_or_in_the_same_township() -> None:
    shops = _shops(
        name=["便民超市"] * 3,
        geometry=[point(0, 0), point(5000, 0), point(9000, 0)],
        admin_code=[None, "520203101", "520203102"],
    )
    register = _register(
        name=["便民超市"] * 2, geometry=[point(150, 0), None], admin_code=[None, "520203101002"]
    )
    frame = attach_licences(shops, register).frame
    assert frame["licence_match"].tolist() == ["name", "name", "none"]
    assert frame["licence_rows"].tolist()[:2] == ["tobacco_licence-1", "tobacco_licence-2"]


def test_a_name_that_one_shop_and_one_licence_have_is_enough_unless_contradicted() -> None:
    shops = _shops(
        name=["独一店", "远方店", "他镇店"], geometry=[point(0, 0)] * 3,
        admin_code=[None, None, "520203100"],
    )  # fmt: skip
    register = _register(
        name=["独一店", "远方店", "他镇店"], geometry=[None, point(3000, 0), None],
        admin_code=["520203", None, "520203101"],
    )  # fmt: skip
    assert _match(shops, register) == ["name", "none", "none"]


def test_several_holders_of_a_name_stay_ambiguous() -> None:
    shops = _shops(name=["便民超市"])
    register = _register(name=["便民超市"] * 2, address=["东街1号", "西街2号"])
    row = attach_licences(shops, register).frame.iloc[0]
    assert (row["licence_match"], row["licence_candidates"]) == ("ambiguous", 2)
    assert pd.isna(row["licence_rows"])
    assert pd.isna(row["licence_status"])


def test_several_shops_of_a_name_stay_ambiguous_too() -> None:
    assert _match(_shops(name=["便民超市"] * 2), _register(name=["便民超市"])) == ["ambiguous"] * 2


def test_a_licence_that_another_shop_proved_its_own_is_not_given_by_name() -> None:
    shops = _shops(name=["便民超市", "便民超市"], licence_no=["1", None])
    register = _register(name=["便民超市"], licence_no=["1"])
    assert _match(shops, register) == ["licence_no", "ambiguous"]


def test_a_masked_number_that_repeats_is_narrowed_by_the_next_key() -> None:
    shops = _shops(
        name=["甲店", "丙店"], address=["东街1号", "东街9号"], licence_no=["11**3567"] * 2
    )
    register = _register(
        name=["甲店", "乙店"], address=["东街1号", "西街2号"], licence_no=["11**3567"] * 2
    )
    frame = attach_licences(shops, register).frame
    assert frame["licence_match"].tolist() == ["name_address", "ambiguous"]
    assert frame["licence_candidates"].tolist() == [1, 2]


def test_a_holder_of_the_name_with_another_credit_code_is_somebody_else() -> None:
    shops = _shops(name=["甲店"], address=["东街1号"], credit_code=[CODE])
    register = _register(name=["甲店"], address=["东街1号"], credit_code=[OTHER_CODE])
    row = attach_licences(shops, register).frame.iloc[0]
    assert (row["licence_match"], row["licence_candidates"]) == ("ambiguous", 1)


def test_the_registered_name_counts_as_a_name() -> None:
    shops = _shops(name=["老王烟酒"], registered_name=["云溪县王记商行"])
    assert _match(shops, _register(name=["云溪县王记商行"])) == ["name"]


def test_old_and_new_licence_of_a_shop_are_one_holder() -> None:
    register = _register(
        name=["甲店", "甲店", "甲店"],
        address=["东街1号"] * 3,
        licence_no=["A2", "A1", "A3"],
        licence_status=["valid", "cancelled", "suspended"],
        first_issued=["2020-05-01", "2015-05-01", "2025-05-01"],
        last_renewed=[None, None, None],
        valid_to=["2025-04-30", "2020-04-30", "2030-04-30"],
    )
    row = attach_licences(_shops(name=["甲店"], address=["东街1号"]), register).frame.iloc[0]
    assert row["licence_match"] == "name_address"
    assert row["licence_rows"] == "tobacco_licence-2;tobacco_licence-1;tobacco_licence-3"
    assert row["licence_no"] == "A2"  # the newest valid one wins
    assert row["licence_status"] == "valid"
    assert row["first_issued"] == "2015-05-01"
    assert row["last_renewed"] == "2025-05-01"
    assert row["valid_to"] == "2025-04-30"
    assert row["licence_interrupted"]  # the licence of 2015 had been cancelled


@pytest.mark.parametrize(
    ("old_end", "new_start", "interrupted"),
    [("2020-04-30", "2020-05-01", True), ("2020-04-30", "2020-04-01", False),
     ("2020-04-30", None, False), (None, "2020-05-01", False)],
)  # fmt: skip
def test_a_gap_between_licences_is_seen(
    old_end: str | None, new_start: str | None, interrupted: bool
) -> None:
    register = _register(
        name=["甲店"] * 2, address=["东街1号"] * 2, licence_status=["expired", "valid"],
        first_issued=["2015-05-01", new_start], valid_to=[old_end, "2025-04-30"],
    )  # fmt: skip
    joined = attach_licences(_shops(name=["甲店"], address=["东街1号"]), register)
    assert joined.frame["licence_interrupted"].tolist() == [interrupted]


def test_a_renewal_without_a_first_date_stays_without_one() -> None:
    register = _register(name=["甲店"], last_renewed=["2023-01-01"])
    row = attach_licences(_shops(name=["甲店"]), register).frame.iloc[0]
    assert pd.isna(row["first_issued"])
    assert row["last_renewed"] == "2023-01-01"


def test_branches_of_one_credit_code_are_told_apart() -> None:
    shops = _shops(
        name=["连锁店(东店)", "连锁店"], address=["东街1号", None], credit_code=[CODE] * 2
    )
    register = _register(
        name=["连锁店(东店)", "连锁店(西店)"],
        address=["东街1号", "西街2号"],
        credit_code=[CODE] * 2,
    )
    assert _match(shops, register) == ["name_address", "ambiguous"]


def test_unmatched_shops_keep_their_own_licence_columns() -> None:
    shops = _shops(name=["甲店"], licence_no=["Z9"], licence_status=["valid"])
    row = attach_licences(shops, _register(name=["乙店"])).frame.iloc[0]
    assert (row["licence_match"], row["licence_no"], row["licence_status"]) == (
        "none", "Z9", "valid",
    )  # fmt: skip
    assert (row["licence_candidates"], row["licence_shared"]) == (0, 0)


def test_two_pins_of_one_shop_share_its_licence() -> None:
    shops = _shops(name=["甲店", "甲店烟酒"], licence_no=["1", "1"])
    frame = attach_licences(shops, _register(name=["甲店"], licence_no=["1"])).frame
    assert frame["licence_shared"].tolist() == [2, 2]


def test_a_name_that_very_many_bear_tells_nothing_by_itself() -> None:
    count = COMMON_NAME + 1
    register = _register(name=["便民超市"] * count, address=[f"东街{n}号" for n in range(count)])
    shops = _shops(name=["便民超市"] * 2, address=["东街7号", None])
    frame = attach_licences(shops, register).frame
    assert frame["licence_match"].tolist() == ["name_address", "ambiguous"]
    assert frame["licence_candidates"].tolist() == [1, count]


def test_nothing_joins_nothing() -> None:
    assert _match(_shops(name=["甲店"]), _register(name=[])) == ["none"]
    assert _match(_shops(name=[]), _register(name=["甲店"])) == []
    assert _match(_shops(name=[None]), _register(name=[None])) == ["none"]


def test_both_sources_stand_in_the_provenance() -> None:
    joined = attach_licences(_shops(name=["甲店"]), _register(name=["甲店"]))
    shops, register = joined.provenance
    assert shops.file == "tobacco_retailer.csv"
    assert register.file == "tobacco_licence.csv"
    assert "1 name, 0 none" in register.transform


_CELL = st.sampled_from([None, "甲店", "乙店", "丙店"])
_TABLE = st.lists(
    st.tuples(_CELL, st.sampled_from([None, "东街1号", "西街2号"]), st.sampled_from([None, "1", "2"]),
              st.sampled_from([None, CODE, OTHER_CODE]), st.sampled_from([None, 0, 100, 5000])),
    max_size=6,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(_TABLE, _TABLE)
def test_a_match_always_agrees_on_its_key(ours: list[tuple], theirs: list[tuple]) -> None:
    columns = ("name", "address", "licence_no", "credit_code")
    sides = [
        layer(theme, [None if row[4] is None else point(row[4], 0) for row in rows],
              **{name: [row[n] for row in rows] for n, name in enumerate(columns)})
        for theme, rows in (("tobacco_retailer", ours), ("tobacco_licence", theirs))
    ]  # fmt: skip
    joined = attach_licences(*sides)
    assert len(joined) == len(ours)
    register = sides[1].frame.set_index("id")
    for own, row in zip(sides[0].frame.itertuples(), joined.frame.itertuples(), strict=True):
        assert row.licence_match in MATCHES
        if row.licence_match in {"none", "ambiguous"}:
            assert row.licence_candidates == 0 or row.licence_match == "ambiguous"
            continue
        rows = register.loc[row.licence_rows.split(";")]
        if row.licence_match in {"licence_no", "credit_code"}:
            assert getattr(own, row.licence_match) in set(rows[row.licence_match])
        else:
            assert own.name in set(rows["name"])
        if row.licence_match == "name_address":
            assert own.address in set(rows["address"])


def test_keys_draw_together_only_ways_of_writing() -> None:
    names = pd.Series(["Ａ&B 超市（东门店）", "A&B超市(东门店)", "N/A", None])
    assert name_keys(names).tolist() == ["ab超市东门店", "ab超市东门店", None, None]
    addresses = pd.Series(
        [
            "云溪县平寨镇人民路12-3号",
            "人民路12-3号",
            "人民路123号",
            "新华市场路3号",
            "西南乡道12号",
            "云溪县枫坪镇9号",
            None,
        ]
    )
    assert address_keys(addresses).tolist() == [
        "人民路12-3号", "人民路12-3号", "人民路123号", "新华市场路3号", "西南乡道12号", "枫坪镇9号", None,
    ]  # fmt: skip
    assert code_keys(pd.Series(["ab-１２ 3", "11**3567"])).tolist() == ["AB123", "11**3567"]
    assert credit_keys(pd.Series([CODE, "123"])).tolist() == [CODE, None]
    assert township_keys(pd.Series(["520203100001", "520203"])).tolist() == ["520203100", None]
