from __future__ import annotations

import pytest

from layers.sources.categories import (
    AMAP_CODES,
    entries_of_typecode,
    is_proxy_typecode,
    kind_of_type_text,
    kind_of_typecode,
    themes_of_type_text,
    themes_of_typecode,
)
from layers.themes import SCHOOL_KINDS, THEMES


def test_every_entry_names_known_themes_and_kinds() -> None:
    for code, entry in AMAP_CODES.items():
        assert len(code) == 6
        assert code.isdigit()
        assert entry.themes <= THEMES.keys()
        assert entry.kind is None or entry.kind in SCHOOL_KINDS
        assert entry.zh
        assert entry.en


@pytest.mark.parametrize(
    ("code", "themes"),
    [
        ("061210", {"tobacco_retailer", "alcohol_retailer"}),
        ("060403", {"tobacco_retailer", "alcohol_retailer"}),
        ("071800", {"lottery_outlet"}),
        ("080302", {"entertainment_venue"}),
        ("080304", {"bar"}),
        ("080308", {"internet_cafe"}),
        ("080113", {"entertainment_venue"}),
        ("080306", set()),
        ("100105", {"hotel"}),
        ("100201", {"hotel"}),
        ("141204", {"school"}),
        ("141207", set()),
        ("050118|080304", {"bar", "caterer"}),
        ("080304|050000", {"bar", "caterer"}),
        ("050301", {"caterer"}),
        ("090201", {"aesthetic_clinic"}),
        ("071100", {"aesthetic_clinic"}),
        ("090300", set()),
        ("061210|071800", {"tobacco_retailer", "alcohol_retailer", "lottery_outlet"}),
        ("991400", {"school_gate"}),
        ("61210", set()),
        ("", set()),
        ("abc", set()),
    ],
)
def test_themes_of_codes(code: str, themes: set[str]) -> None:
    assert themes_of_typecode(code) == themes


def test_kinds_of_schools() -> None:
    kinds = {
        code: kind_of_typecode(code) for code in ("141201", "141202", "141203", "141204", "141299")
    }
    assert kinds == {
        "141201": "university", "141202": "middle", "141203": "primary", "141204": "kindergarten",
        "141299": "school",
    }  # fmt: skip
    assert kind_of_typecode("061210") is None


def test_convenience_shops_only_may_sell_tobacco() -> None:
    assert is_proxy_typecode("060200")
    assert is_proxy_typecode("060401|050000")
    assert not is_proxy_typecode("061210|060200")
    assert not is_proxy_typecode("050000")


def test_memory_is_marked_as_unverified() -> None:
    assert not entries_of_typecode("991000")[0].verified
    assert entries_of_typecode("061210")[0].verified


def test_types_in_words() -> None:
    assert themes_of_type_text("购物服务;专卖店;烟酒专卖店") == {
        "tobacco_retailer",
        "alcohol_retailer",
    }
    assert themes_of_type_text("休闲娱乐;网吧") == {"internet_cafe"}
    assert themes_of_type_text("教育培训;幼儿园") == {"school"}
    assert themes_of_type_text("美食;中餐厅") == {"caterer"}
    assert themes_of_type_text("医疗;诊所") == set()
    assert kind_of_type_text("科教文化服务;学校;小学") == "primary"
    assert kind_of_type_text("美食") is None
