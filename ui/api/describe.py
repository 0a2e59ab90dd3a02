"""The description of the interface as OpenAPI 3.0, made out of the addresses and the collections at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from layers.version import __version__
from ui.api.answers import HTML, JSON, PROBLEM, Address, Ask, Parameter
from ui.api.asking import common
from ui.api.schemas import BODIES, SCHEMAS
from ui.api.transfers import transfer_paths, transfer_tag
from ui.doors.cookies import SESSION

_PLACE = re.compile(r"\{(\w+)(?::whole)?\}")
_ALWAYS = (400, 401, 403, 429, 503)
_TAGS = {"core": ("入口", "the first pages"), "features": ("要素（OGC API – Features）", "features (OGC API – Features)"),
         "leads": ("线索办理", "the work on leads"), "catalogue": ("模型、规则、数据", "checks, rules, data")}  # fmt: skip


def description(ask: Ask, addresses: Sequence[Address], named: Sequence[str]) -> dict[str, Any]:
    """The whole description in the language asked for; `named` are the collections that stand in it."""
    paths: dict[str, dict[str, Any]] = {}
    for one in addresses:
        for path, name in _paths(one, named):
            paths.setdefault(_PLACE.sub(r"{\1}", path), {})[one.method.lower()] = _operation(
                ask, one, path, name
            )
    return {
        "openapi": "3.0.3",
        "info": {"title": ask.word("api.title"), "description": ask.word("api.about"), "version": __version__},
        "servers": [{"url": ask.base}],
        "tags": [*({"name": name, "description": _words(ask, *words)} for name, words in _TAGS.items()),
                 *transfer_tag(ask)],
        "security": [{"token": []}, {"session": []}],
        "paths": {**paths, **transfer_paths(ask)},
        "components": {
            "schemas": {**SCHEMAS, **BODIES},
            "responses": {str(status): _refusal(ask, status) for status in _statuses(addresses)},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": ask.word("api.token")},
                "session": {"type": "apiKey", "in": "cookie", "name": SESSION, "description": ask.word("api.session")},
            },
        },
    }  # fmt: skip


def _paths(one: Address, named: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The paths an address stands for: one by one where it is about a collection by its name."""
    if one.hidden:
        return
    if one.collection is None:
        yield one.path, ""
    elif one.collection in named:
        yield one.path, one.collection
    elif not one.collection:
        for name in (name for name in named if name.startswith("layer_")):
            yield one.path.replace("{collection}", name), name


def _operation(ask: Ask, one: Address, path: str, collection: str) -> dict[str, Any]:
    places = _PLACE.findall(path)
    own = one.more(collection, ask.actor) if one.more is not None else ()
    told: dict[str, Any] = {
        "operationId": re.sub(r"\W+", "_", f"{one.method.lower()}_{path}").strip("_"),
        "summary": _words(ask, one.zh, one.en), "tags": [one.tag], "x-operation": one.operation,
        "parameters": [*(_in_path(name) for name in places),
                       *(_in_query(ask, each) for each in (*common(one), *one.parameters, *own))],
        "responses": {**{str(status): _success(ask, one, name) for status, name in one.answers.items()},
                      **({"304": {"description": ask.word("api.same")}} if one.method == "GET" else {}),
                      **{str(status): {"$ref": f"#/components/responses/{status}"}
                         for status in sorted({*_ALWAYS, *one.refuses})}},
    }  # fmt: skip
    if one.method != "GET":
        told["parameters"].append({"name": "If-Match", "in": "header", "required": False,
                                   "schema": {"type": "string"}, "description": ask.word("api.remedy.if_match")})  # fmt: skip
    if one.body:
        schema = {"$ref": f"#/components/schemas/{one.body}"}
        told["requestBody"] = {"required": True, "content": {JSON: {"schema": schema}}}
    return told


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1, "maxLength": 400}}  # fmt: skip


def _in_query(ask: Ask, one: Parameter) -> dict[str, Any]:
    told: dict[str, Any] = {"name": one.name, "in": "query", "required": False, "schema": dict(one.schema),
                            "description": _words(ask, one.zh, one.en)}  # fmt: skip
    return told | ({"style": "form", "explode": False} if one.schema.get("type") == "array" else {})


def _success(ask: Ask, one: Address, name: str) -> dict[str, Any]:
    kinds = [one.kind, *([HTML] if one.html else [])]
    text = {"schema": {"type": "string"}}
    content = {
        kind: text if kind == HTML else {"schema": {"$ref": f"#/components/schemas/{name}"}}
        for kind in kinds
    }
    return {"description": _words(ask, one.zh, one.en), "content": content}


def _refusal(ask: Ask, status: int) -> dict[str, Any]:
    return {"description": ask.word(f"api.status.{status}"),
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}  # fmt: skip


def _statuses(addresses: Sequence[Address]) -> list[int]:
    return sorted({*_ALWAYS, *(status for one in addresses for status in one.refuses)})


def _words(ask: Ask, zh: str, en: str) -> str:
    return zh if ask.lang == "zh" else en
