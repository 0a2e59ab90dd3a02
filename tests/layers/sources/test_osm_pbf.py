"""Texts of PBF files are looked at before the library reads them."""

from __future__ import annotations

import zlib
from pathlib import Path

import osmium
import pytest

from layers.errors import SourceError
from layers.sources.osm_pbf import check_texts
from layers.sources.osm_read import read_objects
from tests.layers.towns import small_town


def _pbf(folder: Path, options: str = "pbf") -> Path:
    source, target = small_town().save(folder / "town.osm"), folder / "town.osm.pbf"
    with osmium.SimpleWriter(osmium.io.File(str(target), options)) as writer:
        for thing in osmium.FileProcessor(str(source)):
            writer.add(thing)
    return target


@pytest.mark.parametrize(
    "options", ["pbf", "pbf,pbf_compression=none", "pbf,pbf_dense_nodes=false"]
)
def test_whole_files_pass(tmp_path: Path, options: str) -> None:
    file = _pbf(tmp_path, options)
    check_texts(file)
    assert read_objects(file).themes["school"].ids == ["w1"]


@pytest.mark.shared
def test_real_files_pass(shared_data: Path) -> None:
    files = sorted(shared_data.glob("osm-*/*.pbf"))
    assert len(files) >= 7
    for file in files:
        check_texts(file)


@pytest.mark.parametrize("instead", [b"\0", b"\n\0", b"\0\0\0"])
def test_a_zero_byte_inside_a_text_is_refused(tmp_path: Path, instead: bytes) -> None:
    file = _pbf(tmp_path, "pbf,pbf_compression=none")
    data = file.read_bytes()
    assert data.count(b"amenity") == 1
    at = data.index(b"amenity") + 2
    file.write_bytes(data[:at] + instead + data[at + len(instead) :])
    with pytest.raises(SourceError, match="zero byte"):
        read_objects(file)


def _message(*fields: tuple[int, bytes | int]) -> bytes:
    """A protocol buffer message of short fields."""
    parts = [
        bytes([number << 3, value]) if isinstance(value, int)
        else bytes([number << 3 | 2, len(value)]) + value
        for number, value in fields
    ]  # fmt: skip
    return b"".join(parts)


def _block(blob: bytes, size: int | None = None, kind: bytes = b"OSMData") -> bytes:
    head = _message((1, kind), (3, len(blob) if size is None else size))
    return len(head).to_bytes(4, "big") + head + blob


HEAD = _block(_message((1, b"")), kind=b"OSMHeader")
FINE = _message((1, _message((1, b""), (1, b"name"), (1, b""), (1, b"x"))))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (_block(_message((1, FINE)))[:-1], "ends inside"),
        (b"\0\0", "header is too long"),
        (b"\xff\xff\xff\xff", "header is too long"),
        (_block(_message((1, FINE)), size=100), "ends inside"),
        (_block(_message((4, FINE))), "another method"),
        (_block(_message((3, b"no zlib"))), "incorrect header"),
        (_block(_message((1, b"\x0a\x7f"))), "malformed"),
        (_block(_message((1, b"\x0f"))), "malformed"),
        (_block(_message((1, b"\xff" * 12))), "number is too long"),
        (_block(_message((1, b"\xff"))), "damaged"),
        (_block(_message((3, zlib.compress(_message((1, _message((1, b"\n\0"))))[:60])))), "zero byte"),
    ],
)  # fmt: skip
def test_malformed_blocks_are_refused(tmp_path: Path, data: bytes, why: str) -> None:
    file = tmp_path / "town.osm.pbf"
    file.write_bytes(HEAD + data)
    with pytest.raises(SourceError, match=why):
        check_texts(file)


def test_other_formats_pass_unseen(tmp_path: Path) -> None:
    for content in (b"", b"<osm", b"\0\0\0\0\x0a\0\0 no pbf"):
        file = tmp_path / "town.osm"
        file.write_bytes(content)
        check_texts(file)


def test_empty_texts_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "town.osm.pbf"
    file.write_bytes(
        HEAD + _block(_message((1, FINE))) + _block(_message((3, zlib.compress(FINE))))
    )
    check_texts(file)


def test_a_block_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    packed = zlib.compress(bytes((1 << 26) + 10))
    size = len(packed)
    blob = b"\x1a" + bytes([size & 127 | 128, size >> 7 & 127 | 128, size >> 14]) + packed
    head = b"\x0a\x07OSMData\x18" + bytes(
        [len(blob) & 127 | 128, len(blob) >> 7 & 127 | 128, len(blob) >> 14]
    )
    file = tmp_path / "town.osm.pbf"
    file.write_bytes(HEAD + len(head).to_bytes(4, "big") + head + blob)
    with pytest.raises(SourceError, match="more than is allowed"):
        check_texts(file)
