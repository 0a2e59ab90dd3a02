"""Metadata made to harm: never an error, never long, never an absurd value."""

from __future__ import annotations

import math
import struct
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL.TiffImagePlugin import IFDRational

from imagery.photos import PhotoFacts, footprint, photo_facts, photo_placement
from tests.imagery.photos.made import DAY, LENS_MM, MAVIC, PLACE, drone, gimbal, gps, jpeg, xmp

WHOLE = drone(detail={0x9011: "+08:00", 0xA405: 24, 0xA002: 64, 0xA003: 48},
              packet=gimbal(30.0, RtkFlag=50, RtkStdLon=0.01, RtkStdLat=0.01, RtkStdHgt=0.02))  # fmt: skip
HEAD = WHOLE.index(b"\xff\xda")


def _sane(found: PhotoFacts) -> None:
    """Whatever the bytes, every value is finite and within what a photo can be."""
    camera = found.camera
    if camera is None:
        return
    assert -180 <= camera.lon <= 180
    assert -90 <= camera.lat <= 90
    for field in fields(camera):
        value = getattr(camera, field.name)
        assert not isinstance(value, float) or math.isfinite(value), field.name
    for width, height in ((64, 48), (4000, 2250)):
        seen = footprint(camera, width, height)
        assert seen.u_m is None or (math.isfinite(seen.u_m) and seen.u_m > 0)
        for shape in (seen.outline, seen.cone):
            assert shape is None or np.isfinite(shape.bounds).all()
        placed = photo_placement(camera, width, height)
        assert placed is None or np.isfinite(placed.transform).all()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(2, HEAD - 1), st.integers(0, 255)), min_size=1, max_size=40))
def test_flipped_bytes(flips: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for at, value in flips:
        data[at] = value
    _sane(photo_facts(bytes(data)))


def test_cut_at_every_byte_of_the_header() -> None:
    for end in range(0, HEAD, 3):
        _sane(photo_facts(WHOLE[:end]))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    _sane(photo_facts(data))
    _sane(
        photo_facts(b"\xff\xd8\xff\xe1" + (len(data) + 8).to_bytes(2, "big") + b"Exif\0\0" + data)
    )


_WORDS = st.one_of(st.floats().map(str), st.text(max_size=12), st.just("-1e308"), st.just("nan"))


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(
    ["RelativeAltitude", "AbsoluteAltitude", "GimbalYawDegree", "GimbalPitchDegree", "RtkFlag",
     "GimbalRollDegree", "RtkStdLon", "RtkStdLat", "GpsLatitude", "GpsLongitude", "UTCAtExposure",
     "CalibratedFocalLength", "FlightYawDegree"]), _WORDS))  # fmt: skip
def test_any_words_in_xmp(values: dict[str, str]) -> None:
    from xml.sax.saxutils import quoteattr

    inside = " ".join(f"drone-dji:{name}={quoteattr(value)}" for name, value in values.items())
    packet = xmp({}).replace(b"/></rdf:RDF>", f" {inside}/></rdf:RDF>".encode("utf-8", "replace"))
    data = jpeg(main=MAVIC, detail={**LENS_MM, **DAY}, position=gps(*PLACE), packet=packet)
    _sane(photo_facts(data))


_RATIONAL = st.tuples(st.integers(-5, 2**31), st.sampled_from([0, 1, -1, 3, 10**6])).map(
    lambda pair: IFDRational(max(0, pair[0]), abs(pair[1]))
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_RATIONAL, min_size=1, max_size=4), st.lists(_RATIONAL, min_size=1, max_size=4),
       _RATIONAL, _RATIONAL)  # fmt: skip
def test_any_rationals(
    lat: list[IFDRational], lon: list[IFDRational], focal: IFDRational, height: IFDRational
) -> None:
    position = {**gps(*PLACE), 2: tuple(lat), 4: tuple(lon), 6: height}
    _sane(photo_facts(jpeg(main=MAVIC, detail={0x920A: focal}, position=position,
                           packet=gimbal(0.0))))  # fmt: skip


def _tiff(entries: list[tuple[int, int, int, int]], next_ifd: int = 0) -> bytes:
    body = struct.pack("<H", len(entries))
    for tag, kind, count, value in entries:
        body += struct.pack("<HHII", tag, kind, count, value)
    return b"II*\0\x08\0\0\0" + body + struct.pack("<I", next_ifd)


@pytest.mark.parametrize(
    "block",
    [
        _tiff([(0x8769, 4, 1, 8)], next_ifd=8),
        _tiff([(0x8769, 4, 1, 8), (0x8825, 4, 1, 8)], next_ifd=8),
        _tiff([(0x8825, 4, 1, 0xFFFFFFF0)]),
        _tiff([(0x010F, 2, 0xFFFFFFFF, 8)]),
        _tiff([(0x9003, 5, 0x7FFFFFFF, 8)]),
        _tiff([(0x010F, 99, 1, 8)] * 60),
        b"II*\0" + b"\xff" * 200,
        b"MM\0*\0\0\0\x08\xff\xff" + b"\0" * 5000,
        b"",
        b"II",
    ],
    ids=["loop", "both loops", "far away", "huge text", "huge rationals", "unknown types",
         "all ones", "65535 tags", "empty", "cut"],
)  # fmt: skip
def test_blocks_that_loop_or_ask_for_too_much(block: bytes) -> None:
    data = b"\xff\xd8\xff\xe1" + (len(block) + 8).to_bytes(2, "big") + b"Exif\0\0" + block
    found = photo_facts(data + b"\xff\xd9")
    assert found.camera is None
    _sane(found)


@pytest.mark.parametrize(
    "packet",
    [
        b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b"<a>" * 20_000,
        b"<x:xmpmeta",
        b"\xff\xfe\x00<",
        b'<?xml version="1.0" encoding="utf-7"?><a/>',
    ],
)
def test_packets_that_harm(packet: bytes) -> None:
    found = photo_facts(jpeg(main=MAVIC, position=gps(*PLACE), packet=packet[:60_000]))
    assert found.camera is not None
    assert found.camera.yaw is None
    assert "xmp_damaged" in {remark.code for remark in found.remarks}


def test_long_and_dirty_texts_are_cut_and_cleaned() -> None:
    dirty = {0x010F: "D\x1b[31mJI\x7f", 0x0110: "M" * 5000}
    sensor = photo_facts(jpeg(main=dirty)).sensor
    assert sensor.make == "D[31mJI"
    assert sensor.model == "M" * 200


def test_many_segments_before_the_picture() -> None:
    padding = b"\xff\xe5\x00\x04ab" * 5000
    data = WHOLE[:2] + padding + WHOLE[2:]
    assert photo_facts(data).camera is None
    assert photo_facts(WHOLE[:2] + padding[:600] + WHOLE[2:]).camera is not None
