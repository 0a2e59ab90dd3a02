"""The kinds of heavy work: name → `module:function`, loaded by the worker's process only.

A function takes the order (plain JSON, with `store`, `at` and what was asked), `tell` (call it with
`{"done": n, "total": m, "name": words}` as the work goes on) and `stopped` (ask it between two steps).
It returns a report of plain JSON types with `cancelled`; a `YichaError` is shown with its remedy.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, cast

Tell = Callable[[dict[str, Any]], None]
Work = Callable[[dict[str, Any], Tell, Callable[[], bool]], dict[str, Any]]
TASKS = {
    "detect": "ui.confirm.search:search",
}


def work_of(name: str) -> Work:
    """The function of a kind of work; `KeyError` for one that is not there."""
    module, _, function = TASKS[name].partition(":")
    return cast("Work", getattr(import_module(module), function))
