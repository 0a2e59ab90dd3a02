"""A person's word: kept, honoured by later runs, asked again when the facts change."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import SourceError
from layers.folder import LayerFolder, LayerSet
from layers.layer import make_layer
from layers.matching import Decision, Decisions, match
from layers.safe_csv import plain_cell, safe_cell
from tests.layers.matching.corruptions import TUNED, by_pair, generate
from tests.layers.towns import layer, point

TOWN = generate(TUNED, 60, 6)
FOUND = match(TOWN.register, TOWN.site)
_WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


def decide(row: int, verdict: str, zone: str = "ask", **changed: object) -> Decision:
    """A decision on the n-th link of a zone."""
    link = FOUND.zone(zone).iloc[row]
    metres = float(link["metres"])
    values = {"fingerprint": link["fingerprint"], "metres": None if metres != metres else metres}
    return Decision(
        link["register_id"],
        link["site_id"],
        verdict,
        "甲",
        "2026-07-01",
        "现场核实",
        **{**values, **changed},
    )


@pytest.mark.parametrize(
    ("zone", "verdict"), [("ask", "same"), ("ask", "different"), ("same", "different")]
)
def test_a_decision_is_honoured(zone: str, verdict: str) -> None:
    said = decide(0, verdict, zone)
    links = by_pair(match(TOWN.register, TOWN.site, decisions=Decisions([said])))
    link = links[said.register_id, said.site_id]
    assert (link["zone"], link["decided_by"], link["decided_why"]) == (verdict, "甲", "现场核实")
    assert "decided" in link["reasons"]


def test_a_pair_nobody_would_compare_is_linked_when_a_person_says_so() -> None:
    pair = FOUND.register_ids[0], FOUND.site_ids[0]
    blank = Decision(*pair, "same", "甲", "2026-07-01", "", "")
    asked = by_pair(match(TOWN.register, TOWN.site, decisions=Decisions([blank])))
    assert asked[pair]["zone"] == "ask"  # nobody saw these facts
    seen = Decision(
        *pair,
        "same",
        "甲",
        "2026-07-02",
        "",
        asked[pair]["fingerprint"],
        _metres(asked[pair]["metres"]),
    )
    told = match(TOWN.register, TOWN.site, decisions=Decisions([blank, seen]))
    assert by_pair(told)[pair]["zone"] == "same"
    assert pair[0] not in told.register_ids


def _metres(value: float) -> float | None:
    return None if value != value else float(value)


@pytest.mark.parametrize("column", ["name", "address"])
def test_changed_facts_are_asked_again(column: str) -> None:
    said = decide(0, "different")
    frame = TOWN.site.frame.copy()
    frame.loc[frame["id"] == said.site_id, column] = (
        "新世纪烟酒" if column == "name" else "学府路999号"
    )
    site = make_layer(TOWN.site.theme.name, frame)
    links = by_pair(match(TOWN.register, site, decisions=Decisions([said])))
    link = links[said.register_id, said.site_id]
    assert link["zone"] == "ask"
    assert "facts_changed" in link["reasons"]
    assert link["decided_by"] is None


def test_a_move_is_asked_again_but_not_a_trembling_pin() -> None:
    near = FOUND.links[FOUND.links["metres"].notna() & (FOUND.links["zone"] == "same")].iloc[0]
    for metres, holds in (
        (near["metres"] + 20, True),
        (near["metres"] + 500, False),
        (None, False),
    ):
        said = Decision(
            near["register_id"],
            near["site_id"],
            "different",
            "甲",
            "2026-07-01",
            "",
            near["fingerprint"],
            metres,
        )
        links = by_pair(match(TOWN.register, TOWN.site, decisions=Decisions([said])))
        assert ("decided" in links[said.register_id, said.site_id]["reasons"]) is holds


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 5),
            st.sampled_from(["same", "different"]),
            st.sampled_from(["ask", "same"]),
        ),
        max_size=8,
    )
)
def test_decisions_survive_any_number_of_runs(said: list[tuple[int, str, str]]) -> None:
    decisions = Decisions([decide(*entry) for entry in said])
    first = match(TOWN.register, TOWN.site, decisions=decisions)
    again = match(TOWN.register, TOWN.site, decisions=decisions)
    assert first.links.equals(again.links)
    zones = first.links.set_index(["register_id", "site_id"])["zone"]
    for entry in decisions.holding:
        assert zones[(entry.register_id, entry.site_id)] == entry.verdict
    assert first.links["decided_by"].notna().sum() == len(decisions.holding)


@given(st.lists(st.tuples(_WORDS, _WORDS, st.sampled_from(["same", "different"]), _WORDS.filter(str.strip), _WORDS,
                          st.none() | st.floats(0, 1e6)), max_size=5))  # fmt: skip
def test_a_file_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str, str, str, float | None]],
) -> None:
    folder = tmp_path_factory.mktemp("decisions")
    said = Decisions(
        Decision(a, b, verdict, who, "2026-07-01", why, "f", m)
        for a, b, verdict, who, why, m in rows
    )
    path = said.write(folder)
    assert path.name == "decisions.csv"
    assert Decisions.read(folder) == said
    assert LayerFolder(folder).decisions == said
    assert not list(folder.glob(".*")), "nothing half-written is left"


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "'=1", "''", "plain", ""]
)
def test_no_cell_runs_as_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert cell[:1] not in tuple("=+-@\t\r\n")
    assert plain_cell(cell) == text


def test_the_last_word_holds_and_the_first_stays_on_record() -> None:
    first, last = decide(0, "same"), decide(0, "different")
    both = Decisions([first]).with_more([last])
    assert both.of(first.register_id, first.site_id) == last
    assert len(both) == 2
    assert both.holding == (last,)


def test_no_file_is_no_decision(tmp_path: Path) -> None:
    assert len(Decisions.read(tmp_path)) == 0
    assert len(LayerSet({}).decisions) == 0


@pytest.mark.parametrize(
    ("line", "field"),
    [("r1,s1,maybe,甲,2026-07-01,,f,", "verdict"), ("r1,s1,same,,2026-07-01,,f,", "who"),
     ("r1,s1,same,甲,today,,f,", "when"), ("r1,s1,same,甲,2026-07-01,,f,far", "row 2"), ("r1", "row 2")],
)  # fmt: skip
def test_a_spoilt_file_names_row_and_field(tmp_path: Path, line: str, field: str) -> None:
    header = "register_id,site_id,verdict,who,when,why,fingerprint,metres"
    path = tmp_path / "decisions.csv"
    path.write_text(f"{header}\n{line}\n", encoding="utf-8")
    with pytest.raises(SourceError, match=field) as error:
        Decisions.read(path)
    assert "row 2" in str(error.value)
    assert "decisions.csv" in str(error.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "decisions.csv").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(SourceError, match="UTF-8"):
        Decisions.read(tmp_path)


def test_a_refusal_frees_the_other_candidate() -> None:
    places = [point(0, 0), point(0, 8)]
    books = layer(
        "tobacco_licence",
        places,
        name=["便民超市", "便民超市"],
        address=["人民路2号附1号", "人民路2号附2号"],
    )
    signs = layer("tobacco_retailer", places[:1], name=["便民超市"], address=["人民路2号"])
    asked = by_pair(match(books, signs))
    pairs = [
        ("tobacco_licence-1", "tobacco_retailer-1"),
        ("tobacco_licence-2", "tobacco_retailer-1"),
    ]
    assert [asked[pair]["zone"] for pair in pairs] == ["ask", "ask"]
    assert "several_fit" in asked[pairs[0]]["reasons"]
    link = asked[pairs[1]]
    said = Decision(
        *pairs[1], "different", "甲", "2026-07-01", "", link["fingerprint"], link["metres"]
    )
    told = by_pair(match(books, signs, decisions=Decisions([said])))
    assert [told[pair]["zone"] for pair in pairs] == ["same", "different"]
