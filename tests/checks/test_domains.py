"""Every check has its field of work, and is found by the words a person would type."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks import by_domain, catalogue, domain_of, domains
from layers.errors import RuleError


def test_every_check_stands_in_one_field() -> None:
    found = by_domain(catalogue().values())
    assert sorted(one.check.id for those in found.values() for one in those) == sorted(catalogue())
    assert "other" not in found  # a new check without a field belongs into data/words/domains.toml
    assert domain_of("something-new") == "other"
    assert list(found) == [name for name in domains() if name in found]


@pytest.mark.parametrize(("text", "check"), [
    ("烟草", "tobacco-near-school"), ("TOBACCO school", "tobacco-near-school"), ("未成年人保护法 网吧", "internet-cafe-near-school"),
    ("wage", "wage-deposit"), ("fire-lane", "fire-lane-blocked"), ("ＢＡＲ", "bar-near-school"),
])  # fmt: skip
def test_found_by_words(text: str, check: str) -> None:
    assert check in {
        one.check.id for those in by_domain(catalogue().values(), text).values() for one in those
    }


def test_nothing_fits() -> None:
    assert by_domain(catalogue().values(), "xyzzy") == {}


def test_a_broken_file_names_itself(tmp_path: Path) -> None:
    for number, text in enumerate(("", "[a", "[a]\nzh = 'x'\n")):
        file = tmp_path / f"{number}.toml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(RuleError):
            domain_of("x", file)
