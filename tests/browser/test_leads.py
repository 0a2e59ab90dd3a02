"""A prosecutor's way with leads by a browser: find, understand, decide; two people on one lead."""

from __future__ import annotations

import re
from collections.abc import Callable
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
from tests.browser.conftest import Glance, Site, pick, press, still
from tests.leads.exchange.test_by_disk import received
from tests.leads.exchange.two import AT, HERE, OTHER, Side

pytestmark = pytest.mark.browser
Look = Callable[..., Glance]
FILL_MS = 300_000
"""All checks run once, in a process that lets the others go first."""
WHO = Actor("试", ("prosecutor",))
TOBACCO = "tobacco-near-school"


def arrived(look: Glance) -> Page:
    """The page once its leads are listed."""
    look.page.locator(".row").first.wait_for(timeout=FILL_MS)
    still(look.page)
    return look.page


def row(page: Page, number: int) -> Locator:
    return page.locator(".row").nth(number)


def choose(page: Page, number: int) -> str:
    """Click a row of the list and wait for its lead; returns its id."""
    still(page)
    key = row(page, number).get_attribute("data-key") or ""
    chosen = page.locator(f'.row[data-key="{key}"]')
    chosen.click()
    expect(page).to_have_url(re.compile(f"lead={key}"))
    expect(page.locator(".st-key-leads_card h2").first).to_have_text(
        chosen.locator(".name").inner_text()
    )
    still(page)
    return key


def acts(page: Page) -> Locator:
    return page.locator(".st-key-leads_acts")


def said(page: Page) -> Locator:
    """What came of the last thing done."""
    return acts(page).locator('[data-testid="stAlert"]')


def step(page: Page, name: str) -> None:
    """Open the form of a step."""
    press(
        acts(page)
        .locator('[data-testid="stPills"], [data-testid="stButtonGroup"]')
        .get_by_text(name, exact=True)
    )
    expect(page.get_by_role("button", name=f"确认{name}")).to_be_visible()


def stands(page: Page, state: str) -> None:
    expect(page.locator(".y-state")).to_have_text(state)


def test_find_understand_decide(worked_site: Site, worked: Path, glance: Look) -> None:
    look = glance(worked_site.url("/leads", lang="zh"))
    page = arrived(look)
    pick(page, "全部检查", "学校周边烟草零售点")
    expect(page).to_have_url(re.compile(f"check={TOBACCO}"))
    expect(row(page, 0).locator(".under")).to_contain_text("学校周边烟草零售点")
    first = choose(page, 0)
    expect(page.locator(".y-score li")).to_have_count(8)
    total = page.locator(".y-total").inner_text()
    assert (
        row(page, 0).locator(".value").inner_text() in total.replace(".", " ").split("，")[0]
        or "合计" in total
    )
    stands(page, "线索登记")

    step(page, "开始初步调查")
    press(page.get_by_role("button", name="确认开始初步调查"))
    stands(page, "初步调查")
    step(page, "立案")
    page.get_by_label("案由").fill("校园周边烟草零售点")
    press(page.get_by_role("button", name="确认立案"))
    expect(said(page)).to_contain_text("承办检察官")
    expect(page.get_by_label("案由")).to_have_value("校园周边烟草零售点")
    page.get_by_label("承办检察官").fill("王检")
    page.get_by_label("批准人").fill("周检察长")
    press(page.get_by_role("button", name="确认立案"))
    stands(page, "立案")
    expect(page.locator(".y-due").first).to_contain_text("向行政机关送达立案决定书")

    second = choose(page, 1)
    step(page, "排除")
    pick(page, "排除原因", "现场实测符合规定")
    press(page.get_by_role("button", name="确认排除"))
    stands(page, "排除")
    expect(page.locator(f'.row[data-key="{second}"]')).to_have_class(re.compile("quiet"))
    db = Database.open(worked / "store" / "leads.sqlite", create=False)
    assert card(db, second, actor=WHO).data["dismissed"]["reason"] == "measured"
    told = [
        event.actor for event in card(db, first, actor=WHO).history if event.kind == "lead.moved"
    ]
    assert told == ["王检", "王检"]
    db.close()
    look.quiet()


