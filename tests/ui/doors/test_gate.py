"""The gate: who is outside sees nothing, who is inside loses it the moment the session ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.websockets import WebSocketDisconnect

from layers.errors import StoreError
from office import Database
from office.doors.people import disable, set_grants
from office.doors.sessions import revoke
from office.doors.tokens import add_token, revoke_token
from office.scope import parse_grant
from tests.office.doors.made import ADMIN, RULES
from tests.ui.doors.conftest import Browser, House, gated
from ui.doors.desk import KNOWN_S, Desk

STREAM = "ws://localhost/_stcore/stream"


def _talk(one: Browser, **headers: str) -> str:
    with one.client.websocket_connect(STREAM, headers=headers) as line:
        line.send_text("hello")
        return str(line.receive_text())


@pytest.mark.parametrize("path", ["/", "/leads", "/who", "/nothing", "/_stcore/host-config", "/media/x.png",
                                  "/component/x/index.html", "/static/js/x.js", "/_stcore/metrics"])  # fmt: skip
def test_outside_everything_is_closed(house: House, path: str) -> None:
    one = house.browser()
    assert one.open(path).headers["location"].startswith("/auth/login")
    answer = one.client.get(path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.headers["cache-control"]) == (401, "no-store")
    assert (
        one.client.get(path, headers={"Accept": "text/html", "Sec-Fetch-Mode": "cors"}).status_code
        == 401
    )
    with pytest.raises(WebSocketDisconnect):
        _talk(one)


@pytest.mark.parametrize("path", ["//who", "/./who", "/auth/../who", "/assets/app/../../who", "/%61uth/../who", "/healthz/../who"])  # fmt: skip
def test_no_spelling_of_a_path_walks_around_the_gate(house: House, path: str) -> None:
    answer = house.browser().client.get(path)
    assert answer.status_code in {400, 401, 404}


def test_inside_pages_and_stream_are_open(house: House) -> None:
    one = house.inside()
    assert one.open("/leads").text == "<p>secret page</p>"
    assert one.seen.headers["cache-control"] == "no-store"
    assert _talk(one) == "王检: hello"
    assert _talk(one, origin="http://localhost") == "王检: hello"
    with pytest.raises(WebSocketDisconnect):
        _talk(one, origin="http://evil.example")


def test_half_way_in_there_is_no_stream(house: House) -> None:
    one, given = house.browser(), house.given("王检", "prosecutor")
    one.fill("/auth/login", name="王检", password=given)
    with pytest.raises(WebSocketDisconnect):
        _talk(one)


def test_signing_out_ends_page_stream_and_cookie_at_once(house: House) -> None:
    one = house.inside()
    cookie = one.cookie
    with one.client.websocket_connect(STREAM) as line:
        line.send_text("hello")
        line.receive_text()
        one.open("/auth/account")
        answer = one.send("/auth/sign-out")
        assert answer.headers["location"] == "/auth/login?out=1"
        assert answer.headers["clear-site-data"] == '"cache"'
        line.send_text("more")
        with pytest.raises(WebSocketDisconnect):
            line.receive_text()
    assert one.cookie == ""
    thief = house.browser()
    thief.client.cookies.set("yicha", cookie)
    assert thief.client.get("/who").status_code == 401


def test_a_session_ended_elsewhere_loses_the_stream_at_the_next_message(house: House) -> None:
    one = house.inside()
    with one.client.websocket_connect(STREAM) as line:
        line.send_text("hello")
        line.receive_text()
        session = house.desk.caller(one.cookie).session
        assert session is not None
        revoke(house.db, session.id, actor=ADMIN, at=house.clock.at)
        house.clock.go(KNOWN_S)
        line.send_text("more")
        with pytest.raises(WebSocketDisconnect):
            line.receive_text()
    assert one.client.get("/who").status_code == 401


def test_rights_taken_away_are_gone_within_a_second(house: House) -> None:
    one = house.inside()
    assert one.client.get("/who").status_code == 200
    set_grants(house.db, "王检", [parse_grant("system_admin")], actor=ADMIN, at=house.clock.at)
    house.clock.go(KNOWN_S)
    assert one.client.get("/who").status_code == 403
    disable(house.db, "王检", actor=ADMIN, at=house.clock.at)
    house.clock.go(KNOWN_S)
    assert one.client.get("/who").status_code == 401


def test_idle_and_old_sessions_end_and_asking_is_no_use(house: House) -> None:
    one = house.inside()
    for _ in range(RULES.session_idle_s // 60 - 1):
        house.clock.go(60)
        assert one.client.get("/auth/state").json() == {"signed_in": True}
    house.clock.go(60)
    assert one.client.get("/auth/state").json() == {"signed_in": False}
    assert one.client.get("/who").status_code == 401
    assert "登录已失效" in one.open("/auth/login?lang=zh").text
    assert "登录已失效" not in house.browser().open("/auth/login?lang=zh").text
    two = house.inside("李检")
    for _ in range(RULES.session_absolute_s // 1200 - 1):
        house.clock.go(1200)
        assert two.client.get("/who").status_code == 200
    house.clock.go(1200)
    assert two.client.get("/who").status_code == 401


def test_a_clock_that_runs_back_far_ends_the_session(house: House) -> None:
    one = house.inside()
    house.clock.go(-RULES.session_skew_s)
    assert one.client.get("/who").status_code == 200
    house.clock.go(-KNOWN_S)
    assert one.client.get("/who").status_code == 401


@pytest.mark.parametrize("headers", [
    {}, {"Origin": "null"}, {"Origin": "http://evil.example"}, {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"}, {"Origin": "ftp://localhost"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "same-site"}])  # fmt: skip
def test_other_sites_write_nothing(house: House, headers: dict[str, str]) -> None:
    one = house.inside()
    answer = one.client.post("/write", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "origin")
    good = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert one.client.post("/write", headers=good).status_code == 200


def test_a_body_ends_at_the_limit_of_its_address(house: House) -> None:
    one, good = house.inside(), {"Origin": "http://localhost"}
    assert one.client.post("/write", content=b"x" * 101, headers=good).status_code == 413


def test_a_system_comes_in_by_its_token_and_writes_without_an_origin(house: House) -> None:
    token = add_token(
        house.db, "案管系统", ["layer.read"], days=30, actor=ADMIN, at=house.clock.at, rules=RULES
    )
    client = house.browser().client
    bearer = {"Authorization": f"Bearer {token.text}"}
    assert client.get("/who", headers=bearer).json() == {
        "name": "system:案管系统",
        "roles": ["machine"],
    }
    assert client.post("/write", headers=bearer).status_code == 200
    assert client.get("/people", headers=bearer).status_code == 403
    assert client.get("/_stcore/host-config", headers=bearer).status_code == 401
    assert client.get("/who", headers={"Authorization": "Bearer yicha_guess"}).status_code == 401
    inside = house.inside()
    assert (
        inside.client.get("/who", headers={"Authorization": "Bearer yicha_guess"}).status_code
        == 401
    )
    revoke_token(house.db, "案管系统", actor=ADMIN, at=house.clock.at)
    assert client.get("/who", headers=bearer).status_code == 401


def test_only_known_names_of_the_machine_are_answered(house: House) -> None:
    client = house.browser().client
    for host, status in (("localhost:8501", 200), ("127.0.0.1", 200), ("[::1]:8501", 200), ("evil.example", 400),
                         ("localhost.evil.example", 400), ("", 400)):  # fmt: skip
        assert client.get("/auth/state", headers={"Host": host}).status_code == status, host


def test_a_door_that_lacks_its_keys_says_so_and_stays_shut(house: House) -> None:
    shut = Desk(house.desk.keys, RULES, lambda: house.clock.at,
                problem=StoreError("no file of keys is named", field="YICHA_KEY_FILE", remedy="x"))  # fmt: skip
    one = House(shut, house.clock, gated(shut)).browser()
    assert one.open("/leads").headers["location"].startswith("/auth/login")
    answer = one.open("/auth/login?lang=zh")
    assert (answer.status_code, "python -m office key new FILE" in answer.text) == (503, True)
    assert one.client.get("/who").status_code == 401


def test_the_demo_is_open_and_one_person_in_every_tab(demo: House) -> None:
    one, two = demo.browser(), demo.browser()
    assert one.client.get("/who").json()["name"] == "王检"
    assert one.open("/leads").status_code == 200
    assert one.fill("/auth/demo", who="陈审计").status_code == 303
    assert one.client.get("/who").json()["roles"] == ["auditor"]
    assert _talk(one) == "陈审计: hello"
    assert two.client.get("/who").json()["name"] == "王检"
    assert one.fill("/auth/demo", who="程序").status_code == 404
    assert one.fill("/auth/demo", origin="http://evil.example", who="王检").status_code == 403
    assert one.open("/auth/login").headers["location"] == "/auth/demo?next=/"
    assert one.open("/auth/login?next=/field/").headers["location"] == "/auth/demo?next=/field/"
    assert one.fill("/auth/demo", who="赵外勤", next="/field/").headers["location"] == "/field/"
    newcomer = demo.browser()  # whose first page is the choice itself
    assert newcomer.fill("/auth/demo", who="赵外勤").status_code == 303
    assert newcomer.client.get("/who").json()["name"] == "赵外勤"


def test_a_real_office_has_no_demo_door(house: House) -> None:
    one = house.inside()
    assert one.open("/auth/demo").status_code == 404
    one.open("/auth/account")
    assert one.send("/auth/demo", who="陈审计").status_code == 404
    assert one.client.get("/who").json()["name"] == "王检"
    assert house.browser().fill("/auth/demo", who="陈审计").status_code in {403, 404}


def test_a_long_writer_keeps_nobody_out(house: House, tmp_path: Path) -> None:
    one = house.inside()
    impatient = Database.open(tmp_path / "leads.sqlite", wait_s=0.05)
    house.desk.db = impatient
    house.clock.go(RULES.session_touch_s + 1)
    with house.db.write(), ThreadPoolExecutor(1) as other:
        assert other.submit(one.client.get, "/who").result(30).status_code == 200
    impatient.close()


def test_a_store_that_does_not_answer_lets_nobody_in(house: House) -> None:
    one = house.inside()
    house.db.close()
    (house.folder / "leads.sqlite").write_bytes(b"no database at all" * 1000)
    house.desk.forget_all()
    answer = one.client.get("/who")
    assert (answer.status_code, "remedy" in answer.json()) == (503, True)
    with pytest.raises(WebSocketDisconnect):
        _talk(one)


def test_the_login_speaks_the_language_of_the_page_asked_for(house: House) -> None:
    one = house.browser()
    for lang, title in (("en", "Sign in"), ("zh", "登录")):
        led = one.open(f"/leads?lang={lang}").headers["location"]
        assert f"<h1>{title}</h1>" in one.open(led).text
    assert "<h1>登录</h1>" in one.open("/auth/login?next=http://[").text
