"""Nobody reads beyond their right: no row of another county, no collection without its operation."""

from __future__ import annotations

import random

import pytest

from office import Database
from office.doors.rules import load_doors
from office.doors.tokens import add_token, revoke_token
from tests.ui.api.conftest import ALL, LEADS, SECURITY, TOKENS, Site
from ui.api.addresses import ADDRESSES
from ui.api.answers import Address

_RIGHT = {"leads": "lead.read", "findings": "lead.read", "layer_school": "layer.read"}


@pytest.mark.parametrize("who", TOKENS)
@pytest.mark.parametrize("name", _RIGHT)
def test_every_collection_for_every_right(site: Site, who: str, name: str) -> None:
    allowed = _RIGHT[name] in TOKENS[who][0]
    for path in (f"/collections/{name}", f"/collections/{name}/items", f"/collections/{name}/queryables",
                 f"/collections/{name}/items/none"):  # fmt: skip
        wanted = {200} if allowed and not path.endswith("none") else {404} if allowed else {403}
        assert site.ask(path, who).status in wanted, path
    if "api.read" in TOKENS[who][0]:
        listed = {one["id"] for one in site.ask("/collections", who).body["collections"]}
        assert (name in listed) == allowed


def test_leads_and_findings_stay_within_the_scope(site: Site) -> None:
    for path in ("/collections/leads/items?limit=10000", "/v1/leads?limit=10000"):
        mine = site.ask(path, "first county").body
        rows = mine.get("leads") or [one["properties"] for one in mine["features"]]
        assert {one["admin_code"] for one in rows} == {"990101"}
        assert mine["numberMatched"] == len(rows) == LEADS // 2
        check = site.ask(path, "one check").body
        rows = check.get("leads") or [one["properties"] for one in check["features"]]
        assert {one["check_id"] for one in rows} == {"bar-near-school"}
    everything = site.ask("/collections/findings/items?limit=1000").body["features"]
    mine = site.ask("/collections/findings/items?limit=1000", "first county").body["features"]
    assert {one["properties"]["admin_code"] for one in mine} == {"990101"}
    assert len(mine) == sum(one["properties"]["admin_code"] == "990101" for one in everything) > 0
    other = next(one["id"] for one in everything if one["properties"]["admin_code"] != "990101")
    assert site.ask(f"/collections/findings/items/{other}", "first county").status == 404


def test_the_extent_tells_nothing_of_the_rest(site: Site) -> None:
    whole = site.ask("/collections/leads").body["extent"]["spatial"]["bbox"][0]
    mine = site.ask("/collections/leads", "first county").body["extent"]["spatial"]["bbox"][0]
    assert mine[0] > whole[0]


def test_another_county_s_lead_is_word_for_word_one_that_is_not_there(site: Site) -> None:
    """Ids and numbers of the other county, guessed: the answer is that of an id of nobody."""
    ids = [one["id"] for one in site.ask("/collections/leads/items?limit=10000").body["features"]]
    mine = {
        one["id"]
        for one in site.ask("/collections/leads/items?limit=10000", "first county").body["features"]
    }
    others = sorted(set(ids) - mine)
    chosen = random.Random(1).sample(others, 20)
    for path in ("/v1/leads/{}", "/v1/leads/{}/steps", "/collections/leads/items/{}"):
        none = site.ask(path.format("L" + "f" * 16), "first county")
        for one in chosen:
            found = site.ask(path.format(one), "first county")
            assert found.status == none.status == 404
            assert found.raw.decode().replace(one, "?") == none.raw.decode().replace(
                "L" + "f" * 16, "?"
            )
    for one in chosen[:5]:
        for method, what, body in (("POST", "notes", {"text": "x"}), ("PUT", "assignee", {"person": "x"}),
                                   ("POST", "steps", {"to": "screening"})):  # fmt: skip
            sent = site.ask(f"/v1/leads/{one}/{what}", "first county", method, body, If_Match='"1"')
            assert sent.status == 404


@pytest.mark.parametrize(
    "one", [one for one in ADDRESSES if one.method == "GET"], ids=lambda one: one.path
)
def test_nobody_gets_in_without_a_token(site: Site, one: Address) -> None:
    path = one.path.replace("{collection}", "layer_school").replace("{feature:whole}", "school-0")
    path = path.format(lead="YC-2026-000001", check="bar-near-school", place="demo", scene="x")
    for who in (None, "yicha_" + "x" * 43, ""):
        found = site.ask(path, who)
        assert found.status == 401, path
        assert found.headers["www-authenticate"].startswith("Bearer")
        assert b"990101" not in found.raw


def test_a_token_taken_back_or_run_out_opens_nothing(site: Site) -> None:
    store = Database.open(site.store)
    made = {name: add_token(store, name, ["api.read"], days=days, actor=SECURITY, at=at, rules=load_doors()).text
            for name, days, at in (("short", 1, "2026-01-01T00:00:00Z"), ("taken back", 366, "2026-11-01T00:00:00Z"))}  # fmt: skip
    before = site.ask("/conformance", made["taken back"]).status
    revoke_token(store, "taken back", actor=SECURITY, at="2026-11-02T00:00:00Z")
    store.close()
    assert before == 200
    assert site.ask("/conformance", made["taken back"]).status == 401
    assert site.ask("/conformance", made["short"]).status == 401


def test_every_operation_of_these_tests_is_one_a_system_may_have() -> None:
    assert set(ALL) >= {one.operation for one in ADDRESSES}
