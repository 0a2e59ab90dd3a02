from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from layers.cleaning.privacy import (
    kind_by_header,
    kind_by_values,
    mask,
    mask_column,
    mask_text,
    mask_texts,
    personal_columns,
)

PERSON = "360426199101010071"


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("联系电话", "phone"), ("手机号码", "phone"), ("tel", "phone"), ("Phone Number", "phone"), ("身份证号", "identity"),
        ("证件号码", "identity"), ("法定代表人", "person"), ("负责人姓名", "person"), ("经营者", "person"), ("法人代表", "person"),
        ("Legal Name", "person"), ("owner", "person"), ("联系人", "person"), ("电子邮箱", "email"), ("E-mail", "email"),
        ("微信号", "email"), ("出生日期", "private"), ("性别", "private"),
    ],
)  # fmt: skip
def test_headers_that_announce_persons(header: str, kind: str) -> None:
    assert kind_by_header(header) == kind


@pytest.mark.parametrize(
    "header",
    [
        "经营者名称",
        "法人单位名称",
        "Ownership Type",
        "企业名称",
        "地址",
        "证号",
        "许可证号",
        "负责人类型",
        "hotel",
        "telescope shop",
        "email marketing type",
        "name",
        "联系单位",
    ],
)
def test_headers_that_do_not(header: str) -> None:
    assert kind_by_header(header) is None


def test_values_tell_whatever_the_header_says() -> None:
    frame = pd.DataFrame(
        {
            "列1": ["13800138000", "139 0013 9000", None, "010-62345678"],
            "列2": [PERSON, PERSON, None, "x"],
            "列3": ["a.b@c.com", "d@e.org", "f@g.net", None],
            "列4": ["110108100123", "110108100124", "110108100125", "110108100126"],
        }
    )
    assert personal_columns(frame) == {"列1": "phone", "列2": "identity", "列3": "email"}


def test_names_of_people_are_told_from_names_of_places() -> None:
    people = pd.Series(["王小明", "李雷", "张伟", "陈静", "刘洋", "赵敏"])
    districts = pd.Series(["高新", "江北", "高新", "江北", "高新", "江北"])
    assert kind_by_values(people) == "person"
    assert kind_by_values(districts) is None


def test_a_licence_number_is_no_telephone() -> None:
    assert kind_by_values(pd.Series(["110108100123"] * 5)) is None


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("电话13800138000转1", "电话138****8000转1"),
        ("座机010-62345678", "座机010-********"),
        (f"身份证{PERSON}号", "身份证360426************号"),
        ("信箱zhang.san@abc.com", "信箱z***@abc.com"),
        ("证号110108100123", "证号110108100123"),
        ("91110000600037341L", "91110000600037341L"),
        ("中山路138号", "中山路138号"),
    ],
)
def test_numbers_inside_texts(text: str, hidden: str) -> None:
    assert mask_text(text) == hidden


def test_masking_a_column_shows_no_value_whole() -> None:
    cells = pd.Series(["13800138000", PERSON, "王小明", None, "无"])
    assert mask_column(cells, "person").tolist() == [
        "138****8000",
        "360426************",
        "王**",
        None,
        None,
    ]
    assert mask("随便什么", "phone") == "****"


def test_rows_with_something_masked_are_counted() -> None:
    masked, count = mask_texts(pd.Series(["找13800138000", "东门", None]))
    assert masked.tolist() == ["找138****8000", "东门", None]
    assert count == 1


@given(st.text(max_size=20), st.integers(10**8, 10**9 - 1), st.text("东西南北店铺", max_size=5))
def test_no_mobile_number_survives_in_a_text(before: str, digits: int, after: str) -> None:
    number = f"13{digits}"
    assert number not in mask_text(f"{before} {number} {after}")


@given(
    st.integers(0, 999),
    st.dates(
        min_value=pd.Timestamp("1940-01-01").date(), max_value=pd.Timestamp("2020-01-01").date()
    ),
)
def test_no_identity_number_survives_in_a_text(order: int, birth: object) -> None:
    body = f"110108{birth:%Y%m%d}{order:03d}"
    number = body + ric.calc_check_digit(body + "0")
    assert number not in mask_text(f"业主({number})")
    assert kind_by_values(pd.Series([number])) == "identity"
