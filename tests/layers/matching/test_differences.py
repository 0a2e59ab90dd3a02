"""What follows from the links: every class planted once and found once."""

from __future__ import annotations

import pandas as pd
import pytest

from layers.layer import Layer, make_layer
from layers.matching import differences, match, state_on
from layers.themes import DIFFERENCE_CLASSES
from tests.layers.matching.corruptions import TUNED, generate
from tests.layers.towns import layer, point

CODE = "92990123MAAG3NRN7C"
BOOKS = (
    # name, address, place, state, valid to, credit code
    ("云溪县福顺烟酒经营部", "人民路1号", (0, 0), "valid", "2030-01-01", None),
    ("云溪县宏达便利店", "学府路20号", (500, 0), "valid", "2025-12-31", None),
    ("云溪县康乐烟酒行", "虹桥路7号", (900, 0), "cancelled", None, None),
    ("云溪县老地方超市", "建设路3号", (1400, 0), "valid", None, None),
    ("云溪县百味餐饮店", "荷塘路9号", (2000, 0), "valid", None, CODE),
    ("云溪县瑞丰超市", "东郊路5号附1号", (3000, 0), "valid", None, None),
    ("云溪县金谷副食店", "中山路1号", (4000, 0), "cancelled", None, None),
    ("云溪县甲子五金店", "书院街9号", (5000, 0), "valid", None, None),
    ("云溪县乙丑建材店", "书院街9号", (5000, 0), "valid", None, None),
    ("云溪县丙寅灯饰店", "书院街9号", (5000, 0), "valid", None, None),
)  # fmt: skip
SIGNS = (
    ("福顺名烟名酒", "人民路1号", (4, 0), None),
    ("宏达便利", "学府路20号", (504, 0), None),
    ("康乐烟酒", "虹桥路7号", (904, 0), None),
    ("新开张烟酒", "凤鸣路77号", (1700, 300), None),
    ("百味餐馆", "柳絮巷66号", (2000, 2500), CODE),
    ("瑞丰超市", "东郊路5号附8号", (3004, 0), None),
    ("甲子五金", "书院街9号", (5001, 0), None),
)  # fmt: skip


@pytest.fixture(scope="module")
def sides() -> tuple[Layer, Layer]:
    books = layer("tobacco_licence", [point(*row[2]) for row in BOOKS], name=[r[0] for r in BOOKS], address=[r[1] for r in BOOKS],
                  licence_status=[r[3] for r in BOOKS], valid_to=[r[4] for r in BOOKS], credit_code=[r[5] for r in BOOKS],
                  u_source_m=[15.0] * len(BOOKS))  # fmt: skip
    signs = layer("tobacco_retailer", [point(*row[2]) for row in SIGNS], name=[r[0] for r in SIGNS],
                  address=[r[1] for r in SIGNS], credit_code=[r[3] for r in SIGNS], u_source_m=[8.0] * len(SIGNS))  # fmt: skip
    return books, signs


def found(sides: tuple[Layer, Layer], on_date: str | None) -> pd.DataFrame:
    result = differences(*sides, match(*sides), on_date)
    assert result.theme.name == "register_difference"
    return pd.DataFrame(result.frame)


def rows(frame: pd.DataFrame, kind: str) -> list[tuple[object, object]]:
    part = frame[frame["difference_class"] == kind]
    return [tuple(None if pd.isna(v) else v for v in row)  # type: ignore[misc]
            for row in part[["register_id", "site_id"]].itertuples(index=False)]  # fmt: skip


def test_every_class_is_found_where_it_was_planted(sides: tuple[Layer, Layer]) -> None:
    frame = found(sides, "2026-06-30")
    book, sign = "tobacco_licence-{}".format, "tobacco_retailer-{}".format
    lost = {(book(n), None) for n in (4, 9, 10)}
    assert set(rows(frame, "only_in_register")) == lost, "an ended licence is not expected on site"
    assert rows(frame, "only_on_site") == [(None, sign(4))]
    assert rows(frame, "licence_not_in_force") == [(book(2), sign(2)), (book(3), sign(3))]
    assert frame[frame["difference_class"] == "licence_not_in_force"]["which"].tolist() == [
        "expired",
        "cancelled",
    ]
    assert rows(frame, "moved") == [(book(5), sign(5))]
    assert rows(frame, "several_at_one_address") == [
        (";".join(sorted(book(n) for n in (8, 9, 10))), sign(7))
    ]
    unit = frame[frame["register_id"] == book(6)]
    assert set(unit["difference_class"]) <= {"attributes_differ", "probable_match"}
    assert len(unit) == 1


