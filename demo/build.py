"""`build`: sources, layers and truth in one folder, all or nothing, and only when needed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import numpy as np

from demo.county import NAME_EN, NAME_ZH
from demo.frame import CENTRE, to_lonlat
from demo.imagery.lanes import Lanes, import_lanes, lanes_truth, write_lanes
from demo.intake import Desk, import_all, import_tables
from demo.law import RULES, RUN_DATE
from demo.reality.county import reality_of
from demo.reality.table import write_tables
from demo.scene import Play, stage
from demo.sources import write_sources
from demo.truth import truth_of
from demo.zones import Zones, import_zones, write_zones, zones_truth
from layers.errors import YichaError

SEED = 20260815
STAMP = "stamp.txt"
CARRIED = ("flights", "imagery", "imagery.stamp")
"""Scenes from the air lie in the county's folder; they have stamps of their own."""
ROOT = Path(__file__).resolve().parent.parent


def build(out: Path, seed: int = SEED) -> bool:
    """Make the demo county in `out`; returns `False` where it was there already, unchanged.

    Everything is made in a folder beside `out` and put in its place at the end: a kill leaves
    the old county or the new one. Raises `YichaError` when `out` cannot be replaced, and
    when it holds something else than a demo county.
    """
    partial, old = (out.with_name(f".{out.name}.{end}") for end in ("partial", "old"))
    _recover(out, old)
    stamp = stamp_of(seed)
    if (out / STAMP).is_file() and (out / STAMP).read_text(encoding="utf-8").strip() == stamp:
        return False
    if out.exists() and not (out / STAMP).is_file() and any(out.iterdir()):
        raise YichaError("the folder holds something else than a demo county",
                         remedy="choose another folder with --out, or empty it", file=out)  # fmt: skip
    shutil.rmtree(partial, ignore_errors=True)
    try:
        write_all(partial, seed)
        (partial / STAMP).write_text(stamp + "\n", encoding="utf-8", newline="\n")
        for name in CARRIED:
            if (out / name).exists():
                os.replace(out / name, partial / name)
        _swap(partial, out, old)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return True


def write_all(folder: Path, seed: int) -> None:
    """Sources, layers, reports, truth and what the map wants to know, into an empty folder."""
    play = stage(seed)
    ids = write_sources(folder / "sources", play)
    reality = reality_of(play, ids)
    write_tables(folder / "sources", reality.tables)
    zones = Zones(play.county.world)
    write_zones(folder / "sources", zones)
    lanes = Lanes(play.county.world)
    write_lanes(folder / "sources", lanes)
    desk = Desk(folder / "sources", folder / "layers", folder / "reports")
    counts = import_tables(desk, reality.tables, import_all(desk))
    counts = import_lanes(desk, import_zones(desk, counts))
    planted = reality.checks | zones_truth(zones) | lanes_truth(lanes)
    _write_json(folder / "truth.json", truth_of(play, ids, planted))
    _write_json(folder / "county.json", _about(play, counts))


def stamp_of(seed: int) -> str:
    """Hash of the seed and of all code and rules that the county depends on."""
    digest = hashlib.sha256(str(seed).encode())
    code = [file for part in ("demo", "layers") for file in (ROOT / part).rglob("*")]
    files = [*(file for file in code if file.suffix in (".py", ".toml")), RULES]
    for file in sorted(files):
        digest.update(file.relative_to(ROOT).as_posix().encode())
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return f"seed {seed} {digest.hexdigest()}"


def _about(play: Play, counts: dict[str, int]) -> dict[str, object]:
    outline = to_lonlat(np.array(play.county.outline.exterior.coords))
    return {
        "name": {"zh": NAME_ZH, "en": NAME_EN}, "generated": True, "seed": play.seed,
        "note": {"zh": "生成数据：地名、机构、人名和证号均为虚构", "en": "Generated data: every place, office, person and number is invented"},
        "centre": list(CENTRE), "bounds": [*outline.min(axis=0).tolist(), *outline.max(axis=0).tolist()],
        "on_date": RUN_DATE, "rules": "demo", "counts": counts,
    }  # fmt: skip


def _write_json(path: Path, content: dict[str, object]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _recover(out: Path, old: Path) -> None:
    """A kill between the two renames leaves the old county aside: put it back."""
    if old.exists() and not out.exists():
        os.replace(old, out)
    shutil.rmtree(old, ignore_errors=True)


def _swap(partial: Path, out: Path, old: Path) -> None:
    try:
        if out.exists():
            os.replace(out, old)
        os.replace(partial, out)
    except OSError as error:
        _recover(out, old)
        raise YichaError(
            f"the demo county cannot be replaced ({error.strerror or error})",
            remedy="close the programs that use it, or choose another folder with --out", file=out,
        ) from error  # fmt: skip
    shutil.rmtree(old, ignore_errors=True)
