"""A prosecutor's way with leads by a browser: find, understand, decide; two people on one lead."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from leads.exchange.carrier import read_papers, write_papers
from leads.exchange.desk import write_offered
from leads.exchange.offices import load_offices
from leads.exchange.receiving import give_up
from leads.exchange.sending import offer, settle
from leads.exchange.signed import ANSWER, RECALL
from leads.store import card
from office import Actor, Database
from tests.browser.conftest import PATIENCE_MS, Glance, Site, end, serve
from tests.leads.exchange.test_by_disk import received
from tests.leads.exchange.two import AT, HERE, OTHER, Side, write_offices

pytestmark = pytest.mark.browser
Look = Callable[..., Glance]
SLOW_MS = 30_000
"""For what waits for a run of the page while the machine is busy."""
FILL_MS = 180_000
"""All checks run once, in a process that lets the others go first."""
WHO = Actor("试", ("prosecutor",))
TOBACCO = "tobacco-near-school"


@pytest.fixture(scope="module")
def county(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county without its imagery, whose findings nobody has taken in yet."""
    folder = tmp_path_factory.mktemp("leads")
    shutil.copytree(demo_folder / "layers", folder / "layers")
    shutil.copyfile(demo_folder / "county.json", folder / "county.json")
    return folder


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The files of two offices that know each other: the app's, and another one."""
    return write_offices(tmp_path_factory.mktemp("offices"))


