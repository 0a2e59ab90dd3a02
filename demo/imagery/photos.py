"""Drone photos of the dump: looked down on from the air, with what a drone writes into them."""

from __future__ import annotations

import io
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from demo.frame import to_lonlat
from demo.imagery.canvas import Canvas
from demo.imagery.files import SAYS
from demo.shapes import Array

MAKE, MODEL, SERIAL = "Rendered", "RC-1 (generated)", "GENERATED-0001"
FOCAL_MM, SENSOR_MM, COLUMNS, ROWS = 8.8, 13.2, 1600, 1200
HEIGHT_M, SEA_M = 60.0, 356.0
SPREAD_M, TURN_DEG, SPREAD_HEIGHT_M = 1.6, 0.8, 0.8
"""How far the drone's own words are off: position, heading, height (one standard deviation)."""
TAKEN = "2026:05:21 10:{minute:02d}:{second:02d}"
UTC = "02:{minute:02d}:{second:02d}"


@dataclass(frozen=True)
class Shot:
    """A photo: its name and bytes, and where the camera truly stood (plane, metres; degrees)."""

    name: str
    data: bytes
    spot: tuple[float, float]
    height_m: float
    yaw: float


def fly(canvas: Canvas, middle: tuple[float, float], seed: int) -> list[Shot]:
    """Nine nadir photos in three legs over `middle`; every second leg flies back."""
    random = np.random.default_rng(seed)
    shots = []
    for leg in range(3):
        for step in range(3):
            along = (step - 1) * 18.0 * (1 if leg % 2 == 0 else -1)
            spot = (middle[0] + (leg - 1) * 26.0, middle[1] + along)
            yaw = (12.0 if leg % 2 == 0 else -168.0) + float(random.normal(0, 0.5))
            number = 3 * leg + step
            picture = _look(canvas, spot, yaw)
            data = _jpeg(picture, spot, yaw, number, random)
            shots.append(Shot(f"DJI_{number + 41:04d}.JPG", data, spot, HEIGHT_M, yaw))
    return shots


def _look(canvas: Canvas, spot: tuple[float, float], yaw: float) -> Array:
    """The ground as the camera sees it: straight down, its upper edge towards `yaw`."""
    ground_m = SENSOR_MM / FOCAL_MM * HEIGHT_M
    turn = np.radians(yaw)
    ahead = np.array([np.sin(turn), np.cos(turn)])
    right = np.array([ahead[1], -ahead[0]])
    step = ground_m / COLUMNS
    corners = np.array([[0, 0], [COLUMNS, 0], [0, ROWS]], float)
    plane = [
        np.asarray(spot) + right * (c - COLUMNS / 2) * step - ahead * (r - ROWS / 2) * step
        for c, r in corners
    ]
    there = canvas.pixels(np.array(plane)).astype(np.float32)
    matrix = cv2.getAffineTransform(corners.astype(np.float32), there)
    found: Array = cv2.warpAffine(
        np.clip(canvas.paint, 0, 255), matrix, (COLUMNS, ROWS), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REFLECT,
    )  # fmt: skip
    noise = canvas.random.normal(0, 1.8, found.shape[:2])[..., None]
    return np.clip(found + noise, 0, 255).astype(np.uint8)


def _jpeg(
    picture: Array, spot: tuple[float, float], yaw: float, number: int, random: np.random.Generator
) -> bytes:
    told = np.asarray(spot) + random.normal(0, SPREAD_M, 2)
    lon, lat = to_lonlat(told[None])[0]
    height = HEIGHT_M + float(random.normal(0, SPREAD_HEIGHT_M))
    heading = yaw + float(random.normal(0, TURN_DEG))
    stream = io.BytesIO()
    Image.fromarray(picture).save(
        stream,
        "JPEG",
        quality=88,
        exif=_exif(lon, lat, number),
        xmp=_xmp(height, heading),
        comment=SAYS,
    )
    return stream.getvalue()


def _exif(lon: float, lat: float, number: int) -> Image.Exif:
    minute, second = divmod(number * 7, 60)
    exif = Image.Exif()
    exif[0x010E], exif[0x010F], exif[0x0110], exif[0x0131] = (
        SAYS.split(" / ")[0],
        MAKE,
        MODEL,
        "demo",
    )
    exif[0x0112] = 1
    inner = exif.get_ifd(0x8769)
    inner[0x9003] = TAKEN.format(minute=30 + minute, second=second)
    inner[0x9011], inner[0x920A] = "+08:00", FOCAL_MM
    inner[0xA405] = round(FOCAL_MM * 36 / SENSOR_MM)
    # Pixels in a centimetre of the sensor: the width of the sensor follows from it.
    inner[0xA20E], inner[0xA20F] = (COLUMNS / (SENSOR_MM / 10),) * 2
    inner[0xA210], inner[0xA002], inner[0xA003] = 3, COLUMNS, ROWS
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", _sexagesimal(lat)
    gps[3], gps[4] = "E", _sexagesimal(lon)
    gps[5], gps[6] = b"\x00", SEA_M + HEIGHT_M
    gps[7] = (2.0, float(30 + minute), float(second))
    gps[0x12], gps[0x1D] = "WGS-84", "2026:05:21"
    return exif


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    return float(whole), float(minutes), round((degrees - whole - minutes / 60) * 3600, 5)


def _xmp(height: float, yaw: float) -> bytes:
    yaw = (yaw + 180) % 360 - 180
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/" '
        f'drone-dji:RelativeAltitude="{height:+.2f}" drone-dji:AbsoluteAltitude="{SEA_M + height:+.2f}" '
        f'drone-dji:GimbalYawDegree="{yaw:+.2f}" drone-dji:GimbalPitchDegree="-90.00" '
        f'drone-dji:GimbalRollDegree="+0.00" drone-dji:FlightYawDegree="{yaw:+.2f}" '
        f'drone-dji:CameraSerialNumber="{SERIAL}"/></rdf:RDF></x:xmpmeta>'
    ).encode()
