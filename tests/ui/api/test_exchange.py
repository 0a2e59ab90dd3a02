"""The doors for leads from other offices, asked with real tokens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from leads.exchange.answers import make_recall
from leads.exchange.carrier import write_papers
from leads.exchange.desk import write_offered
from leads.exchange.sending import offer, settle
from leads.exchange.signed import RECALL, signed_of
from office import Actor, Database
from office.doors.rules import load_doors
from office.doors.tokens import add_token
from office.scope import Grant, Scope
from tests.leads.exchange.storm import KEEPER, app_of
from tests.leads.exchange.two import AT, LATER, PROSECUTOR, THERE, Side, fill, two_sides
from ui.api.addresses import ADDRESSES
from ui.api.answers import Ask
from ui.api.describe import description

PATH = "/api/v1/transfers"


class Post:
    """The sender's side, the receiver's doors, and tokens by what they may do."""

    def __init__(self, folder: Path, here: Database, there: Database) -> None:
        self.here, self.there = two_sides(folder / "offices", here, there)
        self.client = TestClient(app_of(there.shown, str(self.there.file)))
        wanted = {"good": ("lead.receive", ()), "elsewhere": ("lead.receive", (Grant("machine", "4301"),)),
                  "county": ("lead.receive", (Grant("machine", "990123"),)), "reads": ("lead.read", ())}  # fmt: skip
        self.tokens = {name: add_token(there, name, [operation], days=300, actor=KEEPER, at="2026-10-01T00:00:00Z",
                                       rules=load_doors(), areas=areas).text
                       for name, (operation, areas) in wanted.items()}  # fmt: skip
        self.ids = fill(here, folder / "runs", 2)
        self.transfers = [one.transfer for one in offer(here, self.ids, THERE, offices=self.here.offices, reason="x",
                                                        actor=PROSECUTOR, at=AT)]  # fmt: skip
        file = folder / "out.zip"
        write_offered(here, file, THERE, offices=self.here.offices, actor=PROSECUTOR)
        self.file = file.read_bytes()

    def ask(
        self, method: str, path: str = "", who: str = "good", raw: bytes = b""
    ) -> tuple[int, dict[str, object]]:
        headers = {"Authorization": f"Bearer {self.tokens.get(who, who)}", "Accept-Language": "en"}
        found = self.client.request(method, PATH + path, content=raw, headers=headers)
        return found.status_code, found.json()


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    here, there = (Database.open(tmp_path / f"{name}.sqlite") for name in ("here", "there"))
    yield Post(tmp_path, here, there)
    here.close()
    there.close()


def _settle(side: Side, answers: dict[str, object]) -> None:
    papers = answers["papers"]
    assert isinstance(papers, list)
    for one in papers:
        settle(
            side.db,
            signed_of(one, "yicha-transfer-answer"),
            offices=side.offices,
            actor=PROSECUTOR,
            at=LATER,
        )


def test_packages_are_taken_in_once_and_answered_as_often_as_asked(post: Post) -> None:
    status, first = post.ask("POST", raw=post.file)
    assert status == 200
    assert post.ask("POST", raw=post.file) == (200, first)
    assert post.there.active() == set(post.ids)
    status, again = post.ask("GET", f"/{post.transfers[0]}")
    assert status == 200
    assert again["papers"] == [one for one in first["papers"] if one["paper"]["transfer"] == post.transfers[0]]  # type: ignore[attr-defined]  # fmt: skip
    _settle(post.here, first)
    assert post.here.active() == set()


def test_a_receiver_of_the_lead_s_own_county_takes_it_in_and_no_other_asks_about_it(
    post: Post, tmp_path: Path
) -> None:
    status, first = post.ask("POST", who="county", raw=post.file)
    assert status == 200
    assert post.there.active() == set(post.ids)
    assert post.ask("GET", f"/{post.transfers[0]}", who="county")[0] == 200
    wish = make_recall(
        post.transfers[0], THERE, offices=post.here.offices, reason="x", by="x", at=AT
    )
    raw = write_papers(tmp_path / "w.json", RECALL, [wish], post.here.offices).read_bytes()
    assert post.ask("POST", "/recall", who="elsewhere", raw=raw)[0] == 403
    status, told = post.ask("POST", "/recall", who="county", raw=raw)
    assert (status, told["papers"][0]) == (200, first["papers"][0])  # type: ignore[index]


def test_what_never_came_can_be_called_back(post: Post, tmp_path: Path) -> None:
    wish = make_recall(
        post.transfers[0], THERE, offices=post.here.offices, reason="x", by="x", at=AT
    )
    raw = write_papers(tmp_path / "w.json", RECALL, [wish], post.here.offices).read_bytes()
    status, answers = post.ask("POST", "/recall", raw=raw)
    assert status == 200
    _settle(post.here, answers)
    assert post.here.active() == {post.ids[0]}
    _settle(post.here, post.ask("POST", raw=post.file)[1])
    assert (post.here.active(), post.there.active()) == ({post.ids[0]}, {post.ids[1]})


def test_who_does_not_belong_learns_nothing(post: Post) -> None:
    assert post.ask("POST", who="nobody", raw=post.file)[0] == 401
    assert post.ask("POST", who="reads", raw=post.file)[0] == 403
    assert post.ask("POST", who="elsewhere", raw=post.file)[0] == 403
    assert post.there.states() == {}
    post.ask("POST", raw=post.file)
    known, unknown = f"/{post.transfers[0]}", f"/{'0' * 64}"
    assert [post.ask("GET", path, who="elsewhere")[0] for path in (known, unknown)] == [404, 404]
    assert [post.ask("GET", path, who="reads")[0] for path in (known, unknown)] == [403, 403]


@pytest.mark.parametrize(("path", "raw", "status"), [
    ("", b"", 422), ("", b"PK", 422), ("", b"x" * 100_000, 422), ("/recall", b"", 422), ("/recall", b"[" * 9999, 422),
    ("/recall", b'{"format":"yicha-transfer-recalls","papers":[{}]}', 422), ("/recall", b" " * (9 << 20), 413),
    ("/recall", b"\xff\xfe", 422),
])  # fmt: skip
def test_what_is_no_package_is_told_in_words(
    post: Post, path: str, raw: bytes, status: int
) -> None:
    found, told = post.ask("POST", path, raw=raw)
    assert found == status
    assert told["problem"]
    assert post.there.states() == {}


def test_the_description_tells_the_three_addresses_to_receivers_alone(post: Post) -> None:
    def told(operation: str, lang: str) -> dict[str, Any]:
        ask = Ask(Actor("邻院", ("machine",), Scope((Grant("machine"),), frozenset({"api.read", operation}))), "http://x/api",
                  "", {}, {}, None, lang, False, None, AT, AT[:10])  # fmt: skip
        return description(ask, ADDRESSES, [])

    for lang in ("zh", "en"):
        described = told("lead.receive", lang)
        validate(described)
        ours = {path: one for path, one in described["paths"].items() if "transfers" in path}
        assert {method for one in ours.values() for method in one} == {"get", "post"}
        assert list(ours["/v1/transfers"]["post"]["requestBody"]["content"]) == ["application/zip"]
        assert not [path for path in told("lead.read", lang)["paths"] if "transfers" in path]
        asked = (("", "post", post.file, "good"), ("", "post", b"PK", "good"), ("", "post", b"", "reads"),
                 ("/recall", "post", b"[]", "good"), ("/recall", "post", b" " * (9 << 20), "good"),
                 ("/x", "get", b"", "good"), ("/x", "get", b"", "nobody"))  # fmt: skip
        for path, method, raw, who in asked:
            status, _ = post.ask(method.upper(), path, who, raw)
            place = path.replace("/x", "/{transfer}")
            assert str(status) in ours[f"/v1/transfers{place}"][method]["responses"], (path, status)
