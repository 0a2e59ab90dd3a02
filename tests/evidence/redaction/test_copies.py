"""Nothing under an area survives: two pictures that differ only there give the same copy."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from shapely import affinity
from shapely.geometry import Point, Polygon, box

from evidence.redaction import GRID, TREATMENTS, cover, redacted_copy, redacted_picture, suffix_of
from evidence.redaction.cover import Treatment, mask_of
from layers.errors import ImageryError

WIDE, TALL = 320, 240
FACE = affinity.scale(Point(150, 110).buffer(1), 42, 33)
YARD = box(-20, 180, 71, 300)
AREAS: list[Polygon] = [FACE, YARD]


def noise(seed: int, bands: int = 3, dtype: str = "uint8") -> np.ndarray:
    """A picture of noise with a bright plate in the middle of the face."""
    rng = np.random.default_rng(seed)
    made = rng.integers(0, np.iinfo(dtype).max, (TALL, WIDE, bands), dtype=dtype)
    made[100:120, 135:165] = 250
    return made


def two(bands: int = 3, dtype: str = "uint8", gap: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two pictures that differ under the areas and nowhere else (`gap` pixels inside them)."""
    one, other = noise(1, bands, dtype), noise(2, bands, dtype)
    under = np.zeros((TALL, WIDE), bool)
    for area in AREAS:
        west, north, east, south = (int(v) for v in area.buffer(-gap).bounds)
        rows, columns = np.mgrid[0:TALL, 0:WIDE]
        inside = (columns >= west) & (columns < east) & (rows >= north) & (rows < south)
        under |= (
            inside if area is YARD else (((columns - 150) / 40) ** 2 + ((rows - 110) / 31) ** 2 < 1)
        )
    return one, np.where(under[:, :, None], other, one)


def jpeg(pixels: np.ndarray, **more: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=75, **more)
    return out.getvalue()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from(TREATMENTS),
       st.tuples(st.floats(-30, 340), st.floats(-30, 260), st.floats(1, 120), st.floats(1, 120), st.floats(0, 90)),
       st.sampled_from(["uint8", "uint16"]), st.integers(1, 4))  # fmt: skip
def test_what_lies_under_an_area_cannot_change_the_copy(
    seed: int, how: Treatment, drawn: tuple[float, ...], dtype: str, bands: int
) -> None:
    x, y, wide, tall, turn = drawn
    area = affinity.rotate(box(x, y, x + wide, y + tall), turn)
    one = noise(seed, bands, dtype)
    mask = mask_of(area, (TALL, WIDE))
    other = np.where(mask[:, :, None], noise(seed + 1, bands, dtype), one)
    made, gone = cover(one, [area], [how])
    again, _ = cover(other, [area], [how])
    assert np.array_equal(made, again)
    assert np.array_equal(made[~gone], one[~gone])
    rows, columns = np.mgrid[0:TALL, 0:WIDE]
    centres = [Point(c + 0.5, r + 0.5) for r, c in zip(rows[::7, ::7].flat, columns[::7, ::7].flat, strict=True)]  # fmt: skip
    inside = np.array([area.contains(p) for p in centres]).reshape(rows[::7, ::7].shape)
    assert gone[::7, ::7][inside].all()


@pytest.mark.parametrize("how", TREATMENTS)
def test_cells_and_blur_say_nothing_of_the_original(how: Treatment) -> None:
    made, gone = cover(noise(1), AREAS, [how, how])
    was, now = noise(1)[gone].astype(float).ravel(), made[gone].astype(float).ravel()
    if now.std() == 0:
        return  # one colour
    assert abs(np.corrcoef(was, now)[0, 1]) < 5 / np.sqrt(gone.sum() / GRID**2)
    assert len(np.unique(made[gone].reshape(-1, 3), axis=0)) < gone.sum() / 20 or how == "blur"


def test_the_ring_of_one_area_reads_nothing_of_its_neighbour() -> None:
    areas = [box(40, 40, 80, 80), box(82, 40, 120, 80)]
    one = noise(1)
    other = one.copy()
    other[40:80, 82:120] = 255 - other[40:80, 82:120]
    assert np.array_equal(cover(one, areas, ["pixelate", "blur"])[0], cover(other, areas, ["pixelate", "blur"])[0])  # fmt: skip


def test_a_picture_covered_as_a_whole_is_grey() -> None:
    made, gone = cover(noise(1), [box(-5, -5, 400, 400)], ["pixelate"])
    assert gone.all()
    assert len(np.unique(made)) == 1


@pytest.mark.parametrize("how", TREATMENTS)
def test_two_jpegs_that_differ_under_the_areas_give_one_copy(how: Treatment) -> None:
    """Colour is coded in blocks: what rang beyond the outline is gone as well."""
    one, other = (jpeg(picture) for picture in two())
    assert one != other
    assert redacted_picture(one, AREAS, [how] * 2) == redacted_picture(other, AREAS, [how] * 2)


