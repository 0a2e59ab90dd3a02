"""The work on leads by other systems: list, card, steps, notes, assignments, conflicts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from office import Database, events
from tests.leads.made import lead_of, put_lead
from tests.ui.api.conftest import Site

_NUMBERS = iter(range(0x5000, 0x6000))


@pytest.fixture
def lead(site: Site) -> Iterator[str]:
    """A lead of this test alone, laid aside by a person, so that a system may take it up again."""
    store = Database.open(site.store)
    made = put_lead(store, next(_NUMBERS), admin_code="990101", score_parts="[]", state="dismissed",
                    data='{"came_from": {"dismissed": "registered"}}')  # fmt: skip
    yield made
    with store.write() as connection:
        connection.exec_driver_sql(f"DELETE FROM lead WHERE id='{made}'")
    store.close()


def test_the_list_takes_the_filter_of_the_screen(site: Site) -> None:
    found = site.ask(
        "/v1/leads?checks=bar-near-school&admin_code=9902&limit=1000&words=YC-2026-000003"
    ).body
    assert [one["number"] for one in found["leads"]] == ["YC-2026-000003"]
    assert found["numberMatched"] == 1
    page = site.ask("/v1/leads?limit=200&verdicts=inside,borderline").body
    rest = site.ask(next(one["href"] for one in page["links"] if one["rel"] == "next")).body
    assert len(page["leads"]) + len(rest["leads"]) == page["numberMatched"]
    assert site.ask("/v1/leads?due_until=2026-02-30").status == 400


def test_one_lead_with_everything_about_it(site: Site, lead: str) -> None:
    found = site.ask(f"/v1/leads/{lead}")
    assert found.body["lead"]["id"] == lead
    assert found.body["geometry"]["type"] == "Point"
    assert found.headers["etag"].startswith('"1.zh.')
    assert {"deadlines", "history", "runs", "score", "sightings"} <= set(found.body)


def test_a_system_takes_a_step_it_may_take(site: Site, lead: str) -> None:
    open_now = site.ask(f"/v1/leads/{lead}/steps", lang="en").body
    step = next(one for one in open_now["steps"] if one["operation"] == "lead.reopen")
    mark = site.ask(f"/v1/leads/{lead}").headers["etag"]
    sent = {"to": step["to"], "reason": "新的事实", "fields": {}}
    done = site.ask(f"/v1/leads/{lead}/steps", method="POST", body=sent, If_Match=mark)
    assert done.status == 200, done.raw
    assert (done.body["state"], done.body["version"]) == (step["to"], 2)
    assert done.headers["etag"].startswith('"2.')
    store = Database.open(site.store)
    with store.read() as connection:
        told = [one for one in events(connection, lead) if one.kind == "lead.moved"]
    store.close()
    assert [(one.actor, one.roles) for one in told] == [("system:everything", "machine")]


def test_who_saw_an_older_version_changes_nothing(site: Site, lead: str) -> None:
    mark = site.ask(f"/v1/leads/{lead}").headers["etag"]
    assert (
        site.ask(
            f"/v1/leads/{lead}/assignee", method="PUT", body={"person": "王检"}, If_Match=mark
        ).status
        == 200
    )
    again = site.ask(
        f"/v1/leads/{lead}/assignee", method="PUT", body={"person": "刘检"}, If_Match=mark
    )
    assert again.status == 412
    assert "王检" in again.body["problem"]
    store = Database.open(site.store)
    assert lead_of(store, lead)["assignee"] == "王检"
    store.close()
    assert site.ask(f"/v1/leads/{lead}/assignee", method="PUT", body={"person": "x"}).status == 428
    for wrong in ("*", '"x"', "1", '"1', '"99999999999999"'):
        assert (
            site.ask(
                f"/v1/leads/{lead}/assignee", method="PUT", body={"person": "x"}, If_Match=wrong
            ).status
            == 400
        )


def test_a_step_that_is_not_open_is_a_conflict(site: Site, lead: str) -> None:
    mark = site.ask(f"/v1/leads/{lead}").headers["etag"]
    for to in ("filed", "no-such-state"):
        found = site.ask(f"/v1/leads/{lead}/steps", method="POST", body={"to": to}, If_Match=mark)
        assert found.status == 409, found.raw
        assert found.body["remedy"]


def test_a_system_does_nothing_that_only_people_may(site: Site, lead: str) -> None:
    store = Database.open(site.store)
    with store.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE lead SET state='registered', data='{{}}' WHERE id='{lead}'"
        )
    store.close()
    mark = site.ask(f"/v1/leads/{lead}").headers["etag"]
    found = site.ask(
        f"/v1/leads/{lead}/steps", method="POST", body={"to": "screening"}, If_Match=mark
    )
    assert found.status == 403, found.raw
    assert "prosecutor" in found.body["remedy"]


def test_notes_stay(site: Site, lead: str) -> None:
    assert (
        site.ask(f"/v1/leads/{lead}/notes", method="POST", body={"text": "现场已复核"}).status
        == 200
    )
    history = site.ask(f"/v1/leads/{lead}").body["history"]
    store = Database.open(site.store)
    with store.read() as connection:
        assert "现场已复核" in list(events(connection, lead))[-1].body
    store.close()
    assert history == []  # `history.read` is not among the rights of a system
    assert site.ask(f"/v1/leads/{lead}/notes", "layers only", "POST", {"text": "x"}).status == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 422), (b"\xff\xfe", 400), ({"text": ""}, 422), ({"text": 1}, 422), ({"more": 1, "text": "x"}, 422),
     ({"text": "x" * 9000}, 422), (b'{"text": "' + b"x" * 70_000 + b'"}', 413), (b"[" * 3000, 400), (b"x" * (2 << 20), 413)],
)  # fmt: skip
def test_bodies_are_read_as_described(site: Site, lead: str, body: object, status: int) -> None:
    found = site.ask(f"/v1/leads/{lead}/notes", method="POST", body=body)
    assert (found.status, found.headers["content-type"]) == (status, "application/problem+json")


def test_another_kind_of_body_is_415(site: Site, lead: str) -> None:
    found = site.ask(f"/v1/leads/{lead}/notes", method="POST", body=b"text=x",
                     Content_Type="application/x-www-form-urlencoded")  # fmt: skip
    assert found.status == 415


def test_what_the_work_rests_on(site: Site) -> None:
    checks = site.ask("/v1/checks?lang=en").body["checks"]
    one = site.ask(f"/v1/checks/{checks[0]['id']}").body
    assert one["legal_basis"]
    assert one["pitfalls"]
    packs = {pack["place"]: pack for pack in site.ask("/v1/rules").body["rules"]}
    assert site.ask("/v1/rules/demo").body["sha256"] == packs["demo"]["sha256"]
    layers = {row["theme"]: row for row in site.ask("/v1/layers").body["layers"]}
    assert layers["school"]["provenance"][0]["sha256"] == "ab" * 32
    assert site.ask("/v1/runs").body["runs"][0]["id"] == "run-1"
    assert site.ask("/v1/scenes").body["features"] == []
    for path in ("checks/none", "rules/none", "scenes/none", "leads/none", "none"):
        assert site.ask(f"/v1/{path}").status == 404
