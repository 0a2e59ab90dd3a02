"""Judging links: pure functions; a link in force never makes anything worse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import REGISTER_CLASSES, VERDICTS, run
from checks._registers.judge import judge, worst
from checks._registers.words import ENDED
from layers import LayerSet
from tests.cases import layer_of

DAY = "2026-06-30"
SUBJECTS = 3
FAULTS = ("", "", "mismatch", "item_missing", "shared_licence")
COLUMNS = ("subject", "register", "sure", "ended", "state", "fault_class", "fault_verdict",
           "coded", "score", "newest")  # fmt: skip


@st.composite
def a_link(draw: st.DrawFn, good: bool = False) -> dict[str, Any]:
    state = "valid" if good else draw(st.sampled_from(("valid", "unknown", *ENDED)))
    fault = "" if good else draw(st.sampled_from(FAULTS))
    return {
        "subject": draw(st.integers(0, SUBJECTS - 1)), "register": draw(st.integers(0, 9)),
        "sure": draw(st.booleans()), "ended": state in ENDED, "state": state, "fault_class": fault,
        "fault_verdict": draw(st.sampled_from(("inside", "borderline"))) if fault else "",
        "coded": draw(st.booleans()), "score": draw(st.floats(0, 1)),
        "newest": draw(st.sampled_from(("", "2024-01-01", "2028-01-01"))),
    }  # fmt: skip


def judged(links: list[dict[str, Any]], too_little: tuple[bool, ...] = (False,) * SUBJECTS) -> pd.DataFrame:  # fmt: skip
    return judge(pd.DataFrame(links, columns=list(COLUMNS)), SUBJECTS, np.array(too_little))


def rank(outcome: pd.DataFrame) -> list[int]:
    return [VERDICTS.index(verdict) for verdict in outcome["verdict"]]


few = st.lists(a_link(), max_size=8)


@given(few, a_link(good=True), st.tuples(*[st.booleans()] * SUBJECTS))
def test_one_more_row_in_force_makes_nobody_worse(
    links: list[dict[str, Any]], more: dict[str, Any], too_little: tuple[bool, ...]
) -> None:
    before, after = judged(links, too_little), judged([*links, more], too_little)
    worse = [new < old for old, new in zip(rank(before), rank(after), strict=True)]
    undecided = (before["verdict"] == "undecided").tolist()
    assert not any(w and not u for w, u in zip(worse, undecided, strict=True))
    assert after["verdict"][more["subject"]] in ("outside", "borderline")
    if more["sure"]:
        assert after["licence_class"][more["subject"]] == "in_force"


@given(few)
def test_only_a_sure_link_makes_it_more_than_borderline(links: list[dict[str, Any]]) -> None:
    outcome = judged(links)
    for number, row in enumerate(outcome.to_dict("records")):
        mine = [one for one in links if one["subject"] == number]
        assert row["count"] == len(mine)
        assert row["licence_class"] in REGISTER_CLASSES
        assert (row["link"] < 0) == (not mine) == (row["licence_class"] == "none")
        if mine and not any(one["sure"] for one in mine):
            assert row["verdict"] == "borderline"
        if row["verdict"] == "outside":
            assert any(one["sure"] and not one["ended"] and not one["fault_class"] for one in mine)


@given(few, st.randoms(use_true_random=False))
def test_the_order_of_links_does_not_matter(links: list[dict[str, Any]], random: Any) -> None:
    shuffled = list(links)
    random.shuffle(shuffled)
    columns = ["verdict", "licence_class", "count"]
    one, other = judged(links), judged(shuffled)
    assert one[["verdict", "count"]].equals(other[["verdict", "count"]])
    keys = [
        (link["subject"], link["register"], link["newest"], link["score"], link["coded"])
        for link in links
    ]
    if len(set(keys)) == len(keys):
        assert one[columns].equals(other[columns])


def test_of_ended_licences_the_newest_is_told() -> None:
    base = {"subject": 0, "sure": True, "ended": True, "fault_class": "", "fault_verdict": "",
            "coded": False, "score": 1.0}  # fmt: skip
    links = [{**base, "register": 0, "state": "cancelled", "newest": "2020-01-01"},
             {**base, "register": 1, "state": "expired", "newest": "2025-01-01"}]  # fmt: skip
    assert judged(links)["licence_class"][0] == "expired"


def test_the_register_one_stands_worst_in_decides() -> None:
    tables = [pd.DataFrame({"verdict": v, "licence_class": c}) for v, c in (
        (["outside", "inside", "borderline", "inside"], ["in_force", "expired", "ask", "expired"]),
        (["outside", "outside", "inside", "inside"], ["in_force", "in_force", "mismatch", "none"]),
    )]  # fmt: skip
    assert worst(tables).tolist() == [0, 0, 1, 1]


BRANDS = ("福顺", "海潮", "翠微", "千禧", "玉兰", "甘泉")
STREETS = ("人民路", "文化路", "东湖路")
STATES = ("valid", "cancelled", "revoked", "suspended")


@st.composite
def a_place(draw: st.DrawFn) -> dict[str, Any]:
    return {"name": draw(st.sampled_from(BRANDS)) + "面馆",
            "address": f"{draw(st.sampled_from(STREETS))}{draw(st.integers(1, 4))}号"}  # fmt: skip


@st.composite
def a_row(draw: st.DrawFn) -> dict[str, Any]:
    ends = draw(st.sampled_from(("2024-01-01", "2028-01-01")))
    return {**draw(a_place()), "licence_status": draw(st.sampled_from(STATES)), "valid_to": ends}


@settings(max_examples=40, deadline=None)
@given(st.lists(a_place(), min_size=1, max_size=4), st.lists(a_row(), max_size=5), st.data())
def test_a_licence_of_its_own_makes_a_shop_no_worse(
    shops: list[dict[str, Any]], rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    """End to end: the same name at the same door, in force, is added to the register."""
    number = data.draw(st.integers(0, len(shops) - 1))
    far = {"name": "云溪县无关饭店", "address": "云溪县西门街99号", "licence_status": "valid"}
    own = {**shops[number], "licence_status": "valid", "valid_to": "2029-01-01"}
    before, after = (_verdict(shops, [far, *register], number) for register in (rows, [*rows, own]))
    assert VERDICTS.index(after) >= VERDICTS.index(before)
    assert after != "inside"


def _verdict(shops: list[dict[str, Any]], rows: list[dict[str, Any]], number: int) -> str:
    found = LayerSet({
        "caterer": layer_of("caterer", [{"id": f"c{n}", **row} for n, row in enumerate(shops)]),
        "food_licence": layer_of("food_licence", [{"id": f"r{n}", **row} for n, row in enumerate(rows)]),
    })  # fmt: skip
    result = run(["caterer-licence"], found, None, DAY, all_subjects=True)
    assert not result.failures
    return str(next(f.verdict for f in result.findings if f.subject_id == f"c{number}"))
