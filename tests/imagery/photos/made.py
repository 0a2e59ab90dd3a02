"""Photos made for tests: JPEGs with the EXIF and XMP of known cameras, rendered where needed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from imagery.photos.pinhole import Lens, plane_map
from imagery.scene import Camera
from layers.datum.ground import step_m

DJI = "http://www.dji.com/drone-dji/1.0/"
PLACE = (105.4812, 26.2139)


def dms(degrees: float) -> tuple[IFDRational, ...]:
    """Degrees, minutes and seconds as a camera writes them."""
    whole, rest = divmod(abs(degrees) * 3600, 3600)
    minutes, seconds = divmod(rest, 60)
    exact = Fraction(seconds).limit_denominator(100_000)
    return (IFDRational(int(whole), 1), IFDRational(int(minutes), 1),
            IFDRational(exact.numerator, exact.denominator))  # fmt: skip


def gps(lon: float, lat: float, **more: object) -> dict[int, object]:
    """The GPS tags of a position; `more` as `tag_29="2026:06:30"`."""
    tags: dict[int, object] = {1: "N" if lat >= 0 else "S", 2: dms(lat),
                               3: "E" if lon >= 0 else "W", 4: dms(lon)}  # fmt: skip
    return tags | {int(name.removeprefix("tag_")): value for name, value in more.items()}


def xmp(values: Mapping[str, object], space: str = DJI, prefix: str = "drone-dji") -> bytes:
    """A packet as DJI writes it: values as attributes."""
    words = " ".join(f'{prefix}:{name}="{value}"' for name, value in values.items())
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        f'rdf:about="" xmlns:{prefix}="{space}" {words}/></rdf:RDF></x:xmpmeta>'
    ).encode()


def gimbal(yaw: float, pitch: float = -90.0, roll: float = 0.0, height: float = 50.0,
           **more: object) -> bytes:  # fmt: skip
    """DJI's packet of one exposure."""
    return xmp({"RelativeAltitude": f"{height:+.2f}", "GimbalYawDegree": f"{yaw:+.2f}",
                "GimbalPitchDegree": f"{pitch:+.2f}", "GimbalRollDegree": f"{roll:+.2f}", **more})  # fmt: skip


def jpeg(
    *,
    main: Mapping[int, object] | None = None,
    detail: Mapping[int, object] | None = None,
    position: Mapping[int, object] | None = None,
    packet: bytes = b"",
    pixels: np.ndarray | None = None,
    size: tuple[int, int] = (64, 48),
) -> bytes:
    """One JPEG; `detail` are tags of the exposure, `position` those of GPS."""
    exif = Image.Exif()
    for tag, value in (main or {}).items():
        exif[tag] = value
    exif.get_ifd(0x8769).update(detail or {})
    exif.get_ifd(0x8825).update(position or {})
    picture = Image.new("RGB", size, (90, 120, 60)) if pixels is None else Image.fromarray(pixels)
    data = io.BytesIO()
    extra = {"xmp": packet} if packet else {}
    picture.save(data, "JPEG", quality=92, exif=exif.tobytes(), **extra)
    return data.getvalue()


MAVIC = {0x010F: "DJI", 0x0110: "FC6310"}
"""13.2 mm wide in the table; with 8.8 mm of focal length two thirds of the picture's width."""
LENS_MM = {0x920A: IFDRational(88, 10)}
DAY = {0x9003: "2026:06:30 09:15:00"}


def drone(lon: float = PLACE[0], lat: float = PLACE[1], *, packet: bytes = b"",
          detail: Mapping[int, object] | None = None, **more: object) -> bytes:  # fmt: skip
    """A Phantom 4 Pro's photo over a place."""
    return jpeg(main=MAVIC, detail={**LENS_MM, **DAY, **(detail or {})}, position=gps(lon, lat),
                packet=packet or gimbal(30.0), **more)  # type: ignore[arg-type]  # fmt: skip


def camera(**values: object) -> Camera:
    """A camera 50 m over the place, looking straight down, to the north; 10 mm lens on 15 mm."""
    known: dict[str, object] = {
        "lon": PLACE[0], "lat": PLACE[1], "height_m": 50.0, "height_of": "take_off",
        "sea_height_m": None, "yaw": 0.0, "pitch": -90.0, "roll": 0.0, "focal_mm": 10.0,
        "sensor_width_mm": 15.0, "focal_35mm": None, "sensor_by": "table",
    }  # fmt: skip
    return Camera(**{**known, **values})  # type: ignore[arg-type]


GROUND_M, TEXEL_M = 240.0, 0.1


@cache
def ground(seed: int = 7) -> np.ndarray:
    """(n, n, 3) a field 240 m wide with texture at every scale, north up, 10 cm a texel."""
    rng = np.random.default_rng(seed)
    side = int(GROUND_M / TEXEL_M)
    summed = np.zeros((side, side, 3), np.float32)
    for cells in (12, 48, 190, 600, 1200):
        noise = rng.random((cells, cells, 3), dtype=np.float32)
        summed += cv2.resize(noise, (side, side), interpolation=cv2.INTER_CUBIC)
    low, high = summed.min(), summed.max()
    field = ((summed - low) / (high - low) * 255).astype(np.uint8)
    field.setflags(write=False)  # one for all
    return field


def seen(field: np.ndarray, lens: Lens, east: float, north: float) -> np.ndarray:
    """(h, w, 3) what a camera `east`, `north` metres from the field's middle shows."""
    middle = GROUND_M / 2
    texel = np.array([[1 / TEXEL_M, 0, (middle + east) / TEXEL_M],
                      [0, -1 / TEXEL_M, (middle - north) / TEXEL_M], [0, 0, 1.0]])  # fmt: skip
    return np.asarray(cv2.warpPerspective(field, texel @ plane_map(lens), (lens.width, lens.height),
                      flags=cv2.INTER_AREA | cv2.WARP_INVERSE_MAP))  # fmt: skip


def flight(folder: Path, spots: Mapping[str, tuple[float, float, float]], *,
           size: tuple[int, int] = (900, 600), height: float = 60.0, off_m: float = 0.0,
           turned: tuple[str, ...] = ()) -> list[Path]:  # fmt: skip
    """Photos of one field from (east, north, yaw) by name, positions wrong by `off_m` or so.

    `turned` are stored upside down, as a viewer leaves them, the heading in XMP untouched.
    """
    field, rng, paths = ground(), np.random.default_rng(3), []
    for name, (east, north, yaw) in spots.items():
        lens = Lens(8.8 / 13.2 * size[0], *size, yaw, -90.0, 0.0, height)
        pixels = seen(field, lens, east, north)
        wrong = off_m * rng.standard_normal(2)
        lon, lat = step_m(*PLACE, east + wrong[0], north + wrong[1])
        stored = pixels[::-1, ::-1] if name in turned else pixels
        data = drone(lon, lat, packet=gimbal(yaw, height=height), pixels=stored)
        paths.append(folder / name)
        paths[-1].write_bytes(data)
    return paths
