from __future__ import annotations

import pandas as pd
import pytest

from layers.errors import ColumnError
from layers.importing.filters import rows_where

FRAME = pd.DataFrame(
    {
        "licence_type": ["Cigarette Retail", "OTP Wholesaler", None],
        "类 别": ["超市", "ＫＴＶ", "酒吧"],
    },
    dtype=object,
)


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("licence_type~Retail", [True, False, False]), ("licence_type!~retail", [False, True, True]),
        ("licence_type=OTP Wholesaler", [False, True, False]), ("licence_type!=OTP Wholesaler", [True, False, True]),
        ("licence_type=", [False, False, True]), ("类别~ktv", [False, True, False]), ("category~超市", [True, False, False]),
    ],
)  # fmt: skip
def test_conditions(condition: str, rows: list[bool]) -> None:
    assert rows_where(FRAME, condition, {"category": "类 别"}).tolist() == rows


@pytest.mark.parametrize("condition", ["Retail", "kind~Retail", "~x", ""])
def test_conditions_that_cannot_be_read(condition: str) -> None:
    with pytest.raises(ColumnError) as caught:
        rows_where(FRAME, condition, {})
    assert caught.value.remedy
