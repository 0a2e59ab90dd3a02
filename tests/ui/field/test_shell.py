"""The files of the field page: what a browser fetches without the person's cookie."""

from __future__ import annotations

import json
import re
import struct

from ui.field import shell
from ui.texts import LANGUAGES


def _imports(script: str) -> set[str]:
    return set(re.findall(r'^import .* from "\./([\w.]+)";', script, flags=re.MULTILINE))


def test_the_worker_needs_only_scripts_that_are_answered_to_everybody() -> None:
    files, found = shell.files(), set()
    waiting = _imports(shell.worker(sends=True))
    assert waiting
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= _imports(files[name].decode()) - found
    assert found == set(shell.MODULES)
    assert {
        shell.WORKER,
        *(f"/field/{name}" for name in (*found, *shell.ICONS)),
    } == shell.OPEN_PATHS


def test_the_phone_installs_it_under_its_name_in_either_language() -> None:
    files = shell.files()
    told = [json.loads(files[f"manifest.{lang}.webmanifest"]) for lang in LANGUAGES]
    assert [(one["name"], one["lang"]) for one in told] == [
        ("益察 · 外勤", "zh"),
        ("Yicha · field", "en"),
    ]
    for icon in (icon for one in told for icon in one["icons"]):
        assert icon["src"] in shell.ICONS
        if icon["type"] == "image/png":
            width, height = struct.unpack(">II", files[icon["src"]][16:24])
            assert icon["sizes"] == f"{width}x{height}"


def test_without_sending_the_worker_is_a_plain_script() -> None:
    assert _imports(shell.worker()) == set()
