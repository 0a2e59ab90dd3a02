"""The table of themes is complete and bilingual."""

import pytest

from layers.errors import LayerError
from layers.themes import SHOP_THEMES, THEMES, Theme, theme

every_theme = pytest.mark.parametrize("entry", THEMES.values(), ids=list(THEMES))


@every_theme
def test_titles_and_columns_are_bilingual(entry: Theme) -> None:
    assert entry.zh
    assert entry.en
    assert entry.shapes
    for column in entry.all_columns:
        assert column.zh
        assert column.en


@every_theme
def test_column_names_do_not_repeat(entry: Theme) -> None:
    names = [column.name for column in entry.all_columns]
    assert len(names) == len(set(names))


def test_an_unknown_theme_or_column_names_the_known_ones() -> None:
    with pytest.raises(LayerError, match="tobacco_retailer"):
        theme("tobaco")
    with pytest.raises(LayerError, match="kind"):
        theme("school").column("sort")


def test_shops_are_what_perimeter_checks_ask_for() -> None:
    assert {"tobacco_retailer", "bar", "hotel", "internet_cafe"} <= set(SHOP_THEMES)
    assert "school" not in SHOP_THEMES
