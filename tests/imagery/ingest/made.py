"""Small files of imagery, made up for tests: every kind that an ingest takes."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import numpy as np
import rasterio
from PIL import Image
from rasterio.transform import from_origin

OLD = 1_700_000_000
RECEIVED = "2026-06-30T18:00:00+08:00"
LON, LAT = 109.30, 27.60


def pixels(seed: int, size: int = 64, bands: int = 3) -> np.ndarray:
    """Smooth made-up colours, (bands, size, size) uint8, never 0."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(40, 220, (bands, 4, 4), dtype=np.uint8)
    return np.kron(coarse, np.ones((size // 4, size // 4), dtype=np.uint8))


def geotiff(
    path: Path, seed: int = 1, *, lon: float = LON, lat: float = LAT, crs: str | None = "EPSG:4326",
    taken: str | None = "2026-05-01T09:00:00+08:00", size: int = 64, **more: object,
) -> Path:  # fmt: skip
    """A georeferenced GeoTIFF of about `size` × 1 m with its corner at lon, lat."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options: dict[str, object] = {"compress": "deflate", **more}
    with rasterio.open(
        path, "w", driver="GTiff", width=size, height=size, count=3, dtype="uint8", crs=crs,
        transform=from_origin(lon, lat, 1e-5, 1e-5), **options,
    ) as out:  # fmt: skip
        out.write(pixels(seed, size))
        if taken:
            out.update_tags(ACQUISITIONDATETIME=taken)
    return aged(path)


def picture(path: Path, seed: int = 1, size: int = 64, **more: object) -> Path:
    """A plain PNG or JPEG that nothing places."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.moveaxis(pixels(seed, size), 0, 2)).save(path, **more)  # type: ignore[arg-type]
    return aged(path)


def with_world_file(
    path: Path, seed: int = 1, *, lon: float = LON, lat: float = LAT, prj: bool = True
) -> Path:
    """A PNG with its world file and, unless told otherwise, a .prj."""
    picture(path, seed)
    step = 1e-5
    numbers = (step, 0, 0, -step, lon + step / 2, lat - step / 2)
    world = path.with_suffix(".pgw")
    world.write_text("\n".join(f"{n:.12f}" for n in numbers) + "\n", encoding="utf-8")
    aged(world)
    if prj:
        wkt = rasterio.crs.CRS.from_epsg(4326).to_wkt()
        path.with_suffix(".prj").write_text(wkt, encoding="utf-8")
        aged(path.with_suffix(".prj"))
    return path


def photo(path: Path, seed: int = 1, *, lon: float = LON, lat: float = LAT,
          taken: str = "2026:05:02 10:00:00") -> Path:  # fmt: skip
    """A JPEG with EXIF position and time, such as a phone writes."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Maker", "Model"
    exif.get_ifd(0x8769).update({0x9003: taken, 0x9011: "+08:00", 0x920A: 4.0})
    exif.get_ifd(0x8825).update(
        {1: "N", 2: _degrees(lat), 3: "E", 4: _degrees(lon), 29: "2026:05:02", 7: (2.0, 0.0, 0.0)}
    )
    return picture(path, seed, exif=exif)


def tiles(folder: Path, seed: int = 1, *, zoom: int = 18, column: int = 210_650,
          row: int = 110_080) -> Path:  # fmt: skip
    """Four XYZ tiles, zoom/column/row.png."""
    for n in range(4):
        picture(folder / str(zoom) / str(column + n % 2) / f"{row + n // 2}.png", seed + n, 256)
    return folder


def zipped(path: Path, folder: Path) -> Path:
    """The files below `folder` as a zip."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            archive.write(file, file.relative_to(folder).as_posix())
    return aged(path)


def mixed(folder: Path, scratch: Path) -> Path:
    """A card's worth of everything: 4 GeoTIFFs, 3 photos, a PNG with world file, tiles, a zip of
    two GeoTIFFs, a text and a file that is cut off.
    """
    for n in range(4):
        geotiff(folder / "orthos" / f"区域{n}.tif", n, lon=LON + n / 1000, size=256)
    for n in range(3):
        photo(folder / "DCIM" / f"IMG_{n}.jpg", 10 + n)
    with_world_file(folder / "plan" / "plan.png", 20)
    tiles(folder / "tiles", 30)
    for n in range(2):
        geotiff(scratch / f"in_zip_{n}.tif", 40 + n, lat=LAT + 0.01 * (n + 1))
    zipped(folder / "two.zip", scratch)
    (folder / "notes.txt").write_text("just notes", encoding="utf-8")
    cut = geotiff(folder / "cut_off.tif", 50, size=256, compress="none")
    cut.write_bytes(cut.read_bytes()[:-60_000])
    aged(cut)
    return folder


def aged(path: Path) -> Path:
    """The file with a time of change long ago: what changed a moment ago is not remembered."""
    os.utime(path, (OLD, OLD))
    return path


def _degrees(value: float) -> tuple[float, float, float]:
    whole = int(value)
    minutes = (value - whole) * 60
    return float(whole), float(int(minutes)), (minutes - int(minutes)) * 60
