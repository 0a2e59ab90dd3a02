"""Files that somebody made to do harm, each with what must come of it."""

from __future__ import annotations

import io
import struct
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.imagery.formats import safe
from tests.imagery.formats.made import bare, database, pixels, write, zip_bytes
from tests.imagery.fuzz.seeds import XMP, Seed, exif, seeds, with_app1

_WORLD = b"0.1\n0\n0\n-0.1\n747900.05\n2901499.95\n"
_ENTITY = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
_LAUGHS = b'<!DOCTYPE a [<!ENTITY l0 "ha">' + b"".join(
    b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(12)) + b"]>"  # fmt: skip


@cache
def hostile() -> tuple[tuple[Seed, bool | None], ...]:
    """(file, whether it must be refused; None where either is right)."""
    return (*_plain(), *_tiffs(), *_pngs(), *_jpegs(), *_zips(), *_xml(), *_others())


def _of(name: str) -> bytes:
    return next(seed.data for seed in seeds() if seed.name == name)


def _square() -> bytes:
    """A sound tile."""
    return _png(256, 256, zlib.compress(bytes(257 * 256)))


def _plain() -> Iterator[tuple[Seed, bool | None]]:
    for suffix in ("tif", "jpg", "png", "zip", "mbtiles", "jp2", "SAFE"):
        yield Seed(f"empty.{suffix}", b""), True
        yield Seed(f"zeros.{suffix}", bytes(5000)), True
        yield Seed(f"text.{suffix}", b"hello\n" * 100), True
    for name, other in (
        ("plain.tif", "x.jpg"),
        ("a.png", "x.tif"),
        ("a.jpg", "x.zip"),
        ("a.jp2", "x.png"),
    ):
        yield Seed(other, _of(name)), False
    yield Seed("x.tif", _of("photos.zip")), False
    for name in ("a.png", "a.jpg", "plain.tif"):
        yield Seed("polyglot-" + name, _of(name) + _of("photos.zip")), False
    yield Seed("polyglot.zip", _of("a.jpg") + _of("photos.zip")), False
    yield Seed("polyglot.jpg", _of("photos.zip") + _of("a.jpg")), None
    yield Seed("script.jpg", _of("a.jpg") + b"<script>alert(1)</script>"), False
    yield Seed("vrt.tif", b'<VRTDataset rasterXSize="1" rasterYSize="1"></VRTDataset>'), True


def directory(*entries: tuple[int, int, int, int], following: int = 0, extra: bytes = b"") -> bytes:
    """A classic TIFF of one directory."""
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return (
        b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + struct.pack("<I", following) + extra
    )


def _tiffs() -> Iterator[tuple[Seed, bool | None]]:
    small = [(256, 4, 1, 4), (257, 4, 1, 4), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8),
             (277, 3, 1, 1), (278, 4, 1, 4), (279, 4, 1, 16)]  # fmt: skip
    yield Seed("loop.tif", directory(*small, following=8)), True
    second = 8 + 2 + 12 * len(small) + 4
    tail = directory(*small)[8:-4] + struct.pack("<I", 8)
    yield Seed("loop2.tif", directory(*small, following=second, extra=tail)), True
    many = b"".join(
        directory(*small)[8:-4] + struct.pack("<I", second + (n + 1) * (second - 8))
        for n in range(400)
    )
    yield Seed("pages.tif", directory(*small, following=second, extra=many)), True
    yield Seed("self.tif", directory(*small[:5], (273, 4, 1, 8), *small[6:], (330, 4, 1, 8))), None
    for name, at, value in (("width", 0, 0xFFFFFFFF), ("height", 1, 0xFFFFFFFF), ("bits", 2, 65535), ("samples", 6, 65535),
                            ("rows", 7, 0), ("length", 8, 0xFFFFFFFF), ("offset", 5, 0xFFFFFFF0)):  # fmt: skip
        entries = list(small)
        entries[at] = (*small[at][:3], value)
        yield Seed(f"huge-{name}.tif", directory(*entries)), True
    for tag in (256, 273, 279):
        entries = [(t, k, 0xFFFFFFFF if t == tag else n, v) for t, k, n, v in small]
        yield Seed(f"count-{tag}.tif", directory(*entries)), True
    big = [(256, 4, 1, 60_000), (257, 4, 1, 60_000), *small[2:7], (278, 4, 1, 60_000), small[8]]
    yield Seed("claims.tif", directory(*big)), True
    deflated = zlib.compress(bytes(200_000_000), 9)
    bomb = [(256, 4, 1, 60_000), (257, 4, 1, 60_000), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1), (273, 4, 1, 122),
            (277, 3, 1, 1), (278, 4, 1, 60_000), (279, 4, 1, len(deflated))]  # fmt: skip
    yield Seed("bomb.tif", directory(*bomb, extra=deflated)), True
    tiles = [(256, 4, 1, 256), (257, 4, 1, 256), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1), (277, 3, 1, 1),
             (322, 4, 1, 1 << 30), (323, 4, 1, 1 << 30), (324, 4, 1, 146), (325, 4, 1, 100)]  # fmt: skip
    yield Seed("tile.tif", directory(*tiles, extra=bytes(500))), True
    yield _geotiff("nan.tif", float("nan")), True
    yield _geotiff("inf.tif", float("inf")), True
    yield _geotiff("zero.tif", 0.0), True


