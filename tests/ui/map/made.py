"""A table of marks in the making."""

from __future__ import annotations

from typing import Any

import pandas as pd

from leads.views.on_map import COLUMNS
from ui.map.table import Marks, of_leads


def lead(number: int, **values: Any) -> dict[str, Any]:
    """A row as the store gives it."""
    lon, lat = values.pop("at", (109.0 + number / 1e4, 27.0))
    row = dict.fromkeys([*COLUMNS, "since"]) | {
        "id": f"L{number}", "number": f"YC-{number}", "check_id": "tobacco-near-school", "verdict": "inside",
        "state": "registered", "presence": "seen", "subject_id": f"S{number}", "subject_name": f"店{number}", "score": 50.0, "since": "2026-06-30",
        "west": lon, "east": lon, "south": lat, "north": lat,
    }  # fmt: skip
    return row | values


def marks(*rows: dict[str, Any]) -> Marks:
    """The table of these leads."""
    return of_leads(pd.DataFrame(list(rows), columns=[*COLUMNS, "since"]))
