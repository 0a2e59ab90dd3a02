"""`build_imagery`: the flights over the county as files, and the store they come into."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from shapely import Polygon

from demo.county import County, draw_county
from demo.frame import to_lonlat
from demo.imagery.canvas import Canvas
from demo.imagery.files import (
    tile_canvas,
    tile_grid,
    write_jpeg_world,
    write_tiff,
    write_tiles,
    write_zip,
)
from demo.imagery.photos import Shot, fly
from demo.imagery.satellite import write_satellite
from demo.imagery.search import search
from demo.imagery.sites import AFTER, BEFORE, SUN, Site, paint, sites
from demo.imagery.things import blob
from demo.imagery.truth import imagery_truth
from imagery.ingest import ingest
from imagery.scene import Stated
from imagery.store import Store
from layers.errors import ImageryError

GK3, UTM, CGCS2000 = "EPSG:4545", "EPSG:32649", "EPSG:4490"
ZOOM = 19
MISPLACED_M = (3.2, -2.1)
"""How far east and north the later flight over the shore says it lies off: nobody laid it straight."""
MOMENTS = {BEFORE: "2025:10:18 10:20:00", AFTER: "2026:05:21 10:30:00"}
RECEIVED = "2026-06-01T09:00:00+08:00"
ROOT = Path(__file__).resolve().parent.parent.parent
Files = dict[str, dict[str, Any]]


def build_imagery(out: Path, seed: int) -> bool:
    """Draw `out/flights` with its truth and take it into the store `out/imagery`.

    Returns `False` where both were there already, unchanged: files are drawn anew only where the
    drawing changed, the store wherever imagery did. Each is made beside its place and put there
    at the end. Raises `ImageryError` where the ingest refuses a file of its own demo.
    """
    flights, store = out / "flights", out / "imagery"
    drawn = _unless(
        flights, flights / "stamp.txt", _stamp(seed, DRAWING),
        lambda folder: write_flights(folder, draw_county(str(seed))),
    )  # fmt: skip
    taken = _unless(
        store, out / "imagery.stamp", _stamp(seed, (*DRAWING, *READING)),
        lambda folder: _take_in(flights, folder),
    )  # fmt: skip
    return drawn or taken


def _unless(folder: Path, stamp: Path, said: str, make: Callable[[Path], None]) -> bool:
    """Make a folder, all or nothing, unless its stamp says that it is this one already."""
    if folder.is_dir() and stamp.is_file() and stamp.read_text(encoding="utf-8") == said:
        return False
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    make(partial)
    stamp.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(partial, folder)
    stamp.write_text(said, encoding="utf-8", newline="\n")
    return True


def write_flights(folder: Path, county: County) -> None:
    """All files and `truth.json` into `folder`."""
    places = {site.name: site for site in sites(county.world)}
    files = _shore(folder, places["shore"], county) | _estate(folder, places["estate"], county)
    files |= _bank(folder, places["bank"], county) | _farm(folder, places["farm"], county)
    shots = _photos(folder, places["shore"], county)
    files["photos_20260521.zip"] = {"site": "shore", "day": AFTER, "crs": None}
    opened = blob((3000.0, 5100.0), 42_000.0, 91)
    for season, day in enumerate((BEFORE, AFTER)):
        name = f"county_10m_{day.replace('-', '')}.tif"
        bare = opened if day == AFTER else Polygon()
        write_satellite(folder / name, county, season, MOMENTS[day], bare)
        files[name] = {"site": "county", "day": day, "crs": UTM}
    truth = imagery_truth(tuple(places.values()), files, shots, opened)
    text = json.dumps(truth, ensure_ascii=False, indent=1)
    (folder / "truth.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def _shore(folder: Path, site: Site, county: County) -> Files:
    """Orthophotos of the survey office, the later one laid a little off."""
    told: Files = {}
    for day, moved in ((BEFORE, (0.0, 0.0)), (AFTER, MISPLACED_M)):
        name = f"shore_{day.replace('-', '')}.tif"
        write_tiff(
            folder / name, _painted(site, county, day, 0.125, GK3), MOMENTS[day], moved_m=moved
        )
        told[name] = {"site": site.name, "day": day, "crs": GK3, "moved_m": list(moved)}
    return told


def _estate(folder: Path, site: Site, county: County) -> Files:
    """A GeoTIFF from one program, a JPEG with a world file from another."""
    names = {day: f"estate_{day.replace('-', '')}" for day in (BEFORE, AFTER)}
    write_tiff(
        folder / f"{names[BEFORE]}.tif", _painted(site, county, BEFORE, 0.08, UTM), MOMENTS[BEFORE]
    )
    write_jpeg_world(folder / f"{names[AFTER]}.jpg", _painted(site, county, AFTER, 0.08, GK3))
    return {
        f"{names[BEFORE]}.tif": {"site": site.name, "day": BEFORE, "crs": UTM},
        f"{names[AFTER]}.jpg": {"site": site.name, "day": AFTER, "crs": GK3},
    }


def _bank(folder: Path, site: Site, county: County) -> Files:
    """A zip of map tiles, then a GeoTIFF in degrees."""
    lon, lat = to_lonlat(np.array([site.middle]))[0].tolist()
    grid = tile_grid((lon, lat), site.size_m, ZOOM)
    canvas = tile_canvas(grid, ZOOM, seed=_seed(site), sun=SUN[BEFORE])
    write_tiles(
        folder / "bank_20251018_tiles.zip", paint(site, county.world, canvas, BEFORE), grid, ZOOM
    )
    later = _painted(site, county, AFTER, 0.25, CGCS2000)
    write_tiff(folder / "bank_20260521.tif", later, MOMENTS[AFTER])
    return {"bank_20251018_tiles.zip": {"site": site.name, "day": BEFORE, "crs": None},
            "bank_20260521.tif": {"site": site.name, "day": AFTER, "crs": CGCS2000}}  # fmt: skip


def _farm(folder: Path, site: Site, county: County) -> Files:
    told: Files = {}
    for day in (BEFORE, AFTER):
        name = f"farm_{day.replace('-', '')}.tif"
        write_tiff(folder / name, _painted(site, county, day, 0.2, GK3), MOMENTS[day])
        told[name] = {"site": site.name, "day": day, "crs": GK3}
    return told


def _photos(folder: Path, site: Site, county: County) -> list[Shot]:
    dump = site.planted[0].outline.centroid
    canvas = Canvas.around(
        (dump.x, dump.y), (160.0, 140.0), 0.06, GK3, seed=_seed(site), sun=SUN[AFTER]
    )
    shots = fly(paint(site, county.world, canvas, AFTER), (dump.x, dump.y), _seed(site))
    write_zip(folder / "photos_20260521.zip", {shot.name: shot.data for shot in shots})
    return shots


def _painted(site: Site, county: County, day: str, pixel: float, crs: str) -> Canvas:
    canvas = Canvas.around(site.middle, site.size_m, pixel, crs, seed=_seed(site), sun=SUN[day])
    return paint(site, county.world, canvas, day)


def _seed(site: Site) -> int:
    return sum(map(ord, site.name))


def _take_in(flights: Path, folder: Path) -> None:
    """Everything through the same door as a user's files, with what a person would state."""
    store = Store.open(folder)
    for pattern, stated in STATED.items():
        report = ingest(
            sorted(flights.glob(pattern)), store, received=RECEIVED, stated=stated,
            collector="演示 demo", second="演示 demo", generated=True,
        )  # fmt: skip
        if report.refused:
            raise ImageryError(f"the demo's own files were refused: {report.text('en')}",
                               remedy="this is an error of the program: report it")  # fmt: skip
    search(store, RECEIVED)


