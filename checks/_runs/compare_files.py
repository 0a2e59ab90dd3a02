"""What two runs say differently, as a file that leaves the program: CSV to read, GeoJSON for a map."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from checks._records import verdict_words
from checks._runs.compare import DIFFERENCES, Comparison, Difference
from checks._text import Text
from layers.atomic import write_text
from layers.errors import RuleError
from layers.safe_csv import csv_text

_HEAD: Mapping[str, Text] = {
    "kind": Text("差别", "difference"), "check": Text("检查", "check"), "subject_id": Text("对象编号", "subject"),
    "name": Text("名称", "name"), "before": Text("较早结论", "verdict before"), "after": Text("较晚结论", "verdict after"),
    "what": Text("变化的内容", "what changed"), "lon": Text("经度 WGS84", "longitude WGS 84"),
    "lat": Text("纬度 WGS84", "latitude WGS 84"),
}  # fmt: skip


def write_comparison(found: Comparison, path: str | Path, lang: str = "zh") -> Path:
    """Write every difference to `path`, `.csv` (in `lang`) or `.geojson` (codes); raises `RuleError`."""
    target = Path(path)
    if target.suffix == ".csv":
        rows = (_row(one, lang) for one in found.differences)
        # The mark by which spreadsheets know UTF-8.
        return write_text(
            target, "\ufeff" + csv_text([one.of(lang) for one in _HEAD.values()], rows)
        )
    if target.suffix == ".geojson":
        told = found.as_dict()
        features = [{"type": "Feature", "properties": one,
                     "geometry": None if one["lon"] is None else {"type": "Point", "coordinates": [one["lon"], one["lat"]]}}
                    for one in told.pop("differences")]  # fmt: skip
        content = {"type": "FeatureCollection", "yicha": told, "features": features}
        return write_text(target, json.dumps(content, ensure_ascii=False) + "\n")
    raise RuleError(f"no file of differences is called {target.suffix or target.name}", file=target,
                    remedy="name it .csv or .geojson")  # fmt: skip


def _row(one: Difference, lang: str) -> tuple[object, ...]:
    verdicts = [verdict_words(v, one.unit).of(lang) if v else "" for v in (one.before, one.after)]
    what = "; ".join(f"{name}: {pair[0]} → {pair[1]}" for name, pair in one.what.items())
    return (DIFFERENCES[one.kind].of(lang), one.check, one.subject_id, one.name, *verdicts, what, one.lon, one.lat)  # fmt: skip
