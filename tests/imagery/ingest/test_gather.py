"""What was handed in: files, sidecars, folders that are one scene, and what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from imagery.guard import DEFAULT_LIMITS
from imagery.ingest.gather import Gathered, beside_of, gather
from imagery.ingest.units import is_one_scene
from tests.imagery.ingest import made


def _gather(*paths: Path) -> Gathered:
    return gather(paths, Path("no-store"))


def _unit(folder: Path) -> bool:
    return is_one_scene(folder, sorted(folder.iterdir()), DEFAULT_LIMITS)


def test_folders_are_walked_in_sorted_order(tmp_path: Path) -> None:
    for name in ("b/2.tif", "a/10.tif", "a/1.jpg", "c.png"):
        made.picture(tmp_path / name)
    found = _gather(tmp_path)
    top = tmp_path.name
    assert [one.shown for one in found.handed] == [
        f"{top}/{name}" for name in ("a/1.jpg", "a/10.tif", "b/2.tif", "c.png")
    ]


def test_sidecars_go_with_their_image_and_only_with_it(tmp_path: Path) -> None:
    made.with_world_file(tmp_path / "a.png")
    made.picture(tmp_path / "b.jpg")
    (tmp_path / "a.png.aux.xml").write_text("<x/>", encoding="utf-8")
    (tmp_path / "A.PRJ").write_text("", encoding="utf-8")
    (tmp_path / "lonely.pgw").write_text("", encoding="utf-8")
    (tmp_path / "b.txt").write_text("labels", encoding="utf-8")
    found = _gather(tmp_path)
    beside = {one.path.name: {path.name.lower() for path in one.sidecars} for one in found.handed}
    assert beside == {"a.png": {"a.pgw", "a.prj", "a.png.aux.xml"}, "b.jpg": set()}
    assert {Path(name).name for name in found.aside} == {"lonely.pgw", "b.txt"}
    image = next(one for one in found.handed if one.path.name == "a.png")
    assert image.size == sum(path.stat().st_size for path in (image.path, *image.sidecars))


def test_a_file_handed_in_by_itself_brings_its_sidecars(tmp_path: Path) -> None:
    path = made.with_world_file(tmp_path / "a.png")
    for handed in ([path], [path, path.with_suffix(".pgw"), path.with_suffix(".prj")]):
        (one,) = _gather(*handed).handed
        assert {side.suffix for side in one.sidecars} == {".pgw", ".prj"}
    assert beside_of(tmp_path / "a.pgw") == ()


def test_the_same_path_twice_is_taken_once(tmp_path: Path) -> None:
    path = made.picture(tmp_path / "a.png")
    assert len(_gather(tmp_path, path, path).handed) == 1


def test_content_tells_where_a_name_does_not(tmp_path: Path) -> None:
    made.picture(tmp_path / "a.png").rename(tmp_path / "scan")
    (tmp_path / "scan.dat").write_bytes(b"\0" * 100)
    found = _gather(tmp_path)
    assert [one.path.name for one in found.handed] == ["scan"]
    assert [Path(name).name for name in found.aside] == ["scan.dat"]


def test_names_that_promise_imagery_are_taken_up_to_be_refused(tmp_path: Path) -> None:
    for name in ("a.heic", "b.rar", "c.tif", "d.ecw"):
        (tmp_path / name).write_bytes(b"nothing of the kind")
    assert len(_gather(tmp_path).handed) == 4


def test_clutter_and_links_are_left_out(tmp_path: Path) -> None:
    made.picture(tmp_path / "__MACOSX" / "a.png")
    made.picture(tmp_path / ".hidden.png")
    made.picture(tmp_path / "real.png")
    try:
        (tmp_path / "link.png").symlink_to(tmp_path / "real.png")
        (tmp_path / "round").symlink_to(tmp_path, target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    found = _gather(tmp_path)
    assert [one.path.name for one in found.handed] == ["real.png"]
    assert {Path(name).name for name in found.aside} == {"link.png", "round"}


def test_a_tree_of_tiles_is_one_scene_with_all_its_files(tmp_path: Path) -> None:
    folder = made.tiles(tmp_path / "tiles")
    (folder / "metadata.json").write_text("{}", encoding="utf-8")
    (one,) = _gather(tmp_path).handed
    assert one.is_folder
    assert len(one.files) == 5
    assert one.shown == f"{tmp_path.name}/tiles"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["OAM-386697-220243-19.png", "OAM-386698-220243-19.png"], True),
        (["18_210650_110080.png", "18_210651_110080.png"], True),
        (["test_102_0_0.png", "test_103_0_0.png"], False),
        (["IMG_2024_06_12.png", "IMG_2024_06_13.png"], False),
        (["DJI_0005-0018.png", "DJI_0005-0019.png"], False),
        (["OAM-386697-220243-19.png", "other.png"], False),
        (["OAM-386697-220243-19.png"], False),
    ],
)
def test_names_of_tiles(tmp_path: Path, names: list[str], expected: bool) -> None:
    for name in names:
        made.picture(tmp_path / name)
    assert _unit(tmp_path) is expected


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([(0, 0), (64, 0), (0, 64)], True),
        ([(0, 0), (0.4, 64)], False),
        ([(0, 0), (300, 0)], False),
        ([(0, 0), (10, 0)], False),
    ],
    ids=["side by side", "off the grid", "apart", "over each other"],
)
def test_pieces_laid_by_world_files(
    tmp_path: Path, places: list[tuple[float, float]], expected: bool
) -> None:
    for n, (column, row) in enumerate(places):
        made.with_world_file(
            tmp_path / f"p{n}.png", lon=made.LON + column * 1e-5, lat=made.LAT - row * 1e-5
        )
    assert _unit(tmp_path) is expected
    assert len(_gather(tmp_path).handed) == (1 if expected else len(places))


def test_a_satellite_products_folder_is_one_scene(tmp_path: Path) -> None:
    folder = tmp_path / "S2A_MSIL1C_20240612T030541_N0510_R075_T48RYR_20240612T050000.SAFE"
    made.picture(folder / "GRANULE" / "a.png")
    (one,) = _gather(tmp_path).handed
    assert one.is_folder


def test_ordinary_folders_are_no_scenes(tmp_path: Path) -> None:
    made.picture(tmp_path / "2024" / "06" / "12.png")  # a year is no zoom
    made.picture(tmp_path / "a.png")
    assert not _unit(tmp_path)
    assert len(_gather(tmp_path).handed) == 2