def test_two_people_on_one_lead(worked_site: Site, glance: Look) -> None:
    mine = arrived(glance(worked_site.url("/leads", lang="zh", check=TOBACCO)))
    key = choose(mine, 4)
    step(mine, "排除")
    mine.get_by_role("button", name="确认排除").scroll_into_view_if_needed()
    pick(mine, "排除原因", "位置有误")
    theirs = arrived(glance(worked_site.url("/leads", lang="zh", lead=key)))
    press(acts(theirs).get_by_text("分派", exact=True).first)
    theirs.get_by_label("承办人姓名").fill("刘检")
    press(acts(theirs).get_by_role("button", name="分派"))
    expect(said(theirs)).to_contain_text("已分派给刘检")

    press(mine.get_by_role("button", name="确认排除"))
    expect(said(mine)).to_contain_text("他人已先改动")
    expect(said(mine)).to_contain_text("刘检")
    stands(mine, "线索登记")
    reason = mine.get_by_role("combobox", name=re.compile("排除原因"))
    expect(reason).to_have_value("位置有误")  # what was chosen is still there
    press(mine.get_by_role("button", name="确认排除"))
    stands(mine, "排除")


def test_what_is_due_the_runs_and_the_map(worked_site: Site, glance: Look) -> None:
    look = glance(worked_site.url("/leads", lang="zh", view="due"))
    page = arrived(look)
    press(page.locator(".row").filter(has_text="向行政机关送达立案决定书").first)
    stands(page, "立案")
    name = page.locator(".st-key-leads_card h2").first.inner_text()
    press(page.get_by_text("成案率", exact=True))
    expect(page.locator(".y-table tbody tr").filter(has_text="学校周边烟草零售点")).to_contain_text(
        "现场实测符合规定")  # fmt: skip
    press(page.get_by_text("运行记录", exact=True))
    press(page.get_by_role("button", name="查看改动的线索").first)
    expect(page.locator(".row").first).to_be_visible()
    expect(page).to_have_url(re.compile("run=R"))
    look.quiet()
    chart = glance(worked_site.url("/", lang="zh", check=TOBACCO))
    found = chart.page.locator(".row").filter(has_text=name).filter(has_text="立案")
    expect(found.first).to_be_visible()
    press(found.first)
    press(chart.page.locator(".st-key-lead_box a"))
    stands(chart.page, "立案")


def test_a_sheet_is_handed_over_and_told(worked_site: Site, worked: Path, glance: Look) -> None:
    page = arrived(glance(worked_site.url("/leads", lang="zh", check=TOBACCO)))
    key = choose(page, 6)
    press(acts(page).get_by_text("移交表", exact=True))
    expect(page.get_by_label("接收单位")).to_have_value("云溪县烟草专卖局")
    press(acts(page).get_by_text("CSV", exact=True))
    acts(page).get_by_label("理由").last.fill("请依法处理")
    press(page.get_by_role("button", name="生成移交表"))
    button = acts(page).get_by_role("button", name="下载移交表")
    expect(button).to_be_visible()
    with page.expect_download() as waiting:
        press(button)
    lines = waiting.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2
    expect(page.locator(".y-history li").first).to_contain_text("移交：云溪县烟草专卖局")
    db = Database.open(worked / "store" / "leads.sqlite", create=False)
    assert card(db, key, actor=WHO).history[-1].kind == "lead.handed_over"
    db.close()


def test_the_inbox_tells_of_the_new_leads_once(worked_site: Site, glance: Look) -> None:
    page = arrived(glance(worked_site.url("/leads", lang="zh", view="inbox")))
    tally = page.locator(".y-tally")
    before = tally.inner_text()
    press(row(page, 1))  # below the heading: a lead of the first message
    expect(page.locator(".y-score li")).to_have_count(8)
    expect(tally).not_to_have_text(before)
    expect(row(page, 0)).to_have_class(re.compile("quiet"))  # read, and still where it was


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_holds_together_on_a_small_screen(
    worked_site: Site, glance: Look, lang: str
) -> None:
    look = glance(worked_site.url("/leads", lang=lang), width=390, height=844)
    page = arrived(look)
    choose(page, 2)
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def test_an_auditor_reads_and_decides_nothing(worked_site: Site, glance: Look) -> None:
    page = arrived(glance(worked_site.url("/leads", lang="zh")))
    press(page.locator(".st-key-tools").get_by_role("button", name=re.compile("王检")))
    pick(page, "以谁的身份操作", "陈审计")
    expect(page.locator(".st-key-tools")).to_contain_text("陈审计")
    page.keyboard.press("Escape")
    choose(page, 2)
    expect(acts(page)).to_contain_text("您的角色在此状态下没有可走的步骤")
    expect(acts(page).get_by_role("button")).to_have_count(0)


