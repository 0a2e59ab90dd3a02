"""`python -m layers convert` as people type it."""

from __future__ import annotations

import io
import sys

import pytest

from layers.__main__ import main


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["convert", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_one_coordinate_with_twelve_decimals(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "--from", "gcj02", "--to", "wgs84", "105.4812", "26.2139")
    assert (code, out) == (0, "105.477813524030 26.217209625958\n")


@pytest.mark.parametrize(
    ("lon", "lat"), [("-75.16", "39.95"), ("-75", "-39"), (".5", "-.5"), ("-1.5e1", "-4e0")]
)
def test_negative_numbers_are_numbers(
    capsys: pytest.CaptureFixture[str], lon: str, lat: str
) -> None:
    code, out, _ = _run(capsys, "--from", "wgs84", "--to", "gcj02", lon, lat)
    assert code == 0
    assert [float(word) for word in out.split()] == [float(lon), float(lat)]


def test_lines_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\ufeff105.4812 26.2139\n\n105.4812,26.2139\n105.4812\t26.2139\r\n"
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(text))
        code, out, _ = _run(capsys, "--from", "gcj02", "--to", "wgs84")
    assert code == 0
    assert out.splitlines() == ["105.477813524030 26.217209625958"] * 3


@pytest.mark.parametrize("bad", ["x 26", "105", "105 26 3", "nan 26", "105 inf"])
def test_a_bad_line_is_named_and_nothing_is_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, bad: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(f"105 26\n\n{bad}\n"))
        code, out, err = _run(capsys, "--from", "gcj02", "--to", "wgs84")
    assert (code, out) == (1, "")
    assert "row 3" in err
    assert "Remedy" in err


def test_a_coordinate_the_datum_cannot_hold_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO("\n105 26\n26 105\n"))
        code, out, err = _run(capsys, "--from", "gcj02", "--to", "wgs84")
    assert (code, out) == (1, "")
    assert "row 3" in err
    assert "exchanged" in err


def test_planes_in_and_out_and_the_exchange_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = _run(capsys, "--from", "cgcs2000-gk3", "--to", "wgs84",
                       "35548089.40991611", "2900621.67833082")  # fmt: skip
    assert (out, err) == ("105.481200000000 26.213900000000\n", "")
    _, again, note = _run(capsys, "--from", "cgcs2000-gk3", "--to", "wgs84",
                          "2900621.67833082", "35548089.40991611")  # fmt: skip
    assert again == out
    assert "X = north" in note


@pytest.mark.parametrize("datum", ["xian80", "epsg:4214", "unknown", "foo"])
def test_refusal_ends_with_1_and_the_remedy(capsys: pytest.CaptureFixture[str], datum: str) -> None:
    for arguments in (("--from", datum, "--to", "wgs84"), ("--from", "wgs84", "--to", datum)):
        code, out, err = _run(capsys, *arguments, "105", "26")
        assert (code, out) == (1, "")
        assert "Remedy" in err


def test_a_place_outside_the_target_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _run(capsys, "--from", "wgs84", "--to", "cgcs2000-gk3", "-75", "39")
    assert code == 1
    assert "not defined" in err
