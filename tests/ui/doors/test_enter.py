"""Coming in: first run, password, code, given passwords; refusals, locks, theft."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.office.doors.made import PASSWORD, RULES, told
from tests.ui.doors.conftest import House


def test_the_first_run_makes_one_administrator_by_the_printed_code(
    bare_house: House, printed_code: Callable[[], str]
) -> None:
    one = bare_house.browser()
    assert one.open("/leads").headers["location"] == "/auth/first"
    assert "python -m office first-admin" in one.open("/auth/first").text
    fields = {"name": "钱安全", "new": PASSWORD, "again": PASSWORD}
    assert one.send("/auth/first", code="guess-guess-guess-guess", **fields).status_code == 403
    printed = printed_code()
    assert one.send("/auth/first", code=printed, **{**fields, "again": "x"}).status_code == 403
    assert one.send("/auth/first", code=printed, **{**fields, "new": "short", "again": "short"}).status_code == 403  # fmt: skip
    answer = one.send("/auth/first", code=printed, **fields)
    assert answer.headers["location"] == "/auth/second-factor"
    assert one.set_up_factor().headers["location"] == "/"
    assert one.open("/people").json()["roles"] == ["security_admin"]
    other = bare_house.browser()
    assert other.open("/auth/first").headers["location"] == "/auth/login"
    assert bare_house.browser().fill("/auth/first", code=printed, **fields).status_code == 403


def test_the_first_code_is_not_guessed(bare_house: House) -> None:
    one = bare_house.browser()
    one.open("/auth/first")
    fields = {"name": "钱安全", "new": PASSWORD, "again": PASSWORD}
    seen = [one.send("/auth/first", code="guess", **fields).status_code for _ in range(7)]
    assert seen == [403] * 5 + [429] * 2


def test_a_given_password_opens_only_its_own_form(house: House) -> None:
    one, given = house.browser(), house.given("王检", "prosecutor")
    assert (
        one.fill("/auth/login", name="王检", password=given).headers["location"] == "/auth/password"
    )
    assert one.open("/leads").headers["location"] == "/auth/password"
    assert one.client.get("/who").status_code == 403
    assert one.open("/auth/second-factor").headers["location"] == "/auth/password"
    before = one.cookie
    answer = one.fill("/auth/password", old=given, new=PASSWORD, again=PASSWORD)
    assert answer.headers["location"] == "/auth/second-factor"
    assert one.open("/leads").headers["location"] == "/auth/second-factor"
    middle = one.cookie
    assert one.set_up_factor().headers["location"] == "/"
    assert len({before, middle, one.cookie}) == 3
    assert one.open("/leads").text == "<p>secret page</p>"
    for old in (before, middle):
        thief = house.browser()
        thief.client.cookies.set("yicha", old)
        assert thief.open("/leads").headers["location"].startswith("/auth/login")


def test_password_and_code_go_in_two_steps_and_lead_to_the_page_asked_for(house: House) -> None:
    house.inside()
    one = house.browser()
    assert (
        one.open("/leads?view=list").headers["location"] == "/auth/login?next=/leads%3Fview%3Dlist"
    )
    house.clock.go(30)
    secret = house.inside("李检").secret  # another person's codes are of no use
    one.fill("/auth/login", name="王检", password=PASSWORD)
    assert 'autocomplete="one-time-code"' in one.seen.text
    assert PASSWORD not in one.seen.text
    one.secret = secret
    assert (
        one.send("/auth/login", name="王检", ticket=one.ticket(), code=one.code()).status_code
        == 403
    )


def test_the_code_opens_once(house: House) -> None:
    secret = house.inside().secret
    house.clock.go(30)
    one, two = house.browser(), house.browser()
    for each in (one, two):
        each.secret = secret
        each.fill("/auth/login?next=/leads", name="王检", password=PASSWORD)
    first = one.send(
        "/auth/login", name="王检", ticket=one.ticket(), code=one.code(), next="/leads"
    )
    assert (first.status_code, first.headers["location"]) == (303, "/leads")
    assert (
        two.send("/auth/login", name="王检", ticket=two.ticket(), code=two.code()).status_code
        == 403
    )
    house.clock.go(30)
    assert (
        two.send("/auth/login", name="王检", ticket=two.ticket(), code=two.code()).status_code
        == 303
    )


def test_a_ticket_is_of_one_browser_one_person_and_five_minutes(house: House) -> None:
    secret = house.inside().secret
    house.inside("李检")
    house.clock.go(30)
    one, thief = house.browser(), house.browser()
    one.secret = thief.secret = secret
    one.fill("/auth/login", name="王检", password=PASSWORD)
    ticket = one.ticket()
    thief.open("/auth/login")
    assert thief.send("/auth/login", name="王检", ticket=ticket, code=one.code()).status_code == 403
    one.open("/auth/login")
    assert one.send("/auth/login", name="李检", ticket=ticket, code=one.code()).status_code == 403
    house.clock.go(301)
    one.open("/auth/login")
    assert one.send("/auth/login", name="王检", ticket=ticket, code=one.code()).status_code == 403


def test_a_planted_session_is_never_raised(house: House) -> None:
    """Fixation: whoever plants a cookie does not get in with the person who signs in over it."""
    attacker, given = house.inside("旧人"), house.given("王检", "prosecutor")
    victim = house.browser()
    victim.open("/auth/login")
    victim.client.cookies.set("yicha", attacker.cookie)
    assert victim.send("/auth/login", name="王检", password=given).status_code == 403
    victim.client.cookies.set("yicha", "planted.by-somebody")
    victim.open("/auth/login")
    assert (
        victim.send("/auth/login", name="王检", password=given).headers["location"]
        == "/auth/password"
    )
    lines = [
        line for line in victim.seen.headers.get_list("set-cookie") if line.startswith("yicha=")
    ]
    assert len(lines) == 1
    assert "planted" not in lines[0]
    assert attacker.client.get("/who").json()["name"] == "旧人"


@pytest.mark.parametrize("change", ["cut", "mac", "token", "none", "other"])
def test_a_tampered_cookie_is_nobody_s(house: House, change: str) -> None:
    good = house.inside().cookie
    token, _, mac = good.rpartition(".")
    bad = {"cut": good[:-1], "mac": f"{token}.{'0' * 64}", "token": f"A{token[1:] if token[0] != 'A' else 'B'}.{mac}",
           "none": token, "other": f"form {token}.{mac}"}[change]  # fmt: skip
    thief = house.browser()
    thief.client.cookies.set("yicha", bad)
    assert thief.client.get("/who").status_code == 401


def test_brute_force_meets_the_lock_by_name_and_by_source(house: House) -> None:
    house.inside()
    one = house.browser()
    one.open("/auth/login")
    seen = [
        one.send("/auth/login", name="王检", password=f"guess {n}").status_code for n in range(7)
    ]
    assert seen == [403] * 5 + [429] * 2
    right = house.browser(come_from="10.0.0.9")
    assert right.fill("/auth/login", name="王检", password=PASSWORD).status_code == 429
    assert "60" in right.seen.text
    two = house.browser(come_from="10.0.0.2")
    two.open("/auth/login")
    most = RULES.attempts_source_before_lock
    seen = [two.send("/auth/login", name=f"无名{n}", password="guess").status_code for n in range(most + 2)]  # fmt: skip
    assert seen == [403] * most + [429] * 2
    assert len(told(house.db, "door.locked")) >= 2


def test_codes_are_counted_like_passwords(house: House) -> None:
    house.inside()
    house.clock.go(60)
    one = house.browser()
    one.fill("/auth/login", name="王检", password=PASSWORD)
    ticket = one.ticket()
    seen = [one.send("/auth/login", name="王检", ticket=ticket, code=f"{n:06}").status_code for n in range(6)]  # fmt: skip
    assert seen == [403] * 4 + [429] * 2


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)",
                                "/\tevil", "/auth/sign-out", "evil", "\\\\evil.example", "/%0d%0aSet-Cookie:x"])  # fmt: skip
def test_no_login_leads_to_another_site(house: House, to: str) -> None:
    secret = house.inside().secret
    one = house.browser()
    one.secret = secret
    answer = one.come("王检", next=to)
    assert answer.status_code == 303
    where = answer.headers["location"]
    assert where == "/" or (where == to and where.startswith("/%"))


def test_a_form_needs_its_token_and_its_own_origin(house: House) -> None:
    given = house.given("王检", "prosecutor")
    one = house.browser()
    one.open("/auth/login")
    assert (
        one.send(
            "/auth/login", origin="http://evil.example", name="王检", password=given
        ).status_code
        == 403
    )
    one.open("/auth/login")
    assert one.send("/auth/login", form="0" * 64, name="王检", password=given).status_code == 403
    other = house.browser()
    other.open("/auth/login")
    token = other.seen.text.split('name="form" value="')[1][:64]
    one.open("/auth/login")
    assert one.send("/auth/login", form=token, name="王检", password=given).status_code == 403
    assert one.client.post("/auth/login", data={"name": "x"}).status_code == 403
    one.open("/auth/login")
    assert one.send("/auth/login", name="王检", password=given).status_code == 303


def test_over_tls_the_cookie_is_the_host_s_own(house: House) -> None:
    one, given = house.browser("https://localhost"), house.given("王检", "prosecutor")
    one.open("/auth/login")
    one.send("/auth/login", origin="https://localhost", name="王检", password=given)
    lines = one.seen.headers.get_list("set-cookie")
    (line,) = [line for line in lines if line.startswith("__Host-yicha=")]
    assert {"HttpOnly", "SameSite=Lax", "Secure", "Path=/"} <= set(line.split("; "))
    assert one.open("/leads").headers["location"] == "/auth/password"
    plain = house.browser("https://localhost")
    plain.client.cookies.set("yicha", one.client.cookies["__Host-yicha"])
    assert plain.open("/leads").headers["location"].startswith("/auth/login")


def test_a_form_of_many_bytes_is_refused(house: House) -> None:
    one = house.browser()
    one.open("/auth/login")
    assert one.send("/auth/login", name="x" * 20_000, password="y").status_code == 413