def fetched(page: Page, folder: Path, scope: str = "") -> Path:
    """The file that the page made."""
    link = page.locator(f"{scope} .bt-file a").last
    expect(link).to_be_visible()
    with page.expect_download() as waiting:
        press(link)
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def part(page: Page, name: str) -> None:
    press(page.locator(".st-key-bt_head").get_by_text(name, exact=True))


def dropped(page: Page, file: Path, does: str) -> Locator:
    """Drop a file that came, see what it holds, and say yes; what came of it."""
    part(page, "接收文件")
    page.locator(".st-key-bt_receive .drop input[type=file]").set_input_files(file)
    press(page.get_by_role("button", name=does, exact=True))
    done = page.locator(".st-key-b_done_box .y-note")
    expect(done).to_be_visible()
    return done


def send(page: Page, folder: Path) -> Path:
    """Offer the lead looked at, and fetch the file for the disk."""
    press(acts(page).get_by_role("link", name="移送其他院"))
    page.get_by_label("移送理由").fill("属青澜市院管辖")
    page.get_by_label("移送理由").press("Tab")
    press(page.get_by_role("button", name="移送 1 条"))
    return fetched(page, folder)


def test_leads_go_to_another_office_and_come_back(
    worked_site: Site, worked: Path, offices: tuple[Path, Path], glance: Look, tmp_path: Path
) -> None:
    there = Side(offices[1], load_offices(offices[1]), Database.open(tmp_path / "there.sqlite"))
    look = glance(worked_site.url("/leads", lang="zh", check=TOBACCO, state="registered"))
    page = arrived(look)
    lead = choose(page, 0)
    (taken,) = received(there, send(page, tmp_path))
    receipt = write_papers(tmp_path / "r.json", ANSWER, [taken.answer], there.offices)
    expect(dropped(page, receipt, "按回执办理")).to_contain_text("已接收 1")

    offer(there.db, [lead], HERE, offices=there.offices, reason="还归你院", actor=OTHER, at=AT)
    back = tmp_path / "back.zip"
    write_offered(there.db, back, HERE, offices=there.offices, actor=OTHER)
    expect(dropped(page, back, "接收")).to_contain_text("已接收 1")
    answer = fetched(page, tmp_path, ".st-key-b_done_box")
    (paper,) = read_papers(answer, ANSWER, there.offices.rules)
    assert settle(there.db, paper, offices=there.offices, actor=OTHER, at=AT).verdict == "accepted"

    page.goto(worked_site.url("/leads", lang="zh", lead=lead))
    stands(page, "线索登记")
    lost = send(page, tmp_path)
    part(page, "移送记录")
    # the leads of the view before are rows, too
    press(page.locator(".row[data-key^='out:']").first)
    press(page.get_by_text("撤回", exact=True).first)
    page.get_by_label("撤回原因").fill("送错了")
    press(page.get_by_role("button", name="撤回").last)
    (wish,) = read_papers(fetched(page, tmp_path, ".st-key-b_one_box"), RECALL, there.offices.rules)
    said = give_up(there.db, wish, offices=there.offices, actor=OTHER, at=AT)
    file = write_papers(tmp_path / "w.json", ANSWER, [said.answer], there.offices)
    expect(dropped(page, file, "按回执办理")).to_contain_text("已撤回 1")
    assert received(there, lost)[0].verdict == "recalled"  # the disk that turned up late
    db = Database.open(worked / "store" / "leads.sqlite", create=False)
    found = card(db, lead, actor=WHO)
    ways = ["sent", "taken_over", "received", "sent", "asked_back", "given_back"]
    assert [one.kind for one in found.history][-6:] == [f"lead.{one}" for one in ways]
    assert found.lead["state"] == "registered"
    db.close()
    there.db.close()
    look.quiet()
