"""A reviewer's whole job by a browser: choose, look, cover, be approved by somebody else, hand out, ledger,
verify by dropping; a flipped byte is refused with its reason; who may only verify.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from checks import load_rules, run, write_findings
from evidence.bundle.verify import verify_bundle
from evidence.ledger import ledger
from evidence.redaction.areas import proof_of
from evidence.redaction.release import standings
from layers import LayerFolder
from leads.runs.ingest import ingest
from leads.runs.reading import read_findings
from leads.store import lead_ids
from office import Actor, Database
from tests.browser.conftest import Glance, Site, county, end, press, serve, still
from ui.docket import demo
from ui.tiles.base import THEMES
from ui.workplace import open_workplace

pytestmark = pytest.mark.browser
Look = Callable[..., Glance]
REVIEWER = Actor("李复核", ("reviewer",))


@pytest.fixture(scope="module")
def office(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county with a store of its own that holds the leads of one check."""
    folder = county(
        demo_folder, tmp_path_factory.mktemp("evidence"), *THEMES, "waste_candidate", imagery=True
    )
    result = run(
        ["waste-near-reservoir"], LayerFolder(folder / "layers"), load_rules("demo"), "2026-06-30"
    )
    found = read_findings(write_findings(result, folder / "findings.geojson"))
    place = open_workplace(folder)
    address = demo.store_of(place)
    assert address is not None
    Path(address).parent.mkdir()
    db = Database.open(address)
    ingest(db, found, actor=Actor("王检", ("prosecutor",)), at="2026-07-01T01:00:00Z")
    db.close()
    demo.mark(place, "2026-07-01T01:00:00Z")
    return folder


@pytest.fixture(scope="module")
def office_site(office: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = serve(office, tmp_path_factory.mktemp("log") / "evidence.log")
    yield running
    end(running)


def become(site: Site, page: Page, name: str) -> None:
    page.goto(site.url("/auth/demo", lang="zh"))
    press(page.get_by_role("button", name=re.compile(name)))
    page.wait_for_url(lambda url: "/auth/" not in url)


def step(page: Page, name: str) -> None:
    press(page.locator(".st-key-ev_head").get_by_text(re.compile(rf"^{name}( \d+)?$")))


def drop(page: Page, file: Path, said: str) -> None:
    """Give a bundle to the page and wait for the verdict."""
    page.locator(".drop input[type=file]").set_input_files(file)
    expect(page.locator(".ev-report p").first).to_contain_text(file.name)
    expect(page.locator(".ev-report h3")).to_contain_text(said)


def hand_out(page: Page, out: Path) -> Path:
    """Say why and for whom, have a redacted bundle made, and take it."""
    page.get_by_label("事由").fill("移送审查")
    page.get_by_label("接收单位或人员").fill("市人民检察院")
    page.get_by_label("接收单位或人员").press("Enter")
    expect(page.get_by_text("未配置签名密钥")).to_be_visible()
    press(page.get_by_role("button", name="导出 1 条线索"))
    return taken(page, out)


def taken(page: Page, out: Path) -> Path:
    """Take the file that was made, and close the panel."""
    with page.expect_download() as coming:
        press(page.locator(".ev-files a"))
    coming.value.save_as(out)
    press(page.locator(".st-key-e_job_box").get_by_role("button", name="关闭"))
    expect(page.locator(".ev-files")).to_have_count(0)
    return out


def test_from_a_lead_to_a_bundle_that_is_verified(
    office_site: Site, office: Path, glance: Look, tmp_path: Path
) -> None:
    db = Database.open(office / "store" / "leads.sqlite")
    lead = lead_ids(db, actor=REVIEWER)[0]
    look = glance(office_site.url("/evidence", lang="zh"))
    page = look.page
    become(office_site, page, REVIEWER.name)
    page.goto(office_site.url("/evidence", lang="zh", view="choose"))
    press(page.locator(f'.row[data-key="{lead}"]'))
    expect(page.locator(".st-key-ev_chosen h3")).to_have_text("已选 1 条")

    step(page, "预览")
    expect(page.locator(".ev-page img").first).to_be_visible()
    wide = "one => one.decode().then(() => one.naturalWidth)"
    assert page.locator(".ev-page img").first.evaluate(wide) > 800
    expect(page.locator(".ev-lacks")).to_contain_text("依据未核实")

    step(page, "打码")
    board = page.locator(".cover svg")
    board.wait_for()
    page.locator(".cover img").evaluate("one => one.decode()")
    still(page)
    box = board.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 150, steps=4)
    page.mouse.up()
    press(page.get_by_role("button", name="记录打码（1 处）"))
    expect(page.locator(".ev-covered img")).to_be_visible()
    expect(page.locator(".ev-state-waiting")).to_be_visible()

    step(page, "复核")
    expect(page.get_by_text("这里有你画的：须由另一人复核。")).to_be_visible()
    expect(page.get_by_role("button", name="同意放行")).to_be_disabled()
    become(office_site, page, "王检")
    page.goto(office_site.url("/evidence", lang="zh", view="approve"))
    expect(page.locator(".ev-pair img")).to_have_count(2)
    press(page.get_by_role("button", name="同意放行"))
    expect(page.get_by_text("没有等待复核的打码")).to_be_visible()
    (approved,) = standings(db, actor=REVIEWER)
    assert (approved.state, approved.judged and approved.judged.actor) == ("approved", "王检")

    become(office_site, page, REVIEWER.name)
    page.goto(office_site.url("/evidence", lang="zh", view="leave", lead=lead))
    redacted = hand_out(page, tmp_path / "redacted.zip")
    assert b"data/redaction.json" in redacted.read_bytes()
    press(page.get_by_text("完整原件", exact=True))
    button = page.get_by_role("button", name="导出 1 条线索")
    expect(page.get_by_text("有缺项：勾选知悉后才能导出原件")).to_be_visible()
    expect(button).to_be_disabled()
    press(page.get_by_text("我已知悉以上缺项"))
    expect(button).to_be_enabled()
    press(button)
    bundle = taken(page, tmp_path / "bundle.zip")
    assert verify_bundle(bundle).intact
    first, second = ledger(db, actor=REVIEWER)
    assert (first.shared, first.approved_by, second.shared) == (True, ("王检",), False)
    assert (second.actor, second.recipient, second.leads) == (
        REVIEWER.name,
        "市人民检察院",
        (lead,),
    )
    assert sum(len(one.areas) for scene in scenes(office) for one in proof_of(db, scene)) == 1

    step(page, "台账")
    expect(page.locator(".ev-ledger")).to_contain_text("市人民检察院")
    expect(page.locator(".ev-ledger")).to_contain_text("复核 王检")
    expect(page.locator(".ev-ledger")).to_contain_text("+08:00")

    step(page, "核验")
    drop(page, redacted, "完好")
    drop(page, bundle, "完好")
    broken = tmp_path / "broken.zip"
    data = bytearray(bundle.read_bytes())
    at = data.index(b'"redacted"')
    data[at + 1] ^= 1
    broken.write_bytes(data)
    drop(page, broken, "已被改动")
    expect(page.locator(".ev-report .ev-scroll .ev-bad")).to_contain_text("lead.json")
    assert not any((office / "evidence" / "in").iterdir()), "what was verified is deleted"
    address = page.url

    become(office_site, page, "赵外勤")
    page.goto(address)
    expect(page.locator(".drop")).to_be_visible()
    assert page.locator(".st-key-ev_head button").all_inner_texts() == ["核验"]
    look.quiet()
    db.close()


def scenes(office: Path) -> list[str]:
    return [one.stem for one in (office / "imagery" / "items").rglob("*.json")]
