"""Links: their zones and reasons, one to many, whatever the order of the rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import LayerError
from layers.layer import Layer, make_layer
from layers.matching import REASONS, Matches, best_links, match, read_matches, reason_text
from tests.layers.matching.corruptions import TUNED, generate
from tests.layers.towns import layer, point

CREDIT = ("92990123MAAG3NRN7C", "92990123MA9BWHDJGA")


def register(*rows: Sequence[object], **more: Sequence[object]) -> Layer:
    """Register rows (name, address, place in metres or None)."""
    return _layer("tobacco_licence", rows, more)


def street(*rows: Sequence[object], **more: Sequence[object]) -> Layer:
    """Rows on site, likewise."""
    return _layer("tobacco_retailer", rows, more)


def _layer(
    theme: str, rows: Sequence[Sequence[object]], more: dict[str, Sequence[object]]
) -> Layer:
    places = [None if row[2] is None else point(*row[2]) for row in rows]  # type: ignore[misc]
    return layer(theme, places, name=[r[0] for r in rows], address=[r[1] for r in rows],
                 u_source_m=[15.0] * len(rows), **more)  # fmt: skip


def one(found: Matches) -> pd.Series:
    assert len(found.links) == 1, found.links
    return found.links.iloc[0]


def test_sign_and_register_of_one_shop() -> None:
    books = register(("云溪县福顺烟酒经营部(个体工商户)", "云溪县城关镇人民大道26号附1号", None))
    signs = street(("福顺名烟名酒(人民路店)", "人民路26-1号", (0, 0)))
    link = one(match(books, signs))
    assert link["zone"] == "same"
    assert {"name_equal", "door_equal", "place_missing"} <= set(link["reasons"])
    assert np.isnan(link["metres"])


def test_two_branches_of_a_chain_are_two() -> None:
    books = register(("溪上便利(荷塘路店)", "荷塘路26号", (0, 0)))
    signs = street(("溪上便利(学府路店)", "学府路80号", (900, 0)))
    found = match(books, signs)
    assert found.counts()["same"] == 0
    assert "branch_differs" in found.links["reasons"].iloc[0] if len(found.links) else True


def test_a_credit_code_finds_a_shop_that_moved() -> None:
    books = register(("云溪县宏达餐饮店", "人民路1号", (0, 0)), credit_code=[CREDIT[0]])
    signs = street(("宏达家常菜", "柳絮巷88号", (2500, 0)), credit_code=[CREDIT[0]])
    link = one(match(books, signs))
    assert link["zone"] == "same"
    assert {"credit_equal", "road_differs", "far"} <= set(link["reasons"])
    assert link["metres"] == pytest.approx(2500, rel=1e-3)


def test_another_credit_code_at_the_same_door_is_asked() -> None:
    books = register(("福顺烟酒", "人民路1号", (0, 0)), credit_code=[CREDIT[0]])
    signs = street(("福顺烟酒", "人民路1号", (3, 0)), credit_code=[CREDIT[1]])
    link = one(match(books, signs))
    assert link["zone"] == "ask"
    assert "credit_differs" in link["reasons"]


def test_a_wrong_credit_code_counts_for_nothing() -> None:
    books = register(("福顺烟酒", "人民路1号", (0, 0)), credit_code=[CREDIT[0]])
    signs = street(("福顺烟酒", "人民路1号", (3, 0)), credit_code=[CREDIT[0][:-1] + "A"])
    link = one(match(books, signs))
    assert not {"credit_equal", "credit_differs"} & set(link["reasons"])


def test_old_and_new_licence_of_a_shop_are_two_links() -> None:
    row = ("云溪县鑫源烟酒行", "人民路88号", (0, 0))
    books = register(row, row, licence_no=["990100000001", "990100000002"])
    found = match(books, street(("鑫源烟酒行", "人民路88号", (5, 0))))
    assert found.links["zone"].tolist() == ["same", "same"]
    assert best_links(found)["count"].tolist() == [2]


def test_two_that_fit_alike_are_asked() -> None:
    books = register(("便民超市", "人民路2号", (0, 0)), ("便民超市", "人民路4号", (0, 20)))
    found = match(books, street(("便民超市", "人民路", (0, 10))))
    assert set(found.links["zone"]) <= {"ask", "different"}


def test_an_empty_side_leaves_the_other_alone() -> None:
    some = street(("福顺烟酒", "人民路1号", (0, 0)))
    none = make_layer("tobacco_licence", register(("x", "y", None)).frame.iloc[:0])
    assert match(none, some).counts() == {
        "same": 0,
        "ask": 0,
        "different": 0,
        "register_alone": 0,
        "site_alone": 1,
    }
    assert best_links(match(none, some)).empty


TOWN = generate(TUNED, 60, 5)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    again = [make_layer(part.theme.name, part.frame.sample(frac=1, random_state=seed + n))
             for n, part in enumerate((TOWN.register, TOWN.site))]  # fmt: skip
    first, second = match(TOWN.register, TOWN.site), match(again[0], again[1])
    keys = ["register_id", "site_id", "zone", "reasons", "fingerprint"]
    pd.testing.assert_frame_equal(first.links[keys], second.links[keys])
    assert np.allclose(first.links["score"], second.links["score"], atol=1e-5)
    assert (first.register_ids, first.site_ids) == (second.register_ids, second.site_ids)


def test_links_are_rows_as_they_were_never_merged() -> None:
    found = match(TOWN.register, TOWN.site)
    assert set(found.links["register_id"]) <= set(TOWN.register.frame["id"])
    assert set(found.links["site_id"]) <= set(TOWN.site.frame["id"])
    assert not found.links.duplicated(["register_id", "site_id"]).any()
    linked = set(found.zone("same", "ask")["site_id"])
    assert linked | set(found.site_ids) == set(TOWN.site.frame["id"])
    assert not linked & set(found.site_ids)
    several = found.zone("same").groupby("site_id").size()
    assert several.max() >= 2, "old licences stay beside new ones"


def test_reasons_have_a_text_in_both_languages() -> None:
    found = match(TOWN.register, TOWN.site)
    codes = {code for row in found.links["reasons"] for code in row}
    assert codes <= set(REASONS)
    assert all(zh and en for zh, en in REASONS.values())
    assert (
        reason_text(("name_equal", "near"), "en")
        == "the same name, the same place within the error"
    )


def test_matches_survive_a_file(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "matches.parquet"
    found = match(TOWN.register, TOWN.site)
    again = read_matches(found.write(path))
    pd.testing.assert_frame_equal(again.links, found.links, check_dtype=False)
    assert (again.register_ids, again.site_ids) == (found.register_ids, found.site_ids)
    TOWN.site.write(Path(str(tmp_path)) / "site.parquet")
    with pytest.raises(LayerError, match="no file of matches"):
        read_matches(Path(str(tmp_path)) / "site.parquet")