_ZONE = "+08:00"
STATED = {
    "shore_*.tif": Stated(zone=_ZONE, kind="orthophoto", platform="drone", u_m=4.0),
    "estate_*.tif": Stated(zone=_ZONE, kind="orthophoto", platform="drone", u_m=0.3),
    "estate_*.jpg": Stated(taken="2026-05-21T10:30:00", zone=_ZONE, kind="orthophoto", platform="drone", u_m=0.3),
    "bank_*_tiles.zip": Stated(taken="2025-10-18T10:20:00", zone=_ZONE, platform="drone", tile_scheme="xyz", u_m=0.5),
    "bank_*.tif": Stated(zone=_ZONE, kind="orthophoto", platform="drone", u_m=0.5),
    "farm_*.tif": Stated(zone=_ZONE, kind="orthophoto", platform="drone", u_m=0.5),
    "county_*.tif": Stated(zone=_ZONE, kind="satellite", platform="satellite", u_m=12.0),
    "photos_*.zip": Stated(),
}  # fmt: skip
"""What the person who handed the files in said about them."""


DRAWING = ("demo/*.py", "demo/imagery/*.py", "layers/datum/*.py")
READING = ("imagery/**/*.py", "imagery/**/*.toml")


def _stamp(seed: int, code: Iterable[str]) -> str:
    """Hash of the seed and of the code that something depends on."""
    digest = hashlib.sha256(str(seed).encode())
    for file in sorted(path for pattern in code for path in ROOT.glob(pattern)):
        digest.update(file.relative_to(ROOT).as_posix().encode())
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return f"seed {seed} {digest.hexdigest()}\n"
