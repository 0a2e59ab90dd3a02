"""The description is valid OpenAPI, and every answer is one that it describes."""

from __future__ import annotations

import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from office.policy import load_policy
from tests.ui.api.conftest import TOKENS, Site
from ui.api.addresses import ADDRESSES
from ui.routes import ROUTES

ANSWERED = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
            unsupported_method]  # fmt: skip


@pytest.fixture(scope="session")
def described(site: Site) -> Any:
    """The description as a client fetches it."""
    return schemathesis.openapi.from_dict(_few(site.ask("/openapi.json").body))


def _few(told: dict[str, Any]) -> dict[str, Any]:
    """One collection of each kind: the layers are served by the same address."""
    some = {path: methods for path, methods in told["paths"].items()
            if "/layer_" not in path or "/layer_ecig_retailer" in path}  # fmt: skip
    return {**told, "paths": some}


@pytest.mark.parametrize("who", TOKENS)
def test_the_description_is_valid_openapi(site: Site, who: str) -> None:
    found = site.ask("/openapi.json", who)
    if "api.read" not in TOKENS[who][0]:
        assert found.status == 403
        return
    validate(found.body)
    assert found.body["openapi"].startswith("3.0")
    told = {path for path in found.body["paths"] if path.startswith("/collections/")}
    assert any("/leads" in path for path in told) == ("lead.read" in TOKENS[who][0])


def test_both_languages_describe_the_same(site: Site) -> None:
    zh, en = (site.ask(f"/openapi.json?lang={lang}").body for lang in ("zh", "en"))
    assert zh["paths"].keys() == en["paths"].keys()
    texts = re.findall(
        r"[\u4e00-\u9fff]",
        str([one["summary"] for path in en["paths"].values() for one in path.values()]),
    )
    assert not texts


def test_every_address_is_described_and_mounted(site: Site) -> None:
    told = site.ask("/openapi.json").body["paths"]
    mounted = {
        (getattr(route, "path", ""), method)
        for route in ROUTES
        for method in getattr(route, "methods", None) or ()
    }
    for one in ADDRESSES:
        assert one.operation in load_policy()
        assert (f"/api{one.path}", one.method) in mounted
        if not one.hidden and one.collection != "":
            assert one.method.lower() in told[one.path.replace(":whole", "")]


@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "otherwise"]
)
def test_no_answer_beyond_the_description(described: Any, site: Site, mode: GenerationMode) -> None:
    sent = {"Authorization": f"Bearer {site.tokens['everything']}"}
    asked = 0
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(max_examples=6, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def answered(case: Any) -> None:
            case.call_and_validate(
                base_url=site.address, headers={**(case.headers or {}), **sent}, checks=ANSWERED
            )

        try:
            answered()
        except Unsatisfiable:  # nothing can be wrong about an address without parameters
            continue
        asked += 1
    assert asked > 15
