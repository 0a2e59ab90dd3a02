"""200,000 leads: taking them in, and how fast lists, map windows and cards answer, on both stores.

`python -m benchmarks.leads [--leads 200000] [--rounds 15] [--stores sqlite postgis]`. The findings
are invented: shops of a province in clusters, eight checks, properties as long as real ones.
PostgreSQL with PostGIS is started for the run; nothing outside is touched.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._harness import RESULTS, machine, versions
from leads.runs.ingest import ingest
from leads.store import Box, Filter, card, count_by, in_window, lead_ids, list_leads
from leads.yields import yields
from office import Actor, Database
from office.verify import verify
from tests.stores import start_server

WHO = Actor("王检", ("prosecutor",))
CHECKS = ("tobacco-near-school", "ecigarette-near-school", "alcohol-near-school", "bar-near-school",
          "lottery-near-school", "entertainment-near-school", "internet-cafe-near-school",
          "caterer-licence")  # fmt: skip
WEST, SOUTH, EAST, NORTH = 105.0, 26.0, 109.0, 29.0
TOWNS = 400
SEED = 20261122


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument(
        "--stores", nargs="+", default=["sqlite", "postgis"], choices=["sqlite", "postgis"]
    )
    given = parser.parse_args()
    RESULTS.mkdir(parents=True, exist_ok=True)
    print(machine())
    print(versions("sqlalchemy", "psycopg"))
    with tempfile.TemporaryDirectory(dir=RESULTS) as work:
        first, later = Path(work) / "first.geojson", Path(work) / "later.geojson"
        towns = write_findings_file(first, given.leads)
        write_findings_file(later, given.leads, moved=True)
        print(f"{given.leads} findings, {first.stat().st_size / 1e6:.0f} MB")
        for kind in given.stores:
            server = start_server() if kind == "postgis" else None
            url = server.url(server.make()) if server else str(Path(work) / "leads.sqlite")
            try:
                _measure(kind, url, first, later, towns, given.rounds)
            finally:
                if server:
                    server.stop()
    return 0


def _measure(kind: str, url: str, first: Path, later: Path, towns: np.ndarray, rounds: int) -> None:
    db = Database.open(url)
    print(f"\n{kind}\n{'':32s} {'median ms':>10s} {'worst ms':>10s}")
    for name, file, at in (("taken in", first, "2026-07-01"), ("same again", first, "2026-07-02"),
                           ("5 % different", later, "2026-07-03")):  # fmt: skip
        start = time.perf_counter()
        report = ingest(db, file, actor=WHO, at=f"{at}T00:00:00Z")
        told = {
            change: report.count(change) for change in ("new", "changed", "unchanged", "vanished")
        }
        print(f"{name:32s} {time.perf_counter() - start:8.1f} s  {told}", flush=True)
    rng = np.random.default_rng(1)
    ids = lead_ids(db, actor=WHO)
    for name, ask in _questions(db, towns, ids, rng).items():
        ask()
        took = []
        for _ in range(rounds):
            start = time.perf_counter()
            ask()
            took.append(1000 * (time.perf_counter() - start))
        print(f"{name:32s} {statistics.median(took):10.1f} {max(took):10.1f}", flush=True)
    start = time.perf_counter()
    result = verify(db)
    print(
        f"{'history verified':32s} {time.perf_counter() - start:8.1f} s  {result.events} events, ok {result.ok}"
    )
    db.close()


def _questions(
    db: Database, towns: np.ndarray, ids: list[str], rng: np.random.Generator
) -> dict[str, Callable[[], object]]:
    def town(half: float) -> Box:
        lon, lat = towns[rng.integers(len(towns))]
        return lon - half, lat - half, lon + half, lat + half

    two = Filter(checks=CHECKS[:2], verdicts=["inside"])
    return {
        "list, first page by score": lambda: list_leads(db, actor=WHO),
        "list, page 2001 by score": lambda: list_leads(db, actor=WHO, offset=100_000),
        "list, by name": lambda: list_leads(db, actor=WHO, sort="name", ascending=True),
        "filter: check and state": lambda: list_leads(
            db, Filter(checks=[CHECKS[0]], states=["registered"]), actor=WHO
        ),
        "filter: two checks, verdict": lambda: list_leads(db, two, actor=WHO),
        "filter: changed in the last run": lambda: list_leads(
            db, Filter(changes=["changed"]), actor=WHO
        ),
        "filter: words in name, address": lambda: list_leads(
            db, Filter(words="福顺1234"), actor=WHO
        ),
        "filter: admin code, score": lambda: list_leads(
            db, Filter(admin_code="5202", score_from=60.0), actor=WHO
        ),
        "window of a town (2 km)": lambda: in_window(db, town(0.01), actor=WHO),
        "window of a county (40 km)": lambda: in_window(db, town(0.2), actor=WHO),
        "window of the province": lambda: in_window(db, (WEST, SOUTH, EAST, NORTH), actor=WHO),
        "window, filtered": lambda: in_window(db, town(0.2), two, actor=WHO),
        "card": lambda: card(db, ids[rng.integers(len(ids))], actor=WHO),
        "counts per state": lambda: count_by(db, "state", actor=WHO),
        "yield per check": lambda: yields(db, actor=WHO),
    }


def write_findings_file(path: Path, count: int, *, moved: bool = False) -> np.ndarray:
    """A run's file as `checks.write_findings` lays it out; returns the middle of every town."""
    rng = np.random.default_rng(SEED)
    towns = np.column_stack([rng.uniform(WEST, EAST, TOWNS), rng.uniform(SOUTH, NORTH, TOWNS)])
    town = rng.integers(TOWNS, size=count)
    places = towns[town] + rng.normal(0, 0.008, (count, 2))
    measured = rng.uniform(5, 100, count)
    if moved:
        places = places + 2e-5
    run = {"version": "0.1.0", "checks": list(CHECKS), "on_date": "2026-07-02" if moved else "2026-06-30",
           "rules": "demo", "rules_sha256": "b" * 64, "no_data": [], "undecided": [], "failures": [],
           "layers": []}  # fmt: skip
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(
            '{"type": "FeatureCollection",\n"yicha": ' + json.dumps(run) + ',\n"features": ['
        )
        for number, feature in enumerate(_features(places, town, measured, moved)):
            stream.write((",\n" if number else "\n") + json.dumps(feature, ensure_ascii=False))
        stream.write("\n]}\n")
    return towns