@pytest.fixture(scope="module")
def leads_site(
    county: Path, offices: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    log = tmp_path_factory.mktemp("log") / "leads.log"
    running = serve(county, log, YICHA_OFFICES=str(offices[0]))
    yield running
    end(running)


def arrived(look: Glance) -> Page:
    """The page once its leads are listed."""
    look.page.locator(".row").first.wait_for(timeout=FILL_MS)
    return look.page


def row(page: Page, number: int) -> Locator:
    return page.locator(".row").nth(number)


def choose(page: Page, number: int) -> str:
    """Click a row of the list and wait for its lead; returns its id."""
    key = row(page, number).get_attribute("data-key") or ""
    row(page, number).click()
    expect(page).to_have_url(re.compile(f"lead={key}"), timeout=SLOW_MS)
    name = row(page, number).locator(".name").inner_text()
    expect(page.locator(".st-key-leads_card h2").first).to_have_text(name, timeout=SLOW_MS)
    return key


def acts(page: Page) -> Locator:
    return page.locator(".st-key-leads_acts")


def said(page: Page) -> Locator:
    """What came of the last thing done."""
    return acts(page).locator('[data-testid="stAlert"]')


def step(page: Page, name: str) -> None:
    """Open the form of a step."""
    acts(page).locator('[data-testid="stPills"], [data-testid="stButtonGroup"]').get_by_text(
        name, exact=True
    ).click()
    expect(page.get_by_role("button", name=f"确认{name}")).to_be_visible(timeout=SLOW_MS)


def pick(page: Page, label: str, text: str) -> None:
    box = page.get_by_role("combobox", name=re.compile(f"^(Selected .*)?{re.escape(label)}"))
    box.first.click()
    page.get_by_role("option").filter(has_text=text).first.click()


def stands(page: Page, state: str) -> None:
    expect(page.locator(".y-state")).to_have_text(state, timeout=SLOW_MS)


def test_find_understand_decide(leads_site: Site, county: Path, glance: Look) -> None:
    look = glance(leads_site.url("/leads", lang="zh"))
    page = arrived(look)
    pick(page, "全部检查", "学校周边烟草零售点")
    expect(page).to_have_url(re.compile(f"check={TOBACCO}"), timeout=SLOW_MS)
    expect(row(page, 0).locator(".under")).to_contain_text("学校周边烟草零售点", timeout=SLOW_MS)
    first = choose(page, 0)
    expect(page.locator(".y-score li")).to_have_count(8)
    total = page.locator(".y-total").inner_text()
    assert (
        row(page, 0).locator(".value").inner_text() in total.replace(".", " ").split("，")[0]
        or "合计" in total
    )
    stands(page, "线索登记")

    step(page, "开始初步调查")
    page.get_by_role("button", name="确认开始初步调查").click()
    stands(page, "初步调查")
    step(page, "立案")
    page.get_by_label("案由").fill("校园周边烟草零售点")
    page.get_by_role("button", name="确认立案").click()
    expect(said(page)).to_contain_text("承办检察官", timeout=SLOW_MS)
    expect(page.get_by_label("案由")).to_have_value("校园周边烟草零售点")
    page.get_by_label("承办检察官").fill("王检")
    page.get_by_label("批准人").fill("周检察长")
    page.get_by_role("button", name="确认立案").click()
    stands(page, "立案")
    expect(page.locator(".y-due").first).to_contain_text(
        "向行政机关送达立案决定书", timeout=SLOW_MS
    )

    second = choose(page, 1)
    step(page, "排除")
    pick(page, "排除原因", "现场实测符合规定")
    page.get_by_role("button", name="确认排除").click()
    stands(page, "排除")
    expect(page.locator(f'.row[data-key="{second}"]')).to_have_class(
        re.compile("quiet"), timeout=SLOW_MS
    )
    db = Database.open(county / "store" / "leads.sqlite", create=False)
    assert card(db, second, actor=WHO).data["dismissed"]["reason"] == "measured"
    told = [
        event.actor for event in card(db, first, actor=WHO).history if event.kind == "lead.moved"
    ]
    assert told == ["王检", "王检"]
    db.close()
    look.quiet()


def test_two_people_on_one_lead(leads_site: Site, glance: Look) -> None:
    mine = arrived(glance(leads_site.url("/leads", lang="zh", check=TOBACCO)))
    key = choose(mine, 4)
    step(mine, "排除")
    mine.get_by_role("button", name="确认排除").scroll_into_view_if_needed()
    pick(mine, "排除原因", "位置有误")
    theirs = arrived(glance(leads_site.url("/leads", lang="zh", lead=key)))
    acts(theirs).get_by_text("分派", exact=True).first.click()
    theirs.get_by_label("承办人姓名").fill("刘检")
    acts(theirs).get_by_role("button", name="分派").click()
    expect(said(theirs)).to_contain_text("已分派给刘检", timeout=SLOW_MS)

    mine.get_by_role("button", name="确认排除").click()
    expect(said(mine)).to_contain_text("他人已先改动", timeout=SLOW_MS)
    expect(said(mine)).to_contain_text("刘检")
    stands(mine, "线索登记")
    reason = mine.get_by_role("combobox", name=re.compile("排除原因"))
    expect(reason).to_have_value("位置有误", timeout=SLOW_MS)  # what was chosen is still there
    mine.get_by_role("button", name="确认排除").click()
    stands(mine, "排除")


def test_what_is_due_the_runs_and_the_map(leads_site: Site, glance: Look) -> None:
    look = glance(leads_site.url("/leads", lang="zh", view="due"))
    page = arrived(look)
    page.locator(".row").filter(has_text="向行政机关送达立案决定书").first.click()
    stands(page, "立案")
    name = page.locator(".st-key-leads_card h2").first.inner_text()
    page.get_by_text("成案率", exact=True).click()
    expect(page.locator(".y-table tbody tr").filter(has_text="学校周边烟草零售点")).to_contain_text(
        "现场实测符合规定", timeout=SLOW_MS)  # fmt: skip
    page.get_by_text("运行记录", exact=True).click()
    page.get_by_role("button", name="查看改动的线索").first.click()
    expect(page.locator(".row").first).to_be_visible(timeout=SLOW_MS)
    expect(page).to_have_url(re.compile("run=R"))
    look.quiet()
    chart = glance(leads_site.url("/", lang="zh", check=TOBACCO))
    found = chart.page.locator(".row").filter(has_text=name).filter(has_text="立案")
    expect(found.first).to_be_visible(timeout=PATIENCE_MS)
    found.first.click()
    chart.page.locator(".st-key-lead_box a").click()
    stands(chart.page, "立案")


def test_a_sheet_is_handed_over_and_told(leads_site: Site, county: Path, glance: Look) -> None:
    page = arrived(glance(leads_site.url("/leads", lang="zh", check=TOBACCO)))
    key = choose(page, 6)
    acts(page).get_by_text("移交表", exact=True).click()
    expect(page.get_by_label("接收单位")).to_have_value("云溪县烟草专卖局", timeout=SLOW_MS)
    acts(page).get_by_text("CSV", exact=True).click()
    acts(page).get_by_label("理由").last.fill("请依法处理")
    page.get_by_role("button", name="生成移交表").click()
    button = acts(page).get_by_role("button", name="下载移交表")
    expect(button).to_be_visible(timeout=SLOW_MS)
    with page.expect_download() as waiting:
        button.click()
    lines = waiting.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2
    expect(page.locator(".y-history li").first).to_contain_text(
        "移交：云溪县烟草专卖局", timeout=SLOW_MS
    )
    db = Database.open(county / "store" / "leads.sqlite", create=False)
    assert card(db, key, actor=WHO).history[-1].kind == "lead.handed_over"
    db.close()


def test_the_inbox_tells_of_the_new_leads_once(leads_site: Site, glance: Look) -> None:
    page = arrived(glance(leads_site.url("/leads", lang="zh", view="inbox")))
    tally = page.locator(".y-tally")
    before = tally.inner_text()
    row(page, 1).click()  # below the heading: a lead of the first message
    expect(page.locator(".y-score li")).to_have_count(8, timeout=SLOW_MS)
    expect(tally).not_to_have_text(before, timeout=SLOW_MS)
    expect(row(page, 0)).to_have_class(re.compile("quiet"))  # read, and still where it was


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_holds_together_on_a_small_screen(
    leads_site: Site, glance: Look, lang: str
) -> None:
    look = glance(leads_site.url("/leads", lang=lang), width=390, height=844)
    page = arrived(look)
    choose(page, 2)
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def test_an_auditor_reads_and_decides_nothing(leads_site: Site, glance: Look) -> None:
    page = arrived(glance(leads_site.url("/leads", lang="zh")))
    page.locator(".st-key-tools").get_by_role("button", name=re.compile("王检")).click()
    pick(page, "以谁的身份操作", "陈审计")
    expect(page.locator(".st-key-tools")).to_contain_text("陈审计", timeout=SLOW_MS)
    page.keyboard.press("Escape")
    choose(page, 2)
    expect(acts(page)).to_contain_text("您的角色在此状态下没有可走的步骤", timeout=SLOW_MS)
    expect(acts(page).get_by_role("button")).to_have_count(0)


def fetched(page: Page, folder: Path, scope: str = "") -> Path:
    """The file that the page made."""
    link = page.locator(f"{scope} .bt-file a").last
    expect(link).to_be_visible(timeout=PATIENCE_MS)
    with page.expect_download() as waiting:
        link.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def part(page: Page, name: str) -> None:
    page.locator(".st-key-bt_head").get_by_text(name, exact=True).click()


def dropped(page: Page, file: Path, does: str) -> Locator:
    """Drop a file that came, see what it holds, and say yes; what came of it."""
    part(page, "接收文件")
    page.locator(".st-key-bt_receive .drop input[type=file]").set_input_files(file)
    page.get_by_role("button", name=does, exact=True).click(timeout=PATIENCE_MS)
    done = page.locator(".st-key-b_done_box .y-note")
    expect(done).to_be_visible(timeout=PATIENCE_MS)
    return done


def send(page: Page, folder: Path) -> Path:
    """Offer the lead looked at, and fetch the file for the disk."""
    acts(page).get_by_role("link", name="移送其他院").click()
    page.get_by_label("移送理由").fill("属青澜市院管辖")
    page.get_by_label("移送理由").press("Tab")
    page.get_by_role("button", name="移送 1 条").click(timeout=SLOW_MS)
    return fetched(page, folder)


def test_leads_go_to_another_office_and_come_back(
    leads_site: Site, county: Path, offices: tuple[Path, Path], glance: Look, tmp_path: Path
) -> None:
    there = Side(offices[1], load_offices(offices[1]), Database.open(tmp_path / "there.sqlite"))
    look = glance(leads_site.url("/leads", lang="zh", check=TOBACCO, state="registered"))
    page = arrived(look)
    lead = choose(page, 0)
    (taken,) = received(there, send(page, tmp_path))
    receipt = write_papers(tmp_path / "r.json", ANSWER, [taken.answer], there.offices)
    expect(dropped(page, receipt, "按回执办理")).to_contain_text("已接收 1", timeout=SLOW_MS)

    offer(there.db, [lead], HERE, offices=there.offices, reason="还归你院", actor=OTHER, at=AT)
    back = tmp_path / "back.zip"
    write_offered(there.db, back, HERE, offices=there.offices, actor=OTHER)
    expect(dropped(page, back, "接收")).to_contain_text("已接收 1", timeout=SLOW_MS)
    answer = fetched(page, tmp_path, ".st-key-b_done_box")
    (paper,) = read_papers(answer, ANSWER, there.offices.rules)
    assert settle(there.db, paper, offices=there.offices, actor=OTHER, at=AT).verdict == "accepted"

    page.goto(leads_site.url("/leads", lang="zh", lead=lead))
    stands(page, "线索登记")
    lost = send(page, tmp_path)
    part(page, "移送记录")
    page.locator(
        ".row[data-key^='out:']"
    ).first.click()  # the leads of the view before are rows too
    page.get_by_text("撤回", exact=True).first.click(timeout=SLOW_MS)
    page.get_by_label("撤回原因").fill("送错了")
    page.get_by_role("button", name="撤回").last.click()
    (wish,) = read_papers(fetched(page, tmp_path, ".st-key-b_one_box"), RECALL, there.offices.rules)
    said = give_up(there.db, wish, offices=there.offices, actor=OTHER, at=AT)
    file = write_papers(tmp_path / "w.json", ANSWER, [said.answer], there.offices)
    expect(dropped(page, file, "按回执办理")).to_contain_text("已撤回 1", timeout=SLOW_MS)
    assert received(there, lost)[0].verdict == "recalled"  # the disk that turned up late
    db = Database.open(county / "store" / "leads.sqlite", create=False)
    found = card(db, lead, actor=WHO)
    ways = ["sent", "taken_over", "received", "sent", "asked_back", "given_back"]
    assert [one.kind for one in found.history][-6:] == [f"lead.{one}" for one in ways]
    assert found.lead["state"] == "registered"
    db.close()
    there.db.close()
    look.quiet()
