"""No name that is let through leads out of the folder, on any system."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

from hypothesis import given
from hypothesis import strategies as st

from imagery.guard import DEFAULT_LIMITS
from imagery.guard.names import folded, name_problem, repaired_name

PARTS = st.sampled_from(["..", ".", "", "a", "CON", "a.jpg", "C:", "\\", "//", "~", " ", "\u2024", "\u202e", "六枝",
                         "nul.txt", "a.", "$x", "%TEMP%", "\uff0e\uff0e", "\uff0f"])  # fmt: skip
NAMES = st.one_of(
    st.text(max_size=40),
    st.lists(PARTS, max_size=6).map("/".join),
    st.lists(PARTS, max_size=6).map("".join),
)


@given(NAMES)
def test_what_passes_stays_inside(raw: str) -> None:
    name = repaired_name(raw, utf8=True)
    if name_problem(name, DEFAULT_LIMITS) is not None:
        return
    root = Path("root").resolve()
    assert (root / name).resolve().is_relative_to(root)
    windows = PureWindowsPath(name)
    assert not windows.is_absolute()
    assert not windows.drive
    assert not windows.root
    assert ".." not in windows.parts
    assert all(sign.isprintable() or sign.isspace() for sign in name)


@given(st.text(alphabet="aAbBzZéÉ六枝ａＡ/.", max_size=20))
def test_names_that_differ_in_case_fold_together(name: str) -> None:
    assert folded(name.upper()) == folded(name.lower()) == folded(folded(name))


def test_gbk_names_are_repaired_and_others_left() -> None:
    mangled = "六枝.jpg".encode("gbk").decode("cp437")
    assert repaired_name(mangled, utf8=False) == "六枝.jpg"
    assert repaired_name("六枝.jpg", utf8=True) == "六枝.jpg"
    assert repaired_name("a\\b.jpg", utf8=True) == "a/b.jpg"