def _features(
    places: np.ndarray, town: np.ndarray, measured: np.ndarray, moved: bool
) -> Iterator[dict[str, Any]]:
    rule = {"id": "demo:r", "value": 100, "unit": "m", "comparator": "<=", "in_force_from": "2021-06-01",
            "in_force_to": "9999-12-31", "document": {"title": "演示县烟草制品零售点合理布局规定（虚构）"},
            "article": "7", "verified": False}  # fmt: skip
    layers = [{"theme": theme, "sha256": "a" * 64, "rows": 100_000, "source": "生成数据", "datum": "gcj02"}
              for theme in ("tobacco_retailer", "school", "school_gate", "tobacco_licence", "walking")]  # fmt: skip
    for number, (lon, lat) in enumerate(places):
        point = [round(float(lon), 8), round(float(lat), 8)]
        value = round(float(measured[number]), 4)
        reasons = [{"zh": f"最短步行路径：自第{number % 700}小学正门量起 {value:.1f} m，测得区间 {value - 12:.1f}–{value + 12:.1f} m",
                    "en": f"shortest walkable path: {value:.1f} m from the main gate of school {number % 700}"}] * 3  # fmt: skip
        yield {"type": "Feature",
               "geometry": {"type": "LineString", "coordinates": [[point[0], point[1] + 0.0005], point]},
               "properties": {
                   "check": CHECKS[number % len(CHECKS)], "rule": "demo:r", "unit": "m", "comparator": "<=",
                   "verdict": "borderline" if value > 88 else "inside", "measured": value, "limit": 100.0,
                   "method": "walk_shortest", "error_band": 12.0, "subject_id": f"B{number:07d}",
                   "subject_name": f"福顺{number}烟酒店", "subject_theme": "tobacco_retailer",
                   "object_id": f"w{number % 700}", "object_name": f"第{number % 700}小学",
                   "object_theme": "school", "licence_class":
                       "expired_but_trading" if moved and number % 20 == 0 else "issued_after_rule",
                   "facts": {"walk_m": value, "licence_no": f"52{number:010d}", "licence_status": "valid",
                             "first_issued": "2024-12-10", "valid_to": "2029-12-09", "source_row": number},
                   "rule_text": rule, "layers": layers, "texts": {"reasons": reasons},
                   "subject": {"address": f"第{town[number]}镇中心街{number % 300}号",
                               "admin_code": f"{520201 + int(town[number]) % 90}",
                               "credit_code": None, "licence_no": None, "u_source_m": 8.0, "point": point,
                               "geometry": {"type": "Point", "coordinates": point}}}}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
