"""One subject judged alone is judged as it is among all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks import get_check, layers_for_one, load_rules, run
from tests.checks.runs.test_runner import DAY, town

RULES = load_rules("demo")
NEAR, OTHER = "tobacco-near-school", "tobacco-licence"


@pytest.mark.parametrize("subject", ["t0", "t7", "t14"])
def test_alone_is_as_among_all(subject: str) -> None:
    layers = town()
    alone = layers_for_one(get_check(NEAR), subject, layers, most=0)
    assert alone is not None
    assert len(alone["tobacco_retailer"]) == 1
    whole = run([NEAR], layers, RULES, DAY, all_subjects=True)
    found = run([NEAR], alone, RULES, DAY, all_subjects=True)
    [mine] = found.findings
    [same] = [one for one in whole.findings if one.subject_id == subject]
    assert replace(mine, layers=()) == replace(same, layers=())


def test_what_looks_at_others_too_is_given_all_or_nothing() -> None:
    layers, entry = town(), get_check(OTHER)
    assert layers_for_one(entry, "t0", layers, most=10) is None
    given = layers_for_one(entry, "t0", layers, most=1_000)
    assert given is not None
    assert all(given[name] is layers[name] for name in given)
    assert set(given) <= set(entry.check.themes)


def test_a_subject_that_is_not_there_has_no_finding() -> None:
    alone = layers_for_one(get_check(NEAR), "nobody", town(), most=0)
    assert alone is not None
    assert not run([NEAR], alone, RULES, DAY, all_subjects=True).findings
