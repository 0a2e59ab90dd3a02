from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from layers.cleaning.codes import clean_codes, clean_credit_codes, clean_typecodes

VALID = "91110000600037341L"


def test_zeros_letters_and_masks_survive() -> None:
    cells = pd.Series(["007", "JY1234", "51**3567", "B0FFABCDEF"])
    assert clean_codes(cells).values.tolist() == cells.tolist()


@pytest.mark.parametrize(
    ("cell", "code", "note"),
    [
        ("123456.0", "123456", "code_float"),
        ("'0012", "0012", None),
        ("110108\t", "110108", None),
        ("１１０１０８", "110108", None),
        ("11O108l00123", "110108100123", "code_letter_o"),
    ],
)
def test_what_spreadsheets_and_fingers_do(cell: str, code: str, note: str | None) -> None:
    done = clean_codes(pd.Series([cell]))
    assert (done.values[0], done.note[0]) == (code, note)


@pytest.mark.parametrize("cell", ["9.1e17", "9.11100006000373E+17", "911100006000373410.0"])
def test_lost_digits_are_said_not_invented(cell: str) -> None:
    done = clean_codes(pd.Series([cell]))
    assert (done.values[0], done.problem[0]) == (None, "code_digits_lost")


def test_type_codes_get_their_zero_back() -> None:
    done = clean_typecodes(pd.Series(["61210", "061210", "80304|050000", "060200.0"]))
    assert done.values.tolist() == ["061210", "061210", "080304|050000", "060200"]
    assert done.note.tolist() == ["code_zero_restored", None, "code_zero_restored", "code_float"]


@pytest.mark.parametrize(
    "typed",
    [
        VALID,
        VALID.lower(),
        f" {VALID[:8]} {VALID[8:]}",
        f"'{VALID}",
        "９１１１００００６０００３７３４１Ｌ",
    ],
)
def test_a_credit_code_in_any_dress(typed: str) -> None:
    assert clean_credit_codes(pd.Series([typed])).values.tolist() == [VALID]


def test_look_alikes_are_mended_only_when_the_check_agrees() -> None:
    done = clean_credit_codes(
        pd.Series([VALID.replace("0", "O", 2), VALID.replace("0", "O", 1)[:-1] + "M"])
    )
    assert done.values.tolist() == [VALID, None]
    assert done.note.tolist() == ["uscc_mended", None]
    assert done.problem.tolist() == [None, "uscc_wrong"]


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        (VALID[:-1] + "M", "uscc_wrong"),
        ("110108001234567", "uscc_old_number"),
        ("9111********37341L", "code_masked"),
        ("9.1e17", "code_digits_lost"),
        ("甲" * 18, "uscc_wrong"),
    ],
)
def test_wrong_credit_codes_name_their_reason(cell: str, problem: str) -> None:
    done = clean_credit_codes(pd.Series([cell]))
    assert (done.values[0], done.problem[0]) == (None, problem)


_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@given(
    st.text("0123456789", min_size=6, max_size=6),
    st.text(_ALPHABET, min_size=9, max_size=9),
    st.integers(0, 16),
)
def test_every_wrong_character_is_noticed(area: str, body: str, place: int) -> None:
    front = "91" + area + body
    code = front + uscc.calc_check_digit(front)
    assert clean_credit_codes(pd.Series([code])).values.tolist() == [code]
    other = "7" if code[place] != "7" else "8"
    wrong = code[:place] + other + code[place + 1 :]
    assert clean_credit_codes(pd.Series([wrong])).problem.tolist() == ["uscc_wrong"]


@given(st.text(max_size=40))
def test_any_text_is_a_code_or_a_reason(text: str) -> None:
    cells = pd.Series([text], dtype=object)
    for clean in (clean_codes, clean_typecodes, clean_credit_codes):
        done = clean(cells)
        assert done.values[0] is None or done.problem[0] is None