def _geotiff(name: str, scale: float) -> Seed:
    sound, other = (struct.pack("<dd", value, value) for value in (0.1, scale))
    return Seed(name, _of("plain.tif").replace(sound, other))


def _png(width: int, height: int, body: bytes, interlaced: int = 0, extra: bytes = b"") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, interlaced))
    text = chunk(b"zTXt", b"a\0\0" + extra) if extra else b""
    return b"\x89PNG\r\n\x1a\n" + header + text + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def _pngs() -> Iterator[tuple[Seed, bool | None]]:
    yield Seed("dims.png", _png(2**31 - 1, 2**31 - 1, zlib.compress(b""))), True
    yield Seed("bomb.png", _png(40_000, 40_000, zlib.compress(bytes(100_000_000), 9))), True
    yield Seed("interlaced.png", _png(60_000, 60_000, zlib.compress(bytes(90_000_000), 9), 1)), True
    yield Seed("short.png", _png(100, 100, zlib.compress(bytes(500)))), True
    yield Seed("junk.png", _png(100, 100, b"junk")), True
    yield (
        Seed(
            "text.png", _png(4, 4, zlib.compress(bytes(20)), 0, zlib.compress(bytes(50_000_000), 9))
        ),
        None,
    )
    yield Seed("noend.png", _of("a.png")[:-12]), True


