"""Addresses that nothing answers: a page of our own for people, nothing in the way of scripts."""

from __future__ import annotations

import re

import pytest
from starlette.routing import Match

from ui.doors.nowhere import PAGES, ROUTE
from ui.settings import ROOT

PERSON = [(b"accept", b"text/html"), (b"sec-fetch-mode", b"navigate")]
SCRIPT = [(b"accept", b"*/*"), (b"sec-fetch-mode", b"cors")]


def met(path: str, headers: list[tuple[bytes, bytes]]) -> bool:
    scope = {"type": "http", "method": "GET", "path": path, "headers": headers, "root_path": ""}
    return ROUTE.matches(scope)[0] is not Match.NONE


def test_every_page_of_the_app_is_known() -> None:
    text = (ROOT / "ui" / "main.py").read_text(encoding="utf-8")
    drawn = re.findall(r"^    ([A-Z]+): st\.Page", text, re.MULTILINE)
    assert len(drawn) == len(PAGES)


@pytest.mark.parametrize("path", ["/nowhere", "/leads/deeper", "/auth/nothing", "/api/none"])
def test_a_person_is_told_that_there_is_nothing(path: str) -> None:
    assert met(path, PERSON)
    assert not met(path, SCRIPT)


@pytest.mark.parametrize("path", ["/", "/leads", "/leads/", "/_stcore/health", "/static/a.js"])
def test_what_is_there_is_left_alone(path: str) -> None:
    assert not met(path, PERSON)
