"""The board: order, filters, counts, places."""

from __future__ import annotations

import pytest

from checks import VERDICTS, Finding, RunResult
from tests.ui.conftest import LAT, LON, area, layer
from ui.items import Board, Item, places
from ui.map.table import Filters, of_board

ECIG = "ecigarette-near-school"


def item(found: Board, name: str) -> Item:
    [one] = [item for item in found.items if item.name.startswith(name) and item.check == ECIG]
    return one


def test_every_finding_and_undecided_subject_has_one_line(found: Board, result: RunResult) -> None:
    subjects = [one for one in result.undecided if one.subject_id]
    assert len(found.items) == len(result.findings) + len(subjects)
    assert len({item.key for item in found.items}) == len(found.items)
    assert found.failures == ()


def test_the_worst_verdict_comes_first(found: Board) -> None:
    ranks = [VERDICTS.index(item.verdict) for item in found.items]
    assert ranks == sorted(ranks)


def test_the_hamlet_is_judged_as_it_was_made(found: Board) -> None:
    verdicts = {item.name: item.verdict for item in found.items if item.check == ECIG}
    assert verdicts["近店"] == "inside"
    assert verdicts["界上店<b>"] == "borderline"
    assert verdicts["远店"] == "outside"
    assert verdicts["无位置店"] == "undecided"


def test_a_key_finds_its_item_and_nothing_else(found: Board) -> None:
    near = item(found, "近店")
    assert found.by_key(near.key) is near
    assert found.by_key("no:such") is None
    assert found.by_key(None) is None


def test_symbols_stand_where_the_subject_is(found: Board) -> None:
    near = item(found, "近店")
    assert near.place == pytest.approx((LON + 60e-5, LAT - 50e-5))
    assert item(found, "无位置店").place is None


def test_a_polygon_has_its_symbol_in_the_middle() -> None:
    schools = layer("school", [{"name": "a", "kind": "primary", "geometry": area(0, 0, 100, 50)}])
    assert places(schools)["school-0"] == pytest.approx((LON + 50e-5, LAT + 25e-5))


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Filters(checks=(ECIG,), verdicts=("inside",)), {"近店"}),
        (Filters(checks=(ECIG,), text="近"), {"近店"}),
        (Filters(checks=(ECIG,), text="甲小学 界"), {"界上店<b>"}),
        (Filters(checks=(ECIG,), school="甲小学"), {"近店", "界上店<b>"}),
        (Filters(checks=("bar-near-school",)), set()),
        (Filters(checks=(ECIG,), licences=("no_such_class",)), set()),
    ],
)
def test_filters_keep_what_they_say(found: Board, wanted: Filters, names: set[str]) -> None:
    assert (
        set(
            of_board(found, None, None).frame["name"].iloc[of_board(found, None, None).rows(wanted)]
        )
        == names
    )


def test_no_filter_keeps_everything(found: Board) -> None:
    assert of_board(found, None, None).keep(Filters()).all()


def test_counts_add_up(found: Board) -> None:
    numbers = of_board(found, None, None).counts("verdict")
    assert set(numbers) <= set(VERDICTS)
    assert sum(numbers.values()) == len(found.items)


def test_missing_themes_are_kept_for_the_notice(found: Board) -> None:
    assert "bar" in {one.theme for one in found.missing}
    assert all(one.subject_id is None for one in found.missing)


def test_other_checks_of_the_same_shop(found: Board) -> None:
    near = item(found, "近店")
    assert isinstance(near.record, Finding)
    assert found.of_subject(near) == []
    twin = Item("other:1", "other", "inside", near.name, near.place, near.record)
    assert Board((*found.items, twin)).of_subject(near) == [twin]
