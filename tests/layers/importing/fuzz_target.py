"""What a damaged file is given to: the whole import command, with settings drawn from its bytes."""

from __future__ import annotations

import contextlib
import io
import json
import zlib
from pathlib import Path

from layers.__main__ import main
from layers.importing.report import report_from_dict
from layers.layer import read_layer

_THEMES = (
    "tobacco_retailer",
    "school",
    "tobacco_licence",
    "school_gate",
    "place",
    "business_registration",
)
_MORE: tuple[list[str], ...] = (
    ["--personal", "mask"],
    ["--all-rows"],
    ["--far", "keep"],
    ["--where", "名称~店"],
    ["--keep-column", "name"],
    [],
)
_DATUMS: tuple[list[str], ...] = (
    ["--datum", "wgs84"],
    ["--datum", "gcj02"],
    ["--datum", "wgs84"],
    ["--datum", "bd09"],
    [],
)


def bring_in(path: Path) -> str:
    """Import the file by the command; a layer and its report, or an error and nothing on disk."""
    draw = zlib.crc32(path.read_bytes())
    out = path.parent / "out"
    arguments = ["import", str(path), "--out", str(out / "layer.parquet"), "--report", str(out / "r.json"), "--no-keep",
                 "--theme", _THEMES[draw % 6], *_MORE[draw // 6 % 6], *_DATUMS[draw // 36 % 5]]  # fmt: skip
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(arguments)
    left = sorted(p.name for p in out.rglob("*")) if out.exists() else []
    if code != 0:
        assert left == [], left
        assert "Remedy:" in said.getvalue() or "report" in said.getvalue().lower()
        return "error"
    kept = [f"0001.{end}" for end in ("json", "parquet", "report.json")]
    assert left == [*kept, "layer", "layer.parquet", "r.json", "versions"], left
    report = report_from_dict(json.loads((out / "r.json").read_text(encoding="utf-8")))
    layer = read_layer(out / "layer.parquet")
    assert report.balanced
    assert (len(layer), len(layer.unplaced)) == (report.rows_out, report.unplaced)
    return "table"
