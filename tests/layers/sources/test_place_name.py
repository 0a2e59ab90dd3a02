from __future__ import annotations

import inspect

import pytest

from layers.errors import SourceError
from layers.sources.place_name import SCHOOL_PERIMETER_TAGS, features_of_place


def test_offline_is_the_default_and_names_the_remedy() -> None:
    with pytest.raises(SourceError, match="needs the network") as caught:
        features_of_place("海淀区, 北京市")
    assert "online" in caught.value.remedy
    assert inspect.signature(features_of_place).parameters["online"].default is False


@pytest.mark.parametrize("name", ["", "   ", "x" * 500])
def test_a_place_without_a_name_asks_nobody(name: str) -> None:
    with pytest.raises(SourceError, match="no name"):
        features_of_place(name, online=True)


def test_the_tags_cover_the_school_perimeter() -> None:
    assert {"amenity", "shop", "leisure", "tourism", "barrier"} <= SCHOOL_PERIMETER_TAGS.keys()
