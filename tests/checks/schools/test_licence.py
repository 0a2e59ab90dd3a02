"""The classes of transition (domain notes 1.3), one by one and in their order."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks._schools.licence import CLASSES, COLUMNS, STRENGTH, classify, says

DAY, RULE = "2026-06-30", "2021-06-01"
NAMES = (*COLUMNS, "licence_match", "rule_from", "transition", "opened")


def row(**values: Any) -> dict[str, Any]:
    return dict.fromkeys(NAMES) | {"rule_from": RULE, "licence_match": "licence_no"} | values


def class_of(register: bool = True, **values: Any) -> str:
    table = pd.DataFrame([row(**values)], columns=list(NAMES)).astype(object)
    return str(classify(table, on_date=DAY, register=register).iloc[0])


OLD = {"licence_no": "1", "first_issued": "2018-05-01", "valid_to": "2027-01-01"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (OLD | {"first_issued": "2021-06-01"}, "issued_after_rule"),
        (OLD | {"first_issued": "2021-05-31"}, "within_old_term"),
        (OLD | {"last_renewed": "2021-06-01"}, "renewed_after_rule"),
        (OLD | {"last_renewed": "2020-06-01"}, "within_old_term"),
        (OLD | {"last_renewed": "2022-06-01", "transition": "kept"}, "within_old_term"),
        (OLD | {"last_renewed": "2022-06-01", "transition": "until_expiry"}, "renewed_after_rule"),
        (OLD | {"first_issued": "2022-06-01", "transition": "kept"}, "issued_after_rule"),
        (OLD | {"valid_to": DAY}, "within_old_term"),
        (OLD | {"valid_to": "2026-06-29"}, "expired_but_trading"),
        (OLD | {"valid_to": "9999-12-31"}, "within_old_term"),
        (OLD | {"valid_to": None}, "licensed_no_dates"),
        (OLD | {"licence_status": "expired", "valid_to": None}, "expired_but_trading"),
        (OLD | {"licence_status": "cancelled"}, "cancelled_or_revoked_but_trading"),
        (OLD | {"licence_status": "revoked"}, "cancelled_or_revoked_but_trading"),
        (OLD | {"licence_status": "closed"}, "cancelled_or_revoked_but_trading"),
        (OLD | {"licence_status": "suspended"}, "within_old_term"),
        (OLD | {"licence_status": "cancelled", "trading": False}, "not_trading"),
        (OLD | {"valid_to": "2020-01-01", "trading": False}, "not_trading"),
        (OLD | {"valid_to": "2020-01-01", "trading": True}, "expired_but_trading"),
        (OLD | {"opened": "2019-09-01"}, "school_younger_than_licence"),
        (OLD | {"opened": "2018-05-01"}, "within_old_term"),
        (OLD | {"first_issued": "2022-01-01", "opened": "2023-09-01"}, "school_younger_than_licence"),
        (OLD | {"first_issued": "2026-07-01"}, "not_checked"),
        (OLD | {"rule_from": None}, "not_checked"),
        (OLD | {"rule_from": None, "valid_to": "2020-01-01"}, "expired_but_trading"),
        ({"licence_match": "none"}, "unlicensed"),
        ({"licence_match": "none"} | OLD, "unlicensed"),
        ({"licence_match": "ambiguous"} | OLD, "not_checked"),
        ({"licence_no": "1"}, "licensed_no_dates"),
        ({"licence_no": "1", "valid_to": "2027-01-01"}, "licensed_no_dates"),
        ({}, "not_checked"),
    ],
)  # fmt: skip
def test_class(values: dict[str, Any], expected: str) -> None:
    assert class_of(**values) == expected


def test_without_a_register_nothing_is_unlicensed() -> None:
    assert class_of(register=False, licence_match=None) == "not_checked"
    assert class_of(register=False, licence_match=None, **OLD) == "within_old_term"


def test_the_strongest_lead_comes_first() -> None:
    assert STRENGTH["issued_after_rule"] == max(STRENGTH.values())
    assert STRENGTH["school_younger_than_licence"] < STRENGTH["within_old_term"]
    assert STRENGTH["not_trading"] == 0
    assert len(set(STRENGTH.values())) == len(CLASSES)


dates = st.none() | st.dates().map(lambda day: day.isoformat())


@given(
    first=dates, renewed=dates, end=dates, opened=dates, start=dates,
    status=st.sampled_from([None, "valid", "cancelled", "expired", "suspended"]),
    match=st.sampled_from([None, "none", "ambiguous", "licence_no"]),
    trading=st.sampled_from([None, True, False]), register=st.booleans(),
)  # fmt: skip
def test_every_licence_has_a_class_and_words(
    first: str | None, renewed: str | None, end: str | None, opened: str | None, start: str | None,
    status: str | None, match: str | None, trading: bool | None, register: bool,
) -> None:  # fmt: skip
    values = row(
        first_issued=first, last_renewed=renewed, valid_to=end, opened=opened, rule_from=start,
        licence_status=status, licence_match=match, trading=trading,
    )  # fmt: skip
    table = pd.DataFrame([values]).astype(object)
    name = str(classify(table, on_date=DAY, register=register).iloc[0])
    words = says(name, values, DAY)
    assert name in CLASSES
    for text in (words.zh, words.en):
        assert text
        assert "{" not in text
        assert "None" not in text
        assert "nan" not in text


def test_the_index_stays() -> None:
    table = pd.DataFrame([row(**OLD), row()], index=[7, 3]).astype(object)
    assert list(classify(table, on_date=DAY, register=True).index) == [7, 3]
