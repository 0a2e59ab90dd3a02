"""The golden cases: what the checks say is what the reviewed files say."""

from __future__ import annotations

import json

import pytest

from tests.cases import Case, as_text, cases

EACH = pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.check}/{case.name}")


@EACH
def test_case(case: Case) -> None:
    assert case.expected.is_file(), "run `python -m tests.cases --update` and review"
    expected = json.loads(case.expected.read_text(encoding="utf-8"))
    assert json.loads(as_text(case.output())) == expected


@EACH
def test_a_case_never_fails(case: Case) -> None:
    assert not case.result.failures
