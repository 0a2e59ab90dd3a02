"""The files of the field page: what a browser fetches without the person's cookie."""

from __future__ import annotations

import re

from ui.field import shell


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
    assert {shell.WORKER, *(f"/field/{name}" for name in found)} == shell.OPEN_PATHS


def test_without_sending_the_worker_is_a_plain_script() -> None:
    assert _imports(shell.worker()) == set()
