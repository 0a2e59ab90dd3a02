"""The address says what is shown, and what it says is shown again; nonsense in it harms nobody."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def script() -> None:
    import json

    import streamlit as st

    from ui.docket import desk

    desk.arrive()
    desk.start()
    where = desk.filters()
    st.text(json.dumps({
        "checks": list(where.checks), "states": list(where.states), "verdicts": list(where.verdicts),
        "score": where.score_from, "assignee": where.assignee, "words": where.words, "run": where.run_id,
        "asked": where.asked_again, "changes": list(where.changes), "lead": desk.chosen(), "view": desk.view(),
        "sort": desk.sort(), "page": desk.page_number(), "town": where.township}))  # fmt: skip
    desk.tell()


def shown(**address: str) -> tuple[dict[str, object], dict[str, str]]:
    import json

    app = AppTest.from_function(script)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    told = {
        name: values[0] if isinstance(values, list) else values
        for name, values in app.query_params.items()
    }
    return json.loads(app.text[0].value), told


def test_a_fresh_page_filters_nothing_and_says_nothing() -> None:
    found, address = shown()
    assert found["checks"] == []
    assert found["assignee"] is None
    assert found["view"] == "list"
    assert found["sort"] == ["score", False]
    assert address == {}


def test_the_address_holds_the_whole_view() -> None:
    asked = {"check": "tobacco-near-school", "state": "registered,screening", "verdict": "inside", "score": "50",
             "who": "-", "q": "某店", "lead": "L1", "view": "due", "sort": "due", "page": "2", "town": "城关镇",
             "change": "asked_again", "run": "R1"}  # fmt: skip
    found, address = shown(**asked)
    assert found["checks"] == ["tobacco-near-school"]
    assert found["states"] == ["registered", "screening"]
    assert found["score"] == 50.0
    assert found["assignee"] == ""
    assert found["asked"] is True
    assert found["changes"] == []
    assert found["lead"] == "L1"
    assert found["sort"] == ["due", True]
    assert found["page"] == 2
    assert found["town"] == "城关镇"
    assert address == asked


@pytest.mark.parametrize("name", ["state", "verdict", "score", "view", "sort", "page", "change"])
def test_nonsense_in_the_address_is_left_out(name: str) -> None:
    found, address = shown(**{name: "<nonsense>"})
    assert found["view"] == "list"
    assert found["states"] == []
    assert found["page"] == 0
    assert address == {}