def _jpegs() -> Iterator[tuple[Seed, bool | None]]:
    sound = _of("a.jpg")
    frame = sound.find(b"\xff\xc0") + 5
    yield Seed("dims.jpg", sound[:frame] + b"\xff\xff\xff\xff" + sound[frame + 4 :]), True
    progressive = _of("progressive.jpg")
    at = progressive.find(b"\xff\xc2") + 5
    yield (
        Seed("progressive.jpg", progressive[:at] + b"\xff\xdc\xff\xdc" + progressive[at + 4 :]),
        True,
    )
    yield Seed("noend.jpg", sound[:-2]), True
    yield Seed("junk.jpg", sound[: len(sound) // 2] + bytes(range(255)) * 4 + b"\xff\xd9"), None
    for name, block in _exif_junk():
        yield Seed(f"{name}.jpg", with_app1(sound, block)), False
    for name, text in (
        ("entity", _ENTITY),
        ("laughs", _LAUGHS),
        ("deep", b"<a>" * 10_000),
        ("junk", b"\0\xff<"),
    ):
        body = XMP[:29] + text + XMP[29:]
        yield Seed(f"xmp-{name}.jpg", with_app1(sound, exif(), body)), False


def _exif_junk() -> Iterator[tuple[str, bytes]]:
    sound = exif()
    yield "exif-empty", b"Exif\0\0"
    yield "exif-junk", b"Exif\0\0" + bytes(range(256)) * 100
    yield "exif-loop", b"Exif\0\0II*\0" + struct.pack("<IH", 8, 0) + struct.pack("<I", 8)
    yield (
        "exif-count",
        sound.replace(struct.pack("<HHI", 272, 2, 7), struct.pack("<HHI", 272, 2, 0xFFFFFFF0)),
    )
    yield "exif-gps-loop", sound.replace(struct.pack("<HHI", 34853, 4, 1) + sound[-1:], sound[:12])
    yield "exif-lat", exif((999_999, 0, 0))
    yield "exif-cut", sound[: len(sound) // 2]
    yield "exif-offset", b"Exif\0\0II*\0\xff\xff\xff\xff"


def _archive(*members: tuple[str, bytes], mode: int = 0) -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        warnings.simplefilter("ignore", UserWarning)
        for name, data in members:
            info = zipfile.ZipInfo("x")
            info.filename = info.orig_filename = name
            info.external_attr = mode << 16
            made.writestr(info, data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


_TRICKS = (
    "../escape.jpg", "../../../../../../tmp/escape.jpg", "/tmp/escape.jpg", "C:\\escape.jpg", "C:escape.jpg",
    "\\\\server\\share\\escape.jpg", "..\\escape.jpg", "a/../../escape.jpg", "./../escape.jpg", "con.jpg", "NUL",
    "a/aux.jpg", "com1.tif", "a.jpg.", "a.jpg ", "a\u202egpj.exe", "a\0.jpg", "\u2024\u2024/escape.jpg", "a\u200b/b.jpg",
    "x" * 400 + ".jpg", "/".join("a" * 50) + ".jpg", "file:///tmp/a.jpg", "a|b.jpg", "~root/../../a.jpg",
)  # fmt: skip


def _zips() -> Iterator[tuple[Seed, bool | None]]:
    jpeg = _of("a.jpg")
    for number, name in enumerate(_TRICKS):
        must = None if name.startswith("\u2024") else True
        yield Seed(f"trick{number}.zip", _archive((name, jpeg), ("b.jpg", jpeg))), must
    yield Seed("link.zip", _archive(("a.jpg", b"/etc/passwd"), mode=0o120777)), True
    yield Seed("device.zip", _archive(("a.jpg", b""), mode=0o060666)), True
    yield Seed("double.zip", _archive(("a.jpg", jpeg), ("A.JPG", jpeg))), True
    yield Seed("inside.zip", _archive(("a.jpg", jpeg), ("a.jpg/b.jpg", jpeg))), True
    nested = zip_bytes({"a.jpg": jpeg})
    for _ in range(5):
        nested = zip_bytes({"a.zip": nested})
    yield Seed("nested.zip", nested), True
    yield Seed("disguised.zip", zip_bytes({"a.jpg": nested})), True
    yield Seed("bomb.zip", zip_bytes({"a.tif": bytes(400_000_000)})), True
    yield Seed("many.zip", zip_bytes({f"{n}.txt": b"" for n in range(60_000)})), True
    yield Seed("no-member.zip", zip_bytes({})), True
    yield (
        Seed("far.zip", zip_bytes({"20/1/1.png": _square(), "20/900000/900000.png": _square()})),
        True,
    )
    overlap = bytearray(_archive(("a.tif", bytes(10_000)), ("b.tif", bytes(10_000))))
    first = overlap.find(b"PK\x01\x02")
    second = overlap.find(b"PK\x01\x02", first + 4)
    overlap[second + 42 : second + 46] = overlap[first + 42 : first + 46]
    yield Seed("overlap.zip", bytes(overlap)), True
    locked = bytearray(_archive(("a.jpg", jpeg)))
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    yield Seed("locked.zip", bytes(locked)), True
    lies = zip_bytes({"a.tif": bytes(3_000_000)}).replace(
        struct.pack("<I", 3_000_000), struct.pack("<I", 10)
    )
    yield Seed("lies.zip", lies), True


def _xml() -> Iterator[tuple[Seed, bool | None]]:
    jpeg = _of("a.jpg")
    for name, head in (("entity", _ENTITY), ("laughs", _LAUGHS)):
        aux = head + b"<PAMDataset><SRS>&b;&l9;</SRS></PAMDataset>"
        yield (
            Seed(
                f"aux-{name}.zip", zip_bytes({"a.jpg": jpeg, "a.jgw": _WORLD, "a.jpg.aux.xml": aux})
            ),
            True,
        )
        main = safe.main_xml().replace("?>", "?>" + head.decode(), 1).encode()
        yield Seed(f"safe-{name}.zip", zip_bytes({f"{safe.NAME}/MTD_MSIL2A.xml": main})), True
        tiles = {f"18/207880/{111137 + n}.png": _square() for n in range(2)}
        yield (
            Seed(
                f"tms-{name}.zip",
                zip_bytes({**tiles, "tilemapresource.xml": head + b"<TileMap>&b;</TileMap>"}),
            ),
            True,
        )
    for name, crs in (("grid", b"+proj=longlat +nadgrids=/etc/passwd"), ("long", b"A" * 60_000), ("junk", b"\xff\0\xfe"),
                      ("file", b"/etc/passwd"), ("url", b"http://127.0.0.1:9/4326"), ("deep", b"PROJCS[" * 5000)):  # fmt: skip
        yield (
            Seed(f"prj-{name}.zip", zip_bytes({"a.jpg": jpeg, "a.jgw": _WORLD, "a.prj": crs})),
            True,
        )
    for name, world in (
        ("nan", b"nan\n0\n0\n-1\n0\n0"),
        ("long", b"1" * 70_000),
        ("words", b"a b c d e f"),
    ):
        yield (
            Seed(
                f"world-{name}.zip",
                zip_bytes({"a.jpg": jpeg, "a.jgw": world, "a.prj": b"EPSG:32648"}),
            ),
            True,
        )
    deep = b"[" * 100_000
    tiles = {f"18/207880/{111137 + n}.png": _square() for n in range(2)}
    yield Seed("json-deep.zip", zip_bytes({**tiles, "metadata.json": deep})), None


def _others() -> Iterator[tuple[Seed, bool | None]]:
    jp2 = _of("a.jp2")
    at = jp2.find(b"\xff\x4f\xff\x51") + 8
    yield Seed("dims.jp2", jp2[:at] + b"\x7f\xff\xff\xff" * 2 + jp2[at + 8 :]), True
    yield Seed("tiles.jp2", jp2[: at + 16] + b"\0\0\0\x01" * 2 + jp2[at + 24 :]), None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        for name, statements in _databases():
            yield (
                Seed(
                    f"{name}.mbtiles", database(root / f"{name}.mbtiles", *statements).read_bytes()
                ),
                True,
            )
        bands = write(root / "b.tif", pixels(40)).read_bytes()
        wide = bare(root / "c.tif", pixels(1, (5000, 1)), compress="deflate").read_bytes()
    yield Seed("bands.tif", bands), True
    yield Seed("wide.tif", wide), False


def _databases() -> Iterator[tuple[str, tuple[str, ...]]]:
    metadata = ("CREATE TABLE metadata (name TEXT, value TEXT)",
                "INSERT INTO metadata VALUES ('name','a'),('format','png'),('type','baselayer')")  # fmt: skip
    columns = "(zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
    yield "nothing", ("CREATE TABLE a (b)",)
    yield "no-tiles", metadata
    yield "no-row", (*metadata, f"CREATE TABLE tiles {columns}")
    yield (
        "junk-tile",
        (*metadata, f"CREATE TABLE tiles {columns}", "INSERT INTO tiles VALUES (3, 1, 1, x'00')"),
    )
    yield (
        "far",
        (*metadata, f"CREATE TABLE tiles {columns}", "INSERT INTO tiles VALUES (99, 1, 1, x'00')"),
    )
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    row = "3 AS zoom_level, i AS tile_column, i AS tile_row, x'00' AS tile_data"
    yield (
        "endless",
        (*metadata, f"CREATE VIEW tiles AS {numbers} SELECT {row} FROM n"),
    )
    yield "vector", (metadata[0], "INSERT INTO metadata VALUES ('name','a'),('format','pbf')",
                     f"CREATE TABLE tiles {columns}", "INSERT INTO tiles VALUES (3, 1, 1, x'1f8b')")  # fmt: skip
