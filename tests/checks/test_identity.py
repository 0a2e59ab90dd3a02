"""Who is whom: findings and leads of one check, one to one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon

from checks._identity import Identity, agreement, keys_of, match
from tests.leads.findings import place, square


def subject(
    ids: str | None = None, name: str | None = None, at: tuple[float, float] | None = None, *,
    code: str | None = None, licence: str | None = None, address: str = "",
    area: tuple[tuple[float, float], ...] | None = None, seen: bool = True,
) -> Identity:  # fmt: skip
    """A subject; `at` and `area` in metres from the middle."""
    outline = Polygon([place(*corner) for corner in area]) if area else None
    point = (
        place(*at)
        if at
        else [outline.representative_point().x, outline.representative_point().y]
        if outline
        else [None, None]
    )

    def some(value: str | None) -> frozenset[str]:
        return frozenset([value]) if value else frozenset()

    return Identity(some(f"t|{ids}" if ids else None), some(code), some(licence), some(name), address,
                   point[0], point[1], 5.0, outline, seen)  # fmt: skip


def same(one: Identity, lead: Identity) -> bool:
    return dict(match([one], [lead]).pairs) == {0: 0}


ROWS = [
    ("the same row", subject("B00001", "福顺烟酒", (0, 0)), subject("B00001", "福顺烟酒", (0, 0)), True),
    ("a pin shifted by 25 m", subject("B00001", "福顺烟酒", (25, 0)), subject("B00001", "福顺烟酒", (0, 0)), True),
    ("another id, name and place", subject("X9", "福顺烟酒", (25, 0)), subject("B00001", "福顺烟酒", (0, 0)), True),
    ("another id, like name, place", subject("X9", "福顺烟酒商行", (20, 0)), subject("B1", "福顺烟酒", (0, 0)), True),
    ("id and place, renamed", subject("B00001", "来福", (10, 0)), subject("B00001", "福顺", (0, 0)), True),
    ("id and address, no place", subject("1", "来福", address="a1"), subject("1", "福顺", address="a1"), True),
    ("a telling id, no place", subject("GL-010", "来福"), subject("GL-010", "福顺"), True),
    ("a running number, no place", subject("12", "来福"), subject("12", "福顺"), False),
    ("an id of records", subject("P-0f5a25"), subject("P-0f5a25"), True),
    ("an id used again far away", subject("B00001", "来福", (900, 0)), subject("B00001", "福顺", (0, 0)), False),
    ("moved under its id and name", subject("B00001", "福顺", (900, 0)), subject("B00001", "福顺", (0, 0)), True),
    ("one name, far apart", subject("X", "福顺", (300, 0)), subject("Y", "福顺", (0, 0)), False),
    ("one name, no place anywhere", subject("X", "福顺"), subject("Y", "福顺"), True),
    ("one name, other doors", subject("X", "福顺", address="a1"), subject("Y", "福顺", address="b2"), False),
    ("the same code, renamed here", subject("X", "来福", (9, 0), code="91A"), subject("Y", "福顺", (0, 0), code="91A"), True),
    ("the same code, two sites", subject("X", "二期", code="91A"), subject("Y", "一期", code="91A"), False),
    ("the same licence, same name, moved", subject("X", "福顺", (900, 0), licence="9"), subject("Y", "福顺", (0, 0), licence="9"), True),
    ("other codes at one place", subject("X", "福顺", (0, 0), code="91A"), subject("Y", "福顺", (0, 0), code="91B"), False),
    ("a code mended", subject("B00001", "福顺", (0, 0), code="91A"), subject("B00001", "福顺", (0, 0), code="91B"), True),
    ("strangers at one place", subject("X", "来福", (0, 0)), subject("Y", "福顺", (0, 0)), False),
    ("outlines that overlap", subject("w1", area=square(5, 5)), subject("w9", area=square(0, 0)), True),
    ("one outline inside the other", subject("w1", area=square(0, 0, 100)), subject("w9", area=square(40, 40, 10)), True),
    ("outlines apart, one id", subject("w1", area=square(60, 0)), subject("w1", area=square(0, 0)), False),
    ("outlines apart, one name", subject("w1", "弃土", area=square(45, 0)), subject("w2", "弃土", area=square(0, 0)), False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "lead", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_what_speaks_for_one_subject(one: Identity, lead: Identity, expected: bool) -> None:
    assert same(one, lead) is expected
    assert same(lead, one) is expected, "it does not matter which of them came first"


def test_the_better_match_wins_and_nobody_is_taken_twice() -> None:
    leads = [subject("a1111", "福顺烟酒", (0, 0)), subject("b2222", "福顺超市", (30, 0))]
    found = [subject("x", "福顺烟酒行", (12, 0)), subject("y", "福顺超市", (29, 0))]
    assert dict(match(found, leads).pairs) == {0: 0, 1: 1}
    assert len(match([*found, subject("z", "福顺小店", (15, 0))], leads).pairs) == 2


def test_a_lead_that_is_seen_goes_before_one_that_had_vanished() -> None:
    leads = [subject(None, "福顺", (0, 0), seen=False), subject(None, "福顺", (0, 0))]
    assert dict(match([subject(None, "福顺", (0, 0))], leads).pairs) == {0: 1}


def test_a_code_of_several_says_little() -> None:
    leads = [subject(f"a{n}111", f"店{n}号", (20.0 * n, 0), licence="L") for n in range(3)]
    stranger = subject("z9999", "外人", (1, 0), licence="L")
    assert not match([stranger], leads).pairs
    assert agreement(stranger, leads[0], 1.0, {}) > 0, "the only one with that licence would be it"


def test_the_chain_next_door_is_another_shop() -> None:
    leads = [
        subject("a1111", "全家便利店", (0, 0), code="91X"),
        subject("b2222", "全家便利店", (70, 0), code="91X"),
    ]
    found = [
        subject("b2222", "全家便利店", (71, 2), code="91X"),
        subject("a1111", "全家便利店", (3, 0), code="91X"),
    ]
    assert dict(match(found, leads).pairs) == {0: 1, 1: 0}


def test_splits_merges_and_successors_are_told() -> None:
    whole = subject("w1", area=square(0, 0, 40))
    parts = [
        subject("w1", area=((0, 0), (24, 0), (24, 40), (0, 40))),
        subject("w2", area=((26, 0), (40, 0), (40, 40), (26, 40))),
    ]
    apart = match(parts, [whole])
    assert (dict(apart.pairs), dict(apart.split)) == ({0: 0}, {1: 0})
    together = match([whole], parts)
    assert (dict(together.pairs), dict(together.merged)) == ({0: 0}, {1: 0})
    after = match([subject("n", "新店", (4, 0))], [subject("o", "老店", (0, 0))])
    assert (dict(after.pairs), dict(after.same_place)) == ({}, {0: 0})


def test_keys_are_told_the_strongest_first() -> None:
    found = keys_of(subject("B1", "福顺", code="91A", licence="9"))
    assert found == ["code:91A", "licence:9", "id:t|B1", "name:福顺"]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 60), st.booleans())
def test_a_later_delivery_is_known_again(seed: int, count: int, new_ids: bool) -> None:
    """Shuffled, every pin off by up to 15 m, a tenth missing, ids new or kept: nobody is mistaken."""
    rng = np.random.default_rng(seed)
    spots = [(90.0 * (n % 8), 90.0 * (n // 8)) for n in range(count)]
    leads = [subject(f"B{n:05d}", f"第{n}号烟酒店", spot) for n, spot in enumerate(spots)]
    kept = [int(n) for n in rng.permutation(count) if rng.random() > 0.1]
    found = [subject(f"X{n}" if new_ids else f"B{n:05d}", f"第{n}号烟酒店",
                     tuple(np.array(spots[n]) + rng.uniform(-10, 10, 2))) for n in kept]  # fmt: skip
    matches = match(found, leads)
    assert dict(matches.pairs) == dict(enumerate(kept))
    assert not matches.split
    assert not matches.merged
