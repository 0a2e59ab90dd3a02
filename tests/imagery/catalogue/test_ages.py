"""The area by the age of its imagery: the parts add up to it, whatever is missing."""

from __future__ import annotations

import shapely

from imagery.catalogue import Coverage, Piece
from imagery.catalogue.ages import BOUNDS, ages

PLACE = shapely.box(0, 0, 1, 1)


def piece(age_days: int, m2: float) -> Piece:
    return Piece(f"s{age_days}", "", "2026-01-01", age_days, m2, None, None, PLACE)


def covered(*pieces: Piece, gap_m2: float) -> Coverage:
    area = gap_m2 + sum(one.m2 for one in pieces)
    return Coverage("2026-06-30", area, pieces, PLACE, gap_m2, (), ())


def test_every_part_falls_into_one_class_and_they_add_up() -> None:
    found = ages(
        covered(
            piece(0, 10), piece(182, 5), piece(183, 20), piece(365, 5), piece(4000, 30), gap_m2=30
        )
    )
    assert [one.until_days for one in found] == [*BOUNDS, None, -1]
    assert [one.m2 for one in found] == [15, 25, 0, 0, 30, 30]
    assert sum(one.share for one in found) == 1


def test_an_area_without_imagery_is_all_missing() -> None:
    found = ages(covered(gap_m2=100))
    assert found[-1].share == 1
    assert sum(one.m2 for one in found[:-1]) == 0
