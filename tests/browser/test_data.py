"""Who looks after the data: a GBK table with a wrong datum comes in, is seen to be shifted, mended, undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Page, expect

from layers import read_layer
from layers.datum import from_wgs84
from layers.shelf import Shelf
from tests.browser.conftest import Glance, Site, county, end, pick, press, serve
from ui.tiles.base import THEMES

KINDS = {"primary": "小学", "middle": "初级中学", "kindergarten": "幼儿园"}


@pytest.fixture(scope="module")
def folder(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What lies on the ground of the demo county, to be written into."""
    return county(demo_folder, tmp_path_factory.mktemp("data"), *THEMES, "kindergarten_signs")


@pytest.fixture(scope="module")
def desk(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = serve(folder, tmp_path_factory.mktemp("log") / "data.log")
    yield running
    end(running)


def register(folder: Path) -> list[list[str]]:
    """The county's schools as a register of GCJ-02 positions lists them; one row without a longitude."""
    frame = read_layer(folder / "layers" / "school.parquet").frame
    centres = shapely.get_coordinates(shapely.centroid(frame.geometry.to_numpy()))
    lon, lat = from_wgs84(centres[:, 0], centres[:, 1], "gcj02")
    rows = [["学校标识码", "学校名称", "办学类型", "学校地址", "经度", "纬度", "联系电话"]]
    rows += [[f"53{n:08d}", str(row["name"]), KINDS.get(str(row["kind"]), "小学"), "云溪县", f"{x:.6f}", f"{y:.6f}",
              "13800138000"] for n, (row, x, y) in enumerate(zip(frame.to_dict("records"), lon, lat, strict=True))]  # fmt: skip
    rows[4][4] = ""
    return rows


def gbk_workbook(folder: Path, file: Path) -> Path:
    """As many systems export "Excel": an HTML table in GBK under the name .xls."""
    rows = [["云溪县学校名录"], *register(folder)]
    cells = ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows]
    page = f'<html><head><meta charset="gb2312"></head><body><table>{"".join(cells)}</table></body></html>'
    file.write_bytes(page.encode("gb18030"))
    return file


def push(page: Page, key: str) -> None:
    press(page.locator(f".st-key-{key} button").first)


def bring(page: Page, file: Path) -> None:
    """Up to the preview."""
    page.locator("input[type=file]").wait_for(state="attached")
    pick(page, "这张表是关于什么的", "学校与幼儿园")
    page.locator("input[type=file]").set_input_files(file)
    push(page, "dd_do_look")
    page.locator(".dd-sample").wait_for()
    page.locator(".st-key-dd_map iframe").wait_for()


def test_a_wrong_datum_is_seen_mended_and_undone(
    glance: Callable[..., Glance], desk: Site, folder: Path, tmp_path: Path
) -> None:  # fmt: skip
    file = gbk_workbook(folder, tmp_path / "学校名录.xls")
    visit = glance(desk.url("/data", lang="zh", view="import"))
    page = visit.page
    bring(page, file)
    expect(page.locator(".dd-readings")).to_contain_text("GCJ-02")
    expect(page.locator(".dd-sample")).not_to_contain_text("13800138000")
    token = page.locator(".st-key-dd_map iframe").first.evaluate(
        "e => { e.mark = 'same'; return e.mark; }"
    )
    pick(page, "坐标系由您声明", "WGS 84")
    push(page, "dd_do_try")
    expect(page.get_by_text("声明的坐标系与可信图层不符")).to_be_visible()
    drawn = page.locator(".st-key-dd_map iframe").first
    assert drawn.evaluate("e => e.mark") == token, "never drawn anew"
    with page.expect_download() as download:
        push(page, "dd_csv")
    rejected = Path(download.value.path()).read_text(encoding="utf-8")
    assert re.search(r"拒收.*坐标无法读取", rejected)
    press(page.get_by_text("我已核对地图"))
    push(page, "dd_do_put")
    push(page, "dd_to_sources")
    expect(page.get_by_text("可能整体偏移")).to_be_visible()
    page.wait_for_url(re.compile("layer=school-"))
    name = page.url.split("layer=")[1].split("&")[0]
    push(page, "dd_mend")
    page.locator(".dd-sample").wait_for()
    page.locator(".st-key-dd_map iframe").wait_for()
    pick(page, "坐标系由您声明", "GCJ-02")
    push(page, "dd_do_try")
    expect(page.locator(".st-key-dd_do_put button")).to_be_enabled()
    expect(page.get_by_text("声明的坐标系与可信图层不符")).to_have_count(0)
    push(page, "dd_do_put")
    push(page, "dd_to_sources")
    page.locator(".st-key-dd_undo").first.wait_for()
    shelf = Shelf(folder / "layers")
    versions = shelf.versions(name)
    assert [one.datum for one in versions] == ["wgs84", "gcj02"]
    push(page, "dd_undo")
    expect(page.get_by_text("第 1 版现为有效")).to_be_visible()
    assert shelf.standing(name) == shelf.versions(name)[0]
    assert shelf.original(versions[0].sources[0]) is not None
    push(page, "dd_undo")
    expect(page.get_by_text("此前没有这一图层")).to_be_visible()
    assert name not in shelf.names()
    visit.quiet()


def test_a_file_that_is_none_is_told(
    glance: Callable[..., Glance], desk: Site, tmp_path: Path
) -> None:
    file = tmp_path / "坏.xlsx"
    file.write_bytes(b"PK\x03\x04" + b"\0" * 200)
    page = glance(desk.url("/data", lang="en", view="import")).page
    page.locator("input[type=file]").wait_for(state="attached")
    pick(page, "What the table is about", "Schools and kindergartens")
    page.locator("input[type=file]").set_input_files(file)
    push(page, "dd_do_look")
    expect(page.locator(".st-key-dd_look_box")).to_contain_text("not done")
    push(page, "dd_discard")
    expect(page.locator("input[type=file]")).to_be_attached()
