"""Signing in with a provider of identities: a real one in a process of its own, and its tokens weighed."""

from __future__ import annotations

import dataclasses
import http.client
import json
import re
import socket
import subprocess
import sys
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from layers.errors import PolicyError, RuleError, StoreError
from office.doors.accounts import account_of
from office.doors.people import disable
from office.doors.provider_rules import ProviderRules, load_provider
from office.doors.rules import moment
from office.doors.vouched import account_id_of, weighed_token
from tests.office.doors.made import ADMIN, AT, RULES, told
from tests.ui.doors.conftest import Browser, House, gated
from ui.doors.place import utc_now

CLAIMS = {"name": "name", "roles": "realm.roles", "areas": ""}
ROLES = {
    "prosecutor": ("pros",),
    "reviewer": ("rev",),
    "auditor": ("aud",),
    "system_admin": ("sys",),
}
PEOPLE = [
    {"sub": "u1", "name": "王检", "realm": {"roles": ["pros", "else"]}},
    {"sub": "u2", "name": "无权", "realm": {"roles": ["else"]}},
    {"sub": "u3", "name": "兼任", "realm": {"roles": ["sys", "aud"]}},
]


def rules(issuer: str = "https://sso.example.cn", **more: Any) -> ProviderRules:
    first = ProviderRules(
        issuer, "yicha", "统一身份平台", ("openid", "profile"), (), CLAIMS, ROLES, "s3cret"
    )
    return dataclasses.replace(first, **more)


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A real provider; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    people = [word for one in PEOPLE for word in ("--user-claims", json.dumps(one))]
    process = subprocess.Popen([sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *people],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    for _ in range(200):
        with socket.socket() as probe:
            probe.settimeout(0.1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


@pytest.fixture
def joined(house: House, provider: str) -> House:
    """The office with its provider, at the time of day that the provider goes by."""
    house.desk.provider, house.desk.now = rules(provider), utc_now
    house.clock.at = utc_now()
    return house


def _consent(address: str, subject: str) -> str:
    """What a person does at the provider; where it sends the browser back to."""
    where = urllib.parse.urlsplit(address)
    line = http.client.HTTPConnection(where.netloc, timeout=10)
    line.request("POST", f"{where.path}?{where.query}", urllib.parse.urlencode({"sub": subject}),
                 {"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
    back = line.getresponse().headers["Location"]
    line.close()
    return str(back)


def _through(one: Browser, subject: str = "u1", next_path: str = "/") -> str:
    """From the button to the address that the provider sends the browser back to."""
    address = one.open(f"/auth/oidc?next={next_path}").headers["location"]
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    return _consent(address, subject)


def test_the_provider_s_claims_become_the_rights_each_time(joined: House) -> None:
    one = joined.browser()
    assert "统一身份平台" in one.open("/auth/login").text
    back = _through(one, next_path="/leads")
    assert one.open(back).headers["location"] == "/leads"
    assert one.client.get("/who").json() == {"name": "王检", "roles": ["prosecutor"]}
    assert (
        told(joined.db, "door.signed_in")[-1]["provider"] == rules().issuer or joined.desk.provider
    )
    assert joined.desk.provider is not None
    joined.desk.provider = dataclasses.replace(joined.desk.provider, roles={"reviewer": ("pros",)})
    joined.desk.asking = None
    two = joined.browser()
    two.open(_through(two))
    assert two.client.get("/who").json()["roles"] == ["reviewer"]
    joined.desk.forget_all()
    assert one.client.get("/who").json()["roles"] == ["reviewer"]
    one.open("/auth/account")
    one.send("/auth/sign-out")
    assert one.client.get("/who").status_code == 401


def test_a_code_comes_back_once_and_to_the_browser_that_asked(joined: House) -> None:
    one, thief = joined.browser(), joined.browser()
    back = _through(one)
    assert thief.open(back).status_code == 403
    other = _through(thief)
    assert one.open(other).status_code == 403  # state of another journey
    back = _through(one)
    journey = one.client.cookies["yicha-journey"]
    assert one.open(back).status_code == 303
    again = joined.browser()
    again.client.cookies.set("yicha-journey", journey)
    assert again.open(back).status_code == 403  # the provider takes a code once
    assert again.client.get("/who").status_code == 401


@pytest.mark.parametrize(("change", "to"), [("state", "x"), ("code", "x"), ("code", "")])
def test_a_changed_answer_lets_nobody_in(joined: House, change: str, to: str) -> None:
    one = joined.browser()
    back = re.sub(rf"{change}=[^&]*", f"{change}={to}", _through(one))
    assert one.open(back).status_code == 403
    assert one.client.get("/who").status_code == 401


@pytest.mark.parametrize(("subject", "why"), [("u2", "角色"), ("u3", "三员分立")])
def test_who_has_no_role_or_roles_that_exclude_each_other_stays_outside(
    joined: House, subject: str, why: str
) -> None:
    one = joined.browser()
    answer = one.open(_through(one, subject))
    assert (answer.status_code, why in answer.text) == (403, True)
    assert one.client.get("/who").status_code == 401


def test_a_name_that_is_taken_and_a_disabled_account(joined: House, provider: str) -> None:
    joined.given("王检", "reviewer")
    one = joined.browser()
    assert one.open(_through(one)).status_code == 303
    name = one.client.get("/who").json()["name"]
    assert name == "王检 u1"
    with joined.db.read() as connection:
        mine = account_of(connection, name)
    assert mine is not None
    assert (mine.id, mine.vouched) == (account_id_of(provider, "u1"), True)
    disable(joined.db, name, actor=ADMIN, at=utc_now())
    two = joined.browser()
    assert two.open(_through(two)).status_code == 403
    assert two.fill("/auth/login", name=name, password="").status_code == 403


def test_a_provider_that_does_not_answer_is_told_and_others_come_in(house: House) -> None:
    house.desk.provider = rules("http://127.0.0.1:9")
    one = house.browser()
    assert one.open("/auth/oidc").status_code == 403
    assert 'name="password"' in one.seen.text
    bare = House(
        dataclasses.replace(house.desk, provider=None, asking=None), house.clock, house.app
    )
    assert House(bare.desk, bare.clock, gated(bare.desk)).browser().open("/auth/oidc").headers["location"] == "/auth/login"  # fmt: skip


KEY = RSAKey.generate_key(2048, {"kid": "k1"})
OTHER = RSAKey.generate_key(2048, {"kid": "k1"})
NOW = int(moment(AT).timestamp())
GOOD = {"iss": "https://sso.example.cn", "aud": "yicha", "sub": "u1", "nonce": "n", "iat": NOW, "exp": NOW + 300,
        "name": "王检", "realm": {"roles": ["pros"]}}  # fmt: skip


def _weigh(claims: dict[str, Any], key: RSAKey = KEY, **more: Any) -> Any:
    token = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, key)
    keys = KeySet([KEY]).as_dict(private=False)
    return weighed_token(token, keys, nonce="n", at=AT, provider=rules(**more), rules=RULES)


def test_a_token_as_it_should_be() -> None:
    assert _weigh(GOOD)["sub"] == "u1"
    assert _weigh({**GOOD, "aud": ["yicha", "other"], "azp": "yicha"})["sub"] == "u1"
    assert _weigh({**GOOD, "amr": ["pwd", "otp"]}, second_factor=("otp", "hwk"))["sub"] == "u1"


@pytest.mark.parametrize("change", [
    {"iss": "https://evil.example"}, {"aud": "other"}, {"aud": ["yicha", "other"]}, {"aud": ["yicha", "x"], "azp": "x"},
    {"nonce": "m"}, {"exp": NOW - RULES.session_skew_s - 1}, {"iat": NOW + RULES.session_skew_s + 1}, {"azp": "other"}])  # fmt: skip
def test_a_token_for_others_or_from_another_time_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(PolicyError, match="not believed"):
        _weigh({**GOOD, **change})


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "nonce", "exp", "iat"])
def test_a_token_that_lacks_a_claim_is_refused(name: str) -> None:
    with pytest.raises(PolicyError, match="not believed"):
        _weigh({key: value for key, value in GOOD.items() if key != name})


def test_a_token_of_another_key_without_one_or_of_one_factor_is_refused() -> None:
    with pytest.raises(PolicyError, match="not believed"):
        _weigh(GOOD, OTHER)
    with pytest.raises(PolicyError, match="one factor"):
        _weigh({**GOOD, "amr": ["pwd"]}, second_factor=("otp",))
    token = jwt.encode({"alg": "RS256"}, GOOD, KEY)
    head, body, _ = token.split(".")
    keys = KeySet([KEY]).as_dict(private=False)
    for forged in (f"eyJhbGciOiJub25lIn0.{body}.", f"{head}.{body}.", "", "a.b.c", head):
        with pytest.raises(PolicyError, match="not believed"):
            weighed_token(forged, keys, nonce="n", at=AT, provider=rules(), rules=RULES)


def test_areas_limit_the_roles_and_administrators_have_none() -> None:
    scoped = rules(claims={**CLAIMS, "areas": "areas"})
    held = scoped.grants({"realm": {"roles": ["pros"]}, "areas": ["430102", "430103"]})
    assert [one.text() for one in held] == ["prosecutor@430102", "prosecutor@430103"]
    assert [one.text() for one in scoped.grants({"realm": {"roles": ["aud"]}})] == ["auditor"]
    for claims in ({"realm": {"roles": ["pros"]}}, {"realm": {"roles": ["pros"]}, "areas": ["x"]}, {}, {"realm": "pros"}):  # fmt: skip
        with pytest.raises(PolicyError):
            scoped.grants(claims)


@pytest.fixture
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """A file of rules with one entry changed; no secret from elsewhere."""
    for name in ("YICHA_OIDC_SECRET", "YICHA_OIDC_SECRET_FILE", "YICHA_OIDC_FILE"):
        monkeypatch.delenv(name, raising=False)
    text = (Path(__file__).parents[3] / "data" / "oidc.toml").read_text(encoding="utf-8")

    def write(old: str = "", new: str = "") -> Path:
        assert old in text
        (tmp_path / "oidc.toml").write_text(
            text.replace(old, new, 1) if old else text, encoding="utf-8"
        )
        return tmp_path / "oidc.toml"

    return write


def test_the_file_as_it_comes_names_no_provider(
    own_file: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_provider(own_file()) is None
    found = load_provider(own_file('issuer = ""', 'issuer = "https://sso.example.cn/"'))
    assert found is not None
    assert (found.issuer, found.secret) == ("https://sso.example.cn", "")
    for old, new in (('issuer = ""', 'issuer = "http://sso.example.cn"'), ('issuer = ""', "issuer = 1"),
                     ("[roles]", "[rules]"), ("[claims] ", "[claim]")):  # fmt: skip
        with pytest.raises(RuleError):
            load_provider(own_file(old, new))
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n", encoding="utf-8")
    secret.chmod(0o600)
    monkeypatch.setenv("YICHA_OIDC_SECRET_FILE", str(secret))
    found = load_provider(own_file('issuer = ""', 'issuer = "https://sso.example.cn"'))
    assert found is not None
    assert found.secret == "s3cret"
    assert "s3cret" not in repr(found)
    secret.chmod(0o644)
    if sys.platform != "win32":
        with pytest.raises(StoreError, match="others may read"):
            load_provider(own_file('issuer = ""', 'issuer = "https://sso.example.cn"'))
