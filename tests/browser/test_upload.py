"""The way of imagery into the system, by a browser: upload, say what it is, take in, look at it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Glance, Site, press
from tests.proxy import Proxy

pytestmark = pytest.mark.browser
Look = Callable[..., Glance]


@pytest.fixture(scope="module")
def flights(demo_folder: Path) -> Path:
    folder = demo_folder / "flights"
    if not folder.is_dir():
        pytest.fail("the demo county has no flights: run `python -m demo`")
    return folder


def upload_page(site: Site, glance: Look, **query: str) -> Glance:
    look = glance(site.url("/upload", **{"lang": "zh", **query}))
    look.page.locator(".upload .total").get_by_text(re.compile(".")).wait_for()
    return look


def give(page: Page, *files: Path) -> None:
    page.locator(".pick-files").set_input_files([str(file) for file in files])


def states(page: Page) -> list[str]:
    return sorted(page.locator(".upload .file").evaluate_all("all => all.map(one => one.dataset.state)"))  # fmt: skip


def test_from_the_card_to_the_map(field_site: Site, glance: Look, flights: Path, tmp_path: Path) -> None:  # fmt: skip
    broken = tmp_path / "坏的 (1).tif"
    broken.write_bytes((flights / "shore_20251018.tif").read_bytes()[:150_000])
    look = upload_page(field_site, glance)
    page = look.page
    expect(page.locator(".st-key-upload .y-note")).to_contain_text("演示县")
    expect(page.get_by_role("button", name="入库（请先上传文件）")).to_be_disabled()
    give(page, flights / "shore_20260521.tif", broken)
    expect(page.locator(".upload .file[data-state='done']")).to_have_count(2)
    page.get_by_label("采集人").fill("张三")
    page.get_by_label("第二人").fill("李四")
    page.keyboard.press("Tab")
    expect(page.get_by_text("取证应有两人")).to_have_count(0)
    press(page.get_by_role("button", name=re.compile("^入库 2 个文件")))
    page.locator(".y-file").first.wait_for()
    expect(page.locator(".y-accepted")).to_contain_text("shore_20260521.tif")
    refused = page.locator(".y-refused")
    expect(refused).to_contain_text("图像损坏或被截断")
    expect(refused.locator(".y-line-remedy")).to_contain_text("重新复制")
    expect(page.locator(".upload .file")).to_have_count(0)
    assert "job=" in page.url

    page.reload()
    page.locator(".y-accepted").wait_for()  # the report is still there
    # At once, while the page is still drawn anew, and once more before that run is through.
    page.wait_for_function("() => window.yichaUploads")
    page.evaluate("() => { window.yichaUploads.told = null; window.yichaUploads.changed(); }")
    page.get_by_role("button", name="在图上看").click()
    page.wait_for_url("**/scenes?**")
    page.locator(".y-card h2").wait_for()
    expect(page.locator(".y-card")).to_contain_text("张三, 李四")
    look.map.wait_for_function("() => [...document.querySelectorAll('.leaflet-sceneLeft-pane img')]"
                               ".some(one => one.complete && one.naturalWidth > 0)")  # fmt: skip
    assert any(re.search(r"/imagery/[0-9a-f]{16}/\d+/\d+/\d+", url) for url in look.asked)
    look.quiet()


def test_a_world_file_goes_with_its_picture(field_site: Site, glance: Look, flights: Path) -> None:
    page = upload_page(field_site, glance).page
    give(page, *(flights / f"estate_20260521.{suffix}" for suffix in ("jpg", "jgw", "prj")))
    expect(page.locator(".upload .file[data-state='done']")).to_have_count(3)
    press(page.get_by_role("button", name=re.compile("^入库 3 个文件")))
    page.locator(".y-file").first.wait_for()
    expect(page.locator(".y-file")).to_have_count(1)
    expect(page.locator(".y-accepted")).to_contain_text("estate_20260521.jpg")
    press(page.get_by_role("button", name="收起"))
    expect(page.locator(".y-file")).to_have_count(0)
    press(page.get_by_role("button", name=re.compile("1.*收入 1|3 个文件.*收入 1")).first)
    expect(page.locator(".y-accepted")).to_contain_text("estate_20260521.jpg")


def test_after_a_lost_line_and_a_closed_tab_it_goes_on(
    field_site: Site, glance: Look, tmp_path: Path
) -> None:
    big = tmp_path / "long.tif"
    big.write_bytes(b"II*\0" + bytes(range(256)) * 80_000)  # 20 MB: three pieces
    look = upload_page(field_site, glance)
    page, sent = look.page, []

    def weak(route: Route) -> None:
        sent.append(route.request.headers.get("upload-offset"))
        if len(sent) == 2 or len(sent) >= 4:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/imagery/uploads/*", lambda route: weak(route) if route.request.method == "PATCH" else route.continue_())  # fmt: skip
    give(page, big)
    expect(page.locator(".file[data-state='offline']")).to_contain_text("连接中断")
    until = page.locator(".file .size", has_text="16.8 MB / 20.5 MB")
    until.wait_for()
    piece = 8 << 20
    assert sent[:3] == ["0", str(piece), str(piece)]

    page.unroute_all(behavior="ignoreErrors")
    page.goto("about:blank")  # the tab is closed
    page.goto(field_site.url("/upload", lang="zh"))
    row = page.locator(".upload .file")
    row.wait_for()
    expect(row).to_have_attribute("data-state", "need")
    expect(row).to_contain_text("再次选择同一个文件")
    again: list[str | None] = []
    page.on("request", lambda one: again.append(one.headers.get("upload-offset")) if one.method == "PATCH" else None)  # fmt: skip
    give(page, big)
    expect(row).to_have_attribute("data-state", "done")
    assert again == [str(2 * piece)]
    press(row.locator(".remove"))
    expect(row).to_have_count(0)
    page.reload()
    page.locator(".total", has_text="还没有文件").wait_for()


def test_a_slow_line_that_breaks_twice(field_site: Site, glance: Look, tmp_path: Path) -> None:
    """The benchmark (`python -m benchmarks.upload`) does the same with 2 GB."""
    big = tmp_path / "slow.tif"
    big.write_bytes(b"II*\0" + bytes(range(256)) * 160_000)  # 41 MB
    port = int(field_site.address.rpartition(":")[2])
    with Proxy(port, rate=20e6, cut_at=(13_000_000, 29_000_000)) as line:
        page = glance(f"http://127.0.0.1:{line.port}/upload?lang=zh").page
        page.locator(".upload .total").get_by_text(re.compile(".")).wait_for()
        idle = resident(field_site.process.pid)
        most, row = idle, page.locator(".upload .file")
        give(page, big)
        while row.get_attribute("data-state") != "done":
            most = max(most, resident(field_site.process.pid))
            page.wait_for_timeout(200)
        assert line.cut == 2
        assert line.sent < 1.6 * big.stat().st_size  # it goes on where it stopped
        assert most - idle < 100e6
        press(row.locator(".remove"))
        expect(row).to_have_count(0)


def resident(pid: int) -> float:
    """Bytes of memory of a process; 0 where the system does not tell."""
    file = Path(f"/proc/{pid}/status")
    found = (
        re.search(r"VmRSS:\s+(\d+) kB", file.read_text(encoding="utf-8"))
        if file.is_file()
        else None
    )
    return 1024.0 * int(found[1]) if found else 0.0


def test_pause_and_go_on(field_site: Site, glance: Look, tmp_path: Path) -> None:
    big = tmp_path / "paused.tif"
    big.write_bytes(b"II*\0" + bytes(30 << 20))
    look = upload_page(field_site, glance)
    page = look.page
    held: list[Route] = []
    page.route("**/imagery/uploads/*", lambda route: held.append(route) if route.request.method == "PATCH" else route.continue_())  # fmt: skip
    give(page, big)
    expect(page.locator(".file")).to_have_attribute("data-state", "sending")
    press(page.get_by_role("button", name="全部暂停"))
    expect(page.locator(".file")).to_have_attribute("data-state", "paused")
    page.unroute_all(behavior="ignoreErrors")
    press(page.get_by_role("button", name="全部继续"))
    expect(page.locator(".file")).to_have_attribute("data-state", "done")
    press(page.locator(".file .remove"))
    expect(page.locator(".file")).to_have_count(0)


def test_an_empty_file_is_told_why(field_site: Site, glance: Look, tmp_path: Path) -> None:
    empty = tmp_path / "empty.tif"
    empty.write_bytes(b"")
    page = upload_page(field_site, glance).page
    give(page, empty)
    expect(page.locator(".file[data-state='failed'] .says")).to_contain_text("文件是空的")
    press(page.locator(".file .remove"))
    expect(page.locator(".file")).to_have_count(0)


def test_the_page_speaks_english_and_fits(field_site: Site, glance: Look) -> None:
    look = upload_page(field_site, glance, lang="en")
    page = look.page
    expect(page.locator(".upload .title")).to_have_text("Drop imagery here")
    expect(page.get_by_text("Time zone of the place")).to_be_visible()
    press(page.get_by_text("Where the file does not say it"))
    expect(page.get_by_text("Position error (m, 95 %)")).to_be_visible()
    text = page.locator(".st-key-about").inner_text() + page.locator(".upload").inner_text()
    assert not re.search(r"[\u4e00-\u9fff]", text), text
    press(page.get_by_role("radio", name="中文"))
    expect(page.locator(".upload .title")).to_have_text("把影像拖到这里")
    look.fits()
    look.quiet()


def test_after_the_take_in_position_record_and_candidates(field_site: Site, glance: Look, flights: Path) -> None:  # fmt: skip
    look = upload_page(field_site, glance)
    page = look.page
    give(page, flights / "estate_20260521.jpg", flights / "estate_20260521.jgw", flights / "estate_20260521.prj")  # fmt: skip
    expect(page.locator(".upload .file[data-state='done']")).to_have_count(3)
    page.get_by_label("采集人").fill("张三")
    page.keyboard.press("Tab")
    press(page.get_by_role("button", name=re.compile("^入库 3 个文件")))
    page.locator(".st-key-after").wait_for()
    press(page.get_by_role("button", name="与底图核对位置"))
    page.get_by_text(re.compile("与底图相差约|看不出位移")).wait_for()

    record = page.locator(".st-key-after details", has_text="采集记录")
    press(record.locator("summary").first)
    expect(record).to_contain_text("项必填")
    blank = int(re.findall(r"还有 (\d+) 项", record.inner_text())[0])
    record.get_by_label("设备序列号").fill("1581F5BK")
    record.get_by_label("设备时钟比标准时间").fill("很快")
    press(record.get_by_role("button", name="写入采集记录"))
    page.get_by_text("不是可用的数字").wait_for()
    record.get_by_label("设备时钟比标准时间").fill("-2.5")
    press(record.get_by_role("button", name="写入采集记录"))
    page.get_by_text(re.compile(f"还有 {blank - 2} 项必填")).wait_for()

    press(page.get_by_role("button", name="立即查找候选"))
    page.wait_for_url("**/confirm?**")
    page.locator(".st-key-search_job").wait_for()
    page.locator(".y-done").wait_for()
    expect(page.locator(".y-done")).to_contain_text("候选")
