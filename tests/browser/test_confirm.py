"""The way of a candidate by a browser: search, answer by key, mend an outline, publish, the finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from imagery.queue import Candidate, Queue
from imagery.store import Store
from tests.browser.conftest import Glance, Site, county, end, pick, press, serve, still
from ui.tiles.base import THEMES

pytestmark = pytest.mark.browser
Look = Callable[..., Glance]
SHORE = "shore_20260521.tif"


@pytest.fixture(scope="module")
def place(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county with imagery and an empty queue, where nothing was outlined by hand."""
    return county(
        demo_folder, tmp_path_factory.mktemp("confirm"), *THEMES, "fire_lane", imagery=True
    )


@pytest.fixture(scope="module")
def county_site(place: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = serve(place, tmp_path_factory.mktemp("log") / "confirm.log")
    yield running
    end(running)


def everything(place: Path) -> dict[str, Candidate]:
    queue = Queue.open(Store.open(place / "imagery", create=False))
    return {one.id: one for one in queue.candidates(state="all")}


def shown(page: Page) -> str:
    """Id of the candidate in the panel, by the address of its chip."""
    source = page.locator(".confirm .near img.after").get_attribute("src") or ""
    return source.split("/")[3]


def answer(page: Page, *keys: str) -> str:
    """Press keys and wait for the next candidate; returns the id of the one that was answered."""
    one = shown(page)
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator(".confirm .near img.after")).not_to_have_attribute(
        "src", re.compile(one + "/"))  # fmt: skip
    return one


def chart(page: Page) -> Frame:
    return next(frame for frame in page.frames if "streamlit_folium" in frame.url)


def search(page: Page) -> None:
    """Ask for piled waste near the water, in the later scene against the earlier one."""
    press(page.get_by_role("button", name="检测"))
    pick(page, "影像", SHORE)
    earlier = page.get_by_role("combobox", name="前期影像（同一地点）")
    expect(earlier).to_have_count(1)
    expect(earlier).to_have_value(re.compile("shore_20251018"))
    pick(page, "看哪里", "水边 200 米以内")
    unfit = page.locator(".y-unfit")
    expect(unfit).to_contain_text("车道障碍物 — 只看已知的车道")
    expect(unfit).to_contain_text("需要 ≥ 4 个波段")
    expect(page.get_by_role("radio", name="疑似固体废物堆放")).to_be_checked()
    expect(page.locator(".y-caveat")).to_contain_text("准确率在本地没有测量")
    press(page.get_by_role("button", name="开始检测"))
    page.keyboard.press("Escape")
    page.locator(".y-done").wait_for()
    expect(page.locator(".y-done")).to_contain_text("检测完成")


def mend(page: Page) -> None:
    """Draw one corner of the outline away from the middle, and save."""
    page.keyboard.press("e")
    corner = chart(page).locator(".leaflet-editing-icon").first
    corner.wait_for()
    chart(page).locator(".y-draw-save").wait_for()
    chart(page).wait_for_function("() => window.map.yichaEditor && !window.map._animatingZoom")
    begun = corner.bounding_box()
    for _ in range(5):  # a busy machine may miss the first hold of the mouse
        box = corner.bounding_box()
        assert begun is not None
        assert box is not None
        if abs(box["x"] - begun["x"]) > 2:
            break
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 5, y - 4, steps=4)
        page.mouse.up()
    chart(page).locator(".y-draw-save").click()
    expect(page.locator(".confirm .facts")).to_contain_text("人工修改")


def test_from_two_dates_to_the_finding(county_site: Site, place: Path, glance: Look) -> None:
    look = glance(county_site.url("/confirm", lang="zh"))
    page = look.page
    expect(page.get_by_text("还没有候选图斑")).to_be_visible()
    search(page)
    page.locator(".confirm .near img.after").wait_for()
    total = len(everything(place))
    expect(page.locator(".y-progress")).to_contain_text(f"已确认 0 / {total}")

    page.locator(".confirm .head").click()  # focus to the panel, as a person's first click does
    yes = answer(page, "j")
    page.keyboard.press("n")
    expect(page.locator(".confirm .question")).to_have_text("为什么不是？")
    code = page.locator(".reason").nth(1).get_attribute("data-code")
    no = answer(page, "2")
    unsure = answer(page, "u", "Enter")
    expect(page.locator(".y-progress")).to_contain_text(f"已确认 2 / {total}，说不准 1")
    said = everything(place)
    assert [(said[one].answer, said[one].actor) for one in (yes, no, unsure)] == [
        ("yes", "王检"), ("no", "王检"), ("unsure", "王检")]  # fmt: skip
    assert said[no].reason == code

    page.keyboard.press("z")  # the last answer back, and once more
    expect(page.locator(".confirm .near img.after")).to_have_attribute(
        "src", re.compile(unsure + "/")
    )
    assert everything(place)[unsure].answer is None
    answer(page, "u", "Enter")

    waiting = [one for one in everything(place).values() if one.answer is None]
    near = max(waiting, key=lambda one: one.area_m2 or 0.0)
    press(page.locator(f"#scene-{near.id}"))
    expect(page.locator(".confirm .near img.after")).to_have_attribute(
        "src", re.compile(near.id + "/")
    )
    look.map.wait_for_function("id => window.yichaSceneToken === id", arg=near.id)
    mend(page)
    edited = everything(place)[near.id]
    assert (edited.answer, edited.outline_by) == ("yes", "person")
    assert edited.area_m2 != near.area_m2

    press(page.get_by_role("button", name="发布到检查"))
    page.get_by_text("已发布：疑似固体废物").wait_for()
    press(page.get_by_role("button", name="到地图看检查结果"))
    press(page.locator(f'.row[data-key="waste-near-reservoir:{near.id}"]'))
    card = page.locator(".y-seen")
    expect(card).to_contain_text(f"{edited.area_mu:.2f} ±")
    expect(card).to_contain_text("到水库岸线")
    expect(card).to_contain_text(re.compile(r"\d+\.\d 米"))
    expect(card).to_contain_text("王检")
    page.wait_for_function("() => [...document.querySelectorAll('.y-chips img')]"
                           ".every(one => one.complete && one.naturalWidth === 512)")  # fmt: skip
    assert page.locator(".y-chips img").count() == 2
    look.map.wait_for_function("() => { let n = 0; window.map.eachLayer(one => {"
                               " if (one.options && one.options.className === 'y-outline') n += 1; }); return n === 1; }")  # fmt: skip
    look.quiet()


def test_looking_on_changes_nothing_and_fits_a_small_screen(
    county_site: Site, place: Path, glance: Look
) -> None:
    look = glance(county_site.url("/confirm", lang="en"))
    page = look.page
    page.locator(".confirm .near img.after").wait_for()
    before = everything(place)
    still(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".scene[aria-selected='true']")).to_have_count(1)
    assert everything(place) == before
    text = page.locator(".confirm").inner_text()
    assert not re.search(r"[\u4e00-\u9fff]", text), text
    look.fits()
