"""One's own account: sessions seen and ended, the password changed, the second factor set up."""

from __future__ import annotations

import re

from tests.office.doors.made import PASSWORD, told
from tests.ui.doors.conftest import House


def test_the_account_shows_rights_and_every_session(house: House) -> None:
    one = house.inside("王检", "prosecutor@430102")
    text = one.open("/auth/account?lang=zh").text
    assert "王检" in text
    assert "检察官 · 430102" in text
    assert "UTC" not in text
    assert "10.0.0.1" in text
    assert "当前会话" in text
    assert "My account" in one.open("/auth/account?lang=en").text
    assert one.open("/auth/account").text.startswith('<!doctype html>\n<html lang="en">')


def test_one_ends_one_s_own_sessions_and_nobody_else_s(house: House) -> None:
    one = house.inside()
    other = house.inside("李检")
    two = house.browser(come_from="10.0.0.7")
    two.secret = one.secret
    assert two.come("王检").status_code == 303
    assert "10.0.0.7" in one.open("/auth/account").text
    foreign = house.desk.caller(other.cookie).session
    assert foreign is not None
    one.send("/auth/sessions", session=foreign.id)
    assert other.client.get("/who").status_code == 200
    (name,) = re.findall(r'name="session" value="(\w+)"', one.open("/auth/account").text)
    assert one.send("/auth/sessions", session=name).status_code == 303
    assert two.client.get("/who").status_code == 401
    assert one.client.get("/who").status_code == 200
    assert told(house.db, "session.ended")[-1] == {"why": "ended by the person"}
    house.clock.go(30)
    assert two.come("王检").status_code == 303
    one.open("/auth/account")
    one.send("/auth/sessions")
    assert (one.client.get("/who").status_code, two.client.get("/who").status_code) == (200, 401)


def test_a_new_password_ends_the_other_sessions_and_renews_this_one(house: House) -> None:
    one = house.inside()
    two = house.browser()
    two.secret = one.secret
    two.come("王检")
    before, new = one.cookie, "Weiße-Wolke-77"
    assert one.fill("/auth/password", old="falsch", new=new, again=new).status_code == 403
    assert one.send("/auth/password", old=PASSWORD, new=new, again="other").status_code == 403
    assert one.send("/auth/password", old=PASSWORD, new="weak", again="weak").status_code == 403
    assert one.send("/auth/password", old=PASSWORD, new=new, again=new).headers["location"] == "/"
    assert one.cookie != before
    assert (one.client.get("/who").status_code, two.client.get("/who").status_code) == (200, 401)
    assert two.come("王检", new).status_code == 303


def test_a_wrong_code_keeps_the_secret_that_was_scanned(house: House) -> None:
    one, given = house.browser(), house.given("王检", "prosecutor")
    one.fill("/auth/login", name="王检", password=given)
    one.fill("/auth/password", old=given, new=PASSWORD, again=PASSWORD)
    first = re.findall(r'class="secret">([^<]+)<', one.open("/auth/second-factor").text)
    assert "<svg" in one.seen.text
    assert one.send("/auth/second-factor", code="000000").status_code == 403
    assert re.findall(r'class="secret">([^<]+)<', one.seen.text) == first
    assert one.set_up_factor().status_code == 303
    assert one.open("/auth/second-factor").headers["location"] == "/auth/account"
    assert "secret" not in one.open("/auth/account").text


def test_pages_of_the_doors_hold_no_script_and_load_nothing_else(house: House) -> None:
    one = house.inside()
    for path in ("/auth/account", "/auth/password"):
        answer = one.open(path)
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cache-control"] == "no-store"
        assert "<script" not in answer.text
    assert one.open("/auth/login").headers["location"] == "/"
