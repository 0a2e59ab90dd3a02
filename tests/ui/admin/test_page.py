"""Administration as each role: exactly its views, and every view does its work and tells the history."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from office import Actor, Database
from office.doors.people import people
from office.doors.throttle import count_attempt
from office.doors.tokens import tokens
from office.policy import load_policy
from tests.office.doors.made import RULES, told
from tests.ui.map.test_page import html
from ui.admin.desk import VIEWS, views_of
from ui.docket.demo import PEOPLE

pytestmark = pytest.mark.usefixtures("assets")
Come = Callable[..., AppTest]
KEEPER, SYSTEM, AUDITOR, REVIEWER = "周安全", "孙系统", "陈审计", "李复核"
SEES = {
    "security_admin": ["people", "tokens", "sessions", "ledger", "verify", "health"],
    "system_admin": ["verify", "rules", "health", "backup", "retention"],
    "auditor": ["people", "tokens", "sessions", "audit", "ledger", "verify", "rules", "health"],
    "reviewer": ["ledger", "verify", "rules", "agencies"],
    "prosecutor": [],
    "field": [],
}


@pytest.mark.parametrize("role", SEES)
def test_each_role_has_exactly_its_views(role: str) -> None:
    assert list(views_of(Actor("甲", (role,)))) == SEES[role]


@pytest.mark.parametrize("name", PEOPLE)
def test_each_person_is_shown_exactly_these(as_one: Come, name: str) -> None:
    page = as_one(name)
    shown = [list(one.options) for one in page.button_group if one.key == "a_view"]
    if not SEES[PEOPLE[name]]:
        assert shown == []
        assert "您的角色无权打开管理页面" in html(page)
        return
    assert len(shown[0]) == len(SEES[PEOPLE[name]])
    assert page.query_params["view"] in ([SEES[PEOPLE[name]][0]], SEES[PEOPLE[name]][0])
    assert "演示县：此处的账户" in html(page)


@pytest.mark.parametrize(("name", "view"), [(KEEPER, "audit"), (SYSTEM, "people"), (AUDITOR, "backup"),
                                            (REVIEWER, "tokens"), (KEEPER, "retention")])  # fmt: skip
def test_a_view_named_by_the_address_is_refused_and_told(
    as_one: Come, store: Database, name: str, view: str
) -> None:
    page = as_one(name, view=view)
    assert load_policy()[VIEWS[view]].zh in html(page)
    assert "您的角色无权" in html(page)
    (event,) = told(store, "policy.refused")
    assert event["operation"] == VIEWS[view]


@pytest.mark.parametrize(("name", "view"), [(name, view) for name, role in PEOPLE.items() if name != "刘检"
                                            for view in SEES[role]])  # fmt: skip
def test_every_view_draws_in_english_too(as_one: Come, name: str, view: str) -> None:
    page = as_one(name, lang="en", view=view)
    assert not page.exception
    assert "may not" not in html(page)


def test_a_person_is_added_with_a_scope_and_the_password_shown_once(
    as_one: Come, store: Database
) -> None:
    page = as_one(KEEPER)
    page.text_input(key="a_p_name").input("钱检")
    page.selectbox(key="a_p_new_role").select("prosecutor")
    page.selectbox(key="a_p_new_area").select("990123")
    page.selectbox(key="a_p_new_check").select("tobacco-near-school")
    page.button(key="a_p_new_add").click().run()
    assert "检察官 · 云溪县 990123" in html(page)
    page.button(key="ad_p_make").click().run()
    (one,) = people(store, actor=Actor("周安全", ("security_admin",)))
    assert [grant.text() for grant in one.grants] == ["prosecutor@990123/tobacco-near-school"]
    secret = page.code[0].value
    assert re.fullmatch(r"(\w{5}-){3}\w{5}", secret)
    page.button(key="ad_noted").click().run()
    assert not page.code
    assert secret not in str(told(store, "person.added"))
    assert told(store, "person.added")[0]["name"] == "钱检"


def test_an_account_is_changed_shut_out_unlocked_and_reset(as_one: Come, store: Database) -> None:
    page = as_one(KEEPER)
    page.text_input(key="a_p_name").input("钱检")
    page.button(key="a_p_new_add").click().run()
    page.button(key="ad_p_make").click().run()
    for _ in range(RULES.attempts_before_lock):
        with store.write() as connection:
            count_attempt(connection, "钱检", "", at="2099-01-01T00:00:00Z", rules=RULES)
    page.run()
    assert "锁定至" in html(page)
    page.button(key="ad_p_unlock").click().run()
    assert "锁定至" not in html(page)
    page.button(key="ad_p_disable").click().run()
    assert "停用" in html(page)
    page.button(key="ad_p_enable").click().run()
    page.button(key="ad_p_reset").click().run()
    assert page.code
    kinds = ("person.added", "person.unlocked", "person.disabled", "person.enabled", "person.reset")
    assert all(told(store, kind) for kind in kinds)


def test_a_token_is_issued_shown_once_and_revoked(as_one: Come, store: Database) -> None:
    page = as_one(KEEPER, view="tokens")
    page.text_input(key="a_t_name").input("案件系统")
    page.multiselect(key="a_t_ops").select("layer.read")
    page.selectbox(key="a_t_areas_area").select("990123")
    page.button(key="a_t_areas_add").click().run()
    page.button(key="ad_t_make").click().run()
    assert page.code[0].value.startswith("yicha_")
    (one,) = tokens(store, actor=Actor(KEEPER, ("security_admin",)))
    assert (one.operations, one.grants[0].area) == (("layer.read",), "990123")
    page.button(key="ad_t_revoke").click().run()
    assert "已吊销" in html(page)


def test_the_auditor_reads_people_and_changes_nothing(as_one: Come) -> None:
    for view in ("people", "tokens", "sessions"):
        page = as_one(AUDITOR, view=view)
        assert {one.key for one in page.button if str(one.key).startswith("ad_")} == set()


def test_the_auditor_finds_and_exports(as_one: Come, store: Database) -> None:
    keeper = as_one(KEEPER)
    keeper.text_input(key="a_p_name").input("钱检")
    keeper.button(key="a_p_new_add").click().run()
    keeper.button(key="ad_p_make").click().run()
    page = as_one(AUDITOR, view="audit")
    page.selectbox(key="a_l_kind").select("person.added").run()
    assert "钱检" in html(page)
    page.text_input(key="a_l_who").input("没有此人").run()
    assert "没有符合的事件" in html(page)
    page.text_input(key="a_l_who").input("").run()
    page.button(key="ad_l_json").click().run()
    assert "已导出 1 个事件" in html(page)
    assert told(store, "audit.exported")[0]["events"] == 1


def test_health_says_what_is_to_be_looked_at(as_one: Come) -> None:
    page = as_one(SYSTEM, view="health")
    assert "有需要留意之处" in html(page)
    assert "上次备份" in html(page)
    assert all(f"磁盘 · {what}" in html(page) for what in ("数据", "缓存", "影像", "备份"))


def test_retention_says_what_would_go_and_deletes_nothing_unasked(
    as_one: Come, store: Database
) -> None:
    page = as_one(SYSTEM, view="retention", lang="en")
    assert "Nothing is past its period" in html(page)
    assert not re.search("[一-鿿]", html(page).partition("What is kept how long")[2])
    with store.write() as connection:
        count_attempt(connection, "钱检", "", at="2020-01-01T00:00:00Z", rules=RULES)
    page = as_one(SYSTEM, view="retention")
    assert page.button(key="ad_r_delete").disabled
    page.checkbox(key="a_r_sure").check().run()
    page.button(key="ad_r_delete").click().run()
    assert "已删除 1 行" in html(page)
    assert told(store, "retention.deleted")[0]["rows"] == {"attempts": 1}


def test_a_wrong_rule_pack_is_told_field_by_field(as_one: Come, folder: Path) -> None:
    assert folder.is_dir()
    page = as_one(REVIEWER, view="rules")
    area = page.text_area(key="a_f_text:rules:demo")
    area.input(str(area.value).replace('comparator = "<="', 'comparator = "=="', 2)).run()
    assert "2 处有误" in html(page)
    assert "comparator" in html(page)
    assert page.button(key="ad_f_take_rules").disabled
    page = as_one(SYSTEM, view="rules")
    assert not page.text_area
