"""Sound files of every format, small, to be damaged."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rasterio.transform import Affine

from tests.imagery.formats import safe
from tests.imagery.formats.heic import heic
from tests.imagery.formats.made import AT_LIUZHI, LIUZHI, bare, mbtiles, pixels, write, zip_bytes
from tests.imagery.photos.made import gps

SHARED = Path(__file__).resolve().parents[4] / "shared" / "imagery"
_MOST = 1 << 20


@dataclass(frozen=True)
class Seed:
    """A sound file: its name tells its format."""

    name: str
    data: bytes


def _made(name: str, make: Callable[[Path], Path]) -> Seed:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        return Seed(name, make(Path(folder) / name).read_bytes())


def with_app1(jpeg: bytes, *payloads: bytes) -> bytes:
    """A JPEG with further APP1 segments behind its start."""
    parts = [b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload for payload in payloads]
    return jpeg[:2] + b"".join(parts) + jpeg[2:]


def exif(latitude: tuple[int, int, int] = (26, 12, 36)) -> bytes:
    """A small EXIF block: maker, time and position."""
    order = "<"
    strings = b"DJI\0FC300S\0" + b"2024:06:12 10:30:00\0"

    def rationals(*numbers: int) -> bytes:
        return b"".join(struct.pack(order + "II", number, 1) for number in numbers)

    entries, data = [], b""
    start = 8 + 2 + 4 * 12 + 4
    for tag, text in ((271, strings[:4]), (272, strings[4:11]), (306, strings[11:])):
        if len(text) <= 4:
            entries.append(struct.pack(order + "HHI4s", tag, 2, len(text), text))
        else:
            entries.append(struct.pack(order + "HHII", tag, 2, len(text), start + len(data)))
            data += text
    gps_at = start + len(data)
    entries.append(struct.pack(order + "HHII", 34853, 4, 1, gps_at))
    gps_data_at = gps_at + 2 + 4 * 12 + 4
    gps = [struct.pack(order + "HHI4s", 1, 2, 2, b"N\0"),
           struct.pack(order + "HHII", 2, 5, 3, gps_data_at),
           struct.pack(order + "HHI4s", 3, 2, 2, b"E\0"),
           struct.pack(order + "HHII", 4, 5, 3, gps_data_at + 24)]  # fmt: skip
    block = struct.pack(order + "H", 4) + b"".join(gps) + bytes(4)
    block += rationals(*latitude) + rationals(105, 28, 48)
    head = b"II*\0" + struct.pack(order + "I", 8)
    main = struct.pack(order + "H", 4) + b"".join(entries) + bytes(4)
    return b"Exif\0\0" + head + main + data + block


XMP = (
    b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
    b"xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
    b"xmlns:drone-dji='http://www.dji.com/drone-dji/1.0/' drone-dji:RelativeAltitude='+40.0' "
    b"drone-dji:GimbalPitchDegree='-89.9' drone-dji:GimbalYawDegree='12.0' "
    b"drone-dji:GimbalRollDegree='0'/></rdf:RDF></x:xmpmeta>"
)


def _photo() -> bytes:
    return with_app1(_made("a.jpg", bare).data, exif(), XMP)


def _tiffs() -> list[Seed]:
    tiled: dict[str, Any] = {"tiled": True, "blockxsize": 16, "blockysize": 16}
    return [
        _made("plain.tif", write),
        _made("tiled.tif", lambda p: write(p, compress="deflate", **tiled)),
        _made("lzw.tif", lambda p: write(p, pixels(4, dtype="uint16"), compress="lzw", predictor=2, nodata=0)),
        _made("jpeg.tif", lambda p: write(p, pixels(3, (256, 256)), compress="jpeg", photometric="ycbcr",
                                          tiled=True, blockxsize=128, blockysize=128)),
        _made("cog.tif", lambda p: write(p, pixels(3, (600, 600)), driver="COG", blocksize=256)),
        _made("big.tif", lambda p: write(p, BIGTIFF="YES", ENDIANNESS="BIG")),
        _made("degrees.tif", lambda p: write(p, pixels(1, dtype="float32"), crs="EPSG:4326",
                                             transform=Affine(1e-5, 0, 105.48, 0, -1e-5, 26.21))),
    ]  # fmt: skip


def _pictures() -> list[Seed]:
    return [
        _made("a.jpg", bare),
        Seed("photo.jpg", _photo()),
        _made("progressive.jpg", lambda p: bare(p, pixels(3, (200, 200)), progressive=True)),
        _made("a.png", bare),
        _made("alpha.png", lambda p: bare(p, pixels(4))),
        Seed("phone.heic", heic(gps(*LIUZHI))),
        _made("a.jp2", lambda p: write(p, pixels(3, (128, 128)), driver="JP2OpenJPEG")),
    ]  # fmt: skip


def _piece(column: int) -> bytes:
    transform = AT_LIUZHI * AT_LIUZHI.translation(column, 0)
    return _made("p.tif", lambda path: write(path, transform=transform)).data


def _archives() -> list[Seed]:
    jpeg, png = (
        _made("a.jpg", bare).data,
        _made("a.png", lambda p: bare(p, pixels(3, (256, 256)))).data,
    )
    tiles = {f"18/{207_880 + c}/{111_137 + r}.png": png for c in range(2) for r in range(2)}
    world = {"a.jpg": jpeg, "a.jgw": b"0.1\n0\n0\n-0.1\n747900.05\n2901499.95\n", "a.prj": b"EPSG:32648",
             "b.jpg": jpeg, "b.jgw": b"0.1\n0\n0\n-0.1\n747900.05\n2901499.95\n",
             "b.jpg.aux.xml": b"<PAMDataset><SRS>EPSG:32648</SRS></PAMDataset>"}  # fmt: skip
    pieces = {f"piece{n}.tif": _piece(64 * n) for n in range(3)}
    return [
        Seed("photos.zip", zip_bytes({"1.jpg": jpeg, "飞行/2.jpg": _photo(), "3.png": png})),
        Seed("tiles.zip", zip_bytes({**tiles, "metadata.json": b'{"scheme": "xyz"}'})),
        Seed("world.zip", zip_bytes(world)),
        Seed("pieces.zip", zip_bytes(pieces)),
    ]


def _safe() -> Seed:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        root = safe.product(Path(folder))
        kept = {path for path in root.rglob("*") if path.is_file()
                and (path.suffix != ".jp2" or "R60m" in path.parts)}  # fmt: skip
        members = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(kept)}
    return Seed("safe.zip", zip_bytes(members))


def _real() -> list[Seed]:
    """Small real files where they are at hand."""
    wanted = ("oam_tiles/*43-19.tif", "ortho_samples/webodm*.tif", "change_pairs/*/label.tif")
    paths = [path for pattern in wanted for path in sorted(SHARED.glob(pattern))[:1]]
    return [Seed(path.name, path.read_bytes()) for path in paths if path.stat().st_size <= _MOST]


@cache
def seeds() -> tuple[Seed, ...]:
    """Every seed; the same on every machine but for the real files."""
    return (*_tiffs(), *_pictures(), _made("a.mbtiles", mbtiles), *_archives(), _safe(), *_real())
