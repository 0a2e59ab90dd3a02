"""Layers, findings and leads as OGC API – Features: pages, windows, days, values, forms, marks."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest

from layers.paging import CRS84
from office import Database
from tests.leads.made import put_lead
from tests.ui.api.conftest import LEADS, Got, Site

COLLECTIONS = ("leads", "findings", "layer_school", "layer_ecig_retailer", "layer_road")


def pages(site: Site, path: str, who: str = "everything") -> list[dict[str, Any]]:
    """All features behind a path, page by page."""
    found: list[dict[str, Any]] = []
    link: str | None = path
    while link:
        page = site.ask(link, who).body
        assert page["numberReturned"] == len(page["features"])
        found += page["features"]
        link = next((one["href"] for one in page["links"] if one["rel"] == "next"), None)
    return found


def test_the_first_page_leads_to_everything(site: Site) -> None:
    for path in ("", "/"):
        found = site.ask(path)
        assert found.status == 200
        assert {one["rel"] for one in found.body["links"]} >= {
            "self",
            "service-desc",
            "service-doc",
            "conformance",
            "data",
        }
        for link in found.body["links"]:
            assert site.ask(link["href"]).status == 200
    assert (
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30"
        in site.ask("/conformance").body["conformsTo"]
    )


def test_every_collection_says_where_and_when_it_is(site: Site) -> None:
    found = {one["id"]: one for one in site.ask("/collections").body["collections"]}
    assert set(COLLECTIONS) <= set(found)
    assert found["leads"]["extent"]["spatial"]["bbox"][0] == pytest.approx(
        [110 + 1 / LEADS, 30, 111, 30]
    )
    assert found["leads"]["extent"]["temporal"]["interval"] == [
        ["2026-06-01T00:00:00Z", "2026-06-30T00:00:00Z"]
    ]
    assert found["layer_school"]["extent"]["temporal"]["interval"][0][0].startswith("2026-05-31")
    for one in found.values():
        assert one["crs"] == [CRS84]
        assert site.ask(f"/collections/{one['id']}").body == one
    school = found["layer_school"]
    assert school["provenance"][0]["datum"] == "gcj02"
    assert "2 m" in school["description"]


@pytest.mark.parametrize("name", COLLECTIONS)
def test_pages_hold_every_feature_once(site: Site, name: str) -> None:
    whole = site.ask(f"/collections/{name}/items?limit=10000").body
    ids = [one["id"] for one in whole["features"]]
    assert whole["numberMatched"] == whole["numberReturned"] == len(set(ids)) > 0
    paged = [one["id"] for one in pages(site, f"/collections/{name}/items?limit=2")] if len(ids) < 60 else [
        one["id"] for one in pages(site, f"/collections/{name}/items?limit=37")]  # fmt: skip
    assert paged == ids == sorted(ids)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_one_feature_is_the_one_of_the_list(site: Site, name: str) -> None:
    listed = site.ask(f"/collections/{name}/items?limit=1").body["features"][0]
    one = site.ask(f"/collections/{name}/items/{quote(listed['id'], safe='')}")
    assert one.headers["content-type"] == "application/geo+json"
    assert one.body["geometry"] == listed["geometry"]
    same = {key: one.body["properties"].get(key) for key in listed["properties"]}
    assert same == listed["properties"]
    assert site.ask(f"/collections/{name}/items/none").status == 404


def test_a_growing_store_neither_loses_nor_doubles(site: Site) -> None:
    before = [one["id"] for one in pages(site, "/collections/leads/items?limit=10000")]
    page = site.ask("/collections/leads/items?limit=50").body
    seen = [one["id"] for one in page["features"]]
    store = Database.open(site.store)
    added = [put_lead(store, number, admin_code="990303", score_parts="[]", point=(120.0, 40.0))
             for number in (0x10_0000, 0xFFFF_0000)]  # fmt: skip
    try:
        link = next(one["href"] for one in page["links"] if one["rel"] == "next")
        seen += [one["id"] for one in pages(site, link)]
    finally:
        with store.write() as connection:
            connection.exec_driver_sql("DELETE FROM lead WHERE admin_code='990303'")
        store.close()
    assert len(seen) == len(set(seen))
    assert [one for one in seen if one not in added] == before


def test_windows_and_the_date_line(site: Site) -> None:
    half = site.ask("/collections/leads/items?limit=10000&bbox=110,29,110.5,31").body
    assert half["numberMatched"] == LEADS // 2
    assert all(one["geometry"]["coordinates"][0] <= 110.5 for one in half["features"])
    six = site.ask("/collections/leads/items?limit=10000&bbox=110,29,-5,110.5,31,9000").body
    assert six["numberMatched"] == half["numberMatched"]
    for name in ("leads", "layer_school"):
        across = site.ask(f"/collections/{name}/items?bbox=170,-90,111,90").body["numberMatched"]
        assert across == site.ask(f"/collections/{name}/items").body["numberMatched"]
        assert site.ask(f"/collections/{name}/items?bbox=112,-90,109,90").body["numberMatched"] == 0
        assert (
            site.ask(f"/collections/{name}/items?bbox=100,20,120,40&bbox-crs={CRS84}").status == 200
        )


@pytest.mark.parametrize(
    ("asked", "many"),
    [("2026-06-15", 1), ("2026-06-15T08:00:00Z", 1), ("2026-06-01/2026-06-10", 10), ("../2026-06-10", 10),
     ("/2026-06-10", 10), ("2026-06-21/..", 10), ("2027-01-01/..", 0)],
)  # fmt: skip
def test_moments_and_intervals(site: Site, asked: str, many: int) -> None:
    days = {
        one["properties"]["on_date"]
        for one in pages(site, f"/collections/leads/items?limit=500&datetime={asked}")
    }
    assert len(days) == many


def test_layers_have_the_day_their_source_describes(site: Site) -> None:
    asked = "/collections/layer_school/items?datetime="
    assert site.ask(f"{asked}2026-05-31").body["numberMatched"] == 3
    assert site.ask(f"{asked}../2026-05-30").body["numberMatched"] == 0


def test_values_are_asked_for(site: Site) -> None:
    found = pages(site, "/collections/layer_school/items?kind=kindergarten")
    assert [one["properties"]["name"] for one in found] == ["乙幼儿园"]
    assert (
        pages(site, f"/collections/layer_school/items?name={quote('甲小学')}")[0]["properties"][
            "kind"
        ]
        == "primary"
    )
    leads = pages(
        site, "/collections/leads/items?check_id=bar-near-school&admin_code=990101&limit=1000"
    )
    assert {(one["properties"]["check_id"], one["properties"]["admin_code"]) for one in leads} == {
        ("bar-near-school", "990101")
    }
    asked = site.ask("/collections/layer_school/queryables")
    assert asked.headers["content-type"] == "application/schema+json"
    assert {"name", "kind"} <= set(asked.body["properties"])


def test_numbers_say_unit_method_and_error(site: Site) -> None:
    found = site.ask(
        "/collections/findings/items?check=ecigarette-near-school&verdict=inside"
    ).body["features"][0]
    told = found["properties"]
    assert told["unit"] == "m"
    assert told["measured_low"] <= told["measured"] <= told["measured_high"]
    assert told["method"] == "straight"
    assert told["coordinate_datum"] == "WGS 84"
    school = site.ask("/collections/layer_school/items").body["features"][0]["properties"]
    assert (school["u_source_m"], school["coordinate_datum"], school["coordinate_source"]) == (
        2.0,
        "WGS 84",
        "测试来源",
    )


def test_another_day_of_findings_needs_the_right_to_run(site: Site) -> None:
    asked = "/collections/findings/items?on_date=2026-06-29"
    assert site.ask(asked).body["features"][0]["properties"]["on_date"] == "2026-06-29"
    assert site.ask(asked, "leads only").status == 403
    assert site.ask("/collections/findings/items", "leads only").status == 200
    assert site.ask("/collections/findings/items?on_date=2026-02-30").status == 400
    assert site.ask("/collections/findings/items?rules=none").status == 400


@pytest.mark.parametrize(
    "query",
    ["bbox=1,2,3", "bbox=1,2,3,4,5", "bbox=a,b,c,d", "bbox=0,91,1,92", "bbox=0,2,1,1", "bbox=nan,0,1,1", "bbox=inf,0,1,1",
     "bbox=", "limit=0", "limit=10001", "limit=1.5", "limit=1e3", "limit=", "limit=%00", "datetime=yesterday", "datetime=..",
     "datetime=../..", "datetime=2026-06-30/2026-06-01", "datetime=2026-06-01/2026-06-02/2026-06-03", "crs=none",
     "bbox-crs=http://www.opengis.net/def/crs/OGC/0/CRS27", "cursor=%25", "cursor=!!", "cursor=", "f=xml", "lang=fr",
     "unknown=1", "limit=1&limit=2", "name=a%00b", "state=nowhere", "state=" + "x" * 500, "a" * 9000 + "=1"],
)  # fmt: skip
def test_what_is_not_understood_is_400_with_the_remedy(site: Site, query: str) -> None:
    found = site.ask(f"/collections/leads/items?{query}")
    assert found.status == 400
    assert found.headers["content-type"] == "application/problem+json"
    assert found.body["remedy"]
    assert "Traceback" not in found.raw.decode()


def test_hostile_values_find_nothing(site: Site) -> None:
    for text in ("' OR 1=1 --", "%", "_", "\\", "<script>", "💣", "../../etc/passwd"):
        found = site.ask(f"/collections/leads/items?agency={quote(text)}")
        assert (found.status, found.body["numberMatched"]) == (200, 0)
        assert site.ask(f"/collections/leads/items/{quote(text, safe='')}").status == 404
        assert site.ask(f"/collections/{quote(text, safe='')}").status == 404
        assert site.ask(f"/v1/leads/{quote(text, safe='')}").status == 404


def test_problems_speak_the_language_asked_for(site: Site) -> None:
    zh = site.ask("/collections/none", Accept_Language="zh-CN,en;q=0.5")
    en = site.ask("/collections/none", Accept_Language="de, en;q=0.9, zh;q=0.1")
    assert (zh.body["title"], en.body["title"]) == ("不存在", "Not found")
    assert en.headers["content-language"] == "en"
    assert site.ask("/?lang=en").body["title"].startswith("Yicha")


@pytest.mark.parametrize("path", ["/", "/conformance", "/collections", "/collections/layer_school", "/docs",
                                  "/collections/layer_school/items", "/collections/findings/items?limit=3"])  # fmt: skip
def test_pages_for_people(site: Site, path: str) -> None:
    zh, en = (site.ask(path, Accept="text/html", Accept_Language=lang) for lang in ("zh", "en"))
    for page in (zh, en):
        assert page.status == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        text = page.raw.decode()
        assert "丙<中学>" not in text
        links = re.findall(r'(?:href|src)="([^"]*)"', text)
        assert all(link.startswith(("/", "?", site.address)) for link in links)
    assert zh.raw != en.raw


@pytest.mark.parametrize("path", ["/", "/collections", "/collections/leads/items?limit=3", "/collections/layer_school/items",
                                  "/collections/findings/items?limit=2", "/v1/leads?limit=2", "/v1/checks", "/openapi.json",
                                  "/v1/leads/YC-2026-000001"])  # fmt: skip
def test_what_is_known_already_is_not_sent_again(site: Site, path: str) -> None:
    first = site.ask(path)
    again = site.ask(path, If_None_Match=first.headers["etag"])
    assert (again.status, again.raw) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "private" in again.headers["cache-control"]
    assert not first.headers["etag"].startswith("W/")
    assert site.ask(path, If_None_Match='"other"').status == 200


def test_layers_say_when_they_were_changed(site: Site) -> None:
    found: Got = site.ask("/collections/layer_school/items")
    assert found.headers["last-modified"].endswith("GMT")
    assert (
        found.raw == site.ask("/collections/layer_school/items").raw
    )  # a strong mark: byte for byte
