"""Lay overlapping drone photos together as one preview picture: not an orthophoto, not to measure in.

Give files, or ids of scenes with --store; with --store and no --out the preview is kept in the
store as derived from the first scene named.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from imagery.shell_words import add_language, language_of
from imagery.store import Store
from layers.errors import ImageryError

if TYPE_CHECKING:
    from imagery.photos.mosaic import MosaicFacts


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("photos", nargs="+", metavar="PHOTO|ID", help="photos, or ids of scenes")
    parser.add_argument("--store", type=Path, metavar="DIR", help="imagery store of the ids")
    parser.add_argument("--out", type=Path, metavar="FILE", help="GeoTIFF to write")
    parser.add_argument("--gsd", type=float, metavar="M", help="pixel size in metres")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Draw the preview and say how well the photos lie on each other."""
    from imagery.photos.mosaic import ROLE, mosaic  # matching is loaded only by those who match

    if arguments.gsd is not None and not arguments.gsd > 0:
        raise ImageryError("the pixel size is not positive", field="--gsd",
                           remedy="give metres, such as 0.05")  # fmt: skip
    store = Store.open(arguments.store, create=False) if arguments.store else None
    paths = [_original(name, store) for name in arguments.photos]
    english = language_of(arguments) == "en"
    if arguments.out is not None:
        facts = mosaic(paths, arguments.out, gsd_m=arguments.gsd, progress=_progress)
        print("\n".join(_lines(facts, str(arguments.out), english)))
        return 0
    if store is None or Path(arguments.photos[0]).is_file():
        raise ImageryError("there is nowhere to put the preview", field="--out",
                           remedy="give --out FILE, or ids of scenes with --store")  # fmt: skip
    with tempfile.TemporaryDirectory() as work:
        made = Path(work) / "preview.tif"
        facts = mosaic(paths, made, gsd_m=arguments.gsd, progress=_progress)
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        kept = store.add_derived(arguments.photos[0], ROLE, made, {**facts.lineage, "at": now})
    print("\n".join(_lines(facts, str(kept), english)))
    return 0


def _original(name: str, store: Store | None) -> Path:
    path = Path(name)
    if store is None or path.is_file():
        return path
    return store.original(name)


def _lines(facts: MosaicFacts, where: str, english: bool) -> list[str]:
    from imagery.photos.mosaic import NOT_AN_ORTHOPHOTO

    zh, _, en = NOT_AN_ORTHOPHOTO.partition(" / ")
    f = facts
    if english:
        lines = [
            f"{where}: {en}",
            (
                f"{f.photos} photos, {f.ties} shared places, {f.width} × {f.height} pixels of "
                f"{f.gsd_m:.3f} m"
            ),
            (
                f"the same place in two photos lies apart by {f.before_m:.2f} m as written, "
                f"{f.residual_m:.2f} m in the preview (median; 90 % within {f.residual_p90_m:.2f} m)"
            ),
            f"position ±{f.u_m:.1f} m (95 %), scale {f.scale:.3f}",
        ]
    else:
        lines = [
            f"{where}: {zh}",
            (
                f"{f.photos} 张照片, {f.ties} 个同名点, {f.width} × {f.height} 像素, 每像素 "
                f"{f.gsd_m:.3f} 米"
            ),
            (
                f"同一地物在两张照片中的位置差(中位数): 平差前 {f.before_m:.2f} 米, 平差后 "
                f"{f.residual_m:.2f} 米(90% 不超过 {f.residual_p90_m:.2f} 米)"
            ),
            f"位置误差 ±{f.u_m:.1f} 米(95%), 比例 {f.scale:.3f}",
        ]
    turned = ", ".join(f"{name}: {off:.0f}°" for name, off in f.off_deg.items())
    if turned:
        lines.append(f"headings mended: {turned}" if english else f"航向已改正: {turned}")
    return lines


def _progress(done: int, total: int, name: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{100 * done // max(total, 1):3d} %  {name[-60:]}")
        sys.stderr.flush()