def test_without_a_date_no_licence_is_asked(sides: tuple[Layer, Layer]) -> None:
    frame = found(sides, None)
    assert not rows(frame, "licence_not_in_force")
    assert ("tobacco_licence-7", None) in rows(frame, "only_in_register"), (
        "nothing is known to have ended"
    )


def test_on_an_earlier_day_the_licence_was_in_force(sides: tuple[Layer, Layer]) -> None:
    frame = found(sides, "2025-06-30")
    assert ("tobacco_licence-2", "tobacco_retailer-2") not in rows(frame, "licence_not_in_force")


def test_rows_are_placed_and_told_in_both_languages(sides: tuple[Layer, Layer]) -> None:
    frame = found(sides, "2026-06-30")
    assert frame["id"].is_unique
    assert frame["geometry"].notna().all()
    assert frame["text_zh"].notna().all()
    assert frame["text_en"].notna().all()
    assert (
        not frame["text_en"]
        .str.contains("[\u4e00-\u9fff]")
        .where(frame["difference_class"] == "probable_match", False)
        .any()
    )


def test_a_closed_shop_needs_no_licence(sides: tuple[Layer, Layer]) -> None:
    books, signs = sides
    shut = make_layer(signs.theme.name, signs.frame.assign(trading=False))
    frame = pd.DataFrame(differences(books, shut, match(books, shut), "2026-06-30").frame)
    assert not rows(frame, "licence_not_in_force")


def test_nothing_to_say_is_an_empty_layer() -> None:
    town = generate(TUNED, 20, 1)
    none = [make_layer(part.theme.name, part.frame.iloc[:0]) for part in (town.register, town.site)]
    assert len(differences(none[0], none[1], match(none[0], none[1]), "2026-06-30")) == 0


def test_a_row_says_nothing_twice_and_every_row_is_accounted_for() -> None:
    town = generate(TUNED, 200, 2)
    found_links = match(town.register, town.site)
    frame = pd.DataFrame(differences(town.register, town.site, found_links, "2026-06-30").frame)
    assert frame["id"].is_unique
    assert set(frame["difference_class"]) <= set(DIFFERENCE_CLASSES)
    assert set(frame[frame["difference_class"] == "only_on_site"]["site_id"]) == set(
        found_links.site_ids
    )
    assert (frame["difference_class"] == "probable_match").sum() == found_links.counts()["ask"]


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"licence_status": "valid", "valid_to": "2030-01-01"}, "valid"), ({"licence_status": "valid", "valid_to": "2026-06-29"}, "expired"),
        ({"valid_to": "2026-06-30"}, "unknown"), ({"business_status": "吊销,未注销"}, "revoked"), ({"business_status": "存续"}, "valid"),
        ({"licence_status": "valid", "business_status": "注销"}, "cancelled"), ({"first_issued": "2026-07-01"}, "not_yet"),
        ({"licence_status": "expired"}, "expired"), ({}, "unknown"),
    ],
)  # fmt: skip
def test_state_on_a_day(row: dict[str, str], state: str) -> None:
    assert state_on(pd.DataFrame([row], index=[7]), "2026-06-30").tolist() == [state]
    assert state_on(pd.DataFrame([row], index=[7]), None).tolist() == ["unknown"]


def test_a_pin_elsewhere_at_the_same_door_is_a_wrong_pin_and_nobody_moved() -> None:
    books = layer("tobacco_licence", [point(0, 0)], name=["云溪县福顺烟酒经营部"], address=["人民路1号"],
                  u_source_m=[15.0])  # fmt: skip
    signs = layer("tobacco_retailer", [point(900, 0)], name=["福顺烟酒"], address=["人民路1号"],
                  u_source_m=[15.0])  # fmt: skip
    frame = found((books, signs), None)
    assert rows(frame, "moved") == []
    assert frame["which"].dropna().tolist() == ["position"]
    assert "坐标" in frame["text_zh"].iloc[-1]
