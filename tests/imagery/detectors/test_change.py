"""Change between two dates: multispectral pairs, and inside the outline of a known site."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given
from hypothesis import strategies as st

from imagery.detectors import Shot, change_multispectral, change_rgb
from imagery.detectors._cut import otsu
from imagery.detectors._irmad import fit_mad
from imagery.scoremap import write_scores
from layers.errors import Cancelled, ImageryError
from tests.imagery.detectors import made

SIDE = 600


def spectral(folder: Path, *, bands: tuple[str, ...] = made.COMMON) -> tuple[Shot, Shot]:
    """Six bands in another light, and a block whose bands changed among themselves."""
    before = made.ground(SIDE, SIDE, bands=6)
    later = np.clip(before * np.linspace(0.7, 1.2, 6)[:, None, None] + 15, 0, 255).astype(np.uint8)
    later[:, 200:260, 300:400] = later[::-1, 200:260, 300:400] // 2 + 90
    return (made.shot(folder / "a.tif", before, pixel=10.0, day="2025-10-18"),
            made.shot(folder / "b.tif", later, pixel=10.0, bands=bands))  # fmt: skip


def test_a_changed_block_is_outlined_whatever_the_light_did(tmp_path: Path) -> None:
    before, after = spectral(tmp_path)
    layer = change_multispectral.detect(after, before=before)
    true = made.polygon(after, 300, 200, 400, 260)
    largest = layer.frame.sort_values("area_m2").iloc[-1]
    assert made.share(largest.geometry, true) > 0.95
    assert largest.area_m2 == pytest.approx(600_000, rel=0.03)
    assert largest.kind == "irmad+cva"
    assert largest.before == "2025-10-18"
    assert layer.frame["confirmed"].isna().all()


def test_windows_leave_no_seam_in_the_score_map(tmp_path: Path) -> None:
    before, after = spectral(tmp_path)
    model = change_multispectral.fit(after, change_multispectral.Settings(), before=before)
    assert after.scene.placement is not None
    path = write_scores(change_multispectral.scores(after, before, model), after.scene.placement,
                        (SIDE, SIDE), tmp_path / "scores.tif")  # fmt: skip
    with rasterio.open(path) as file:
        score = file.read(1)
        assert file.crs is not None
    assert np.isfinite(score).all()
    inside, outside = score[205:255, 305:395], np.delete(score, np.s_[190:270], axis=0)
    assert np.median(inside) > 5 * np.median(outside)
    assert model.cut < np.median(inside)


def test_a_cut_that_a_person_set_holds(tmp_path: Path) -> None:
    before, after = spectral(tmp_path)
    how = change_multispectral.Settings(cut=1e9)
    assert len(change_multispectral.detect(after, how, before=before)) == 0


def test_other_bands_and_other_places_are_refused(tmp_path: Path) -> None:
    before, after = spectral(tmp_path, bands=(*made.COMMON[:5], "lwir11"))
    with pytest.raises(ImageryError, match="bands differ"):
        change_multispectral.detect(after, before=before)
    other = made.shot(tmp_path / "c.tif", made.ground(SIDE, SIDE, seed=9, bands=6), pixel=10.0)
    with pytest.raises(ImageryError, match="cannot be compared"):
        change_multispectral.detect(other, before=before)


def test_it_stops_when_asked(tmp_path: Path) -> None:
    before, after = spectral(tmp_path)
    with pytest.raises(Cancelled):
        change_multispectral.detect(after, before=before, cancelled=lambda: True)


@given(gain=st.floats(0.3, 3.0), offset=st.floats(-40, 40), seed=st.integers(0, 20))
def test_mad_does_not_see_a_linear_change_of_light(gain: float, offset: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    before = random.normal(100, 20, (4, 800))
    after = before + random.normal(0, 2, (4, 800))
    plain, lit = fit_mad(after, before), fit_mad(gain * after + offset, before)
    assert np.allclose(
        plain.root(after, before), lit.root(gain * after + offset, before), rtol=0.05, atol=0.05
    )


def test_otsu_parts_two_heaps_and_survives_an_extreme() -> None:
    random = np.random.default_rng(0)
    heaps = np.concatenate([random.normal(2, 0.3, 5000), random.normal(9, 0.5, 500), [1e6]])
    assert 2.5 < otsu(heaps) < 8.5
    assert otsu(np.zeros(10)) == 0.0


def rgb(folder: Path, *, thing: bool = True, shadow: bool = False) -> tuple[Shot, Shot]:
    before = made.ground(SIDE, SIDE)
    later = np.clip(before * 0.85 + 20, 0, 255).astype(np.uint8)
    if thing:
        rough = np.random.default_rng(4).integers(120, 230, (SIDE, SIDE))
        later[:, 250:350, 260:360] = rough[250:350, 260:360]
    if shadow:
        later[:, 250:350, 260:360] //= 2
    return (made.shot(folder / "a.tif", before, pixel=0.2, day="2025-10-18"),
            made.shot(folder / "b.tif", later, pixel=0.2))  # fmt: skip


def test_rubble_inside_a_site_is_outlined_and_the_season_is_told(tmp_path: Path) -> None:
    before, after = rgb(tmp_path)
    site = made.polygon(after, 220, 210, 400, 390)
    layer = change_rgb.detect(after, before=before, area=site)
    assert len(layer) == 1
    row = layer.frame.iloc[0]
    assert made.share(row.geometry, made.polygon(after, 260, 250, 360, 350)) > 0.85
    assert row.area_m2 == pytest.approx(400, rel=0.1)
    assert "seasons are 150 days apart" in row.why_en
    assert "150天" in row.why_zh


def test_nothing_changed_and_a_mere_shadow_are_no_candidates(tmp_path: Path) -> None:
    for n, (thing, shadow) in enumerate([(False, False), (False, True)]):
        folder = tmp_path / str(n)
        folder.mkdir()
        before, after = rgb(folder, thing=thing, shadow=shadow)
        layer = change_rgb.detect(
            after, before=before, area=made.polygon(after, 220, 210, 400, 390)
        )
        assert layer.frame["area_m2"].sum() < 40


def test_a_search_of_the_whole_scene_is_refused(tmp_path: Path) -> None:
    before, after = rgb(tmp_path)
    for area in (None, after.ground.footprint):
        with pytest.raises(ImageryError, match=r"outlines that are known|search"):
            change_rgb.detect(after, before=before, area=area)


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ("2025-12-30", "2026-01-04", 5),
        ("2024-06-01", "2026-06-03", 2),
        ("2025-01-01", "2025-07-02", 182),
    ],
)
def test_seasons_are_days_of_the_year(first: str, second: str, apart: int) -> None:
    assert change_rgb.season_days(first, second) == pytest.approx(apart, abs=1)
    assert change_rgb.season_days(first, None) is None


def test_a_site_outside_the_scene_is_refused(tmp_path: Path) -> None:
    before, after = rgb(tmp_path)
    with pytest.raises(ImageryError, match="outside"):
        change_rgb.detect(after, before=before, area=shapely.box(0, 0, 0.001, 0.001))