def test_nothing_of_a_jpeg_but_its_pixels_comes_along() -> None:
    secret = b"SECRET-SERIAL-13800138000"
    thumbnail = jpeg(np.full((60, 80, 3), (255, 0, 255), np.uint8))
    exif = Image.Exif()
    exif[0x010F] = secret.decode()
    exif[0x8769] = {0x9286: b"ASCII\0\0\0" + secret}
    block = exif.tobytes() + thumbnail
    whole = jpeg(noise(1), exif=block, comment=secret, icc_profile=secret * 9)
    whole += (
        jpeg(noise(1)) + secret
    )  # a second picture behind the first, as phones and drones write
    made = redacted_picture(whole, AREAS, ["fill", "fill"], text="李明 → 市院 · 2026-07-01")
    assert secret in whole
    assert secret not in made
    assert made.count(b"\xff\xd8\xff") == 1
    with Image.open(io.BytesIO(made)) as image:
        image.load()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not image.getexif()


def test_a_turned_picture_is_covered_where_it_was_drawn() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: stored lying, shown turned
    picture = np.full((TALL, WIDE, 3), 255, np.uint8)
    made = redacted_picture(jpeg(picture, exif=exif.tobytes()), [box(0, 0, 32, 64)], ["fill"])
    with Image.open(io.BytesIO(made)) as image:
        assert image.size == (TALL, WIDE)
        seen = np.asarray(image)
    assert seen[30, 10].max() < 120
    assert seen[200, 200].min() > 240


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "I;16"])
def test_png_of_every_kind(mode: str, tmp_path: Path) -> None:
    base = noise(1)
    image = Image.fromarray(base[:, :, 0].astype(np.uint16) * 200) if mode == "I;16" else Image.fromarray(base).convert(mode)  # fmt: skip
    source, out = tmp_path / "in.png", tmp_path / "out.png"
    image.save(source, "PNG", pnginfo=_text())
    assert b"SECRET" in source.read_bytes()
    redacted_copy(source, out, AREAS, ["fill", "pixelate"], text="李明")
    assert b"SECRET" not in out.read_bytes()
    with Image.open(out) as made:
        seen = np.asarray(made.convert("I" if mode == "I;16" else "L"))
    assert len(np.unique(seen[100:120, 130:170])) == 1


def _text() -> object:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "SECRET")
    return info


def tiff(path: Path, pixels: np.ndarray, **more: object) -> Path:
    rows, columns, bands = pixels.shape
    settings_ = {"tiled": True, "blockxsize": 64, "blockysize": 64, "compress": "deflate", **more}
    with rasterio.open(path, "w", driver="GTiff", width=columns, height=rows, count=bands, dtype=pixels.dtype,
                       crs="EPSG:4545", transform=rasterio.transform.from_origin(500000, 3000000, 0.1, 0.1),
                       **settings_) as out:  # fmt: skip
        out.write(np.moveaxis(pixels, -1, 0))
        out.update_tags(ARTIST="SECRET")
        out.build_overviews([2, 4], rasterio.enums.Resampling.average)
    return path


@pytest.mark.parametrize(
    ("bands", "dtype", "more"),
    [
        (3, "uint8", {}),
        (3, "uint8", {"compress": "jpeg", "photometric": "ycbcr"}),
        (4, "uint16", {}),
        (1, "int16", {"nodata": -9999}),
    ],
)
def test_geotiffs_keep_their_place_and_nothing_else(
    bands: int, dtype: str, more: dict[str, object], tmp_path: Path
) -> None:
    one, other = two(bands, dtype)
    copies = []
    for name, pixels in (("a", one), ("b", other)):
        source = tiff(tmp_path / f"{name}.tif", pixels, **more)
        before = source.read_bytes()
        out = tmp_path / f"{name}.copy"
        redacted_copy(source, out, AREAS, ["pixelate", "blur"], text="李明 → 市院")
        assert source.read_bytes() == before
        copies.append(out.read_bytes())
        with rasterio.open(out, driver="GTiff") as made, rasterio.open(source) as was:
            assert (made.crs, made.transform, made.dtypes) == (was.crs, was.transform, was.dtypes)
            assert made.overviews(1) == []
            assert made.tags() == {"AREA_OR_POINT": "Area"}
            far = np.s_[:, 170:240, 240:320]
            assert np.array_equal(made.read()[far], was.read()[far])
    assert b"SECRET" not in copies[0]
    assert copies[0] == copies[1]


def test_covered_pixels_are_valid_where_the_picture_was_empty(tmp_path: Path) -> None:
    source = tiff(tmp_path / "a.tif", noise(1))
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(source, "r+") as out:
        mask = np.zeros((TALL, WIDE), np.uint8)
        mask[:, 60:] = 255
        out.write_mask(mask)
    redacted_copy(source, tmp_path / "b.tif", AREAS, ["fill", "fill"])
    with rasterio.open(tmp_path / "b.tif") as made:
        seen = made.dataset_mask()
    assert seen[200, 30] == 255, "the shape of what was there does not show in the mask"
    assert seen[50, 30] == 0
    assert seen[50, 100] == 255


def test_other_kinds_and_broken_files_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "x.gif"
    other.write_bytes(b"GIF89a" + bytes(20))
    with pytest.raises(ImageryError, match="JPEG, PNG or GeoTIFF"):
        suffix_of(other)
    with pytest.raises(ImageryError, match="JPEG, PNG or GeoTIFF"):
        redacted_picture(jpeg(noise(1))[:900], AREAS, ["fill"] * 2)
